import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Comparer, openComparer } from './comparer.ts';
import { type LossPair, testLossPairs, weakened } from './loss-pairs.ts';

const answer = (test: string): string =>
  `function answer(request, response) {\n  if (${test}) return response.sendStatus(403);\n  serve(request);\n}\n`;
const listen = (test: string): string =>
  `window.addEventListener('message', (event) => {\n  if (${test}) return;\n  run(event.data);\n});\n`;
const check = (test: string): string =>
  `def check(request, origin):\n    if ${test}:\n        raise Forbidden()\n    serve(request)\n`;
const host = (test: string): string =>
  `package a\n\nfunc Check(r *Request) error {\n\tif ${test} {\n\t\treturn ErrForbidden\n\t}\n\treturn serve(r)\n}\n`;
const java = (test: string): string =>
  `class A {\n  void check(String token, String host) {\n    if (${test}) { throw new SecurityException(); }\n    serve(host);\n  }\n}\n`;
const load = (test: string): string =>
  `function load(path, root) {\n  if (${test}) throw new Error('outside');\n  return fs.readFile(path);\n}\n`;
const trusted = (test: string): string => `function isTrusted(url: URL): boolean {\n  return ${test};\n}\n`;

const COMPARISONS: readonly LossPair[] = [
  {
    title: 'an origin only has to have another one in it',
    path: 'answer.js',
    control: 'comparison-loosened',
    old: answer('request.headers.origin !== ALLOWED'),
    lost: answer('!request.headers.origin.includes(ALLOWED)'),
    kept: answer('ALLOWED !== request.headers.origin'),
  },
  {
    title: 'the sender of a message is looked for with indexOf',
    path: 'listen.js',
    control: 'comparison-loosened',
    old: listen("event.origin !== 'https://example.test'"),
    lost: listen("event.origin.indexOf('example.test') === -1"),
    kept: listen('event.origin !== "https://example.test"'),
  },
  {
    title: 'an origin is sought in Python',
    path: 'check.py',
    control: 'comparison-loosened',
    old: check('origin != ALLOWED_ORIGIN'),
    lost: check('ALLOWED_ORIGIN not in origin'),
    kept: check('not origin == ALLOWED_ORIGIN'),
  },
  {
    title: 'a pattern no longer has to match to the end',
    path: 'check.py',
    control: 'comparison-loosened',
    old: check('not re.fullmatch(ORIGIN, origin)'),
    lost: check('not re.match(ORIGIN, origin)'),
    kept: check('(not re.fullmatch(ORIGIN, origin))'),
  },
  {
    title: 'a host only has to contain the allowed one in Go',
    path: 'check.go',
    control: 'comparison-loosened',
    old: host('r.Host != allowedHost'),
    lost: host('!strings.Contains(r.Host, allowedHost)'),
    kept: host('allowedHost != r.Host'),
  },
  {
    title: 'a host only has to end in the allowed one in Java',
    path: 'A.java',
    control: 'comparison-loosened',
    old: java('!host.equals(allowed)'),
    lost: java('!host.endsWith(allowed)'),
    kept: java('!(host.equals(allowed))'),
  },
  {
    title: 'capitals of a secret no longer count',
    path: 'A.java',
    control: 'comparison-loosened',
    old: java('!secret.equals(token)'),
    lost: java('!secret.equalsIgnoreCase(token)'),
    kept: java('!(secret.equals(token))'),
  },
  {
    title: 'a path only has to have its root somewhere in it',
    path: 'load.js',
    control: 'comparison-loosened',
    old: load('!path.startsWith(root)'),
    lost: load('!path.includes(root)'),
    kept: load('path.startsWith(root) === false'),
  },
  {
    title: 'the answer of a question about a host is wider',
    path: 'trusted.ts',
    control: 'comparison-loosened',
    old: trusted("url.hostname === 'example.test'"),
    lost: trusted("url.hostname.endsWith('example.test')"),
    kept: trusted("'example.test' === url.hostname"),
  },
];

const cookie = (value: string): string =>
  `export function setCookie(name: string, { secure = ${value}, path = '/' }: Options = {}) {\n  return write(name, secure, path);\n}\n`;
const open = (value: string): string => `const open = (path, { strict = ${value} } = {}) => read(path, strict);\n`;
const fetch = (value: string): string =>
  `def fetch(url, verify=${value}):\n    return client.get(url, verify=verify)\n`;

