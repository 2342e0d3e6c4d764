import { after, before, describe, it } from 'node:test';
import { type Case, checkCase, sentenceOf } from '../cases.ts';
import { loadTools, type Tools } from '../trees.ts';

const CASES: readonly Case[] = [
  {
    name: 'a package client that checks no certificate',
    file: '.npmrc',
    before: 'strict-ssl=true\nignore-scripts=true\n',
    after: 'strict-ssl=false\n',
    control: 'install-scripts-allowed',
  },
  {
    name: 'install scripts that run again',
    file: '.npmrc',
    before: 'ignore-scripts=true\nsave-exact=true\n',
    after: 'save-exact=true\n',
    control: 'install-scripts-allowed',
  },
  {
    name: 'packages from another place',
    file: '.npmrc',
    before: 'registry=https://packages.example.test/\n',
    after: 'registry=http://packages.other.test/\n',
    control: 'registry-changed',
  },
  {
    name: 'a second index',
    file: 'pip.conf',
    before: '[global]\nindex-url = https://packages.example.test/simple\nrequire-hashes = true\n',
    after:
      '[global]\nindex-url = https://packages.example.test/simple\nextra-index-url = https://other.test/simple\ntrusted-host = other.test\n',
    control: 'registry-changed',
  },
  {
    name: 'updates that nobody looks at',
    file: 'renovate.json',
    before: '{"extends":["config:recommended"],"minimumReleaseAge":"7 days"}',
    after: '{"extends":["config:recommended"],"automerge":true}',
    control: 'threshold-lowered',
  },
  {
    name: 'folders that the analyser leaves out',
    file: 'sonar-project.properties',
    before: 'sonar.projectKey=app\nsonar.sources=src\nsonar.qualitygate.wait=true\n',
    after: 'sonar.projectKey=app\nsonar.sources=src\nsonar.exclusions=src/auth/**\nsonar.qualitygate.wait=false\n',
    control: 'exclusion-grown',
  },
  {
    name: 'fewer approvals for a branch',
    file: '.github/settings.yml',
    before:
      'branches:\n  - name: main\n    protection:\n      required_pull_request_reviews:\n        required_approving_review_count: 2\n        require_code_owner_reviews: true\n      enforce_admins: true\n',
    after:
      'branches:\n  - name: main\n    protection:\n      required_pull_request_reviews:\n        required_approving_review_count: 1\n        require_code_owner_reviews: true\n      enforce_admins: true\n',
    control: 'protective-setting-off',
  },
  {
    name: 'every endpoint of management',
    file: 'src/main/resources/application.yml',
    before: 'management:\n  endpoints:\n    web:\n      exposure:\n        include: health\n',
    after: 'management:\n  endpoints:\n    web:\n      exposure:\n        include: "*"\n',
    control: 'protective-setting-off',
  },
  {
    name: 'a console that is open',
    file: 'src/main/resources/application.properties',
    before: 'server.servlet.session.cookie.secure=true\nspring.h2.console.enabled=false\n',
    after: 'spring.h2.console.enabled=true\n',
    control: 'protective-setting-off',
  },
  {
    name: 'traces of errors for everybody',
    file: 'src/main/resources/application.yml',
    before: 'server:\n  ssl:\n    enabled: true\n  error:\n    include-stacktrace: never\n',
    after: 'server:\n  ssl:\n    enabled: true\n  error:\n    include-stacktrace: always\n',
    control: 'protective-setting-off',
  },
  {
    name: 'a compiler that minds less',
    file: 'tsconfig.json',
    before: '{"compilerOptions":{"strict":true}}',
    after: '{"compilerOptions":{"strict":true,"noImplicitAny":false}}',
    control: 'check-configuration-loosened',
  },
  {
    name: 'a rule of a linter that is off',
    file: 'eslint.config.js',
    before:
      "import security from 'eslint-plugin-security';\nexport default [security.configs.recommended, { rules: { 'no-eval': 'error' } }];\n",
    after: "export default [{ rules: { 'no-eval': 'off' } }];\n",
    control: 'check-settings-loosened',
  },
  {
    name: 'a download without its certificate',
    file: 'playbooks/site.yml',
    before:
      '- hosts: all\n  tasks:\n    - name: fetch\n      get_url:\n        url: https://example.test/a\n        validate_certs: true\n        checksum: sha256:abc\n',
    after:
      '- hosts: all\n  tasks:\n    - name: fetch\n      get_url:\n        url: https://example.test/a\n        validate_certs: false\n',
    control: 'tls-check-off',
  },
  {
    name: 'values that open a container',
    file: 'chart/values.yaml',
    before:
      'securityContext:\n  runAsNonRoot: true\n  allowPrivilegeEscalation: false\nnetworkPolicy:\n  enabled: true\n',
    after:
      'securityContext:\n  runAsNonRoot: false\n  allowPrivilegeEscalation: true\nnetworkPolicy:\n  enabled: false\n',
    control: 'container-opened',
  },
  {
    name: 'a template that opens a container',
    file: 'chart/templates/deploy.yaml',
    before:
      'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {{ .Release.Name }}\nspec:\n  template:\n    spec:\n      containers:\n        - name: web\n          image: {{ .Values.image }}\n          securityContext:\n            runAsNonRoot: true\n            {{- toYaml .Values.sc | nindent 12 }}\n',
    after:
      'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {{ .Release.Name }}\nspec:\n  template:\n    spec:\n      containers:\n        - name: web\n          image: {{ .Values.image }}\n          securityContext:\n            privileged: true\n            {{- toYaml .Values.sc | nindent 12 }}\n',
    control: 'container-opened',
  },
  {
    name: 'a label in a template',
    file: 'chart/templates/deploy.yaml',
    before:
      'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {{ .Release.Name }}\nspec:\n  replicas: {{ .Values.replicas }}\n',
    after:
      'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {{ .Release.Name }}\n  labels:\n    app: web\nspec:\n  replicas: {{ .Values.replicas }}\n',
    control: undefined,
  },
  {
    name: 'a database that everybody reaches',
    file: 'cfn/stack.yaml',
    before:
      'Resources:\n  Db:\n    Type: AWS::RDS::DBInstance\n    DeletionPolicy: Retain\n    Properties:\n      PubliclyAccessible: false\n      StorageEncrypted: true\n',
    after:
      'Resources:\n  Db:\n    Type: AWS::RDS::DBInstance\n    Properties:\n      PubliclyAccessible: true\n      StorageEncrypted: false\n',
    control: 'protective-setting-off',
  },
  {
    name: 'a port that everybody reaches',
    file: 'cfn/stack.yaml',
    before:
      'Resources:\n  Sg:\n    Type: AWS::EC2::SecurityGroup\n    Properties:\n      SecurityGroupIngress:\n        - IpProtocol: tcp\n          FromPort: 22\n          ToPort: 22\n          CidrIp: 10.0.0.0/8\n',
    after:
      'Resources:\n  Sg:\n    Type: AWS::EC2::SecurityGroup\n    Properties:\n      SecurityGroupIngress:\n        - IpProtocol: tcp\n          FromPort: 22\n          ToPort: 22\n          CidrIp: 0.0.0.0/0\n',
    control: 'network-opened',
  },
  {
    name: 'a further resource',
    file: 'cfn/stack.yaml',
    before: 'Resources:\n  Db:\n    Type: AWS::RDS::DBInstance\n    Properties:\n      StorageEncrypted: true\n',
    after:
      'Resources:\n  Db:\n    Type: AWS::RDS::DBInstance\n    Properties:\n      StorageEncrypted: true\n      MultiAZ: true\n  Logs:\n    Type: AWS::S3::Bucket\n',
    control: undefined,
  },
  {
    name: 'a bucket that everybody reads',
    file: 'Pulumi.yaml',
    before:
      'name: app\nruntime: yaml\nresources:\n  b:\n    type: aws:s3:Bucket\n    properties:\n      acl: private\n',
    after:
      'name: app\nruntime: yaml\nresources:\n  b:\n    type: aws:s3:Bucket\n    properties:\n      acl: public-read\n',
    control: 'protective-setting-off',
  },
  {
    name: 'a storage account without TLS',
    file: 'infra/main.bicep',
    before:
      "resource st 'Microsoft.Storage/storageAccounts@2023-01-01' = {\n  properties: {\n    supportsHttpsTrafficOnly: true\n    allowBlobPublicAccess: false\n  }\n}\n",
    after:
      "resource st 'Microsoft.Storage/storageAccounts@2023-01-01' = {\n  properties: {\n    supportsHttpsTrafficOnly: false\n    allowBlobPublicAccess: true\n  }\n}\n",
    control: 'tls-check-off',
  },
  {
    name: 'harmless endpoints',
    file: 'src/main/resources/application.yml',
    before: 'management:\n  endpoints:\n    web:\n      exposure:\n        include: health\n',
    after:
      'management:\n  endpoints:\n    web:\n      exposure:\n        include: health,info,prometheus\nserver:\n  port: 8081\n',
    control: undefined,
  },
  {
    name: 'further values',
    file: 'chart/values.yaml',
    before: 'replicas: 1\nnetworkPolicy:\n  enabled: true\nautoscaling:\n  enabled: false\n',
    after: 'replicas: 2\nnetworkPolicy:\n  enabled: true\nautoscaling:\n  enabled: true\ningress:\n  enabled: true\n',
    control: undefined,
  },
  {
    name: 'a newer protocol of an account',
    file: 'infra/main.bicep',
    before: "resource st 'x' = {\n  properties: {\n    supportsHttpsTrafficOnly: true\n  }\n}\n",
    after:
      "resource st 'x' = {\n  sku: {\n    name: 'Standard_LRS'\n  }\n  properties: {\n    supportsHttpsTrafficOnly: true\n    minimumTlsVersion: 'TLS1_2'\n  }\n}\n",
    control: undefined,
  },
  {
    name: 'a path with every right',
    file: 'vault/app.hcl',
    before: 'path "secret/data/app/*" {\n  capabilities = ["read"]\n}\n',
    after: 'path "secret/*" {\n  capabilities = ["create", "read", "update", "delete", "sudo"]\n}\n',
    control: 'list-widened',
  },
  {
    name: 'rights in another order',
    file: 'vault/app.hcl',
    before: 'path "secret/data/app/*" {\n  capabilities = ["read", "list"]\n}\n',
    after: '# app\npath "secret/data/app/*" {\n  capabilities = ["list", "read"]\n}\n',
    control: undefined,
  },
  {
    name: 'a task with power over its host',
    file: 'jobs/web.nomad',
    before:
      'job "web" {\n  group "g" {\n    task "t" {\n      driver = "docker"\n      config {\n        image = "a"\n      }\n    }\n  }\n}\n',
    after:
      'job "web" {\n  group "g" {\n    task "t" {\n      driver = "docker"\n      config {\n        image = "a"\n        privileged = true\n      }\n    }\n  }\n}\n',
    control: 'container-opened',
  },
];

describe('templates of clouds and applications', () => {
  let tools: Tools;
  before(async () => {
    tools = await loadTools();
  });
  after(() => tools.grammars[Symbol.dispose]());

  for (const row of CASES) it(sentenceOf(row), () => checkCase(row, tools));
});
