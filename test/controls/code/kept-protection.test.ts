import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Comparer, openComparer } from './comparer.ts';

/** One text, a successor in which the protection still stands, and one in which it does not. */
interface Case {
  readonly title: string;
  readonly path: string;
  readonly control: string;
  readonly old: string;
  readonly kept: string;
  readonly lost: string;
}

const may = (body: string): string => `def is_accessible(user):\n${body}`;
const put = (body: string): string =>
  `function checkUser(wanted, found) {\n  if (found.role !== wanted.role) throw new Forbidden();\n${body}  store.save(found);\n}\n`;
const sync = (call: string): string => `def full_sync(api, log):\n${call}    log.info("done")\n    api.close()\n`;
const request = (body: string): string =>
  `package a\n\nfunc Check(r *Request) error {\n${body}\treturn verifyToken(r)\n}\n`;

const cache = (start: string, body: string): string =>
  `package a\n\nfunc (c *Cache) Add(id string, user *User) error {\n${start}${body}\treturn nil\n}\n`;
const pay = (decorator: string, block: string): string =>
  `${decorator}def pay(db, order):\n${block}        if order.paid:\n            raise Conflict("paid")\n        order.pay()\n`;
const closed = '\tif !t.open {\n\t\treturn nil\n\t}\n';
const early = (first: string, second: string): string =>
  `package a\n\nfunc (t *T) Allow(ctx context.Context) error {\n${first}\tverifyToken(ctx)\n${second}\tctx, cancel := context.WithTimeout(ctx, limit)\n\tdefer cancel()\n\tt.readLock.Lock()\n\treturn t.read(ctx)\n}\n`;
const listing = (test: string): string =>
  `package a\n\nfunc list(file *File, err error, json bool) error {\n\tif ${test} {\n\t\treturn errors.New("no tokens to show")\n\t}\n\treturn print(file)\n}\n`;
const fork = (taking: string, between: string): string =>
  `package a\n\nfunc Fork(ctx *Context, id int64) {\n${taking}${between}\tif !owner.IsOwnedBy(ctx.User.ID) {\n\t\tctx.Error(403)\n\t\treturn\n\t}\n\tfork(owner)\n}\n`;
const home = (check: string, data: string): string =>
  `function home(session, view) {\n${check}  return view.render('home', ${data});\n}\n`;
const role = (decorator: string, check: string): string =>
  `class Roles:\n${decorator}    def post(self, body):\n${check}        return self.roles.create(body)\n`;
const allowed = (body: string): string =>
  `package a\n\nfunc HasAccess(mode int) (bool, error) {\n\taccess := find()\n${body}\treturn checkAccess(access), nil\n}\n`;
const limits = (body: string): string => `def list_limits(query, project_id, kind):\n${body}    return query.all()\n`;
const rows = (start: string, end: string): string =>
  `function put(value, known) {\n${start}  if (value.token !== known) throw new TypeError();\n${end}  write(value);\n}\n`;
const store = (body: string): string => `package a\n\nfunc Store(item *Item) error {\n${body}}\n`;
const grant = (refusals: string, rest = ''): string =>
  `def grant(self, token, role):\n${refusals}    self.store.save(role)\n${rest}    return role\n`;
const chat = (answer: string): string =>
  `function canMessage(uid, callback) {\n  user.get(uid, (error, data) => {\n    if (data.banned || !data.emailConfirmed) return ${answer};\n    callback(null, true);\n  });\n}\n`;
const schemas = (required: string, properties: string): string =>
  `const account = {\n  properties: { name: string, ${properties} },\n  required: [${required}],\n};\nmodule.exports = account;\n`;
const card = (extra: string, badge: string): string =>
  `export function Session({ user, stats }) {\n  return <div>{${extra}stats.done && <Page kind="admin" badge={${badge}} />}</div>;\n}\n`;
const validate = (test: string): string =>
  `function validateField(role, value, found) {\n  if (${test}) throw 'Validation failed. Invalid type';\n  store(value);\n}\n`;
const list = (answer: string): string =>
  `function getAll(req, res) {\n  if (!req.auth.isMaster) return ${answer};\n  return res.json(all());\n}\n`;

