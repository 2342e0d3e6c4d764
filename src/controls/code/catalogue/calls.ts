import type { CodeControl } from '../model.ts';
import { example } from './example.ts';

/** Calls that check, clean, narrow or set. */
export const CALL_CONTROLS: readonly CodeControl[] = [
  {
    id: 'security-call-removed',
    group: 'call',
    title: 'A call that checks is gone',
    meaning: 'A function whose name verifies, requires, restricts or asks for a permission is no longer called here.',
    why: 'What it would have stopped goes on.',
    examples: [
      example(
        'python',
        'def remove(self, user, doc):\n    self.check_permission(user, doc)\n    self.db.delete(doc)\n',
        'def remove(self, user, doc):\n    self.db.delete(doc)\n',
        'def remove(self, who, doc):\n    self.check_permission(who, doc)\n    self.db.delete(doc)\n',
      ),
      example(
        'java',
        'class A {\n  void remove(Doc doc) {\n    checkPermission(DELETE);\n    db.delete(doc);\n  }\n}\n',
        'class A {\n  void remove(Doc doc) {\n    db.delete(doc);\n  }\n}\n',
        'class A {\n  void remove(Doc document) {\n    checkPermission(DELETE);\n    db.delete(document);\n  }\n}\n',
      ),
    ],
  },
  {
    id: 'security-call-changed',
    group: 'call',
    title: 'A call that checks was replaced',
    meaning: 'Another function with a similar name is called, or the same one with less.',
    why: 'The new one may check less.',
    examples: [
      example(
        'javascript',
        'function load(text) {\n  return parser.safeTransform(text, rules);\n}\n',
        'function load(text) {\n  return parser.transform(text, rules);\n}\n',
        'function load(input) {\n  return parser.safeTransform(input, rules);\n}\n',
      ),
    ],
  },
  {
    id: 'security-code-shrunk',
    group: 'call',
    title: 'There is less code about access or input',
    meaning:
      'Calls, conditions, settings or assignments with words of access are fewer than before, and the file gained no function and did not grow. It is counted over the file, for what no other class tells of: medium for words of access, low for words of input.',
    why: 'Many controls have no name of their own: a token that is revoked, a field that is left out, a value that is set.',
    examples: [
      example(
        'javascript',
        'async function logout(user, request) {\n  await store.end(user.sessions);\n  audit(request);\n}\n',
        'async function logout(user, request) {\n  audit(request);\n}\n',
        'async function logout(person, request) {\n  await store.end(person.sessions);\n  audit(request);\n}\n',
      ),
    ],
  },
  {
    id: 'code-taken-away',
    group: 'call',
    title: 'The change as a whole takes protection away',
    meaning:
      'The risk of the change as a whole is above a bar, and no other row of it is as loud. High only where a medium row or a lost word of access tells what the change is about, medium otherwise. The risk is counted over all files: what the other rows say, the share of names, texts and numbers that are gone among those that differ, and whether words of access are among them. Comments, blanks, types, order, what moved into a new file and whole functions that nothing used do not count.',
    why: 'Ordinary work adds. What a mended hole is made of is often a line without a telling name: a value that is rounded, a case that is left out, a state that is set back.',
    examples: [
      example(
        'javascript',
        'function place(order, stock) {\n  if (stock.left < order.count) stock.wait(order);\n  stock.take(order);\n}\n',
        'function place(order, stock) {\n  stock.take(order);\n}\n',
        'function place(order, store) {\n  if (store.left < order.count) store.wait(order);\n  store.take(order);\n}\n',
      ),
    ],
  },
  {
    id: 'check-argument-dropped',
    group: 'call',
    title: 'A check is no longer handed over',
    meaning: 'A checking function that was an argument of a call no longer is one.',
    why: 'The code that was told how to check now accepts everything.',
    examples: [
      example(
        'go',
        'package a\n\nfunc policy(p *Policy) {\n\tp.AllowSchemeWithPolicy("data", isSafeImage)\n}\n',
        'package a\n\nfunc policy(p *Policy) {\n\tp.AllowScheme("data")\n}\n',
        'package a\n\nfunc policy(rules *Policy) {\n\trules.AllowSchemeWithPolicy("data", isSafeImage)\n}\n',
      ),
    ],
  },
  {
    id: 'opening-call-added',
    group: 'call',
    title: 'A call that opens something was added',
    meaning: 'A statement of its own calls a function whose name allows, disables, trusts or skips.',
    why: 'It widens what a policy or a framework lets through.',
    examples: [
      example(
        'java',
        'class A {\n  void configure(Policy policy) {\n    policy.build();\n  }\n}\n',
        'class A {\n  void configure(Policy policy) {\n    policy.allowElements("script");\n    policy.build();\n  }\n}\n',
        'class A {\n  void configure(Policy policy) {\n    policy.describe("page");\n    policy.build();\n  }\n}\n',
      ),
    ],
  },
  {
    id: 'await-removed',
    group: 'call',
    title: 'The answer of a check is no longer awaited',
    meaning: 'The same call stands without `await`; each call is compared with its own successor.',
    why: 'A promise is always true, and its rejection comes too late.',
    examples: [
      example(
        'typescript',
        'async function open(user: User) {\n  await checkAccess(user);\n  await load(user);\n}\n',
        'async function open(user: User) {\n  checkAccess(user);\n  await load(user);\n}\n',
        'async function open(who: User) {\n  await checkAccess(who);\n  return load(who);\n}\n',
      ),
      example(
        'python',
        'async def open_door(user):\n    await check_access(user)\n    await load(user)\n',
        'async def open_door(user):\n    check_access(user)\n    await load(user)\n',
        'async def open_door(who):\n    await check_access(who)\n    await load(who)\n',
      ),
    ],
  },
  {
    id: 'check-detached',
    group: 'call',
    title: 'A check runs beside what it protects',
    meaning: 'A checking call was moved into a goroutine, a thread or a timer.',
    why: 'What follows does not wait for the answer.',
    examples: [
      example(
        'go',
        'package a\n\nfunc Open(u *User) {\n\tcheckAccess(u)\n\tread(u)\n}\n',
        'package a\n\nfunc Open(u *User) {\n\tgo checkAccess(u)\n\tread(u)\n}\n',
        'package a\n\nfunc Open(u *User) {\n\tcheckAccess(u)\n\tgo count(u)\n\tread(u)\n}\n',
      ),
    ],
  },
  {
    id: 'check-made-conditional',
    group: 'call',
    title: 'A checking call happens only sometimes',
    meaning:
      'The same checking call stands inside a condition that was not around it before, or that holds less often than it did. High when it asks whether there is anything to check: `if (signature) verify(signature)`.',
    why: 'Whoever controls that condition switches the check off.',
    examples: [
      example(
        'python',
        'def open_door(request):\n    verify_token(request)\n    read(request)\n',
        'def open_door(request):\n    if request.header("x-debug") != "1":\n        verify_token(request)\n    read(request)\n',
        'def open_door(request):\n    verify_token(request)\n    if request.header("x-debug") != "1":\n        read(request)\n    read(request)\n',
      ),
    ],
  },
  {
    id: 'scope-argument-dropped',
    group: 'call',
    title: 'A lookup is no longer narrowed to an owner',
    meaning:
      'A call that finds or changes something lost the argument that named its owner, tenant or project, or looks it up by its id alone where it named what that belongs to.',
    why: 'Things of other people are found by guessing an id.',
    examples: [
      example(
        'go',
        'package a\n\nfunc Show(repo *Repo, id int64) *Label {\n\treturn getLabelOfRepoByID(repo.ID, id)\n}\n',
        'package a\n\nfunc Show(repo *Repo, id int64) *Label {\n\treturn getLabelByID(id)\n}\n',
        'package a\n\nfunc Show(r *Repo, id int64) *Label {\n\treturn getLabelOfRepoByID(r.ID, id)\n}\n',
      ),
    ],
  },
  {
    id: 'normalisation-removed',
    group: 'call',
    title: 'A value is no longer made harmless or comparable',
    meaning:
      'A call that escapes, cleans, normalises or changes the case of a value is gone, or one that takes characters out of it which mean something in a path, an address, a page or a template.',
    why: 'A value that is spelled otherwise passes the comparison, leaves the directory or runs in the page.',
    examples: [
      example(
        'python',
        'def page(name):\n    return "<b>" + html.escape(name) + "</b>"\n',
        'def page(name):\n    return "<b>" + name + "</b>"\n',
        'def page(title):\n    return "<b>" + html.escape(title) + "</b>"\n',
      ),
    ],
  },
  {
    id: 'constant-time-comparison-removed',
    group: 'call',
    title: 'A secret is no longer compared in constant time',
    meaning: 'A call that compares without telling by its duration is gone.',
    why: 'The time of the answer tells how much of a guess was right.',
    examples: [
      example(
        'javascript',
        'function same(mac, sent) {\n  return crypto.timingSafeEqual(mac, sent);\n}\n',
        'function same(mac, sent) {\n  return mac === sent;\n}\n',
        'function same(own, sent) {\n  return crypto.timingSafeEqual(own, sent);\n}\n',
      ),
    ],
  },
  {
    id: 'randomness-weakened',
    group: 'call',
    title: 'Random numbers can be foreseen',
    meaning: 'A generator for secrets gave way to one for games.',
    why: 'Tokens and passwords made with it can be computed.',
    examples: [
      example(
        'python',
        'import secrets\n\ndef token():\n    return secrets.token_hex(16)\n',
        'import random\n\ndef token():\n    return str(random.randint(0, 10 ** 16))\n',
        'import secrets\n\ndef token():\n    return secrets.token_hex(32)\n',
      ),
    ],
  },
  {
    id: 'lock-removed',
    group: 'call',
    title: 'What is read is no longer locked until it is written',
    meaning:
      'A query no longer locks the rows it reads, or a mutex or transaction around a check that refuses is gone, and the query or the check still stands.',
    why: 'Two requests at once both pass the check, and one balance is spent twice.',
    examples: [
      example(
        'python',
        'def withdraw(user, cents):\n    wallet = Wallet.objects.select_for_update().get(owner=user)\n    wallet.take(cents)\n',
        'def withdraw(user, cents):\n    wallet = Wallet.objects.get(owner=user)\n    wallet.take(cents)\n',
        'def withdraw(user, cents):\n    found = Wallet.objects.select_for_update().get(owner=user)\n    found.take(cents)\n',
      ),
      example(
        'go',
        'package a\n\nfunc (s *Store) Take(n int) error {\n\ts.mu.Lock()\n\tdefer s.mu.Unlock()\n\tif s.left < n {\n\t\treturn ErrEmpty\n\t}\n\ts.left -= n\n\treturn nil\n}\n',
        'package a\n\nfunc (s *Store) Take(n int) error {\n\tif s.left < n {\n\t\treturn ErrEmpty\n\t}\n\ts.left -= n\n\treturn nil\n}\n',
        'package a\n\nfunc (s *Store) Take(n int) error {\n\ts.mu.Lock()\n\tdefer s.mu.Unlock()\n\tif n > s.left {\n\t\treturn ErrEmpty\n\t}\n\ts.left -= n\n\treturn nil\n}\n',
      ),
    ],
  },
  {
    id: 'audit-record-removed',
    group: 'call',
    title: 'What is done is no longer recorded',
    meaning: 'A call that writes a record for an audit is gone, and what it recorded is still done.',
    why: 'Nobody can find out afterwards who did it.',
    examples: [
      example(
        'javascript',
        "async function remove(user, doc) {\n  await store.remove(doc);\n  await auditLog.record('remove', user.id, doc.id);\n}\n",
        'async function remove(user, doc) {\n  await store.remove(doc);\n}\n',
        "async function remove(person, doc) {\n  await store.remove(doc);\n  await auditLog.record('remove', person.id, doc.id);\n}\n",
      ),
      example(
        'python',
        'def remove(user, doc):\n    AuditEvent.objects.create(actor=user, action="remove", target=doc)\n    store.remove(doc)\n',
        'def remove(user, doc):\n    store.remove(doc)\n',
        'def remove(person, doc):\n    AuditEvent.objects.create(actor=person, action="remove", target=doc)\n    store.remove(doc)\n',
      ),
      example(
        'go',
        'package a\n\nfunc Remove(s *Store, u *User, id int64) error {\n\ts.auditLogger.Record(u.ID, "remove", id)\n\treturn s.Delete(id)\n}\n',
        'package a\n\nfunc Remove(s *Store, u *User, id int64) error {\n\treturn s.Delete(id)\n}\n',
        'package a\n\nfunc Remove(s *Store, who *User, id int64) error {\n\ts.auditLogger.Record(who.ID, "remove", id)\n\treturn s.Delete(id)\n}\n',
      ),
    ],
  },
  {
    id: 'security-assignment-removed',
    group: 'call',
    title: 'A protecting value is no longer set',
    meaning: 'An expiry, an owner filter or a switch of access was assigned and no longer is.',
    why: 'A token lives for ever, or a query finds the things of others.',
    examples: [
      example(
        'python',
        'def rescope(old, new):\n    new["token_expires_at"] = old.expires_at\n    return new\n',
        'def rescope(old, new):\n    return new\n',
        'def rescope(old, new):\n    new["token_expires_at"] = old.expires_at\n    log(new)\n    return new\n',
      ),
    ],
  },
  {
    id: 'assignment-made-conditional',
    group: 'call',
    title: 'A protecting value is set only sometimes',
    meaning: 'An assignment that was always made stands inside a condition.',
    why: 'A value that the caller brought along survives.',
    examples: [
      example(
        'python',
        'def authenticate(payload, credential):\n    payload["role"] = credential.role\n    go(payload)\n',
        'def authenticate(payload, credential):\n    if not payload.get("role"):\n        payload["role"] = credential.role\n    go(payload)\n',
        'def authenticate(payload, credential):\n    payload["role"] = credential.role\n    log(payload)\n    go(payload)\n',
      ),
    ],
  },
  {
    id: 'deletion-removed',
    group: 'call',
    title: 'A secret is no longer taken out',
    meaning: 'What was deleted from an object before it went on no longer is.',
    why: 'Passwords and tokens appear in answers.',
    examples: [
      example(
        'javascript',
        'function show(user) {\n  delete user.password;\n  return user;\n}\n',
        'function show(user) {\n  return user;\n}\n',
        'function show(account) {\n  delete account.password;\n  return account;\n}\n',
      ),
    ],
  },
];
