import { after, before, describe, it } from 'node:test';
import { type Case, checkCase, sentenceOf } from '../cases.ts';
import { loadTools, type Tools } from '../trees.ts';

const CASES: readonly Case[] = [
  {
    name: 'a default that lets in',
    file: 'policy/authz.rego',
    before:
      'package authz\n\ndefault allow := false\n\nallow if {\n  input.user.role == "admin"\n  input.method == "GET"\n}\n',
    after: 'package authz\n\ndefault allow := true\n\nallow if {\n  input.user.role == "admin"\n}\n',
    control: 'authorization-rule-loosened',
  },
  {
    name: 'a rule with a condition less',
    file: 'policy/authz.rego',
    before:
      'package authz\n\ndefault allow := false\n\nallow if {\n  input.user.role == "admin"\n  input.method == "GET"\n}\n',
    after: 'package authz\n\ndefault allow := false\n\nallow if {\n  input.method == "GET"\n}\n',
    control: 'authorization-rule-loosened',
  },
  {
    name: 'a refusal that is gone',
    file: 'policy/k8s.rego',
    before:
      'package k8s\n\ndeny contains msg if {\n  input.spec.privileged\n  msg := "no"\n}\n\ndeny contains msg if {\n  input.spec.hostNetwork\n  msg := "no net"\n}\n',
    after: 'package k8s\n\ndeny contains msg if {\n  input.spec.privileged\n  msg := "no"\n}\n',
    control: 'authorization-rule-loosened',
  },
  {
    name: 'another message',
    file: 'policy/k8s.rego',
    before: 'package k8s\n\ndeny contains msg if {\n  input.spec.privileged\n  msg := "no"\n}\n',
    after:
      'package k8s\n\n# refuse privileged pods\ndeny contains msg if {\n  input.spec.privileged\n  msg := "privileged pods are refused"\n}\n',
    control: undefined,
  },
  {
    name: 'a permission with a condition less',
    file: 'policies/app.cedar',
    before:
      'permit (principal in Group::"admins", action == Action::"delete", resource)\nwhen { resource.owner == principal };\n\nforbid (principal, action, resource) when { resource.locked };\n',
    after: 'permit (principal, action == Action::"delete", resource);\n',
    control: 'authorization-rule-loosened',
  },
  {
    name: 'a site without sign-in',
    file: 'Web.config',
    before:
      '<configuration>\n  <system.web>\n    <authentication mode="Forms" />\n    <authorization>\n      <deny users="?" />\n    </authorization>\n    <compilation debug="false" />\n    <customErrors mode="On" />\n  </system.web>\n</configuration>\n',
    after:
      '<configuration>\n  <system.web>\n    <authentication mode="None" />\n    <compilation debug="true" />\n    <customErrors mode="Off" />\n  </system.web>\n</configuration>\n',
    control: 'protective-setting-off',
  },
  {
    name: 'a constraint that is gone',
    file: 'src/main/webapp/WEB-INF/web.xml',
    before:
      '<web-app>\n  <security-constraint>\n    <web-resource-collection><url-pattern>/admin/*</url-pattern></web-resource-collection>\n    <auth-constraint><role-name>admin</role-name></auth-constraint>\n  </security-constraint>\n  <servlet/>\n</web-app>\n',
    after: '<web-app>\n  <servlet/>\n</web-app>\n',
    control: 'protective-setting-off',
  },
  {
    name: 'a check of dependencies that is gone',
    file: 'pom.xml',
    before:
      '<project><build><plugins><plugin><artifactId>dependency-check-maven</artifactId><configuration><failBuildOnCVSS>7</failBuildOnCVSS></configuration></plugin></plugins></build></project>\n',
    after: '<project><build><plugins></plugins></build></project>\n',
    control: 'check-configuration-loosened',
  },
  {
    name: 'an application that can be debugged',
    file: 'app/src/main/AndroidManifest.xml',
    before:
      '<manifest><application android:debuggable="false" android:allowBackup="false"><activity android:name=".A" android:exported="false"/></application></manifest>\n',
    after:
      '<manifest><application android:debuggable="true" android:allowBackup="true"><activity android:name=".A" android:exported="true"/></application></manifest>\n',
    control: 'protective-setting-off',
  },
  {
    name: 'a namespace with privileged pods',
    file: 'k8s/ns.yaml',
    before:
      'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: app\n  labels:\n    pod-security.kubernetes.io/enforce: restricted\n',
    after:
      'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: app\n  labels:\n    pod-security.kubernetes.io/enforce: privileged\n',
    control: 'admission-loosened',
  },
  {
    name: 'a namespace without its standard',
    file: 'k8s/ns.yaml',
    before:
      'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: app\n  labels:\n    pod-security.kubernetes.io/enforce: restricted\n',
    after: 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: app\n',
    control: 'admission-loosened',
  },
  {
    name: 'an ingress without sign-in',
    file: 'k8s/ing.yaml',
    before:
      'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: w\n  annotations:\n    nginx.ingress.kubernetes.io/auth-url: https://sso.example.test/auth\n    nginx.ingress.kubernetes.io/whitelist-source-range: 10.0.0.0/8\n',
    after: 'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: w\n',
    control: 'protective-setting-off',
  },
  {
    name: 'an ingress without TLS',
    file: 'k8s/ing.yaml',
    before:
      'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: w\nspec:\n  tls:\n    - hosts: [a.example.test]\n      secretName: c\n  rules: []\n',
    after: 'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: w\nspec:\n  rules: []\n',
    control: 'tls-check-off',
  },
  {
    name: 'a service that other networks reach',
    file: 'k8s/svc.yaml',
    before:
      'apiVersion: v1\nkind: Service\nmetadata:\n  name: db\nspec:\n  type: ClusterIP\n  ports:\n    - port: 5432\n',
    after:
      'apiVersion: v1\nkind: Service\nmetadata:\n  name: db\nspec:\n  type: LoadBalancer\n  ports:\n    - port: 5432\n',
    control: 'port-published',
  },
  {
    name: 'a mesh that takes plain connections',
    file: 'k8s/pa.yaml',
    before:
      'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata:\n  name: default\nspec:\n  mtls:\n    mode: STRICT\n',
    after:
      'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata:\n  name: default\nspec:\n  mtls:\n    mode: PERMISSIVE\n',
    control: 'tls-check-off',
  },
  {
    name: 'a rule that lets everybody in',
    file: 'k8s/ap.yaml',
    before:
      'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata:\n  name: a\nspec:\n  action: ALLOW\n  rules:\n    - from:\n        - source:\n            principals: ["cluster.local/ns/web/sa/web"]\n      to:\n        - operation:\n            methods: ["GET"]\n',
    after:
      'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata:\n  name: a\nspec:\n  action: ALLOW\n  rules:\n    - {}\n',
    control: 'network-policy-widened',
  },
  {
    name: 'a further refusal',
    file: 'policy/k8s.rego',
    before: 'package k8s\n\ndeny contains msg if {\n  input.spec.privileged\n  msg := "no"\n}\n',
    after:
      'package k8s\n\ndeny contains msg if {\n  input.spec.privileged\n  msg := "no"\n}\n\ndeny contains msg if {\n  input.spec.hostPID\n  msg := "no pid"\n}\n',
    control: undefined,
  },
  {
    name: 'a refusal with a condition more',
    file: 'policy/k8s.rego',
    before: 'package k8s\n\ndeny[msg] {\n  input.spec.privileged\n  msg := "no"\n}\n',
    after:
      'package k8s\n\ndeny[msg] {\n  input.spec.privileged\n  input.metadata.namespace != "dev"\n  msg := "no"\n}\n',
    control: 'authorization-rule-loosened',
  },
  {
    name: 'a further permission',
    file: 'policy/a.rego',
    before: 'package a\n\nallow if {\n  input.role == "admin"\n}\n',
    after: 'package a\n\nallow if {\n  input.role == "admin"\n}\n\nallow if {\n  input.user == "svc"\n}\n',
    control: 'authorization-rule-loosened',
  },
  {
    name: 'remarks in a policy',
    file: 'policy/a.rego',
    before: 'package a\n\nallow if {\n  is_admin\n}\n\nis_admin if {\n  input.role == "admin"\n}\n',
    after:
      'package a\n\nimport rego.v1\n\nallow if {\n  is_admin\n}\n\nis_admin if {\n  input.role == "admin" # only them\n}\n',
    control: undefined,
  },
  {
    name: 'a permission in another layout',
    file: 'policies/app.cedar',
    before:
      'permit (principal in Group::"a", action == Action::"x", resource)\nwhen { resource.owner == principal };\n',
    after:
      '// owners\npermit (\n  principal in Group::"a",\n  action == Action::"x",\n  resource\n)\nwhen { resource.owner == principal };\n',
    control: undefined,
  },
  {
    name: 'records of other people',
    file: 'firestore.rules',
    before:
      'service cloud.firestore {\n  match /databases/{db}/documents {\n    match /users/{id} {\n      allow read, write: if request.auth != null && request.auth.uid == id;\n    }\n  }\n}\n',
    after:
      'service cloud.firestore {\n  match /databases/{db}/documents {\n    match /users/{id} {\n      allow read, write: if request.auth != null;\n    }\n  }\n}\n',
    control: 'authorization-rule-loosened',
  },
  {
    name: 'rules in another layout',
    file: 'firestore.rules',
    before:
      'service cloud.firestore {\n  match /databases/{db}/documents {\n    match /users/{id} {\n      allow read, write: if request.auth != null && request.auth.uid == id;\n    }\n  }\n}\n',
    after:
      "rules_version = '2';\nservice cloud.firestore {\n  match /databases/{db}/documents {\n    // own profile\n    match /users/{id} {\n      allow read, write: if request.auth != null\n        && request.auth.uid == id;\n    }\n  }\n}\n",
    control: undefined,
  },
  {
    name: 'a longer sign-in',
    file: 'Web.config',
    before:
      '<configuration>\n  <system.web>\n    <authentication mode="Forms" />\n    <compilation debug="false" />\n  </system.web>\n</configuration>\n',
    after:
      '<?xml version="1.0"?>\n<configuration>\n  <!-- x -->\n  <system.web>\n    <authentication mode="Forms">\n      <forms timeout="30" />\n    </authentication>\n    <compilation debug="false" targetFramework="4.8" />\n  </system.web>\n</configuration>\n',
    control: undefined,
  },
  {
    name: 'a further permission of the application',
    file: 'app/src/main/AndroidManifest.xml',
    before: '<manifest><application android:debuggable="false"/></manifest>\n',
    after:
      '<manifest>\n  <uses-permission android:name="android.permission.CAMERA"/>\n  <application android:debuggable="false" android:label="x"/>\n</manifest>\n',
    control: undefined,
  },
  {
    name: 'a service for other applications',
    file: 'app/src/main/AndroidManifest.xml',
    before: '<manifest><application><service android:name=".S" android:exported="false"/></application></manifest>\n',
    after: '<manifest><application><service android:name=".S" android:exported="true"/></application></manifest>\n',
    control: 'protective-setting-off',
  },
  {
    name: 'a newer version of a check',
    file: 'pom.xml',
    before:
      '<project><build><plugins><plugin><artifactId>dependency-check-maven</artifactId><version>9</version><configuration><failBuildOnCVSS>7</failBuildOnCVSS></configuration></plugin></plugins></build></project>\n',
    after:
      '<project><build><plugins><plugin><artifactId>dependency-check-maven</artifactId><version>10</version><configuration><failBuildOnCVSS>7</failBuildOnCVSS></configuration></plugin></plugins></build></project>\n',
    control: undefined,
  },
  {
    name: 'a check that fails on nothing',
    file: 'pom.xml',
    before:
      '<project><build><plugins><plugin><artifactId>dependency-check-maven</artifactId><configuration><failBuildOnCVSS>7</failBuildOnCVSS></configuration></plugin></plugins></build></project>\n',
    after:
      '<project><build><plugins><plugin><artifactId>dependency-check-maven</artifactId><configuration><failBuildOnCVSS>11</failBuildOnCVSS></configuration></plugin></plugins></build></project>\n',
    control: 'check-configuration-loosened',
  },
  {
    name: 'a path for everybody',
    file: 'src/main/webapp/WEB-INF/security.xml',
    before: '<http><intercept-url pattern="/admin/**" access="hasRole(\'ADMIN\')"/></http>\n',
    after: '<http><intercept-url pattern="/admin/**" access="permitAll"/></http>\n',
    control: 'protective-setting-off',
  },
  {
    name: 'plain connections',
    file: 'app/src/main/res/xml/network_security_config.xml',
    before: '<network-security-config><base-config cleartextTrafficPermitted="false"/></network-security-config>\n',
    after: '<network-security-config><base-config cleartextTrafficPermitted="true"/></network-security-config>\n',
    control: 'protective-setting-off',
  },
  {
    name: 'another port of a service',
    file: 'k8s/svc.yaml',
    before:
      'apiVersion: v1\nkind: Service\nmetadata:\n  name: db\nspec:\n  type: ClusterIP\n  ports:\n    - port: 5432\n',
    after:
      'apiVersion: v1\nkind: Service\nmetadata:\n  name: db\n  labels: { app: db }\nspec:\n  type: ClusterIP\n  ports:\n    - port: 5433\n',
    control: undefined,
  },
  {
    name: 'a rule that asks for more',
    file: 'k8s/ap.yaml',
    before:
      'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata:\n  name: a\nspec:\n  action: ALLOW\n  rules:\n    - from:\n        - source:\n            principals: ["cluster.local/ns/web/sa/web"]\n',
    after:
      'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata:\n  name: a\nspec:\n  action: ALLOW\n  rules:\n    - from:\n        - source:\n            principals:\n              - cluster.local/ns/web/sa/web\n      to:\n        - operation: { methods: [GET] }\n',
    control: undefined,
  },
];

describe('rules of authorisation, XML and Kubernetes', () => {
  let tools: Tools;
  before(async () => {
    tools = await loadTools();
  });
  after(() => tools.grammars[Symbol.dispose]());

  for (const row of CASES) it(sentenceOf(row), () => checkCase(row, tools));
});
