/** Changes as people and agents make them, each with an honest one that looks alike. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ExampleFile } from '../../src/controls/index.ts';
import { compare, loadTools, type Tools } from './trees.ts';

interface Change {
  readonly name: string;
  readonly before: readonly ExampleFile[];
  readonly after: readonly ExampleFile[];
  /** Class that must be reported; undefined: nothing may be, from medium on. */
  readonly control: string | undefined;
}

const CHANGES: readonly Change[] = [
  {
    name: 'a check that was lost on the way to another file',
    before: [
      {
        file: 'bank/transfer.py',
        text: 'from decimal import Decimal\n\nfrom .models import Account\n\n\nclass TransferError(Exception):\n    pass\n\n\ndef transfer(actor, source_id, target_id, amount):\n    """Moves money between two accounts."""\n    amount = Decimal(amount)\n    if amount <= 0:\n        raise TransferError("amount must be positive")\n    source = Account.get(source_id)\n    target = Account.get(target_id)\n    if source.owner_id != actor.id:\n        raise TransferError("not your account")\n    if source.balance < amount:\n        raise TransferError("insufficient funds")\n    source.balance -= amount\n    target.balance += amount\n    source.save()\n    target.save()\n    return source\n',
      },
      { file: 'bank/__init__.py', text: '' },
    ],
    after: [
      {
        file: 'bank/transfer.py',
        text: 'from .service import TransferError, transfer\n\n__all__ = ["TransferError", "transfer"]\n',
      },
      { file: 'bank/__init__.py', text: '' },
      {
        file: 'bank/service.py',
        text: 'from decimal import Decimal\n\nfrom .models import Account\n\n\nclass TransferError(Exception):\n    pass\n\n\ndef transfer(actor, source_id, target_id, amount):\n    """Moves money between two accounts."""\n    amount = Decimal(amount)\n    if amount <= 0:\n        raise TransferError("amount must be positive")\n    source = Account.get(source_id)\n    target = Account.get(target_id)\n    if source.balance < amount:\n        raise TransferError("insufficient funds")\n    source.balance -= amount\n    target.balance += amount\n    source.save()\n    target.save()\n    return source\n',
      },
    ],
    control: 'guard-removed',
  },
  {
    name: 'a function that stands in another file whole',
    before: [
      {
        file: 'bank/transfer.py',
        text: 'from decimal import Decimal\n\nfrom .models import Account\n\n\nclass TransferError(Exception):\n    pass\n\n\ndef transfer(actor, source_id, target_id, amount):\n    """Moves money between two accounts."""\n    amount = Decimal(amount)\n    if amount <= 0:\n        raise TransferError("amount must be positive")\n    source = Account.get(source_id)\n    target = Account.get(target_id)\n    if source.owner_id != actor.id:\n        raise TransferError("not your account")\n    if source.balance < amount:\n        raise TransferError("insufficient funds")\n    source.balance -= amount\n    target.balance += amount\n    source.save()\n    target.save()\n    return source\n',
      },
      { file: 'bank/__init__.py', text: '' },
    ],
    after: [
      {
        file: 'bank/transfer.py',
        text: 'from .service import TransferError, transfer\n\n__all__ = ["TransferError", "transfer"]\n',
      },
      { file: 'bank/__init__.py', text: '' },
      {
        file: 'bank/service.py',
        text: 'from decimal import Decimal\n\nfrom .models import Account\n\n\nclass TransferError(Exception):\n    pass\n\n\ndef transfer(actor, source_id, target_id, amount):\n    """Moves money between two accounts."""\n    amount = Decimal(amount)\n    if amount <= 0:\n        raise TransferError("amount must be positive")\n    source = Account.get(source_id)\n    target = Account.get(target_id)\n    if source.owner_id != actor.id:\n        raise TransferError("not your account")\n    if source.balance < amount:\n        raise TransferError("insufficient funds")\n    source.balance -= amount\n    target.balance += amount\n    source.save()\n    target.save()\n    return source\n',
      },
    ],
    control: undefined,
  },
  {
    name: 'a check that was lost in a file under another name',
    before: [
      {
        file: 'internal/api/project.go',
        text: 'package api\n\nimport (\n\t"encoding/json"\n\t"net/http"\n)\n\ntype Handler struct {\n\tStore Store\n\tAuth  Authorizer\n}\n\nfunc (h *Handler) DeleteProject(w http.ResponseWriter, r *http.Request) {\n\tuser := UserFrom(r.Context())\n\tid := r.PathValue("id")\n\tproject, err := h.Store.Project(r.Context(), id)\n\tif err != nil {\n\t\thttp.Error(w, "not found", http.StatusNotFound)\n\t\treturn\n\t}\n\tif !h.Auth.Can(user, "project:delete", project) {\n\t\thttp.Error(w, "forbidden", http.StatusForbidden)\n\t\treturn\n\t}\n\tif err := h.Store.Delete(r.Context(), id); err != nil {\n\t\thttp.Error(w, "failed", http.StatusInternalServerError)\n\t\treturn\n\t}\n\tjson.NewEncoder(w).Encode(map[string]string{"status": "deleted"})\n}\n',
      },
      { file: 'go.mod', text: 'module acme/app\n' },
    ],
    after: [
      { file: 'go.mod', text: 'module acme/app\n' },
      {
        file: 'internal/api/project_handler.go',
        text: 'package api\n\nimport (\n\t"encoding/json"\n\t"net/http"\n)\n\ntype Handler struct {\n\tStore Store\n\tAuth  Authorizer\n}\n\nfunc (h *Handler) DeleteProject(w http.ResponseWriter, r *http.Request) {\n\tuser := UserFrom(r.Context())\n\tid := r.PathValue("id")\n\tproject, err := h.Store.Project(r.Context(), id)\n\tif err != nil {\n\t\thttp.Error(w, "not found", http.StatusNotFound)\n\t\treturn\n\t}\n\t_ = user\n\tif err := h.Store.Delete(r.Context(), id); err != nil {\n\t\thttp.Error(w, "failed", http.StatusInternalServerError)\n\t\treturn\n\t}\n\tjson.NewEncoder(w).Encode(map[string]string{"status": "deleted"})\n}\n',
      },
    ],
    control: 'guard-removed',
  },
  {
    name: 'a file under another name',
    before: [
      {
        file: 'internal/api/project.go',
        text: 'package api\n\nimport (\n\t"encoding/json"\n\t"net/http"\n)\n\ntype Handler struct {\n\tStore Store\n\tAuth  Authorizer\n}\n\nfunc (h *Handler) DeleteProject(w http.ResponseWriter, r *http.Request) {\n\tuser := UserFrom(r.Context())\n\tid := r.PathValue("id")\n\tproject, err := h.Store.Project(r.Context(), id)\n\tif err != nil {\n\t\thttp.Error(w, "not found", http.StatusNotFound)\n\t\treturn\n\t}\n\tif !h.Auth.Can(user, "project:delete", project) {\n\t\thttp.Error(w, "forbidden", http.StatusForbidden)\n\t\treturn\n\t}\n\tif err := h.Store.Delete(r.Context(), id); err != nil {\n\t\thttp.Error(w, "failed", http.StatusInternalServerError)\n\t\treturn\n\t}\n\tjson.NewEncoder(w).Encode(map[string]string{"status": "deleted"})\n}\n',
      },
      { file: 'go.mod', text: 'module acme/app\n' },
    ],
    after: [
      { file: 'go.mod', text: 'module acme/app\n' },
      {
        file: 'internal/api/project_handler.go',
        text: 'package api\n\nimport (\n\t"encoding/json"\n\t"net/http"\n)\n\ntype Handler struct {\n\tStore Store\n\tAuth  Authorizer\n}\n\nfunc (h *Handler) DeleteProject(w http.ResponseWriter, r *http.Request) {\n\tuser := UserFrom(r.Context())\n\tid := r.PathValue("id")\n\tproject, err := h.Store.Project(r.Context(), id)\n\tif err != nil {\n\t\thttp.Error(w, "not found", http.StatusNotFound)\n\t\treturn\n\t}\n\tif !h.Auth.Can(user, "project:delete", project) {\n\t\thttp.Error(w, "forbidden", http.StatusForbidden)\n\t\treturn\n\t}\n\tif err := h.Store.Delete(r.Context(), id); err != nil {\n\t\thttp.Error(w, "failed", http.StatusInternalServerError)\n\t\treturn\n\t}\n\tjson.NewEncoder(w).Encode(map[string]string{"status": "deleted"})\n}\n',
      },
    ],
    control: undefined,
  },
  {
    name: 'a demand that went from a method to the one behind it',
    before: [
      {
        file: 'src/main/java/com/acme/A.java',
        text: 'package com.acme;\n\npublic class A {\n    @PreAuthorize("hasRole(\'ADMIN\')")\n    public void purge(String id) {\n        repo.delete(id);\n    }\n}\n',
      },
    ],
    after: [
      {
        file: 'src/main/java/com/acme/A.java',
        text: 'package com.acme;\n\npublic class A {\n    public void purge(String id) {\n        doPurge(id);\n    }\n\n    @PreAuthorize("hasRole(\'ADMIN\')")\n    private void doPurge(String id) {\n        repo.delete(id);\n    }\n}\n',
      },
    ],
    control: 'decorator-removed',
  },
  {
    name: 'a private method behind one that demands',
    before: [
      {
        file: 'src/main/java/com/acme/A.java',
        text: 'package com.acme;\n\npublic class A {\n    @PreAuthorize("hasRole(\'ADMIN\')")\n    public void purge(String id) {\n        repo.delete(id);\n    }\n}\n',
      },
    ],
    after: [
      {
        file: 'src/main/java/com/acme/A.java',
        text: 'package com.acme;\n\npublic class A {\n    @PreAuthorize("hasRole(\'ADMIN\')")\n    public void purge(String id) {\n        doPurge(id);\n    }\n\n    private void doPurge(String id) {\n        repo.delete(id);\n    }\n}\n',
      },
    ],
    control: undefined,
  },
  {
    name: 'a secret that everybody knows where none is given',
    before: [
      {
        file: 'src/config.ts',
        text: "export const config = {\n  jwtSecret: required('JWT_SECRET'),\n  port: Number(process.env.PORT ?? 3000),\n};\n",
      },
    ],
    after: [
      {
        file: 'src/config.ts',
        text: "export const config = {\n  jwtSecret: process.env.JWT_SECRET ?? 'changeme',\n  port: Number(process.env.PORT ?? 3000),\n};\n",
      },
    ],
    control: 'safeguard-lost',
  },
  {
    name: 'another port',
    before: [
      {
        file: 'src/config.ts',
        text: "export const config = {\n  jwtSecret: required('JWT_SECRET'),\n  port: Number(process.env.PORT ?? 3000),\n};\n",
      },
    ],
    after: [
      {
        file: 'src/config.ts',
        text: "export const config = {\n  jwtSecret: required('JWT_SECRET'),\n  port: Number(process.env.PORT ?? 8080),\n  logLevel: process.env.LOG_LEVEL ?? 'info',\n};\n",
      },
    ],
    control: undefined,
  },
  {
    name: 'a pattern that is tied to any line',
    before: [
      {
        file: 'app/validate.py',
        text: 'import re\n\nSLUG = re.compile(r"\\A[a-z0-9-]{1,40}\\Z")\n\n\ndef check(slug):\n    if not SLUG.match(slug):\n        raise ValueError("bad slug")\n    return slug\n',
      },
    ],
    after: [
      {
        file: 'app/validate.py',
        text: 'import re\n\nSLUG = re.compile(r"^[a-z0-9-]{1,40}$", re.MULTILINE)\n\n\ndef check(slug):\n    if not SLUG.match(slug):\n        raise ValueError("bad slug")\n    return slug\n',
      },
    ],
    control: 'pattern-anchor-removed',
  },
  {
    name: 'a remark at a pattern',
    before: [
      {
        file: 'app/validate.py',
        text: 'import re\n\nSLUG = re.compile(r"\\A[a-z0-9-]{1,40}\\Z")\n\n\ndef check(slug):\n    if not SLUG.match(slug):\n        raise ValueError("bad slug")\n    return slug\n',
      },
    ],
    after: [
      {
        file: 'app/validate.py',
        text: 'import re\n\n#: lower case, digits, hyphens\nSLUG = re.compile(r"\\A[a-z0-9-]{1,40}\\Z")\n\n\ndef check(slug):\n    if SLUG.match(slug) is None:\n        raise ValueError("bad slug")\n    return slug\n',
      },
    ],
    control: undefined,
  },
  {
    name: 'an operation without its directive',
    before: [
      {
        file: 'schema/order.graphql',
        text: 'type Mutation {\n  deleteOrder(id: ID!): Boolean @auth(requires: ADMIN)\n  createOrder(input: OrderInput!): Order @auth(requires: USER)\n}\n',
      },
    ],
    after: [
      {
        file: 'schema/order.graphql',
        text: 'type Mutation {\n  deleteOrder(id: ID!): Boolean\n  createOrder(input: OrderInput!): Order @auth(requires: USER)\n}\n',
      },
    ],
    control: 'safeguard-lost',
  },
  {
    name: 'a further operation with one',
    before: [
      {
        file: 'schema/order.graphql',
        text: 'type Mutation {\n  deleteOrder(id: ID!): Boolean @auth(requires: ADMIN)\n  createOrder(input: OrderInput!): Order @auth(requires: USER)\n}\n',
      },
    ],
    after: [
      {
        file: 'schema/order.graphql',
        text: 'type Mutation {\n  "Removes an order."\n  deleteOrder(id: ID!): Boolean @auth(requires: ADMIN)\n  createOrder(input: OrderInput!): Order @auth(requires: USER)\n  updateOrder(id: ID!, input: OrderInput!): Order @auth(requires: USER)\n}\n',
      },
    ],
    control: undefined,
  },
  {
    name: 'an operation that asks for nothing',
    before: [
      {
        file: 'openapi.yaml',
        text: 'openapi: 3.1.0\nsecurity:\n  - bearer: []\npaths:\n  /orders:\n    get:\n      operationId: listOrders\n      security:\n        - bearer: [orders:read]\n',
      },
    ],
    after: [
      {
        file: 'openapi.yaml',
        text: 'openapi: 3.1.0\nsecurity:\n  - bearer: []\npaths:\n  /orders:\n    get:\n      operationId: listOrders\n      security: []\n',
      },
    ],
    control: 'protective-setting-off',
  },
  {
    name: 'a summary of an operation',
    before: [
      {
        file: 'openapi.yaml',
        text: 'openapi: 3.1.0\nsecurity:\n  - bearer: []\npaths:\n  /orders:\n    get:\n      operationId: listOrders\n      security:\n        - bearer: [orders:read]\n',
      },
    ],
    after: [
      {
        file: 'openapi.yaml',
        text: 'openapi: 3.1.0\ninfo: { title: Orders, version: "2" }\nsecurity:\n  - bearer: []\npaths:\n  /orders:\n    get:\n      summary: all orders\n      operationId: listOrders\n      security:\n        - bearer: [orders:read]\n',
      },
    ],
    control: undefined,
  },
  {
    name: 'a policy of pages that lets scripts in the page run',
    before: [
      {
        file: 'src/app.js',
        text: 'app.use(helmet({\n  contentSecurityPolicy: { directives: { defaultSrc: ["\'self\'"], scriptSrc: ["\'self\'"] } },\n}));\n',
      },
    ],
    after: [
      {
        file: 'src/app.js',
        text: "app.use(helmet({\n  contentSecurityPolicy: { directives: { defaultSrc: [\"'self'\"], scriptSrc: [\"'self'\", \"'unsafe-inline'\", 'https:'] } },\n}));\n",
      },
    ],
    control: 'safeguard-lost',
  },
  {
    name: 'a further source of pictures',
    before: [
      {
        file: 'src/app.js',
        text: 'app.use(helmet({\n  contentSecurityPolicy: { directives: { defaultSrc: ["\'self\'"], scriptSrc: ["\'self\'"] } },\n}));\n',
      },
    ],
    after: [
      {
        file: 'src/app.js',
        text: 'app.use(\n  helmet({\n    contentSecurityPolicy: {\n      directives: { defaultSrc: ["\'self\'"], scriptSrc: ["\'self\'"], imgSrc: ["\'self\'"] },\n    },\n  }),\n);\n',
      },
    ],
    control: undefined,
  },
  {
    name: 'a secret in the history of an image',
    before: [
      {
        file: 'Dockerfile',
        text: 'FROM node:24@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\nRUN --mount=type=secret,id=npm cp /run/secrets/npm ~/.npmrc && npm ci --ignore-scripts\nUSER node\nCMD ["node","a.js"]\n',
      },
    ],
    after: [
      {
        file: 'Dockerfile',
        text: 'FROM node:24@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\nARG NPM_TOKEN\nRUN echo "//x/:_authToken=$NPM_TOKEN" > ~/.npmrc && npm ci\nUSER node\nCMD ["node","a.js"]\n',
      },
    ],
    control: 'secret-in-image',
  },
  {
    name: 'an installation without tools',
    before: [
      {
        file: 'Dockerfile',
        text: 'FROM node:24@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\nRUN --mount=type=secret,id=npm cp /run/secrets/npm ~/.npmrc && npm ci --ignore-scripts\nUSER node\nCMD ["node","a.js"]\n',
      },
    ],
    after: [
      {
        file: 'Dockerfile',
        text: 'FROM node:24@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\nRUN --mount=type=secret,id=npm cp /run/secrets/npm ~/.npmrc && npm ci --ignore-scripts --omit=dev\nUSER node\nCMD ["node", "a.js"]\n',
      },
    ],
    control: undefined,
  },
  {
    name: 'a package from an address of its own',
    before: [
      {
        file: 'pnpm-lock.yaml',
        text: "lockfileVersion: '9.0'\npackages:\n  pad@1.0.0:\n    resolution: {integrity: sha512-AAAA}\n",
      },
    ],
    after: [
      {
        file: 'pnpm-lock.yaml',
        text: "lockfileVersion: '9.0'\npackages:\n  pad@1.0.0:\n    resolution: {integrity: sha512-AAAA, tarball: https://cdn.other.test/pad-1.0.0.tgz}\n",
      },
    ],
    control: 'lock-address-changed',
  },
  {
    name: 'a newer version',
    before: [
      {
        file: 'pnpm-lock.yaml',
        text: "lockfileVersion: '9.0'\npackages:\n  pad@1.0.0:\n    resolution: {integrity: sha512-AAAA}\n",
      },
    ],
    after: [
      {
        file: 'pnpm-lock.yaml',
        text: "lockfileVersion: '9.0'\npackages:\n  pad@1.1.0:\n    resolution: {integrity: sha512-BBBB}\n",
      },
    ],
    control: undefined,
  },
  {
    name: 'a package from a branch',
    before: [
      {
        file: 'Cargo.lock',
        text: 'version = 4\n\n[[package]]\nname = "pad"\nversion = "1.0.0"\nsource = "registry+https://github.com/rust-lang/crates.io-index"\nchecksum = "aaaa"\n',
      },
    ],
    after: [
      {
        file: 'Cargo.lock',
        text: 'version = 4\n\n[[package]]\nname = "pad"\nversion = "1.0.0"\nsource = "git+https://example.test/pad?branch=main#0123456789abcdef0123456789abcdef01234567"\n',
      },
    ],
    control: 'lock-digest-removed',
  },
  {
    name: 'a newer version of a package',
    before: [
      {
        file: 'Cargo.lock',
        text: 'version = 4\n\n[[package]]\nname = "pad"\nversion = "1.0.0"\nsource = "registry+https://github.com/rust-lang/crates.io-index"\nchecksum = "aaaa"\n',
      },
    ],
    after: [
      {
        file: 'Cargo.lock',
        text: 'version = 4\n\n[[package]]\nname = "pad"\nversion = "1.0.1"\nsource = "registry+https://github.com/rust-lang/crates.io-index"\nchecksum = "bbbb"\n',
      },
    ],
    control: undefined,
  },
  {
    name: 'a dependency from a branch',
    before: [
      { file: 'pyproject.toml', text: '[tool.poetry]\nname = "app"\n\n[tool.poetry.dependencies]\npad = "1.0"\n' },
    ],
    after: [
      {
        file: 'pyproject.toml',
        text: '[tool.poetry]\nname = "app"\n\n[tool.poetry.dependencies]\npad = { git = "https://example.test/pad.git", branch = "main" }\n\n[[tool.poetry.source]]\nname = "extra"\nurl = "https://packages.other.test/simple"\npriority = "supplemental"\n',
      },
    ],
    control: 'registry-changed',
  },
  {
    name: 'a description of a project',
    before: [
      { file: 'pyproject.toml', text: '[tool.poetry]\nname = "app"\n\n[tool.poetry.dependencies]\npad = "1.0"\n' },
    ],
    after: [
      {
        file: 'pyproject.toml',
        text: '[tool.poetry]\nname = "app"\ndescription = "x"\n\n[tool.poetry.dependencies]\npad = "1.1"\n',
      },
    ],
    control: undefined,
  },
  {
    name: 'secrets that may be committed',
    before: [{ file: '.gitignore', text: 'node_modules\n.env\n*.pem\n' }],
    after: [{ file: '.gitignore', text: 'node_modules\n' }],
    control: 'list-shrunk',
  },
  {
    name: 'a further folder that is not committed',
    before: [{ file: '.gitignore', text: 'node_modules\n.env\n*.pem\n' }],
    after: [{ file: '.gitignore', text: 'node_modules\n.env\n*.pem\ncoverage\n' }],
    control: undefined,
  },
  {
    name: 'secrets that get into an image',
    before: [
      { file: '.dockerignore', text: '.git\n.env\nsecrets/\n' },
      { file: 'Dockerfile', text: 'FROM a:1\nCOPY . .\nUSER app\n' },
    ],
    after: [
      { file: '.dockerignore', text: '.git\n' },
      { file: 'Dockerfile', text: 'FROM a:1\nCOPY . .\nUSER app\n' },
    ],
    control: 'list-shrunk',
  },
  {
    name: 'a further folder that stays out of an image',
    before: [
      { file: '.dockerignore', text: '.git\n.env\nsecrets/\n' },
      { file: 'Dockerfile', text: 'FROM a:1\nCOPY . .\nUSER app\n' },
    ],
    after: [
      { file: '.dockerignore', text: '.git\n.env\nsecrets/\ndist\n' },
      { file: 'Dockerfile', text: 'FROM a:1\nCOPY . .\nUSER app\n' },
    ],
    control: undefined,
  },
  {
    name: 'a database that a variable opens',
    before: [
      {
        file: 'infra/db.tf',
        text: 'resource "aws_db_instance" "main" {\n  identifier              = "orders"\n  engine                  = "postgres"\n  instance_class          = "db.t4g.medium"\n  storage_encrypted       = true\n  publicly_accessible     = false\n  deletion_protection     = true\n  backup_retention_period = 14\n}\n\nvariable "public" {\n  default = false\n}\n',
      },
    ],
    after: [
      {
        file: 'infra/db.tf',
        text: 'resource "aws_db_instance" "main" {\n  identifier              = "orders"\n  engine                  = "postgres"\n  instance_class          = "db.t4g.medium"\n  storage_encrypted       = true\n  publicly_accessible     = var.public\n  deletion_protection     = true\n  backup_retention_period = 14\n}\n\nvariable "public" {\n  default = true\n}\n',
      },
    ],
    control: 'protective-setting-off',
  },
  {
    name: 'a value that a variable gives',
    before: [
      {
        file: 'infra/db.tf',
        text: 'resource "aws_db_instance" "main" {\n  identifier              = "orders"\n  engine                  = "postgres"\n  instance_class          = "db.t4g.medium"\n  storage_encrypted       = true\n  publicly_accessible     = false\n  deletion_protection     = true\n  backup_retention_period = 14\n}\n\nvariable "public" {\n  default = false\n}\n',
      },
    ],
    after: [
      {
        file: 'infra/db.tf',
        text: 'resource "aws_db_instance" "main" {\n  identifier              = "orders"\n  engine                  = "postgres"\n  instance_class          = "db.t4g.medium"\n  storage_encrypted       = true\n  publicly_accessible     = var.public\n  deletion_protection     = true\n  backup_retention_period = 14\n}\n\nvariable "public" {\n  default = false\n}\n',
      },
    ],
    control: undefined,
  },
  {
    name: 'addresses that a middleware no longer looks at',
    before: [
      {
        file: 'middleware.js',
        text: "import { NextResponse } from 'next/server';\nimport { getSession } from './lib/session';\n\nexport async function middleware(request) {\n  const session = await getSession(request);\n  if (!session && !request.nextUrl.pathname.startsWith('/login')) {\n    return NextResponse.redirect(new URL('/login', request.url));\n  }\n  return NextResponse.next();\n}\n\nexport const config = { matcher: ['/app/:path*', '/api/:path*'] };\n",
      },
    ],
    after: [
      {
        file: 'middleware.js',
        text: "import { NextResponse } from 'next/server';\nimport { getSession } from './lib/session';\n\nexport async function middleware(request) {\n  const session = await getSession(request);\n  if (!session && !request.nextUrl.pathname.startsWith('/login')) {\n    return NextResponse.redirect(new URL('/login', request.url));\n  }\n  return NextResponse.next();\n}\n\nexport const config = { matcher: ['/app/:path*'] };\n",
      },
    ],
    control: 'deny-list-shrunk',
  },
  {
    name: 'further addresses',
    before: [
      {
        file: 'middleware.js',
        text: "import { NextResponse } from 'next/server';\nimport { getSession } from './lib/session';\n\nexport async function middleware(request) {\n  const session = await getSession(request);\n  if (!session && !request.nextUrl.pathname.startsWith('/login')) {\n    return NextResponse.redirect(new URL('/login', request.url));\n  }\n  return NextResponse.next();\n}\n\nexport const config = { matcher: ['/app/:path*', '/api/:path*'] };\n",
      },
    ],
    after: [
      {
        file: 'middleware.js',
        text: "import { NextResponse } from 'next/server';\nimport { getSession } from './lib/session';\n\nexport async function middleware(request) {\n  const session = await getSession(request);\n  if (!session && !request.nextUrl.pathname.startsWith('/login')) {\n    return NextResponse.redirect(new URL('/login', request.url));\n  }\n  return NextResponse.next();\n}\n\nexport const config = { matcher: ['/app/:path*', '/api/:path*', '/admin/:path*'] };\n",
      },
    ],
    control: undefined,
  },
  {
    name: 'an address of administrators for everybody',
    before: [
      {
        file: 'src/main/java/com/acme/SecurityConfig.java',
        text: 'package com.acme;\n\n@Configuration\npublic class SecurityConfig {\n    @Bean\n    SecurityFilterChain chain(HttpSecurity http) throws Exception {\n        http.authorizeHttpRequests(a -> a\n                .requestMatchers("/health").permitAll()\n                .requestMatchers("/admin/**").hasRole("ADMIN")\n                .anyRequest().authenticated())\n            .csrf(Customizer.withDefaults())\n            .sessionManagement(s -> s.sessionFixation().migrateSession());\n        return http.build();\n    }\n}\n',
      },
    ],
    after: [
      {
        file: 'src/main/java/com/acme/SecurityConfig.java',
        text: 'package com.acme;\n\n@Configuration\npublic class SecurityConfig {\n    @Bean\n    SecurityFilterChain chain(HttpSecurity http) throws Exception {\n        http.authorizeHttpRequests(a -> a\n                .requestMatchers("/health", "/admin/metrics/**").permitAll()\n                .requestMatchers("/admin/**").hasRole("ADMIN")\n                .anyRequest().authenticated())\n            .csrf(Customizer.withDefaults())\n            .sessionManagement(s -> s.sessionFixation().migrateSession());\n        return http.build();\n    }\n}\n',
      },
    ],
    control: 'safeguard-lost',
  },
  {
    name: 'a comparison the other way round',
    before: [
      {
        file: 'src/coupon.js',
        text: "export async function applyCoupon(db, user, cart, code) {\n  return db.transaction(async (tx) => {\n    const coupon = await tx.coupon.findUnique({ where: { code }, lock: 'update' });\n    if (!coupon || coupon.expiresAt < new Date()) throw new CouponError('expired');\n    if (coupon.usedBy.includes(user.id)) throw new CouponError('used');\n    if (cart.total < coupon.minimum) throw new CouponError('minimum');\n    await tx.coupon.update({ where: { code }, data: { usedBy: { push: user.id } } });\n    return cart.discount(coupon.amount);\n  });\n}\n",
      },
    ],
    after: [
      {
        file: 'src/coupon.js',
        text: "export async function applyCoupon(db, user, cart, code) {\n  return db.transaction(async (tx) => {\n    const coupon = await tx.coupon.findUnique({ where: { code }, lock: 'update' });\n    if (!coupon || coupon.expiresAt > new Date()) throw new CouponError('expired');\n    if (coupon.usedBy.includes(user.id)) throw new CouponError('used');\n    if (cart.total < coupon.minimum) throw new CouponError('minimum');\n    await tx.coupon.update({ where: { code }, data: { usedBy: { push: user.id } } });\n    return cart.discount(coupon.amount);\n  });\n}\n",
      },
    ],
    control: 'guard-negated',
  },
  {
    name: 'the same comparison with its sides exchanged',
    before: [
      {
        file: 'src/coupon.js',
        text: "export async function applyCoupon(db, user, cart, code) {\n  return db.transaction(async (tx) => {\n    const coupon = await tx.coupon.findUnique({ where: { code }, lock: 'update' });\n    if (!coupon || coupon.expiresAt < new Date()) throw new CouponError('expired');\n    if (coupon.usedBy.includes(user.id)) throw new CouponError('used');\n    if (cart.total < coupon.minimum) throw new CouponError('minimum');\n    await tx.coupon.update({ where: { code }, data: { usedBy: { push: user.id } } });\n    return cart.discount(coupon.amount);\n  });\n}\n",
      },
    ],
    after: [
      {
        file: 'src/coupon.js',
        text: "export async function applyCoupon(db, user, cart, code) {\n  return db.transaction(async (tx) => {\n    const coupon = await tx.coupon.findUnique({ where: { code }, lock: 'update' });\n    if (!coupon || new Date() > coupon.expiresAt) throw new CouponError('expired');\n    if (coupon.usedBy.includes(user.id)) throw new CouponError('used');\n    if (cart.total < coupon.minimum) throw new CouponError('minimum');\n    await tx.coupon.update({ where: { code }, data: { usedBy: { push: user.id } } });\n    return cart.discount(coupon.amount);\n  });\n}\n",
      },
    ],
    control: undefined,
  },
  {
    name: 'a method without its demand',
    before: [
      {
        file: 'src/main/kotlin/A.kt',
        text: 'package a\n\nclass A {\n    @PreAuthorize("hasRole(\'ADMIN\')")\n    fun purge(id: String) = repo.delete(id)\n}\n',
      },
    ],
    after: [
      {
        file: 'src/main/kotlin/A.kt',
        text: 'package a\n\nclass A {\n    fun purge(id: String) = repo.delete(id)\n}\n',
      },
    ],
    control: 'safeguard-lost',
  },
  {
    name: 'a method in another form',
    before: [
      {
        file: 'src/main/kotlin/A.kt',
        text: 'package a\n\nclass A {\n    @PreAuthorize("hasRole(\'ADMIN\')")\n    fun purge(id: String) = repo.delete(id)\n}\n',
      },
    ],
    after: [
      {
        file: 'src/main/kotlin/A.kt',
        text: 'package a\n\nclass A {\n    @PreAuthorize("hasRole(\'ADMIN\')")\n    fun purge(id: String) {\n        repo.delete(id)\n    }\n}\n',
      },
    ],
    control: undefined,
  },
  {
    name: 'a controller without its demand',
    before: [
      {
        file: 'Api/OrdersController.cs',
        text: '[ApiController]\n[Authorize(Roles = "Admin")]\npublic class OrdersController : ControllerBase\n{\n    [HttpDelete("{id}")]\n    public IActionResult Delete(int id) => Ok();\n}\n',
      },
    ],
    after: [
      {
        file: 'Api/OrdersController.cs',
        text: '[ApiController]\npublic class OrdersController : ControllerBase\n{\n    [HttpDelete("{id}")]\n    public IActionResult Delete(int id) => Ok();\n}\n',
      },
    ],
    control: 'safeguard-lost',
  },
  {
    name: 'a route of a controller',
    before: [
      {
        file: 'Api/OrdersController.cs',
        text: '[ApiController]\n[Authorize(Roles = "Admin")]\npublic class OrdersController : ControllerBase\n{\n    [HttpDelete("{id}")]\n    public IActionResult Delete(int id) => Ok();\n}\n',
      },
    ],
    after: [
      {
        file: 'Api/OrdersController.cs',
        text: '[ApiController]\n[Authorize(Roles = "Admin")]\n[Route("orders")]\npublic class OrdersController : ControllerBase\n{\n    [HttpDelete("{id}")]\n    public IActionResult Delete(int id) => NoContent();\n}\n',
      },
    ],
    control: undefined,
  },
  {
    name: 'routes without their middleware',
    before: [
      {
        file: 'routes/web.php',
        text: "<?php\nRoute::middleware(['auth', 'can:admin'])->group(function () {\n    Route::delete('/users/{user}', [UserController::class, 'destroy']);\n});\n",
      },
    ],
    after: [
      {
        file: 'routes/web.php',
        text: "<?php\nRoute::group([], function () {\n    Route::delete('/users/{user}', [UserController::class, 'destroy']);\n});\n",
      },
    ],
    control: 'safeguard-lost',
  },
  {
    name: 'a further route',
    before: [
      {
        file: 'routes/web.php',
        text: "<?php\nRoute::middleware(['auth', 'can:admin'])->group(function () {\n    Route::delete('/users/{user}', [UserController::class, 'destroy']);\n});\n",
      },
    ],
    after: [
      {
        file: 'routes/web.php',
        text: "<?php\n\nRoute::middleware(['auth', 'can:admin'])->group(function () {\n    Route::delete('/users/{user}', [UserController::class, 'destroy']);\n    Route::get('/users', [UserController::class, 'index']);\n});\n",
      },
    ],
    control: undefined,
  },
  {
    name: 'a form without its token',
    before: [
      { file: 'templates/form.html', text: '<form method="post">\n  {% csrf_token %}\n  {{ form }}\n</form>\n' },
    ],
    after: [{ file: 'templates/form.html', text: '<form method="post">\n  {{ form|safe }}\n</form>\n' }],
    control: 'safeguard-lost',
  },
  {
    name: 'another form',
    before: [
      { file: 'templates/form.html', text: '<form method="post">\n  {% csrf_token %}\n  {{ form }}\n</form>\n' },
    ],
    after: [
      {
        file: 'templates/form.html',
        text: '<form method="post" class="wide">\n  {% csrf_token %}\n  {{ form.as_p }}\n</form>\n',
      },
    ],
    control: undefined,
  },
  {
    name: 'a client that checks no certificate',
    before: [
      {
        file: 'src/client.rs',
        text: 'pub fn client() -> Client {\n    Client::builder().timeout(T).build().unwrap()\n}\n',
      },
    ],
    after: [
      {
        file: 'src/client.rs',
        text: 'pub fn client() -> Client {\n    Client::builder().timeout(T).danger_accept_invalid_certs(true).build().unwrap()\n}\n',
      },
    ],
    control: 'safeguard-lost',
  },
  {
    name: 'a name of a client',
    before: [
      {
        file: 'src/client.rs',
        text: 'pub fn client() -> Client {\n    Client::builder().timeout(T).build().unwrap()\n}\n',
      },
    ],
    after: [
      {
        file: 'src/client.rs',
        text: 'pub fn client() -> Client {\n    Client::builder().timeout(T).user_agent("a").build().unwrap()\n}\n',
      },
    ],
    control: undefined,
  },
  {
    name: 'a database for other machines',
    before: [
      {
        file: 'compose.yaml',
        text: 'services:\n  db:\n    image: postgres:17\n    environment:\n      POSTGRES_HOST_AUTH_METHOD: scram-sha-256\n    ports: ["127.0.0.1:5432:5432"]\n',
      },
    ],
    after: [
      {
        file: 'compose.yaml',
        text: 'services:\n  db:\n    image: postgres:17\n    environment:\n      POSTGRES_HOST_AUTH_METHOD: trust\n    ports: ["5432:5432"]\n',
      },
    ],
    control: 'port-published',
  },
  {
    name: 'another port on the machine itself',
    before: [
      {
        file: 'compose.yaml',
        text: 'services:\n  db:\n    image: postgres:17\n    environment:\n      POSTGRES_HOST_AUTH_METHOD: scram-sha-256\n    ports: ["127.0.0.1:5432:5432"]\n',
      },
    ],
    after: [
      {
        file: 'compose.yaml',
        text: 'services:\n  db:\n    image: postgres:17.1\n    environment:\n      POSTGRES_HOST_AUTH_METHOD: scram-sha-256\n    ports: ["127.0.0.1:5433:5432"]\n',
      },
    ],
    control: undefined,
  },
  {
    name: 'a network policy for everybody',
    before: [
      {
        file: 'k8s/net.yaml',
        text: 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: db\nspec:\n  podSelector: { matchLabels: { app: db } }\n  policyTypes: [Ingress]\n  ingress:\n    - from:\n        - podSelector: { matchLabels: { app: web } }\n',
      },
    ],
    after: [
      {
        file: 'k8s/net.yaml',
        text: 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: db\nspec:\n  podSelector: { matchLabels: { app: db } }\n  policyTypes: [Ingress]\n  ingress:\n    - {}\n',
      },
    ],
    control: 'network-policy-widened',
  },
  {
    name: 'a label of a network policy',
    before: [
      {
        file: 'k8s/net.yaml',
        text: 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: db\nspec:\n  podSelector: { matchLabels: { app: db } }\n  policyTypes: [Ingress]\n  ingress:\n    - from:\n        - podSelector: { matchLabels: { app: web } }\n',
      },
    ],
    after: [
      {
        file: 'k8s/net.yaml',
        text: 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: db\n  labels: { tier: data }\nspec:\n  podSelector: { matchLabels: { app: db } }\n  policyTypes: [Ingress]\n  ingress:\n    - from:\n        - podSelector: { matchLabels: { app: web } }\n',
      },
    ],
    control: undefined,
  },
  {
    name: 'a network policy of other pods',
    before: [
      {
        file: 'k8s/net.yaml',
        text: 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: all\nspec:\n  podSelector: {}\n  policyTypes: [Ingress, Egress]\n',
      },
    ],
    after: [
      {
        file: 'k8s/net.yaml',
        text: 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: all\nspec:\n  podSelector: { matchLabels: { app: nothing } }\n  policyTypes: [Ingress]\n',
      },
    ],
    control: 'network-policy-widened',
  },
  {
    name: 'sides in another order',
    before: [
      {
        file: 'k8s/net.yaml',
        text: 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: all\nspec:\n  podSelector: {}\n  policyTypes: [Ingress, Egress]\n',
      },
    ],
    after: [
      {
        file: 'k8s/net.yaml',
        text: 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: all\n  labels: { a: b }\nspec:\n  podSelector: {}\n  policyTypes: [Egress, Ingress]\n',
      },
    ],
    control: undefined,
  },
  {
    name: 'a module that is replaced',
    before: [{ file: 'go.mod', text: 'module acme/app\n\ngo 1.24\n\nrequire example.test/jwt v1.2.0\n' }],
    after: [
      {
        file: 'go.mod',
        text: 'module acme/app\n\ngo 1.24\n\nrequire example.test/jwt v1.2.0\n\nreplace example.test/jwt => example.test/fork/jwt v1.2.1\n',
      },
    ],
    control: 'dependency-foreign',
  },
  {
    name: 'a newer module',
    before: [{ file: 'go.mod', text: 'module acme/app\n\ngo 1.24\n\nrequire example.test/jwt v1.2.0\n' }],
    after: [{ file: 'go.mod', text: 'module acme/app\n\ngo 1.25\n\nrequire example.test/jwt v1.3.0\n' }],
    control: undefined,
  },
];

describe('changes of one or several files', () => {
  let tools: Tools;
  before(async () => {
    tools = await loadTools();
  });
  after(() => tools.grammars[Symbol.dispose]());

  for (const { name, control, ...sides } of CHANGES)
    it(`${control === undefined ? 'lets through' : 'reports'} ${name}`, () => {
      const loud = compare(tools, sides.before, sides.after).changes.filter(
        ({ direction, severity }) =>
          direction !== 'strengthened' && direction !== 'moved' && severity !== 'low' && severity !== 'info',
      );
      const seen = JSON.stringify(loud.map(({ control: id, message }) => [id, message]));
      if (control === undefined) assert.equal(loud.length, 0, seen);
      else
        assert.ok(
          loud.some((change) => change.control === control),
          seen,
        );
    });
});
