import type { Setting } from './setting.ts';

/** Clusters, sign-in, pages, telephones and forges. */
export const SERVICE_SETTINGS: readonly Setting[] = [
  {
    name: 'namespaces that a policy leaves out',
    file: 'policies/require-signed.yaml',
    text: 'apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: { name: signed }\nspec:\n  validationFailureAction: Enforce\n  rules:\n    - name: signed\n      match: { any: [{ resources: { kinds: [Pod] } }] }\n      verifyImages:\n        - imageReferences: ["registry.example.test/*"]\n',
    attack:
      'apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: { name: signed }\nspec:\n  validationFailureAction: Enforce\n  rules:\n    - name: signed\n      match: { any: [{ resources: { kinds: [Pod] } }] }\n      exclude: { any: [{ resources: { namespaces: ["*"] } }] }\n      verifyImages:\n        - imageReferences: ["registry.example.test/*"]\n',
    twin: undefined,
  },
  {
    name: 'an exception from a policy',
    file: 'policies/exc.yaml',
    text: 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: { a: b }\n',
    attack:
      'apiVersion: kyverno.io/v2\nkind: PolicyException\nmetadata: { name: a }\nspec:\n  exceptions:\n    - policyName: signed\n      ruleNames: [signed]\n',
    twin: 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: { a: c }\n',
  },
  {
    name: 'namespaces that a constraint leaves out',
    file: 'policies/c.yaml',
    text: 'apiVersion: constraints.gatekeeper.sh/v1beta1\nkind: K8sPSPPrivilegedContainer\nmetadata: { name: priv }\nspec:\n  match:\n    excludedNamespaces: [kube-system]\n',
    attack:
      'apiVersion: constraints.gatekeeper.sh/v1beta1\nkind: K8sPSPPrivilegedContainer\nmetadata: { name: priv }\nspec:\n  match:\n    excludedNamespaces: [kube-system, default, apps]\n',
    twin: 'apiVersion: constraints.gatekeeper.sh/v1beta1\nkind: K8sPSPPrivilegedContainer\nmetadata: { name: priv }\nspec:\n  enforcementAction: deny\n  match:\n    excludedNamespaces: [kube-system]\n',
  },
  {
    name: 'a constraint of a cluster',
    file: 'policies/c.yaml',
    text: 'apiVersion: constraints.gatekeeper.sh/v1beta1\nkind: K8sPSPPrivilegedContainer\nmetadata: { name: priv }\nspec:\n  match: { kinds: [{ apiGroups: [""], kinds: [Pod] }] }\n',
    attack: undefined,
    twin: undefined,
  },
  {
    name: 'the project that bounds an application',
    file: 'argo/app.yaml',
    text: 'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: app }\nspec:\n  project: team-a\n  source: { repoURL: https://git.example.test/app.git, targetRevision: v1.2.3, path: k8s }\n',
    attack:
      'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: app }\nspec:\n  project: default\n  source: { repoURL: https://git.example.test/app.git, targetRevision: v1.2.3, path: k8s }\n',
    twin: 'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: app }\nspec:\n  project: team-a\n  source: { repoURL: https://git.example.test/app.git, targetRevision: v1.2.4, path: k8s }\n',
  },
  {
    name: 'a revision that is fixed',
    file: 'argo/app.yaml',
    text: 'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: app }\nspec:\n  project: team-a\n  source: { repoURL: https://git.example.test/app.git, targetRevision: 3f786850e387550fdab836ed7e6dc881de23001b, path: k8s }\n',
    attack:
      'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: app }\nspec:\n  project: team-a\n  source: { repoURL: https://git.example.test/app.git, targetRevision: HEAD, path: k8s }\n',
    twin: 'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: app }\nspec:\n  project: team-a\n  source: { repoURL: https://git.example.test/app.git, targetRevision: 89e6c98d92887913cadf06b2adb97f26cde4849b, path: k8s }\n',
  },
  {
    name: 'where applications come from',
    file: 'argo/proj.yaml',
    text: 'apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: { name: team-a }\nspec:\n  sourceRepos: ["https://git.example.test/app.git"]\n  destinations: [{ namespace: team-a, server: https://kubernetes.default.svc }]\n  clusterResourceWhitelist: []\n',
    attack:
      'apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: { name: team-a }\nspec:\n  sourceRepos: ["*"]\n  destinations: [{ namespace: team-a, server: https://kubernetes.default.svc }]\n  clusterResourceWhitelist: []\n',
    twin: 'apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: { name: team-a, labels: { a: b } }\nspec:\n  sourceRepos: ["https://git.example.test/app.git"]\n  destinations: [{ namespace: team-a, server: https://kubernetes.default.svc }]\n  clusterResourceWhitelist: []\n',
  },
  {
    name: 'what everybody may',
    file: 'argo/rbac.yaml',
    text: 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: argocd-rbac-cm }\ndata:\n  policy.default: role:readonly\n  policy.csv: |\n    g, ops, role:admin\n',
    attack:
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: argocd-rbac-cm }\ndata:\n  policy.default: role:admin\n  policy.csv: |\n    g, ops, role:admin\n',
    twin: 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: argocd-rbac-cm }\ndata:\n  policy.default: role:readonly\n  policy.csv: |\n    g, platform-ops, role:admin\n',
  },
  {
    name: 'commits that are verified',
    file: 'flux/src.yaml',
    text: 'apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: { name: app }\nspec:\n  url: https://git.example.test/app\n  ref: { tag: v1 }\n  verify:\n    mode: HEAD\n    secretRef: { name: keys }\n',
    attack:
      'apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: { name: app }\nspec:\n  url: https://git.example.test/app\n  ref: { tag: v1 }\n',
    twin: 'apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: { name: app }\nspec:\n  url: https://git.example.test/app\n  ref: { tag: v2 }\n  verify:\n    mode: HEAD\n    secretRef: { name: keys }\n',
  },
  {
    name: 'a listener with TLS',
    file: 'vault/config.hcl',
    text: 'listener "tcp" {\n  address = "127.0.0.1:8200"\n  tls_disable = false\n}\ndisable_mlock = false\n',
    attack: 'listener "tcp" {\n  address = "127.0.0.1:8200"\n  tls_disable = true\n}\ndisable_mlock = false\n',
    twin: 'listener "tcp" {\n  address = "127.0.0.1:8201"\n  tls_disable = false\n}\ndisable_mlock = false\n',
  },
  {
    name: 'sign-in over TLS',
    file: 'keycloak/realm.json',
    text: '{"realm":"app","sslRequired":"external","bruteForceProtected":true,"registrationAllowed":false,"passwordPolicy":"length(12) and notUsername","accessTokenLifespan":300,"clients":[{"clientId":"web","publicClient":true,"redirectUris":["https://app.example.test/*"],"directAccessGrantsEnabled":false}]}\n',
    attack:
      '{"realm":"app","sslRequired":"none","bruteForceProtected":true,"registrationAllowed":false,"passwordPolicy":"length(12) and notUsername","accessTokenLifespan":300,"clients":[{"clientId":"web","publicClient":true,"redirectUris":["https://app.example.test/*"],"directAccessGrantsEnabled":false}]}\n',
    twin: '{"realm":"app","displayName":"App","sslRequired":"external","bruteForceProtected":true,"registrationAllowed":false,"passwordPolicy":"length(12) and notUsername","accessTokenLifespan":300,"clients":[{"clientId":"web","publicClient":true,"redirectUris":["https://app.example.test/*"],"directAccessGrantsEnabled":false}]}\n',
  },
  {
    name: 'a lock after guesses',
    file: 'keycloak/realm.json',
    text: '{"realm":"app","bruteForceProtected":true,"registrationAllowed":false,"passwordPolicy":"length(12) and notUsername"}\n',
    attack:
      '{"realm":"app","bruteForceProtected":false,"registrationAllowed":false,"passwordPolicy":"length(12) and notUsername"}\n',
    twin: undefined,
  },
  {
    name: 'what a password must have',
    file: 'keycloak/realm.json',
    text: '{"realm":"app","bruteForceProtected":true,"passwordPolicy":"length(12) and notUsername"}\n',
    attack: '{"realm":"app","bruteForceProtected":true,"passwordPolicy":"length(4)"}\n',
    twin: '{"realm":"app","bruteForceProtected":true,"passwordPolicy":"length(14) and notUsername"}\n',
  },
  {
    name: 'how long a token lives',
    file: 'keycloak/realm.json',
    text: '{"realm":"app","accessTokenLifespan":300}\n',
    attack: '{"realm":"app","accessTokenLifespan":8640000}\n',
    twin: '{"realm":"app","accessTokenLifespan":240}\n',
  },
  {
    name: 'ways to a token',
    file: 'auth0/clients/web.json',
    text: '{"name":"web","oidc_conformant":true,"grant_types":["authorization_code"],"callbacks":["https://app.example.test/cb"],"token_endpoint_auth_method":"client_secret_post","jwt_configuration":{"alg":"RS256"}}\n',
    attack:
      '{"name":"web","oidc_conformant":true,"grant_types":["authorization_code","password","implicit"],"callbacks":["https://app.example.test/cb"],"token_endpoint_auth_method":"client_secret_post","jwt_configuration":{"alg":"RS256"}}\n',
    twin: '{"name":"web","description":"x","oidc_conformant":true,"grant_types":["authorization_code"],"callbacks":["https://app.example.test/cb"],"token_endpoint_auth_method":"client_secret_post","jwt_configuration":{"alg":"RS256"}}\n',
  },
  {
    name: 'a secret of the client',
    file: 'auth0/clients/web.json',
    text: '{"name":"web","token_endpoint_auth_method":"client_secret_post","jwt_configuration":{"alg":"RS256"}}\n',
    attack: '{"name":"web","token_endpoint_auth_method":"none","jwt_configuration":{"alg":"RS256"}}\n',
    twin: undefined,
  },
  {
    name: 'a guard against guesses',
    file: 'auth0/guardian.yaml',
    text: 'guardian:\n  policies: [all-applications]\nattackProtection:\n  bruteForceProtection: { enabled: true }\n  breachedPasswordDetection: { enabled: true }\n',
    attack:
      'guardian:\n  policies: [all-applications]\nattackProtection:\n  bruteForceProtection: { enabled: false }\n  breachedPasswordDetection: { enabled: true }\n',
    twin: 'guardian:\n  policies: \n    - all-applications\nattackProtection:\n  bruteForceProtection: { enabled: true }\n  breachedPasswordDetection: { enabled: true }\n',
  },
  {
    name: 'for whom a token is',
    file: 'src/main/resources/application.yml',
    text: 'spring:\n  security:\n    oauth2:\n      resourceserver:\n        jwt:\n          issuer-uri: https://id.example.test\n          audiences: [app]\n',
    attack:
      'spring:\n  security:\n    oauth2:\n      resourceserver:\n        jwt:\n          issuer-uri: https://id.example.test\n',
    twin: 'spring:\n  security:\n    oauth2:\n      resourceserver:\n        jwt:\n          issuer-uri: https://id.example.test \n          audiences: [app]\n',
  },
  {
    name: 'scripts in the page',
    file: 'config/initializers/content_security_policy.rb',
    text: 'Rails.application.config.content_security_policy do |policy|\n  policy.default_src :self\n  policy.script_src :self\nend\n',
    attack:
      'Rails.application.config.content_security_policy do |policy|\n  policy.default_src :self\n  policy.script_src :self, :unsafe_inline, :unsafe_eval\nend\n',
    twin: 'Rails.application.config.content_security_policy do |policy|\n  policy.default_src :self\n  policy.img_src :self, :data\n  policy.script_src :self\nend\n',
  },
  {
    name: 'what stays out of logs',
    file: 'config/initializers/filter_parameter_logging.rb',
    text: 'Rails.application.config.filter_parameters += [:passw, :secret, :token, :ssn]\n',
    attack: 'Rails.application.config.filter_parameters += [:ssn]\n',
    twin: 'Rails.application.config.filter_parameters += [:passw, :secret, :token, :ssn, :cvv]\n',
  },
  {
    name: 'hosts that are known',
    file: 'config/environments/production.rb',
    text: 'Rails.application.configure do\n  config.hosts << "app.example.test"\n  config.host_authorization = { exclude: ->(r) { r.path == "/up" } }\nend\n',
    attack:
      'Rails.application.configure do\n  config.hosts.clear\n  config.host_authorization = { exclude: ->(r) { r.path == "/up" } }\nend\n',
    twin: undefined,
  },
  {
    name: 'a header of pages',
    file: 'vercel.json',
    text: '{"headers":[{"source":"/(.*)","headers":[{"key":"X-Frame-Options","value":"DENY"},{"key":"Content-Security-Policy","value":"default-src \'self\'"}]}]}\n',
    attack:
      '{"headers":[{"source":"/(.*)","headers":[{"key":"Content-Security-Policy","value":"default-src \'self\'"}]}]}\n',
    twin: '{"cleanUrls":true,"headers":[{"source":"/(.*)","headers":[{"key":"X-Frame-Options","value":"DENY"},{"key":"Content-Security-Policy","value":"default-src \'self\'"}]}]}\n',
  },
  {
    name: 'a policy of pages',
    file: 'vercel.json',
    text: '{"headers":[{"source":"/(.*)","headers":[{"key":"Content-Security-Policy","value":"default-src \'self\'"}]}]}\n',
    attack: '{"headers":[{"source":"/(.*)","headers":[{"key":"Content-Security-Policy","value":"default-src *"}]}]}\n',
    twin: '{"headers":[{"source":"/(.*)","headers":[{"key":"Content-Security-Policy","value":"default-src \'self\'; object-src \'none\'"}]}]}\n',
  },
  {
    name: 'headers of a host of pages',
    file: 'netlify.toml',
    text: '[[headers]]\n  for = "/*"\n  [headers.values]\n    X-Frame-Options = "DENY"\n    Content-Security-Policy = "default-src \'self\'"\n',
    attack: '[[headers]]\n  for = "/*"\n  [headers.values]\n    Content-Security-Policy = "default-src \'self\'"\n',
    twin: '[[headers]]\n  for = "/*" # all\n  [headers.values]\n    X-Frame-Options = "DENY"\n    Content-Security-Policy = "default-src \'self\'"\n',
  },
  {
    name: 'headers in a file of lines',
    file: 'public/_headers',
    text: "/*\n  X-Frame-Options: DENY\n  Content-Security-Policy: default-src 'self'\n",
    attack: "/*\n  Content-Security-Policy: default-src 'self'\n",
    twin: "/*\n  Cache-Control: no-store\n  X-Frame-Options: DENY\n  Content-Security-Policy: default-src 'self'\n",
  },
  {
    name: 'what a telephone lets an application do',
    file: 'app/src/main/AndroidManifest.xml',
    text: '<manifest xmlns:android="http://schemas.android.com/apk/res/android">\n<uses-permission android:name="android.permission.INTERNET"/>\n<application/></manifest>\n',
    attack:
      '<manifest xmlns:android="http://schemas.android.com/apk/res/android">\n<uses-permission android:name="android.permission.INTERNET"/>\n<uses-permission android:name="android.permission.READ_SMS"/>\n<application/></manifest>\n',
    twin: '<manifest xmlns:android="http://schemas.android.com/apk/res/android">\n<uses-permission android:name="android.permission.INTERNET"/>\n<application android:label="x"/></manifest>\n',
  },
  {
    name: 'authorities that a user adds',
    file: 'app/src/main/res/xml/network_security_config.xml',
    text: '<network-security-config><base-config cleartextTrafficPermitted="false"><trust-anchors><certificates src="system"/></trust-anchors></base-config><domain-config><domain>api.example.test</domain><pin-set><pin digest="SHA-256">7HIpactkIAq2Y49orFOOQKurWxmmSFZhBCoQYcRhJ3Y=</pin></pin-set></domain-config></network-security-config>\n',
    attack:
      '<network-security-config><base-config cleartextTrafficPermitted="false"><trust-anchors><certificates src="system"/><certificates src="user"/></trust-anchors></base-config><domain-config><domain>api.example.test</domain><pin-set><pin digest="SHA-256">7HIpactkIAq2Y49orFOOQKurWxmmSFZhBCoQYcRhJ3Y=</pin></pin-set></domain-config></network-security-config>\n',
    twin: '<network-security-config><base-config cleartextTrafficPermitted="false"><trust-anchors><certificates src="system"/></trust-anchors></base-config><domain-config><domain>api2.example.test</domain><pin-set><pin digest="SHA-256">7HIpactkIAq2Y49orFOOQKurWxmmSFZhBCoQYcRhJ3Y=</pin></pin-set></domain-config></network-security-config>\n',
  },
  {
    name: 'keys that are pinned',
    file: 'app/src/main/res/xml/network_security_config.xml',
    text: '<network-security-config><domain-config><domain>api.example.test</domain><pin-set><pin digest="SHA-256">7HIpactkIAq2Y49orFOOQKurWxmmSFZhBCoQYcRhJ3Y=</pin></pin-set></domain-config></network-security-config>\n',
    attack:
      '<network-security-config><domain-config><domain>api.example.test</domain></domain-config></network-security-config>\n',
    twin: undefined,
  },
  {
    name: 'plain connections of a telephone',
    file: 'ios/App/Info.plist',
    text: '<?xml version="1.0"?>\n<plist version="1.0"><dict>\n<key>CFBundleName</key><string>App</string>\n<key>NSAppTransportSecurity</key><dict><key>NSAllowsArbitraryLoads</key><false/></dict>\n</dict></plist>\n',
    attack:
      '<?xml version="1.0"?>\n<plist version="1.0"><dict>\n<key>CFBundleName</key><string>App</string>\n<key>NSAppTransportSecurity</key><dict><key>NSAllowsArbitraryLoads</key><true/></dict>\n</dict></plist>\n',
    twin: '<?xml version="1.0"?>\n<plist version="1.0"><dict>\n<key>CFBundleName</key><string>Application</string>\n<key>NSAppTransportSecurity</key><dict><key>NSAllowsArbitraryLoads</key><false/></dict>\n</dict></plist>\n',
  },
  {
    name: 'a program that is kept apart',
    file: 'macos/App.entitlements',
    text: '<?xml version="1.0"?>\n<plist version="1.0"><dict>\n<key>com.apple.security.app-sandbox</key><true/>\n<key>com.apple.security.cs.disable-library-validation</key><false/>\n</dict></plist>\n',
    attack:
      '<?xml version="1.0"?>\n<plist version="1.0"><dict>\n<key>com.apple.security.app-sandbox</key><false/>\n<key>com.apple.security.cs.disable-library-validation</key><false/>\n</dict></plist>\n',
    twin: '<?xml version="1.0"?>\n<plist version="1.0"><dict>\n<!-- a -->\n<key>com.apple.security.app-sandbox</key><true/>\n<key>com.apple.security.cs.disable-library-validation</key><false/>\n</dict></plist>\n',
  },
  {
    name: 'pages that an extension reads',
    file: 'extension/manifest.json',
    text: '{"manifest_version":3,"name":"x","permissions":["storage"],"host_permissions":["https://app.example.test/*"],"content_security_policy":{"extension_pages":"script-src \'self\'"}}\n',
    attack:
      '{"manifest_version":3,"name":"x","permissions":["storage"],"host_permissions":["<all_urls>"],"content_security_policy":{"extension_pages":"script-src \'self\'"}}\n',
    twin: '{"manifest_version":3,"name":"x","description":"y","permissions":["storage"],"host_permissions":["https://app.example.test/*"],"content_security_policy":{"extension_pages":"script-src \'self\'"}}\n',
  },
  {
    name: 'rights of an extension',
    file: 'extension/manifest.json',
    text: '{"manifest_version":3,"name":"x","permissions":["storage"]}\n',
    attack: '{"manifest_version":3,"name":"x","permissions":["storage","webRequest","cookies","tabs"]}\n',
    twin: '{"manifest_version":3,"name":"x","permissions":["storage" ]}\n',
  },
  {
    name: 'checks that a branch demands',
    file: '.github/settings.yml',
    text: 'branches:\n  - name: main\n    protection:\n      required_status_checks:\n        strict: true\n        contexts: [test, codeql]\n      enforce_admins: true\n      required_pull_request_reviews:\n        required_approving_review_count: 2\n',
    attack:
      'branches:\n  - name: main\n    protection:\n      required_status_checks:\n        strict: true\n        contexts: []\n      enforce_admins: true\n      required_pull_request_reviews:\n        required_approving_review_count: 2\n',
    twin: 'branches:\n  - name: main\n    protection:\n      required_status_checks:\n        strict: true\n        contexts: [test, codeql, lint]\n      enforce_admins: true\n      required_pull_request_reviews:\n        required_approving_review_count: 2\n',
  },
  {
    name: 'a ruleset that is in force',
    file: '.github/rulesets/main.json',
    text: '{"name":"main","enforcement":"active","bypass_actors":[],"rules":[{"type":"required_signatures"},{"type":"pull_request","parameters":{"required_approving_review_count":2}}]}\n',
    attack:
      '{"name":"main","enforcement":"disabled","bypass_actors":[],"rules":[{"type":"required_signatures"},{"type":"pull_request","parameters":{"required_approving_review_count":2}}]}\n',
    twin: '{"name":"trunk","enforcement":"active","bypass_actors":[],"rules":[{"type":"required_signatures"},{"type":"pull_request","parameters":{"required_approving_review_count":2}}]}\n',
  },
  {
    name: 'who passes a ruleset',
    file: '.github/rulesets/main.json',
    text: '{"name":"main","enforcement":"active","bypass_actors":[],"rules":[{"type":"required_signatures"}]}\n',
    attack:
      '{"name":"main","enforcement":"active","bypass_actors":[{"actor_id":5,"actor_type":"RepositoryRole","bypass_mode":"always"}],"rules":[{"type":"required_signatures"}]}\n',
    twin: undefined,
  },
  {
    name: 'a rule of a ruleset',
    file: '.github/rulesets/main.json',
    text: '{"name":"main","enforcement":"active","rules":[{"type":"required_signatures"},{"type":"non_fast_forward"}]}\n',
    attack: '{"name":"main","enforcement":"active","rules":[{"type":"non_fast_forward"}]}\n',
    twin: undefined,
  },
  {
    name: 'an alert about sign-ins',
    file: 'monitoring/alerts.yml',
    text: 'groups:\n  - name: sec\n    rules:\n      - alert: LoginFailures\n        expr: rate(login_failures_total[5m]) > 10\n        labels: { severity: page }\n',
    attack: 'groups:\n  - name: sec\n    rules:\n',
    twin: 'groups:\n  - name: sec\n    rules:\n      - alert: LoginFailures\n        expr: rate(login_failures_total[5m]) > 5\n        labels: { severity: page }\n',
  },
  {
    name: 'a route with sign-in',
    file: 'traefik/dynamic.yml',
    text: 'http:\n  routers:\n    admin:\n      rule: Host(`a.example.test`)\n      middlewares: [auth]\n      service: admin\n',
    attack: 'http:\n  routers:\n    admin:\n      rule: Host(`a.example.test`)\n      service: admin\n',
    twin: 'http:\n  routers:\n    admin:\n      rule: Host(`a.example.test`)\n      middlewares: [auth]\n      service: administration\n',
  },
  {
    name: 'certificates of a service',
    file: 'envoy/envoy.yaml',
    text: 'static_resources:\n  clusters:\n    - name: app\n      transport_socket:\n        name: tls\n        typed_config:\n          common_tls_context:\n            validation_context:\n              trusted_ca: { filename: /etc/ca.pem }\n',
    attack:
      'static_resources:\n  clusters:\n    - name: app\n      transport_socket:\n        name: tls\n        typed_config:\n          common_tls_context:\n            validation_context:\n              trust_chain_verification: ACCEPT_UNTRUSTED\n',
    twin: undefined,
  },
  {
    name: 'tokens that are checked',
    file: 'supabase/config.toml',
    text: '[auth]\nenable_signup = false\njwt_expiry = 3600\n[auth.email]\nenable_confirmations = true\ndouble_confirm_changes = true\n[functions.pay]\nverify_jwt = true\n',
    attack:
      '[auth]\nenable_signup = false\njwt_expiry = 3600\n[auth.email]\nenable_confirmations = true\ndouble_confirm_changes = true\n[functions.pay]\nverify_jwt = false\n',
    twin: '[auth]\nenable_signup = false\njwt_expiry = 1800\n[auth.email]\nenable_confirmations = true\ndouble_confirm_changes = true\n[functions.pay]\nverify_jwt = true\n',
  },
  {
    name: 'rows of the one who asks',
    file: 'metadata/t.yaml',
    text: 'table: { name: orders, schema: public }\nselect_permissions:\n  - role: user\n    permission:\n      columns: [id]\n      filter: { owner_id: { _eq: X-Hasura-User-Id } }\n',
    attack:
      'table: { name: orders, schema: public }\nselect_permissions:\n  - role: user\n    permission:\n      columns: [id]\n      filter: {}\n',
    twin: 'table: { name: orders, schema: public }\nselect_permissions:\n  - role: user\n    permission:\n      columns: [id, note]\n      filter: { owner_id: { _eq: X-Hasura-User-Id } }\n',
  },
  {
    name: 'a function with sign-in',
    file: 'serverless.yml',
    text: 'functions:\n  pay:\n    handler: pay.handler\n    events:\n      - http:\n          path: pay\n          method: post\n          authorizer: aws_iam\n',
    attack:
      'functions:\n  pay:\n    handler: pay.handler\n    events:\n      - http:\n          path: pay\n          method: post\n',
    twin: 'functions:\n  pay:\n    handler: pay.handler\n    events:\n      - http:\n          path: payments\n          method: post\n          authorizer: aws_iam\n',
  },
  {
    name: 'an interface with sign-in',
    file: 'template.yaml',
    text: 'AWSTemplateFormatVersion: "2010-09-09"\nTransform: AWS::Serverless-2016-10-31\nResources:\n  Api:\n    Type: AWS::Serverless::Api\n    Properties:\n      StageName: prod\n      Auth:\n        DefaultAuthorizer: Cognito\n',
    attack:
      'AWSTemplateFormatVersion: "2010-09-09"\nTransform: AWS::Serverless-2016-10-31\nResources:\n  Api:\n    Type: AWS::Serverless::Api\n    Properties:\n      StageName: prod\n',
    twin: 'AWSTemplateFormatVersion: "2010-09-09"\nTransform: AWS::Serverless-2016-10-31\nResources:\n  Api:\n    Type: AWS::Serverless::Api\n    Properties:\n      StageName: live\n      Auth:\n        DefaultAuthorizer: Cognito\n',
  },
  {
    name: 'a server of builds that anybody reads',
    file: 'jenkins/casc.yaml',
    text: 'jenkins:\n  authorizationStrategy:\n    loggedInUsersCanDoAnything:\n      allowAnonymousRead: false\n  crumbIssuer:\n    standard: { excludeClientIPFromCrumb: false }\n  securityRealm: { ldap: { configurations: [{ server: ldaps://ldap.example.test }] } }\n',
    attack:
      'jenkins:\n  authorizationStrategy:\n    loggedInUsersCanDoAnything:\n      allowAnonymousRead: true\n  crumbIssuer:\n    standard: { excludeClientIPFromCrumb: false }\n  securityRealm: { ldap: { configurations: [{ server: ldaps://ldap.example.test }] } }\n',
    twin: 'jenkins:\n  authorizationStrategy:\n    loggedInUsersCanDoAnything:\n      allowAnonymousRead: false\n  crumbIssuer:\n    standard: { excludeClientIPFromCrumb: false }\n  securityRealm: { ldap: { configurations: [{ server: ldaps://ldap2.example.test }] } }\n',
  },
  {
    name: 'versions that must be some days old',
    file: '.github/dependabot.yml',
    text: 'version: 2\nupdates:\n  - package-ecosystem: npm\n    directory: /\n    schedule: { interval: daily }\n    cooldown: { default-days: 7 }\n',
    attack: 'version: 2\nupdates:\n  - package-ecosystem: npm\n    directory: /\n    schedule: { interval: daily }\n',
    twin: 'version: 2\nupdates:\n  - package-ecosystem: npm\n    directory: /\n    schedule: { interval: weekly }\n    cooldown: { default-days: 7 }\n',
  },
];
