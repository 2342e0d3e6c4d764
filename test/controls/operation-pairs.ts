import type { ChangePair } from './change-pair.ts';

/** Changes of what a program is built of, and of where it runs. */
export const OPERATION_PAIRS: readonly ChangePair[] = [
  {
    attack: 'a secret in the history of an image',
    twin: 'an installation without tools',
    control: 'secret-in-image',
    before: {
      Dockerfile:
        'FROM node:24@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\nRUN --mount=type=secret,id=npm cp /run/secrets/npm ~/.npmrc && npm ci --ignore-scripts\nUSER node\nCMD ["node","a.js"]\n',
    },
    lost: {
      Dockerfile:
        'FROM node:24@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\nARG NPM_TOKEN\nRUN echo "//x/:_authToken=$NPM_TOKEN" > ~/.npmrc && npm ci\nUSER node\nCMD ["node","a.js"]\n',
    },
    kept: {
      Dockerfile:
        'FROM node:24@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\nRUN --mount=type=secret,id=npm cp /run/secrets/npm ~/.npmrc && npm ci --ignore-scripts --omit=dev\nUSER node\nCMD ["node", "a.js"]\n',
    },
  },
  {
    attack: 'a package from an address of its own',
    twin: 'a newer version',
    control: 'lock-address-changed',
    before: {
      'pnpm-lock.yaml': "lockfileVersion: '9.0'\npackages:\n  pad@1.0.0:\n    resolution: {integrity: sha512-AAAA}\n",
    },
    lost: {
      'pnpm-lock.yaml':
        "lockfileVersion: '9.0'\npackages:\n  pad@1.0.0:\n    resolution: {integrity: sha512-AAAA, tarball: https://cdn.other.test/pad-1.0.0.tgz}\n",
    },
    kept: {
      'pnpm-lock.yaml': "lockfileVersion: '9.0'\npackages:\n  pad@1.1.0:\n    resolution: {integrity: sha512-BBBB}\n",
    },
  },
  {
    attack: 'a package from a branch',
    twin: 'a newer version of a package',
    control: 'lock-digest-removed',
    before: {
      'Cargo.lock':
        'version = 4\n\n[[package]]\nname = "pad"\nversion = "1.0.0"\nsource = "registry+https://github.com/rust-lang/crates.io-index"\nchecksum = "aaaa"\n',
    },
    lost: {
      'Cargo.lock':
        'version = 4\n\n[[package]]\nname = "pad"\nversion = "1.0.0"\nsource = "git+https://example.test/pad?branch=main#0123456789abcdef0123456789abcdef01234567"\n',
    },
    kept: {
      'Cargo.lock':
        'version = 4\n\n[[package]]\nname = "pad"\nversion = "1.0.1"\nsource = "registry+https://github.com/rust-lang/crates.io-index"\nchecksum = "bbbb"\n',
    },
  },
  {
    attack: 'a dependency from a branch',
    twin: 'a description of a project',
    control: 'registry-changed',
    before: { 'pyproject.toml': '[tool.poetry]\nname = "app"\n\n[tool.poetry.dependencies]\npad = "1.0"\n' },
    lost: {
      'pyproject.toml':
        '[tool.poetry]\nname = "app"\n\n[tool.poetry.dependencies]\npad = { git = "https://example.test/pad.git", branch = "main" }\n\n[[tool.poetry.source]]\nname = "extra"\nurl = "https://packages.other.test/simple"\npriority = "supplemental"\n',
    },
    kept: {
      'pyproject.toml': '[tool.poetry]\nname = "app"\ndescription = "x"\n\n[tool.poetry.dependencies]\npad = "1.1"\n',
    },
  },
  {
    attack: 'secrets that may be committed',
    twin: 'a further folder that is not committed',
    control: 'list-shrunk',
    before: { '.gitignore': 'node_modules\n.env\n*.pem\n' },
    lost: { '.gitignore': 'node_modules\n' },
    kept: { '.gitignore': 'node_modules\n.env\n*.pem\ncoverage\n' },
  },
  {
    attack: 'secrets that get into an image',
    twin: 'a further folder that stays out of an image',
    control: 'list-shrunk',
    before: { '.dockerignore': '.git\n.env\nsecrets/\n', Dockerfile: 'FROM a:1\nCOPY . .\nUSER app\n' },
    lost: { '.dockerignore': '.git\n' },
    kept: { '.dockerignore': '.git\n.env\nsecrets/\ndist\n' },
  },
  {
    attack: 'a database that a variable opens',
    twin: 'a value that a variable gives',
    control: 'protective-setting-off',
    before: {
      'infra/db.tf':
        'resource "aws_db_instance" "main" {\n  identifier              = "orders"\n  engine                  = "postgres"\n  instance_class          = "db.t4g.medium"\n  storage_encrypted       = true\n  publicly_accessible     = false\n  deletion_protection     = true\n  backup_retention_period = 14\n}\n\nvariable "public" {\n  default = false\n}\n',
    },
    lost: {
      'infra/db.tf':
        'resource "aws_db_instance" "main" {\n  identifier              = "orders"\n  engine                  = "postgres"\n  instance_class          = "db.t4g.medium"\n  storage_encrypted       = true\n  publicly_accessible     = var.public\n  deletion_protection     = true\n  backup_retention_period = 14\n}\n\nvariable "public" {\n  default = true\n}\n',
    },
    kept: {
      'infra/db.tf':
        'resource "aws_db_instance" "main" {\n  identifier              = "orders"\n  engine                  = "postgres"\n  instance_class          = "db.t4g.medium"\n  storage_encrypted       = true\n  publicly_accessible     = var.public\n  deletion_protection     = true\n  backup_retention_period = 14\n}\n\nvariable "public" {\n  default = false\n}\n',
    },
  },
  {
    attack: 'a database for other machines',
    twin: 'another port on the machine itself',
    control: 'port-published',
    before: {
      'compose.yaml':
        'services:\n  db:\n    image: postgres:17\n    environment:\n      POSTGRES_HOST_AUTH_METHOD: scram-sha-256\n    ports: ["127.0.0.1:5432:5432"]\n',
    },
    lost: {
      'compose.yaml':
        'services:\n  db:\n    image: postgres:17\n    environment:\n      POSTGRES_HOST_AUTH_METHOD: trust\n    ports: ["5432:5432"]\n',
    },
    kept: {
      'compose.yaml':
        'services:\n  db:\n    image: postgres:17.1\n    environment:\n      POSTGRES_HOST_AUTH_METHOD: scram-sha-256\n    ports: ["127.0.0.1:5433:5432"]\n',
    },
  },
  {
    attack: 'a network policy for everybody',
    twin: 'a label of a network policy',
    control: 'network-policy-widened',
    before: {
      'k8s/net.yaml':
        'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: db\nspec:\n  podSelector: { matchLabels: { app: db } }\n  policyTypes: [Ingress]\n  ingress:\n    - from:\n        - podSelector: { matchLabels: { app: web } }\n',
    },
    lost: {
      'k8s/net.yaml':
        'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: db\nspec:\n  podSelector: { matchLabels: { app: db } }\n  policyTypes: [Ingress]\n  ingress:\n    - {}\n',
    },
    kept: {
      'k8s/net.yaml':
        'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: db\n  labels: { tier: data }\nspec:\n  podSelector: { matchLabels: { app: db } }\n  policyTypes: [Ingress]\n  ingress:\n    - from:\n        - podSelector: { matchLabels: { app: web } }\n',
    },
  },
  {
    attack: 'a network policy of other pods',
    twin: 'sides in another order',
    control: 'network-policy-widened',
    before: {
      'k8s/net.yaml':
        'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: all\nspec:\n  podSelector: {}\n  policyTypes: [Ingress, Egress]\n',
    },
    lost: {
      'k8s/net.yaml':
        'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: all\nspec:\n  podSelector: { matchLabels: { app: nothing } }\n  policyTypes: [Ingress]\n',
    },
    kept: {
      'k8s/net.yaml':
        'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: all\n  labels: { a: b }\nspec:\n  podSelector: {}\n  policyTypes: [Egress, Ingress]\n',
    },
  },
  {
    attack: 'a module that is replaced',
    twin: 'a newer module',
    control: 'dependency-foreign',
    before: { 'go.mod': 'module acme/app\n\ngo 1.24\n\nrequire example.test/jwt v1.2.0\n' },
    lost: {
      'go.mod':
        'module acme/app\n\ngo 1.24\n\nrequire example.test/jwt v1.2.0\n\nreplace example.test/jwt => example.test/fork/jwt v1.2.1\n',
    },
    kept: { 'go.mod': 'module acme/app\n\ngo 1.25\n\nrequire example.test/jwt v1.3.0\n' },
  },
];