const CASES: readonly Case[] = [
  {
    title: 'a refusal that became a part of the answer',
    path: 'may.py',
    control: 'guard-removed',
    old: may('    if not user.active or user.banned:\n        return False\n    return user.has_role("admin")\n'),
    kept: may('    return user.active and not user.banned and user.has_role("admin")\n'),
    lost: may('    return user.active and user.has_role("admin")\n'),
  },
  {
    title: 'a refusal that was asked a second time',
    path: 'put.js',
    control: 'guard-removed',
    old: put('  if (found.role !== wanted.role) throw new Forbidden();\n'),
    kept: put(''),
    lost: 'function checkUser(wanted, found) {\n  store.save(found);\n}\n',
  },
  {
    title: 'a setting that went with the call it was given to',
    path: 'sync.py',
    control: 'security-option-removed',
    old: sync('    api.index().execute(check_owner=True)\n'),
    kept: sync(''),
    lost: sync('    api.index().execute()\n'),
  },
  {
    title: 'a way out that hands on an error of another name',
    path: 'check.go',
    control: 'early-exit-added',
    old: request(''),
    kept: request('\t_, apiErr := read(r)\n\tif apiErr != ErrNone {\n\t\treturn apiErr\n\t}\n'),
    lost: request('\tif r.Debug {\n\t\treturn nil\n\t}\n'),
  },
  {
    title: 'a switch that let something through and is no longer set',
    path: 'client.go',
    control: 'security-assignment-removed',
    old: 'package a\n\nfunc Open(o *Options, s *Secrets) {\n\to.AllowPlainTokens = true\n\ts.Token = nil\n\topen(o)\n}\n',
    kept: 'package a\n\nfunc Open(o *Options, s *Secrets) {\n\ts.Token = nil\n\topen(o)\n}\n',
    lost: 'package a\n\nfunc Open(o *Options, s *Secrets) {\n\to.AllowPlainTokens = true\n\topen(o)\n}\n',
  },
  {
    title: 'a lock that went to the function which takes it',
    path: 'cache.go',
    control: 'lock-removed',
    old: cache('\tc.lock.Lock()\n', '\tif c.users[id] != nil {\n\t\treturn ErrTaken\n\t}\n\tc.users[id] = user\n'),
    kept: cache(
      '\treturn locked(&c.lock, func() error {\n',
      '\tif c.users[id] != nil {\n\t\treturn ErrTaken\n\t}\n\tc.users[id] = user\n\treturn nil\n\t})\n',
    ),
    lost: cache('', '\tif c.users[id] != nil {\n\t\treturn ErrTaken\n\t}\n\tc.users[id] = user\n'),
  },
  {
    title: 'a transaction that a decorator opens',
    path: 'pay.py',
    control: 'lock-removed',
    old: pay('', '    with db.begin():\n'),
    kept: pay('@db.transaction\n', '    if order:\n'),
    lost: pay('', '    if order:\n'),
  },
  {
    title: 'a way out before a lock and a time limit',
    path: 'read.go',
    control: 'early-exit-added',
    old: early('', ''),
    kept: early('', closed),
    lost: early(closed, ''),
  },
  {
    title: 'the kind of an error that is no longer looked at',
    path: 'list.go',
    control: 'guard-removed',
    old: listing('isNotExist(err) || (len(file.Tokens) == 0 && !json)'),
    kept: listing('len(file.Tokens) == 0 && !json'),
    lost: listing('isNotExist(err)'),
  },
  {
    title: 'the error of a call that gives none any more',
    path: 'fork.go',
    control: 'error-ignored',
    old: fork('\towner, err := checkOwner(ctx, id)\n\tif err != nil {\n\t\treturn\n\t}\n', ''),
    kept: fork('\towner := checkOwner(ctx, id)\n', ''),
    lost: fork('\towner, _ := checkOwner(ctx, id)\n', ''),
  },
  {
    title: 'the error of a call that is handed on as it is',
    path: 'store.go',
    control: 'error-ignored',
    old: store('\tif err := checkOwner(item); err != nil {\n\t\treturn err\n\t}\n\treturn nil\n'),
    kept: store('\terr := checkOwner(item)\n\treturn err\n'),
    lost: store('\terr := checkOwner(item)\n\tlog.Print(err)\n\treturn nil\n'),
  },
  {
    title: 'the error of an outer call that is still read',
    path: 'store.go',
    control: 'error-ignored',
    old: store(
      '\towner, err := checkOwner(item, verifyName(item))\n\tif err != nil {\n\t\treturn err\n\t}\n\treturn save(owner)\n',
    ),
    kept: store('\towner := checkOwner(item, verifyName(item))\n\treturn save(owner)\n'),
    lost: store('\towner, _ := checkOwner(item, verifyName(item))\n\treturn save(owner)\n'),
  },
  {
    title: 'a way out for whoever was answered already',
    path: 'fork.go',
    control: 'early-exit-added',
    old: fork('\towner := findOwner(ctx, id)\n', ''),
    kept: fork('\towner := findOwner(ctx, id)\n', '\tif ctx.Written() {\n\t\treturn\n\t}\n'),
    lost: fork('\towner := findOwner(ctx, id)\n', '\tif ctx.Written() || ctx.Debug {\n\t\treturn\n\t}\n'),
  },
  {
    title: 'a refusal that became two',
    path: 'grant.py',
    control: 'guard-operand-dropped',
    old: grant('    if token.oauth_scoped or token.trust_scoped:\n        raise exception.Forbidden()\n'),
    kept: grant(
      '    if token.oauth_scoped:\n        raise exception.Forbidden("oauth")\n    if token.trust_scoped:\n        raise exception.Forbidden("trust")\n',
    ),
    lost: grant(
      '    if token.oauth_scoped:\n        raise exception.Forbidden("oauth")\n',
      '    if token.trust_scoped:\n        raise exception.Forbidden("trust")\n',
    ),
  },
  {
    title: 'a refusal in the same words that asks in another way',
    path: 'validate.js',
    control: 'guard-removed',
    old: validate('role !== typeof value'),
    kept: validate('role !== found'),
    lost: validate('!found'),
  },
  {
    title: 'a test for nothing beside one of the type',
    path: 'Keys.java',
    control: 'guard-operand-dropped',
    old: 'class Keys {\n  void sign(Object privateKey) {\n    if (privateKey == null || !(privateKey instanceof PrivateKey)) throw new SecurityException();\n    use(privateKey);\n  }\n}\n',
    kept: 'class Keys {\n  void sign(Object privateKey) {\n    if (!(privateKey instanceof PrivateKey)) throw new SecurityException();\n    use(privateKey);\n  }\n}\n',
    lost: 'class Keys {\n  void sign(Object privateKey) {\n    if (privateKey == null) throw new SecurityException();\n    use(privateKey);\n  }\n}\n',
  },
  {
    title: 'a no that is handed on without an error',
    path: 'messages.js',
    control: 'guard-removed',
    old: chat('callback(new Error("[[error:no-privileges]]"))'),
    kept: chat('callback(null, false)'),
    lost: 'function canMessage(uid, callback) {\n  user.get(uid, (error, data) => {\n    callback(null, true);\n  });\n}\n',
  },
  {
    title: 'a demanded field that is gone as a whole',
    path: 'account.js',
    control: 'deny-list-shrunk',
    old: schemas("'name', 'password'", 'password: secret'),
    kept: schemas("'name'", 'mail: string'),
    lost: schemas("'name'", 'password: secret'),
  },
  {
    title: 'an answer that a function with a telling name gives',
    path: 'lists.js',
    control: 'guard-no-longer-exits',
    old: list('res.status(401).end()'),
    kept: list('masterKeyRequiredResponse(res)'),
    lost: list('all()'),
  },
  {
    title: 'the name of who is signed in, which nothing tests',
    path: 'home.js',
    control: 'guard-removed',
    old: home('  if (!auth.isSignedIn(session)) return deny(403);\n', '{ name: auth.signedInName(session) }'),
    kept: home('  if (!auth.isSignedIn(session)) return deny(403);\n', '{}'),
    lost: home('', '{ name: auth.signedInName(session) }'),
  },
  {
    title: 'a check of what was sent that a decorator makes',
    path: 'roles.py',
    control: 'security-call-removed',
    old: role('', '        validation.lazy_validate(schema.role_create, body)\n'),
    kept: role('    @validation.request_body_schema(schema.role_create)\n', ''),
    lost: role('    @validation.skip_body_schema(schema.role_create)\n', ''),
  },
  {
    title: 'a field that a schema no longer demands',
    path: 'limit.js',
    control: 'deny-list-shrunk',
    old: schemas("'name', 'password', 'size'", 'password: secret, size: number'),
    kept: schemas("'name', 'password'", 'password: secret, size: number'),
    lost: schemas("'name', 'size'", 'password: secret, size: number'),
  },
  {
    title: 'a no of two results',
    path: 'access.go',
    control: 'early-exit-added',
    old: allowed(''),
    kept: allowed('\tif access.Mode < mode {\n\t\treturn false, nil\n\t}\n'),
    lost: allowed('\tif access.Mode < mode {\n\t\treturn true, nil\n\t}\n'),
  },
  {
    title: 'a filter that another call of the name adds',
    path: 'limits.py',
    control: 'scope-argument-dropped',
    old: limits('    query = query.filter(Limit.project_id == project_id, Limit.kind == kind)\n'),
    kept: limits(
      '    query = query.filter(Limit.kind == kind)\n    if project_id:\n        query = query.filter(Limit.project_id == project_id)\n',
    ),
    lost: limits('    query = query.filter(Limit.kind == kind)\n'),
  },
  {
    title: 'a check that is left out for values of another type',
    path: 'rows.js',
    control: 'guard-made-conditional',
    old: rows('', ''),
    kept: rows('if (value !== null && Array.isArray(value)) {\n', '}\n'),
    lost: rows('if (value.size > 3) {\n', '}\n'),
  },
  {
    title: 'a lookup that is asked of its owner',
    path: 'teams.js',
    control: 'scope-argument-dropped',
    old: 'function drop(models, org, user) {\n  return models.removeMember(org.team.id, user.id);\n}\n',
    kept: 'function drop(models, org, user) {\n  return org.team.removeMember(user.id);\n}\n',
    lost: 'function drop(models, org, user) {\n  return models.removeMember(user.id);\n}\n',
  },
];

