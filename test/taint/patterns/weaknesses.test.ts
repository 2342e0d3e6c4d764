import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findStructuralWeaknesses, withStructuralWeaknesses } from '../../../src/taint/patterns/index.ts';
import { lowerFiles } from '../catalogue/analysed.ts';

/** Rule and line of each finding: `CODE61@7`. */
async function found(files: Readonly<Record<string, string>>, only?: ReadonlySet<string>): Promise<readonly string[]> {
  return findStructuralWeaknesses(await lowerFiles(files), only).map(({ rule, place }) => {
    const before = files[place.file]?.slice(0, place.span.start) ?? '';
    return `${rule}@${before.split('\n').length}`;
  });
}

const lines = (...text: readonly string[]) => `${text.join('\n')}\n`;

describe('a route without authentication', () => {
  const express = (middle: string) =>
    lines(
      "const { requireLogin } = require('./login');",
      'const app = server();',
      "app.get('/orders', requireLogin, list);",
      "app.get('/orders/:id', requireLogin, show);",
      `app.delete('/orders/:id', ${middle}remove);`,
    );

  it('is reported among siblings that demand a login', async () => {
    assert.deepEqual(await found({ 'orders.js': express('') }), ['CODE59@5']);
    assert.deepEqual(await found({ 'orders.js': express('requireLogin, ') }), []);
  });

  it('is silent when the whole router is behind the check', async () => {
    assert.deepEqual(await found({ 'orders.js': `${express('')}app.use(requireLogin);\n` }), []);
  });

  it('is silent when the body asks who calls', async () => {
    const handler = '(req, res) => { if (!req.user) return res.sendStatus(401); remove(req, res); }';
    assert.deepEqual(await found({ 'orders.js': express('').replace('remove);', `${handler});`) }), []);
  });

  it('is silent where two routes do not make a custom', async () => {
    const text = lines("app.get('/a', requireLogin, a);", "app.post('/b', b);", "app.post('/c', c);");
    assert.deepEqual(await found({ 'few.js': text }), []);
  });
});

describe('a login without a limit', () => {
  const login = lines("app.post('/login', (req, res) => {", '  res.json(check(req.body.password));', '});');

  it('is reported', async () => {
    assert.deepEqual(await found({ 'login.js': login }), ['CODE60@1']);
  });

  it('is silent behind a limiter of its own or of the application', async () => {
    assert.deepEqual(await found({ 'login.js': login.replace("'/login', ", "'/login', loginLimiter, ") }), []);
    const setUp = 'app.use(rateLimit({ max: 5 }));\n';
    assert.deepEqual(await found({ 'login.js': login, 'server.js': setUp }), []);
  });

  it('is reported where what limits stands before another address, or only counts', async () => {
    const elsewhere = "app.use('/logout', rateLimit({ max: 5 }));\n";
    assert.deepEqual(await found({ 'login.js': login, 'server.js': elsewhere }), ['CODE60@1']);
    const counted = login.replace('  res', '  attempts[req.ip] = (attempts[req.ip] ?? 0) + 1;\n  res');
    assert.deepEqual(await found({ 'login.js': counted }), ['CODE60@1']);
    const asked = counted.replace('  res', '  if (attempts[req.ip] > 5) return res.sendStatus(429);\n  res');
    assert.deepEqual(await found({ 'login.js': asked }), []);
    const here = "app.use('/login', rateLimit({ max: 5 }));\n";
    assert.deepEqual(await found({ 'login.js': login, 'server.js': here }), []);
  });

  it('is silent when no password is checked', async () => {
    assert.deepEqual(await found({ 'login.js': login.replace('req.body.password', 'req.body.page') }), []);
  });

  it('of Django is a view with the name of a login that reads the form', async () => {
    const view = lines('def login_view(request):', '    return check(request.POST["password"])');
    assert.deepEqual(await found({ 'views.py': view }), ['CODE60@1']);
    assert.deepEqual(await found({ 'views.py': view, 'settings.py': "INSTALLED_APPS = ['axes']\n" }), []);
  });
});

describe('the detail of an error', () => {
  it('in the answer of a script is reported, in the log not', async () => {
    const text = (call: string) =>
      lines('function show(req, res) {', '  try { work(); }', `  catch (problem) { ${call}; }`, '}');
    assert.deepEqual(await found({ 'a.js': text('res.status(500).send(problem.stack)') }), ['CODE61@3']);
    assert.deepEqual(await found({ 'a.js': text("console.error(problem); res.status(500).send('failed')") }), []);
  });

  it('in a callback whose first parameter is an error is reported', async () => {
    const text = lines(
      'function show(req, res) {',
      '  db.find((err, rows) => {',
      '    if (err) res.send(err);',
      '  });',
      '}',
    );
    assert.deepEqual(await found({ 'a.js': text }), ['CODE61@3']);
  });

  it('outside of handlers of requests is nobody’s business', async () => {
    const text = lines(
      'def work():',
      '    try:',
      '        go()',
      '    except Exception as error:',
      '        return str(error)',
    );
    assert.deepEqual(await found({ 'a.py': text }), []);
    assert.deepEqual(await found({ 'a.py': text.replace('work()', 'work(request)') }), ['CODE61@5']);
  });
});