const DEFAULTS: readonly LossPair[] = [
  {
    title: 'a default of a taken-apart parameter no longer protects (TypeScript)',
    path: 'cookie.ts',
    control: 'cookie-flag-removed',
    old: cookie('true'),
    lost: cookie('false'),
    kept: cookie('true').replace("path = '/'", "path = '/shop'"),
  },
  {
    title: 'a default of a taken-apart parameter no longer protects (JavaScript)',
    path: 'open.js',
    control: 'security-option-weakened',
    old: open('true'),
    lost: open('false'),
    kept: open('true').replace('strict =', 'size = 3, strict ='),
  },
  {
    title: 'a default of a parameter no longer protects (Python)',
    path: 'fetch.py',
    control: 'tls-verification-off',
    old: fetch('True'),
    lost: fetch('False'),
    kept: fetch('True').replace('verify=True', 'verify=True, timeout=5'),
  },
];

const save = (name: string): string =>
  `function save(file) {\n  const target = path.join(ROOT, ${name});\n  return fs.writeFile(target, file.data);\n}\n`;
const create = (lines: string): string =>
  `package a\n\nfunc Save(name string) (*os.File, error) {\n${lines}\treturn os.Create(root + "/" + name)\n}\n`;
const upload = (name: string): string =>
  `def save(upload):\n    name = ${name}\n    upload.save(os.path.join(ROOT, name))\n`;
const copy = (name: string): string =>
  `class A {\n  void save(String name) throws Exception {\n    Path target = root.resolve(${name});\n    Files.copy(in, target);\n  }\n}\n`;

const FILE_NAMES: readonly LossPair[] = [
  {
    title: 'the directories of a sent name lead on (JavaScript)',
    path: 'save.js',
    control: 'normalisation-removed',
    old: save('path.basename(file.name)'),
    lost: save('file.name'),
    kept: save('path.basename(file.name)').replaceAll('target', 'place'),
  },
  {
    title: 'the directories of a sent name lead on (Go)',
    path: 'save.go',
    control: 'normalisation-removed',
    old: create('\tname = filepath.Base(name)\n'),
    lost: create(''),
    kept: create('\tname = filepath.Base(name) // the last part\n'),
  },
  {
    title: 'the directories of a sent name lead on (Python)',
    path: 'save.py',
    control: 'normalisation-removed',
    old: upload('secure_filename(upload.filename)'),
    lost: upload('upload.filename'),
    kept: upload('secure_filename(upload.filename)').replaceAll('name = ', 'own = ').replace('ROOT, name', 'ROOT, own'),
  },
  {
    title: 'the directories of a sent name lead on (Java)',
    path: 'A.java',
    control: 'normalisation-removed',
    old: copy('Paths.get(name).getFileName()'),
    lost: copy('name'),
    kept: copy('Paths.get(name).getFileName()').replaceAll('target', 'place'),
  },
];

const remove = (lines: string): string => `function remove(user, doc) {\n${lines}  db.delete(doc);\n}\n`;
const refuse = (test: string): string => `  if (${test}) throw new Forbidden();\n`;
const python = (lines: string): string =>
  `def remove(user, doc):\n${lines}        raise Forbidden()\n    db.delete(doc)\n`;
const go = (lines: string): string =>
  `package a\n\nfunc Remove(u *User, id int64) error {\n${lines} {\n\t\treturn ErrForbidden\n\t}\n\treturn db.Delete(id)\n}\n`;