describe('protection that still stands', () => {
  let comparer: Comparer;
  before(async () => {
    comparer = await openComparer();
  });
  after(() => comparer[Symbol.dispose]());

  for (const { title, path, control, old, kept, lost } of CASES)
    it(`${title} is no high loss, and its absence is`, () => {
      assert.deepEqual(comparer.highLosses(path, old, kept), []);
      assert.ok(comparer.highLosses(path, old, lost).includes(control), comparer.highLosses(path, old, lost).join());
    });

  it('what is shown is no part of the condition it is shown under', () => {
    const rows = (old: string, now: string): readonly string[] =>
      comparer.compare('session.tsx', old, now).map(({ control }) => control);
    assert.deepEqual(rows(card('user.isAdmin && ', '1'), card('user.isAdmin && ', 'stats.count')), []);
    assert.notDeepEqual(rows(card('user.isAdmin && ', '1'), card('', '1')), []);
  });

  it('a refusal of several parts that was turned round is high', () => {
    const upload = (test: string): string =>
      `function upload(user, config) {\n  const linked = user && isLinked(user);\n  if (${test}) throw new ApiError();\n  save(user);\n}\n`;
    const test = '!config.isMaster && !config.open && !linked && user';
    assert.deepEqual(comparer.highLosses('upload.js', upload(test), upload(`!(${test})`)), ['guard-negated']);
    assert.deepEqual(
      comparer.highLosses('upload.js', upload(test), upload('user && !linked && !config.open && !config.isMaster')),
      [],
    );
  });

  it('new code beside a lost check does not lower it', () => {
    const old = may('    if user.banned:\n        return False\n    return user.has_role("admin")\n');
    const unrelated = '    if user.language == "en":\n        return False\n    return user.has_role("admin")\n';
    assert.ok(comparer.highLosses('may.py', old, may(unrelated)).length > 0);
    const opened = '    if user.guest:\n        return True\n    return not user.banned and user.has_role("admin")\n';
    assert.ok(comparer.highLosses('may.py', old, may(opened)).includes('guard-removed'));
  });
});