describe('a secret in code', () => {
  it('is a constant with the name of one', async () => {
    assert.deepEqual(await found({ 'a.py': 'DB_PASSWORD = "s3cr-Et!9xq"\n' }), ['CODE50@1']);
    assert.deepEqual(await found({ 'a.py': 'AWS_SECRET_ACCESS_KEY = "q8Zr2LxYv9Tn4Wb7Kd1Fs"\n' }), ['CODE50@1']);
    assert.deepEqual(await found({ 'a.py': 'next_page_token = "q8Zr2LxYv9Tn4Wb7Kd1Fs"\n' }), []);
    assert.deepEqual(await found({ 'a.js': "const settings = { apiKey: 'k9-77xQ-mmA1' };\n" }), ['CODE50@1']);
    assert.deepEqual(await found({ 'a.go': 'package a\n\nvar tmplPassword = "user/settings/password"\n' }), []);
    assert.deepEqual(await found({ 'a.go': 'package a\n\nvar dbPassword = "s3cr-Et!9xq"\n' }), ['CODE50@3']);
    assert.deepEqual(await found({ 'A.java': 'class A {\n  static final String PASSWORD = "s3cr-Et!9xq";\n}\n' }), [
      'CODE50@2',
    ]);
  });

  it('is not what the secret is called, as a column or header', async () => {
    assert.deepEqual(await found({ 'a.go': 'package a\n\nconst FieldSecret = "secret"\n' }), []);
    assert.deepEqual(await found({ 'a.py': 'HEADER_ACCESS_TOKEN = "access-token"\n' }), []);
    assert.deepEqual(await found({ 'a.go': 'package a\n\nconst AppSecret = "secret"\n' }), ['CODE50@3']);
  });

  it('is not the name of a setting, nor where a browser stores one', async () => {
    const named = [
      'const BIND_PASSWORD = "acme.ldap.bind-password"',
      'const accessToken = "acme.test/access-token"',
      'const STORAGE_KEY = "acme-sidebar-width"',
      'const LOCAL_STORAGE_KEY = "acme:v2:theme"',
    ];
    for (const text of named) assert.deepEqual(await found({ 'a.ts': `${text};\n` }), [], text);
    const secret = ['const password = "correct-horse-battery"', `const storageKey = "${'q8Zr2LxYv9Tn4Wb7'.repeat(4)}"`];
    for (const text of secret) assert.deepEqual(await found({ 'a.ts': `${text};\n` }), ['CODE50@1'], text);
  });

  it('is no label, placeholder, variable name or value from outside', async () => {
    const names = [
      "password = 'required'",
      "PASSWORD = 'your-password'",
      "password = 'DB_PASSWORD'",
      'password = read()',
    ];
    for (const text of names) assert.deepEqual(await found({ 'a.py': `${text}\n` }), [], text);
  });

  it('never stands in the finding', async () => {
    const secret = 's3cr-Et!9xq';
    const modules = await lowerFiles({ 'a.py': `DB_PASSWORD = "${secret}"\n` });
    assert.ok(!JSON.stringify(findStructuralWeaknesses(modules, undefined)).includes(secret));
  });

  it('of tests is not reported unless it has the shape of a key', async () => {
    assert.deepEqual(await found({ 'tests/test_a.py': 'PASSWORD = "s3cr-Et!9xq"\n' }), []);
  });
});

describe('a password as it was typed', () => {
  const make = (value: string) =>
    lines(
      'async function register(req, res) {',
      `  await User.create({ name: req.body.name, password: ${value} });`,
      '}',
    );

  it('is reported where it becomes a field of a record', async () => {
    assert.deepEqual(await found({ 'a.js': make('req.body.password') }), ['CODE62@2']);
  });

  it('is silent where something is hashed, in the function or by the model', async () => {
    assert.deepEqual(await found({ 'a.js': make('await bcrypt.hash(req.body.password, 12)') }), []);
    const model = "schema.pre('save', function () { this.password = digest(this.password); });\n";
    assert.deepEqual(await found({ 'a.js': make('req.body.password'), 'user.js': model }), []);
  });
});

describe('requests from other sites', () => {
  const server = lines(
    "const session = require('express-session');",
    'app.use(session({ secret: key }));',
    "app.post('/transfer', transfer);",
  );

  it('are a finding where sessions are used and nothing checks', async () => {
    assert.deepEqual(await found({ 'server.js': server }), ['CODE48@2']);
    assert.deepEqual(await found({ 'server.js': server, 'check.js': "app.use(require('csurf')());\n" }), []);
    assert.deepEqual(await found({ 'server.js': server.replace('app.post', 'app.get') }), []);
  });

  it('are a finding where the settings of Django leave the check out', async () => {
    const settings = (...names: readonly string[]) =>
      `MIDDLEWARE = [${names.map((name) => `'django.${name}'`).join(', ')}]\n`;
    const session = 'contrib.sessions.middleware.SessionMiddleware';
    assert.deepEqual(await found({ 'settings.py': settings(session) }), ['CODE48@1']);
    assert.deepEqual(await found({ 'settings.py': settings(session, 'middleware.csrf.CsrfViewMiddleware') }), []);
  });
});

describe('weaknesses of several places', () => {
  it('are reported in the files that are asked for only', async () => {
    const files = { 'a.py': 'DB_PASSWORD = "s3cr-Et!9xq"\n', 'b.py': 'DB_PASSWORD = "s3cr-Et!9xq"\n' };
    assert.deepEqual(await found(files, new Set(['b.py'])), ['CODE50@1']);
  });

  it('that the interpreter has reported at the same place are left out', async () => {
    const modules = await lowerFiles({ 'a.py': 'SECRET_KEY = "s3cr-Et!9xq"\n' });
    const known = findStructuralWeaknesses(modules, undefined);
    assert.equal(known.length, 1);
    assert.deepEqual(withStructuralWeaknesses(known, modules, undefined), known);
  });

  it('end in bounded time on deep and repetitive code', async () => {
    const deep = `x = ${'f('.repeat(300)}1${')'.repeat(300)}\n`;
    const wide = `${'@app.route("/login", methods=["POST"])\ndef login():\n    assert admin\n'.repeat(300)}`;
    assert.ok((await found({ 'deep.py': deep, 'wide.py': wide })).length >= 300);
  });
});
