import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Comparer, openComparer } from './comparer.ts';

/** One text, a successor that only looks as if a protection were gone, and one in which it is. */
interface Case {
  readonly title: string;
  readonly path: string;
  readonly control: string;
  readonly old: string;
  readonly calm: string;
  readonly lost: string;
}

const serve = (start: string): string =>
  `package a\n\nfunc Serve(ctx *Context) {\n\thead := ctx.Header("Authorization")\n${start}\tif !verifyToken(head) {\n\t\tctx.Error(401)\n\t\treturn\n\t}\n\tserve(ctx)\n}\n`;
const schema = (start: string): string =>
  `function validateSchema(fields, permissions) {\n${start}  validatePermissions(permissions, fields);\n  return undefined;\n}\n`;
const share = (branch: string): string =>
  `package a\n\nfunc (o *Org) Share(ctx *Context, id int64) error {\n${branch}\treturn o.update(ctx, id)\n}\n`;
const hash = (name: string, start: string): string =>
  `def ${name}(user, password, hasher):\n${start}    return hasher.compute(user, password)\n`;
const token = (start: string): string =>
  `class Provider:\n    def validate(self, token, version):\n${start}        self.driver.validate_old_token(token)\n        return self.load(token)\n`;
const projects = (create: string, inner: string): string =>
  `class Projects:\n    def create(self, user, name):\n${create}        return name\n\n${inner}    def remove(self, name):\n        return self.store.remove(name)\n`;
const innerCreate = (check: string): string =>
  `    def _write(self, user, name):\n${check}        self.store.write(name)\n\n`;
const owns = '        if not user.has_role("owner"):\n            raise Forbidden("owner")\n';
const endpoints = (extra: string): string =>
  `class Endpoints(Form):\n${extra}    def save(self, endpoint):\n        self.store.save(endpoint)\n`;
const sign = (name: string): string =>
  `    def ${name}(self, endpoint):\n        if not endpoint.signature_valid:\n            raise Forbidden("signature")\n        return endpoint\n\n`;
const issue = (start: string): string =>
  `class Tokens:\n    def issue(self, user):\n${start}        return self.oauth_api.issue(user)\n`;
const adapter = (fields: string): string =>
  `const { validateUserId } = require('./users');\nmodule.exports = { name: 'site', ${fields} };\n`;
const files = (chain: string): string => `router.post('/files/:name', ${chain}storeFile);\n`;
const start = (body: string, rest: string): string =>
  `class Session:\n    def __init__(self, name):\n        self.name = name\n${body}\n    def logout(self):\n        self.name = ''\n${rest}`;
const cache = (line: string, test: string): string =>
  `def revoke_all(cache, tokens):\n${line}${test}    return tokens.clear()\n`;
const repo = (method: string): string =>
  `package a\n\nfunc Load(ctx *Context) {\n\tctx.Repo.Owned = ctx.Owner.${method}(ctx.User.ID)\n\tctx.Next()\n}\n`;
const put = (lines: string): string => `function validateItems(items, visitor) {\n${lines}  store.put(items);\n}\n`;
const show = (field: string, line: string): string =>
  `function show(session, view) {\n${line}  view.render({ ${field} });\n}\n`;
const rows = (line: string): string => `function find(query, schema) {\n${line}  return store.find(query);\n}\n`;

