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
];

describe('protection that still stands', () => {
  let comparer: Comparer;
  before(async () => {
    comparer = await openComparer();
  });
  after(() => comparer[Symbol.dispose]());

  const highs = (path: string, old: string, now: string): readonly string[] =>
    comparer
      .compare(path, old, now)
      .flatMap(({ control, direction, severity }) =>
        direction === 'weakened' && severity === 'high' ? [control] : [],
      );

  for (const { title, path, control, old, kept, lost } of CASES)
    it(`${title} is no high loss, and its absence is`, () => {
      assert.deepEqual(highs(path, old, kept), []);
      assert.ok(highs(path, old, lost).includes(control), highs(path, old, lost).join());
    });

  it('new code beside a lost check does not lower it', () => {
    const old = may('    if user.banned:\n        return False\n    return user.has_role("admin")\n');
    const unrelated = '    if user.language == "en":\n        return False\n    return user.has_role("admin")\n';
    assert.ok(highs('may.py', old, may(unrelated)).length > 0);
    const opened = '    if user.guest:\n        return True\n    return not user.banned and user.has_role("admin")\n';
    assert.ok(highs('may.py', old, may(opened)).includes('guard-removed'));
  });
});