const ANSWERS: readonly LossPair[] = [
  {
    title: 'an answer that is kept in a variable (JavaScript)',
    path: 'remove.js',
    control: 'guard-removed',
    old: remove(refuse('!isAdmin(user)')),
    lost: remove(`  let ok = isAdmin(user);\n  if (doc.open) ok = true;\n${refuse('!ok')}`),
    kept: remove(`  const ok = isAdmin(user);\n${refuse('!ok')}`),
  },
  {
    title: 'two answers that are kept in variables',
    path: 'remove.js',
    control: 'guard-operand-dropped',
    old: remove(refuse("user.role !== 'admin' || doc.owner !== user.id")),
    lost: remove(`  const isOwner = doc.owner === user.id;\n${refuse('!isOwner')}`),
    kept: remove(
      `  const isAdmin = user.role === 'admin';\n  const isOwner = doc.owner === user.id;\n${refuse('!isAdmin || !isOwner')}`,
    ),
  },
  {
    title: 'an answer that is kept in a variable and turned round',
    path: 'remove.js',
    control: 'guard-negated',
    old: remove(refuse('!isAdmin(user)')),
    lost: remove(`  const ok = isAdmin(user);\n${refuse('ok')}`),
    kept: remove(`  const ok = isAdmin(user);\n${refuse('!ok')}`),
  },
  {
    title: 'an answer that is kept in a variable (Python)',
    path: 'remove.py',
    control: 'guard-removed',
    old: python('    if not user.has_permission("delete"):\n'),
    lost: 'def remove(user, doc):\n    allowed = user.has_permission("delete")\n    db.delete(doc)\n',
    kept: python('    allowed = user.has_permission("delete")\n    if not allowed:\n'),
  },
  {
    title: 'an answer that is kept in a variable (Go)',
    path: 'remove.go',
    control: 'guard-removed',
    old: go('\tif !u.IsAdmin()'),
    lost: go('\tok := u.IsAdmin()\n\tok = true\n\tif !ok'),
    kept: go('\tif ok := u.IsAdmin(); !ok'),
  },
];

const pay = (query: string): string =>
  `async function pay(db, id) {\n  const wallet = await db.query(${query}, [id]);\n  await db.query('UPDATE wallet SET cents = $1', [wallet.cents - 1]);\n}\n`;
const take = (lines: string): string =>
  `package a\n\nfunc (s *Store) Take(n int) error {\n${lines}\tif s.left < n {\n\t\treturn ErrEmpty\n\t}\n\ts.left -= n\n\treturn nil\n}\n`;
const inTransaction =
  'def take(user, n):\n    with transaction.atomic():\n        wallet = find(user)\n        if wallet.left < n:\n            raise Empty()\n        wallet.save()\n';
const alone =
  'def take(user, n):\n    wallet = find(user)\n    if wallet.left < n:\n        raise Empty()\n    wallet.save()\n';
const handle = (line: string): string =>
  `package a\n\nfunc Handle(w http.ResponseWriter, r *http.Request) {\n${line}\tdecode(r.Body)\n}\n`;
const record = (line: string): string => `def remove(user, doc):\n    store.remove(doc)\n${line}`;
const fail = (detail: string): string => `def fail(error):\n    return jsonify(error=${detail}), 500\n`;

const EFFECTS: readonly LossPair[] = [
  {
    title: 'a query no longer locks what it reads',
    path: 'pay.js',
    control: 'lock-removed',
    old: pay("'SELECT cents FROM wallet WHERE id = $1 FOR UPDATE'"),
    lost: pay("'SELECT cents FROM wallet WHERE id = $1'"),
    kept: pay("'SELECT cents, name FROM wallet WHERE id = $1 FOR UPDATE'"),
  },
  {
    title: 'a mutex around a check is gone',
    path: 'take.go',
    control: 'lock-removed',
    old: take('\ts.mu.Lock()\n\tdefer s.mu.Unlock()\n'),
    lost: take(''),
    kept: take('\ts.mu.RLock()\n\tdefer s.mu.RUnlock()\n'),
  },
  {
    title: 'a transaction around a check is gone',
    path: 'take.py',
    control: 'lock-removed',
    old: inTransaction,
    lost: alone,
    kept: inTransaction.replace('atomic()', 'atomic(durable=True)'),
  },
  {
    title: 'a body of any size is read',
    path: 'handle.go',
    control: 'security-call-removed',
    old: handle('\tr.Body = http.MaxBytesReader(w, r.Body, 1<<20)\n'),
    lost: handle(''),
    kept: handle('\tr.Body = http.MaxBytesReader(w, r.Body, 1<<19)\n'),
  },
  {
    title: 'what is done is no longer recorded',
    path: 'remove.py',
    control: 'audit-record-removed',
    old: record('    AuditEvent.objects.create(actor=user, target=doc)\n'),
    lost: record(''),
    kept: record('    audit_log.write(actor=user, target=doc)\n'),
  },
  {
    title: 'an answer shows the trace of an error',
    path: 'fail.py',
    control: 'error-shown',
    old: fail('"internal"'),
    lost: fail('traceback.format_exc()'),
    kept: fail('"broken"'),
  },
];