const CASES: readonly Case[] = [
  {
    title: 'a way out by a call that says what is missing',
    path: 'serve.go',
    control: 'early-exit-added',
    old: serve(''),
    calm: serve('\tif len(head) == 0 {\n\t\tauthRequired(ctx)\n\t\treturn\n\t}\n'),
    lost: serve('\tif len(head) == 0 {\n\t\tserve(ctx)\n\t\treturn\n\t}\n'),
  },
  {
    title: 'a way out by an answer that holds an error',
    path: 'schema.js',
    control: 'early-exit-added',
    old: schema(''),
    calm: schema("  if (fields.kind === 'relation') return { code: 111, error: 'no default for a relation' };\n"),
    lost: schema("  if (fields.kind === 'relation') return { code: 111, error: null };\n"),
  },
  {
    title: 'a branch that only hands on the error of what it does',
    path: 'share.go',
    control: 'guard-removed',
    old: share(
      '\tif o.Owner.ID == id {\n\t\tif err := o.insert(ctx); err != nil {\n\t\t\treturn fmt.Errorf("insert: %v", err)\n\t\t}\n\t\treturn nil\n\t}\n\tif !o.IsOwnedBy(ctx.User.ID) {\n\t\treturn errors.New("not the owner")\n\t}\n',
    ),
    calm: share('\tif !o.IsOwnedBy(ctx.User.ID) {\n\t\treturn errors.New("not the owner")\n\t}\n'),
    lost: share(
      '\tif o.Owner.ID == id {\n\t\tif err := o.insert(ctx); err != nil {\n\t\t\treturn fmt.Errorf("insert: %v", err)\n\t\t}\n\t\treturn nil\n\t}\n',
    ),
  },
  {
    title: 'one more way to make a value',
    path: 'hash.py',
    control: 'early-exit-added',
    old: hash('hash_password', '') + hash('has_password', ''),
    calm:
      hash('hash_password', '    if user.legacy:\n        return hasher.legacy(password)\n') + hash('has_password', ''),
    lost: hash('hash_password', '') + hash('has_password', '    if user.legacy:\n        return True\n'),
  },
  {
    title: 'a way out by another check of the same thing',
    path: 'token.py',
    control: 'early-exit-added',
    old: token(''),
    calm: token('        if version == 3:\n            return self.driver.validate_new_token(token)\n'),
    lost: token('        if version == 3:\n            return self.driver.load_new_token(token)\n'),
  },
  {
    title: 'a function that was written out where it was called',
    path: 'projects.py',
    control: 'function-removed',
    old: projects('        self._write(user, name)\n', innerCreate(owns)),
    calm: projects(`${owns}        self.store.write(name)\n`, ''),
    lost: projects('        self.store.write(name)\n', ''),
  },
  {
    title: 'a check that nothing called',
    path: 'endpoints.py',
    control: 'function-removed',
    old: endpoints(sign('_verify_signed_endpoint') + sign('clean_signature')),
    calm: endpoints(sign('clean_signature')),
    lost: endpoints(sign('_verify_signed_endpoint')),
  },
  {
    title: 'a question whether a part of the program is there',
    path: 'tokens.py',
    control: 'guard-removed',
    old: issue(
      '        if not self.oauth_api:\n            raise Unauthorized("oauth is off")\n        if not user.may_oauth:\n            raise Unauthorized("oauth is off")\n',
    ),
    calm: issue('        if not user.may_oauth:\n            raise Unauthorized("oauth is off")\n'),
    lost: issue('        if not self.oauth_api:\n            raise Unauthorized("oauth is off")\n'),
  },
  {
    title: 'a thing that is no longer handed on under its own name',
    path: 'adapter.js',
    control: 'security-option-removed',
    old: adapter('validateUserId: validateUserId, verifySignature: true'),
    calm: adapter('verifySignature: true'),
    lost: adapter('validateUserId: validateUserId'),
  },
  {
    title: 'what let in from elsewhere and no longer stands before a route',
    path: 'files.js',
    control: 'middleware-removed',
    old: files('allowCrossDomain, requireSession, '),
    calm: files('requireSession, '),
    lost: files('allowCrossDomain, '),
  },
  {
    title: 'a secret that is no longer nothing at the start',
    path: 'session.py',
    control: 'security-assignment-removed',
    old: start('        self.token = None\n', '        self.token = None\n'),
    calm: start('', '        self.token = None\n'),
    lost: start('        self.token = None\n', ''),
  },
  {
    title: 'a question of storage that nothing tests',
    path: 'cache.py',
    control: 'security-call-removed',
    old: cache(
      '    keep = cache.should_keep_fn("token")\n',
      '    if cache.has_permission("token"):\n        tokens.note(keep)\n',
    ),
    calm: cache('', '    if cache.has_permission("token"):\n        tokens.note(1)\n'),
    lost: cache('    keep = cache.should_keep_fn("token")\n', '    tokens.note(keep)\n'),
  },
  {
    title: 'the same question by another name',
    path: 'load.go',
    control: 'security-call-removed',
    old: repo('IsOrgOwner'),
    calm: repo('IsOwnedBy'),
    lost: repo('Describe'),
  },
  {
    title: 'a check of the form of a value, in which nothing is about access,',
    path: 'put.js',
    control: 'guard-removed',
    old: put(
      "  if (!Array.isArray(items)) throw new ValidationError('items');\n  if (!items.isOpenTo(visitor)) throw new ValidationError('items');\n",
    ),
    calm: put("  if (!items.isOpenTo(visitor)) throw new ValidationError('items');\n"),
    lost: put("  if (!Array.isArray(items)) throw new ValidationError('items');\n"),
  },
  {
    title: 'an answer that a page only shows',
    path: 'show.js',
    control: 'security-call-removed',
    old: show('signed: isAdmin(session)', '  requireAdmin(session.owner);\n'),
    calm: show('', '  requireAdmin(session.owner);\n'),
    lost: show('signed: isAdmin(session)', ''),
  },
  {
    title: 'a change of form that carries a word of access',
    path: 'find.js',
    control: 'security-call-removed',
    old: rows('  query = transformACL(query);\n  checkACL(query, schema);\n'),
    calm: rows('  checkACL(query, schema);\n'),
    lost: rows('  query = transformACL(query);\n'),
  },
];

describe('what looks like a loss and is none', () => {
  let comparer: Comparer;
  before(async () => {
    comparer = await openComparer();
  });
  after(() => comparer[Symbol.dispose]());

  for (const { title, path, control, old, calm, lost } of CASES)
    it(`${title} is no high loss, and the loss beside it is`, () => {
      assert.deepEqual(comparer.highLosses(path, old, calm), []);
      assert.ok(comparer.highLosses(path, old, lost).includes(control), comparer.highLosses(path, old, lost).join());
    });
});
