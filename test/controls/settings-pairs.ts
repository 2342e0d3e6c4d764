import type { ChangePair } from './change-pair.ts';

const containers = (first: string, secure: boolean, image = 'web:1'): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec:\n  template:\n    spec:\n      containers:\n        - name: ${first}\n          image: ${image}\n          ports: [{ containerPort: 8080 }]\n          securityContext: { runAsNonRoot: ${secure}, readOnlyRootFilesystem: true }\n        - name: proxy\n          image: proxy:2\n          securityContext: { runAsNonRoot: true }\n`;
const services = (name: string, verify: boolean): string =>
  `services:\n  ${name}:\n    image: app:1\n    read_only: true\n    user: "1000"\n    environment: { LOG: info, TLS_VERIFY: "${verify}" }\n  db:\n    image: db:1\n    read_only: true\n`;

const clients = (...some: readonly (readonly [name: string, line: string])[]): string =>
  `clients:\n${some.map(([name, line]) => `  - name: ${name}\n    timeout: 5\n    retries: 2\n    ${line}\n`).join('')}`;

/** Settings in structured files: items with new names, schemas, folders of the repository. */
export const SETTINGS_PAIRS: readonly ChangePair[] = [
  {
    attack: 'a container with a new name that runs as root',
    twin: 'a container with a new name and a newer image',
    control: 'container-opened',
    before: { 'deploy/web.yaml': containers('web', true) },
    lost: { 'deploy/web.yaml': containers('site', false) },
    kept: { 'deploy/web.yaml': containers('site', true, 'web:2') },
  },
  {
    attack: 'a protected container whose place a bare one took, with its name on another',
    twin: 'containers in another order',
    control: 'container-opened',
    before: { 'deploy/web.yaml': containers('web', true) },
    lost: { 'deploy/web.yaml': containers('proxy', false).replace(/ {8}- name: proxy\n {10}image: proxy[\s\S]*$/, '') },
    kept: {
      'deploy/web.yaml': containers('web', true).replace(
        /( {8}- name: web\n[\s\S]*?)( {8}- name: proxy\n[\s\S]*)$/,
        (_all, one: string, other: string) => other + one,
      ),
    },
  },
  {
    attack: 'a service with a new name that checks no certificate',
    twin: 'a service with a new name',
    control: 'tls-check-off',
    before: { 'compose.yaml': services('web', true) },
    lost: { 'compose.yaml': services('site', false) },
    kept: { 'compose.yaml': services('site', true) },
  },
  {
    attack: 'a client that checks nothing, with its old name on one that does',
    twin: 'a client with a new name',
    control: 'tls-check-off',
    before: {
      'config/app.yaml':
        'clients:\n  - name: pay\n    url: https://pay.example.test\n    rejectUnauthorized: true\n  - name: mail\n    url: https://mail.example.test\n',
    },
    lost: {
      'config/app.yaml':
        'clients:\n  - name: pay\n    url: https://pay.example.test\n  - name: mail2\n    url: https://mail.example.test\n    rejectUnauthorized: true\n',
    },
    kept: {
      'config/app.yaml':
        'clients:\n  - name: payment\n    url: https://pay.example.test\n    rejectUnauthorized: true\n  - name: mail\n    url: https://mail.example.test\n',
    },
  },
  {
    attack: 'a right over the host',
    twin: 'a schema that knows such rights',
    control: 'container-opened',
    before: {
      'charts/crd.yaml':
        'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: { name: runs.example.test }\nspec:\n  versions:\n    - name: v1\n      schema:\n        openAPIV3Schema: { type: object }\n',
      'charts/pod.yaml':
        'apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec:\n  containers:\n    - name: a\n      securityContext: { capabilities: { drop: [ALL] } }\n',
    },
    lost: {
      'charts/pod.yaml':
        'apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec:\n  containers:\n    - name: a\n      securityContext: { capabilities: { drop: [ALL], add: [SYS_ADMIN] } }\n',
    },
    kept: {
      'charts/crd.yaml':
        'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: { name: runs.example.test }\nspec:\n  versions:\n    - name: v1\n      schema:\n        openAPIV3Schema:\n          type: object\n          properties:\n            capabilities: { properties: { add: { type: array, items: { type: string }, x-kubernetes-list-type: atomic } } }\n',
    },
  },
  {
    attack: 'a package of somebody’s archive',
    twin: 'a package of a folder of the repository',
    control: 'dependency-foreign',
    before: { 'packages/app/package.json': '{"name":"app","dependencies":{"pad":"1.0.0","view":"npm:react@^19.2.6"}}' },
    lost: {
      'packages/app/package.json':
        '{"name":"app","dependencies":{"pad":"file:../../../pad","view":"npm:react@^19.2.6"}}',
    },
    kept: {
      'packages/app/package.json': '{"name":"app","dependencies":{"pad":"file:../pad","view":"npm:react@^19.2.8"}}',
    },
  },
  {
    attack: 'an alias of another package',
    twin: 'an alias of a newer version',
    control: 'dependency-foreign',
    before: { 'package.json': '{"dependencies":{"view":"npm:react@^19.2.6"}}' },
    lost: { 'package.json': '{"dependencies":{"view":"npm:reakt@^19.2.6"}}' },
    kept: { 'package.json': '{"dependencies":{"view":"npm:react@^19.2.8"}}' },
  },
  {
    attack: 'an override of a package taken away',
    twin: 'overrides that stand in the workspace now',
    control: 'dependency-hold-removed',
    before: {
      'package.json': '{"pnpm":{"overrides":{"tar":"^7.5.2","qs@<6.14":"6.14.1"}}}',
      'pnpm-workspace.yaml': 'packages: [a]\n',
    },
    lost: { 'package.json': '{"pnpm":{"overrides":{"qs@<6.14":"6.14.1"}}}' },
    kept: {
      'package.json': '{"name":"a"}',
      'pnpm-workspace.yaml': 'packages: [a]\noverrides:\n  qs@<6.14: 6.14.1\n  tar: ^7.5.3\n',
    },
  },
  {
    attack: 'a package that is held at an older version',
    twin: 'a package that is held at a newer version',
    control: 'dependency-hold-removed',
    before: { 'constraints.txt': 'urllib3>=2.5.0\nidna>=3.7\n' },
    lost: { 'constraints.txt': 'urllib3>=1.26\nidna>=3.7\n' },
    kept: { 'constraints.txt': '# both have known holes below\nidna >= 3.10\nurllib3>=2.6.3\n' },
  },
  {
    attack: 'a constraint of uv taken away',
    twin: 'a constraint of uv with a marker',
    control: 'dependency-hold-removed',
    before: { 'pyproject.toml': '[tool.uv]\nconstraint-dependencies = ["urllib3>=2.5.0", "idna>=3.7"]\n' },
    lost: { 'pyproject.toml': '[tool.uv]\nconstraint-dependencies = ["idna>=3.7"]\n' },
    kept: {
      'pyproject.toml':
        '[tool.uv]\nconstraint-dependencies = [\n  "idna >= 3.7",\n  "urllib3>=2.5.0; python_version > \'3.9\'",\n]\n',
    },
  },
  {
    attack: 'a version of Go that may be used again',
    twin: 'one version more that may not be used',
    control: 'dependency-hold-removed',
    before: { 'go.mod': 'module example.test/a\n\nexclude example.test/b v1.2.3\n' },
    lost: { 'go.mod': 'module example.test/a\n' },
    kept: { 'go.mod': 'module example.test/a\n\nexclude example.test/b v1.2.3\nexclude example.test/b v1.2.4\n' },
  },
  {
    attack: 'a package that installs a program called node',
    twin: 'a package that installs one more program of its own',
    control: 'program-shadowed',
    before: { 'package.json': '{"name":"report","bin":{"report":"cli.js"}}' },
    lost: { 'package.json': '{"name":"report","bin":{"report":"cli.js","node":"cli.js"}}' },
    kept: { 'package.json': '{"name":"report","bin":{"report":"cli.js","report-check":"check.js"}}' },
  },
  {
    attack: 'a project of Python that installs a program called git',
    twin: 'a project of Python that installs one more program',
    control: 'program-shadowed',
    before: { 'pyproject.toml': '[project]\nname = "report"\n[project.scripts]\nreport = "report:main"\n' },
    lost: {
      'pyproject.toml': '[project]\nname = "report"\n[project.scripts]\nreport = "report:main"\ngit = "report:git"\n',
    },
    kept: {
      'pyproject.toml':
        '[project]\nname = "report"\n[project.scripts]\nreport = "report:main"\ngit-report = "report:git"\n',
    },
  },
  {
    attack: 'a crate that builds a program called sudo',
    twin: 'a crate that builds one more program',
    control: 'program-shadowed',
    before: { 'Cargo.toml': '[package]\nname = "report"\n' },
    lost: { 'Cargo.toml': '[package]\nname = "report"\n\n[[bin]]\nname = "sudo"\npath = "src/main.rs"\n' },
    kept: { 'Cargo.toml': '[package]\nname = "report"\n\n[[bin]]\nname = "report"\npath = "src/main.rs"\n' },
  },
  {
    attack: 'a submodule of another place',
    twin: 'the address of a submodule with its ending',
    control: 'submodule-changed',
    before: { '.gitmodules': '[submodule "lib"]\n\tpath = lib\n\turl = https://example.test/acme/lib\n' },
    lost: { '.gitmodules': '[submodule "lib"]\n\tpath = lib\n\turl = https://example.test/other/lib\n' },
    kept: { '.gitmodules': '[submodule "lib"]\n\tpath = lib\n\turl = https://example.test/acme/lib.git\n' },
  },
  {
    attack: 'sources that reviews no longer show',
    twin: 'sources whose line ends git leaves alone',
    control: 'attribute-hides-diff',
    before: { '.gitattributes': '*.png binary\n' },
    lost: { '.gitattributes': '*.png binary\nsrc/** -diff\n' },
    kept: { '.gitattributes': '*.png binary\nsrc/** -text\n' },
  },
  {
    attack: 'a hook before a commit that was taken out',
    twin: 'a newer version of a hook before a commit',
    control: 'check-configuration-loosened',
    before: {
      '.pre-commit-config.yaml':
        'repos:\n  - repo: https://example.test/a\n    rev: v1.0.0\n    hooks:\n      - id: secrets\n      - id: lint\n',
    },
    lost: {
      '.pre-commit-config.yaml':
        'repos:\n  - repo: https://example.test/a\n    rev: v1.0.0\n    hooks:\n      - id: lint\n',
    },
    kept: {
      '.pre-commit-config.yaml':
        'repos:\n  - repo: https://example.test/a\n    rev: v1.1.0\n    hooks:\n      - id: secrets\n      - id: lint\n',
    },
  },
  {
    attack: 'a check of certificates that went to another client, where the first one stays',
    twin: 'two clients in another order',
    control: 'tls-check-off',
    before: { 'config/app.yaml': clients(['pay', 'rejectUnauthorized: true'], ['mail', 'pool: 4']) },
    lost: { 'config/app.yaml': clients(['pay', 'pool: 4'], ['mail2', 'rejectUnauthorized: true']) },
    kept: { 'config/app.yaml': clients(['mail', 'pool: 4'], ['pay', 'rejectUnauthorized: true']) },
  },
  {
    attack: 'a client that is gone, and another that is new and checks certificates',
    twin: 'a client with a new name and one more setting',
    control: 'tls-check-off',
    before: { 'config/app.yaml': clients(['pay', 'rejectUnauthorized: true']) },
    lost: {
      'config/app.yaml': 'clients:\n  - name: print\n    queue: a\n    paper: b\n    rejectUnauthorized: true\n',
    },
    kept: { 'config/app.yaml': clients(['payment', 'rejectUnauthorized: true\n    pool: 4']) },
  },
  {
    attack: 'a version that somebody held',
    twin: 'a version in a list that a program made',
    control: 'dependency-hold-removed',
    before: {
      'constraints.txt': 'urllib3>=2.5.0\nidna>=3.7\n',
      'ci/constraints-all.txt': '# This file was autogenerated by a compiler of locks\nurllib3==2.5.0\nidna==3.7\n',
    },
    lost: { 'constraints.txt': 'idna>=3.7\n' },
    kept: { 'ci/constraints-all.txt': '# This file was autogenerated by a compiler of locks\nidna==3.7\n' },
  },
  {
    attack: 'an archive in the repository that is installed',
    twin: 'a folder of the repository that is installed',
    control: 'dependency-foreign',
    before: { 'package.json': '{"name":"app","dependencies":{"pad":"1.0.0"}}' },
    lost: { 'package.json': '{"name":"app","dependencies":{"pad":"file:./vendor/pad.tgz"}}' },
    kept: { 'package.json': '{"name":"app","dependencies":{"pad":"file:./packages/pad"}}' },
  },
];