describe('quiet losses', () => {
  let comparer: Comparer;
  before(async () => {
    comparer = await openComparer();
  });
  after(() => comparer[Symbol.dispose]());

  testLossPairs([...COMPARISONS, ...DEFAULTS, ...FILE_NAMES, ...ANSWERS, ...EFFECTS], () => comparer);

  it('reports no looser comparison where more is refused, or what is compared is data', () => {
    const controls = (old: string, now: string) =>
      weakened(comparer, 'answer.js', old, now).filter(({ control }) => control === 'comparison-loosened');
    assert.deepEqual(controls(answer('origin === BLOCKED'), answer('origin.includes(BLOCKED)')), []);
    assert.deepEqual(controls(answer('!origin.includes(ALLOWED)'), answer('origin !== ALLOWED')), []);
    const pick = (test: string) => `const pick = (rows, kind) => rows.filter((row) => ${test});\n`;
    assert.deepEqual(controls(pick('row.kind === kind'), pick('row.kind.startsWith(kind)')), []);
  });

  it('holds a file name that leads to no file for less', () => {
    const title = (name: string) => `function title(file) {\n  return 'File ' + ${name};\n}\n`;
    const found = weakened(comparer, 'title.js', title('path.basename(file.name)'), title('file.name'));
    assert.deepEqual(
      found.map(({ control, severity }) => [control, severity]),
      [['normalisation-removed', 'medium']],
    );
  });

  it('takes a name for no answer where a function inside calls something else by it', () => {
    const each = (test: string) =>
      remove(`  const ok = isAdmin(user);\n  doc.parts.forEach((ok) => {\n  ${refuse(test)}  });\n`);
    assert.ok(weakened(comparer, 'remove.js', each('!ok'), each('!isAdmin(user)')).length > 0);
  });

  it('reports the loss among hundreds of conditions that changed with it', () => {
    const rows = (word: string) =>
      Array.from({ length: 320 }, (_, at) => `  if (row.${word}${at} > ${at}) rows.push(${at});\n`).join('');
    const program = (word: string, condition: string) =>
      `function list(row, user) {\n  const rows = [];\n${rows(word)}  if (${condition}) rows.push(row.secret);\n  return rows;\n}\n`;
    const found = weakened(
      comparer,
      'list.js',
      program('size', 'user.isAdmin && row.open'),
      program('width', 'row.open'),
    );
    assert.ok(found.some(({ message }) => message.includes('isAdmin')));
  });

  it('reports the loss among hundreds of fields that changed with it', () => {
    const fields = (least: number) =>
      Array.from({ length: 320 }, (_, at) => `  field${at}: z.string().min(${least}),\n`).join('');
    const program = (least: number, last: string) =>
      `export const form = z.object({\n${fields(least)}  email: z.string()${last},\n});\n`;
    const found = weakened(comparer, 'form.ts', program(3, '.email()'), program(2, ''));
    assert.ok(found.some(({ message, severity }) => message.startsWith('`email`') && severity === 'high'));
  });

  it('holds a setting against that of the same holder, in whatever order they stand', () => {
    const program = (...lines: readonly string[]) => `export function start() {\n${lines.join('')}}\n`;
    const set = (holder: string, value: string) => `  ${holder}.listen({ rejectUnauthorized: ${value} });\n`;
    const found = weakened(
      comparer,
      'start.js',
      program(set('inner', 'STRICT'), set('outer', 'true')),
      program(set('outer', 'false'), set('inner', 'LAX')),
    );
    const told = found.filter(({ subject }) => subject.includes('outer')).map(({ message }) => message);
    assert.ok(
      told.some((message) => message.includes('was `true` and is `false`')),
      told.join(),
    );
  });

  it('counts no losses of a file that gained functions', () => {
    const notes = '  note(user.token);\n  note(user.password);\n  note(user.session);\n';
    const list = (body: string, more = '') => `export function list(user) {\n${body}  show(user);\n}\n${more}`;
    const shrunk = (now: string) =>
      weakened(comparer, 'list.js', list(notes), now).some(({ control }) => control === 'security-code-shrunk');
    assert.deepEqual([shrunk(list('')), shrunk(list('', 'export function add() {}\n'))], [true, false]);
  });
});
