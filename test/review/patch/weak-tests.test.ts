/** Tests and filters of a patch that let through what they should not, each beside twins that protect. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { meansOf, meansOfPatch } from '../support/means.ts';

interface Case {
  readonly reason: RegExp;
  readonly weak: readonly string[];
  readonly sound: readonly string[];
}

const SCRIPT = `import { act, log } from './actions';
import { check, isOwner, isolate, issue } from './access';

const allowedUrls = new Set(['https://acme.test/a', 'https://example.test/b']);
const allowedHosts = ['https://acme.test', 'https://example.test'];
const NAME = /[a-z]+/;
const WHOLE_NAME = /^[a-z]+$/;

export async function mayAct(user: User) {
  return (await isOwner(user)).yes;
}

export async function handle(req: Request, res: Response, next: Next) {
  const url = req.query.url;
  const file = req.body.file;
  const { userId } = req.body;
  return act(url, file, userId);
}
`;
const SCRIPT_PLACE = '  return act(url';

const IN_SCRIPTS: readonly Case[] = [
  {
    reason: /permitted characters anywhere/,
    weak: [
      'if (!/[a-z0-9]+/.test(file)) return res.status(400).send();',
      'if (!file.match(/[\\w]+/)) { throw new Error(file); }',
      'if (!NAME.test(file)) { return; }',
      'if (!/^[a-z]+/.test(file)) return next(new Error());',
    ],
    sound: [
      'if (!/^[a-z0-9]+$/.test(file)) return res.status(400).send();',
      'if (!WHOLE_NAME.test(file)) { return; }',
      'if (/[^a-z0-9]/.test(file)) { throw new Error(file); }',
      'if (!/[0-9]+/.test(req.body.password)) { throw new Error("a digit is missing"); }',
      'if (!/^https:\\/\\/acme\\.test\\//.test(url)) { return; }',
    ],
  },
  {
    reason: /always so, or never/,
    weak: [
      "if (req.user.role = 'admin') { log(req); } else { return; }",
      "if (file !== 'a' || file !== 'b') { log(file); }",
      "if (req.user.role === 'guest' && req.user.role === 'none') { return; }",
    ],
    sound: [
      "if (req.user.role !== 'admin' && req.user.role !== 'owner') { return; }",
      "if (file === 'a' || file === 'b') { log(file); }",
      "if (file !== 'a' || url !== 'b') { return; }",
      'if ((found = await isOwner(req.user))) { log(found); }',
    ],
  },
  {
    reason: /takes a promise for an answer/,
    weak: [
      'if (!mayAct(req.user)) return res.sendStatus(403);',
      'if (!url || !mayAct(req.user)) { throw new Error(); }',
    ],
    sound: [
      'if (!(await mayAct(req.user))) return res.sendStatus(403);',
      'if (!isOwner(req.user)) return res.sendStatus(403);',
      'if (!req.user.mayAct(url)) return res.sendStatus(403);',
    ],
  },
  {
    reason: /against something else that it sends/,
    weak: [
      'if (req.body.userId !== req.params.userId) return res.sendStatus(403);',
      'if (userId !== req.headers.userId) { throw new Error(); }',
    ],
    sound: [
      'if (req.user.id !== req.params.userId) return res.sendStatus(403);',
      'if (userId !== req.session.userId) { throw new Error(); }',
      'if (req.body.password !== req.body.passwordAgain) return res.sendStatus(400);',
    ],
  },
  {
    reason: /it can be written in capitals/,
    weak: [
      "if (url.startsWith('javascript:')) return res.sendStatus(400);",
      "if (file.endsWith('.php')) { throw new Error(); }",
      'if (/<script/.test(file)) return;',
    ],
    sound: [
      "if (url.toLowerCase().startsWith('javascript:')) return res.sendStatus(400);",
      "const plain = file.toLowerCase();\n  if (plain.endsWith('.php')) { throw new Error(); }",
      'if (/<script/i.test(file)) return;',
      "if (!url.startsWith('https://acme.test/')) return;",
    ],
  },
  {
    reason: /decides by a header/,
    weak: [
      "if (req.headers['x-forwarded-for'] !== '10.0.0.1') return res.sendStatus(403);",
      "if (!/curl/.test(req.get('User-Agent'))) { throw new Error(); }",
    ],
    sound: [
      "log(req.headers['user-agent']);",
      "if (req.ip !== '10.0.0.1') return res.sendStatus(403);",
      "if (!req.headers['authorization']) return res.sendStatus(401);",
    ],
  },
  {
    reason: /takes marks out/,
    weak: [
      "const clean = file.replace(/\\.\\.\\//g, '');",
      "const clean = file.replaceAll('../', '');",
      "const clean = file.replace(/<script.*?>/gi, '');",
    ],
    sound: [
      "let clean = file;\n  while (clean.includes('../')) clean = clean.replaceAll('../', '');",
      "const clean = path.normalize(file).replace(/^(\\.\\.[/\\\\])+/, '');",
      "const clean = file.replace(/[<>]/g, '');",
      "const clean = file.replace(/<script/gi, '&lt;script');",
    ],
  },
  {
    reason: /a permitted address anywhere/,
    weak: [
      'let ok = false;\n  for (const allowed of allowedUrls) ok = ok || url.includes(allowed);',
      'const ok = [...allowedUrls].some((allowed) => url.indexOf(allowed) >= 0);',
      'const ok = allowedHosts.some((host) => url.startsWith(host));',
      'const ok = [...allowedUrls].some((allowed) => new RegExp(allowed).test(url));',
      'const ok = [...allowedUrls].some((allowed) => url.match(allowed));',
    ],
    sound: [
      'const ok = allowedUrls.has(url);',
      'let ok = false;\n  for (const allowed of allowedUrls) ok = ok || url === allowed;',
      'const ok = [...allowedUrls].some((allowed) => url.startsWith(allowed));',
      'const ok = allowedHosts.includes(new URL(url).origin);',
      'const ok = [...allowedUrls].some((allowed) => new RegExp(`^${allowed}$`).test(url));',
    ],
  },
  {
    reason: /nothing uses/,
    weak: ['isOwner(req.user);', 'validator.isURL(url);', "url.startsWith('https://acme.test/');"],
    sound: [
      "check('url').isURL();",
      'await isolate(url);',
      'if (!isOwner(req.user)) return;',
      'isOwner(req.user, () => next());',
      'issue(url);',
    ],
  },
  {
    reason: /never runs/,
    weak: ['return act(url);\n  if (!isOwner(req.user)) throw new Error();'],
    sound: ['if (!isOwner(req.user)) throw new Error();', 'if (!url) return act(url);\n  log(url);'],
  },
];

const PYTHON = `from flask import abort, request
from access import audit, is_owner, log
from urllib.parse import urlsplit

ALLOWED_HOSTS = ["https://acme.test", "https://example.test"]


async def may_act(user):
    return user.owner


def handle():
    url = request.args["url"]
    name = request.form["name"]
    return act(url, name)
`;
const PYTHON_PLACE = '    return act(url';

const IN_PYTHON: readonly Case[] = [
  {
    reason: /permitted characters anywhere/,
    weak: [
      'if not re.match(r"[a-z]+", name):\n        abort(400)',
      'if not re.search(r"^[a-z]+", name):\n        raise ValueError',
    ],
    sound: [
      'if not re.fullmatch(r"[a-z]+", name):\n        abort(400)',
      'if not re.match(r"[a-z]+$", name):\n        raise ValueError',
      'if re.search(r"[^a-z]", name):\n        raise ValueError',
    ],
  },
  {
    reason: /takes a promise for an answer/,
    weak: ['if not may_act(request.user):\n        abort(403)'],
    sound: [
      'if not is_owner(request.user):\n        abort(403)',
      'if not asyncio.run(may_act(request.user)):\n        abort(403)',
    ],
  },
  {
    reason: /against something else that it sends/,
    weak: ['if request.args.user_id != request.json.user_id:\n        abort(403)'],
    sound: [
      'if request.user.id != request.json.user_id:\n        abort(403)',
      'if request.json.mail != session.mail:\n        abort(403)',
    ],
  },
  {
    reason: /it can be written in capitals/,
    weak: ['if url.startswith("javascript:"):\n        abort(400)'],
    sound: [
      'if url.lower().startswith("javascript:"):\n        abort(400)',
      'if not url.startswith("https://acme.test/"):\n        abort(400)',
    ],
  },
  {
    reason: /decides by a header/,
    weak: ['if request.headers.get("X-Forwarded-For") != "10.0.0.1":\n        abort(403)'],
    sound: ['log(request.headers.get("User-Agent"))', 'if request.remote_addr != "10.0.0.1":\n        abort(403)'],
  },
  {
    reason: /takes marks out/,
    weak: ['name = name.replace("../", "")'],
    sound: [
      'name = os.path.basename(name)',
      'while "../" in name:\n        name = name.replace("../", "")',
      'name = name.replace("../", "_")',
    ],
  },
  {
    reason: /a permitted address anywhere/,
    weak: ['if not any(host in url for host in ALLOWED_HOSTS):\n        abort(400)'],
    sound: [
      'if url not in ALLOWED_HOSTS:\n        abort(400)',
      'if not any(host == urlsplit(url).hostname for host in ALLOWED_HOSTS):\n        abort(400)',
    ],
  },
  {
    reason: /never runs/,
    weak: ['return act(url, name)\n    if not is_owner(request.user):\n        abort(403)'],
    sound: ['if not is_owner(request.user):\n        abort(403)', 'if not url:\n        return None\n    audit(url)'],
  },
];

const LANGUAGES = [
  { path: 'a.ts', text: SCRIPT, place: SCRIPT_PLACE, indent: '  ', cases: IN_SCRIPTS },
  { path: 'a.py', text: PYTHON, place: PYTHON_PLACE, indent: '    ', cases: IN_PYTHON },
];

describe('a test or filter that a patch adds', () => {
  for (const { path, text, place, indent, cases } of LANGUAGES) {
    const written = (line: string): string => text.replace(place, () => `${indent}${line}\n${place}`);
    for (const { reason, weak, sound } of cases) {
      for (const line of weak) {
        it(`protects nothing: ${line}`, async () => {
          const judged = await meansOf(path, text, written(line));
          assert.match(judged?.reason ?? '', reason);
          assert.equal(judged?.outcome, 'failed');
        });
      }
      for (const line of sound) {
        it(`is not blamed: ${line}`, async () => {
          const judged = await meansOf(path, text, written(line));
          assert.equal(judged?.outcome, 'passed', judged?.reason);
        });
      }
    }
  }

  it('is not blamed when it was there before', async () => {
    const before = SCRIPT.replace(SCRIPT_PLACE, `  if (!/[a-z0-9]+/.test(file)) return;\n${SCRIPT_PLACE}`);
    const after = before.replace(SCRIPT_PLACE, `  if (!(await isOwner(req.user))) return;\n${SCRIPT_PLACE}`);
    assert.equal((await meansOf('a.ts', before, after))?.outcome, 'passed');
  });
});

const PAGES: readonly {
  readonly path: string;
  readonly text: string;
  readonly guarded: string;
  readonly renamed: string;
  readonly gone: string;
}[] = [
  {
    path: 'app.routing.ts',
    text: "import { RouterModule } from '@angular/router';\nconst routes = [\n  {\n    path: 'plans',\n    component: Plans\n  },\n  { path: '**', component: Start }\n];\n",
    guarded:
      "import { RouterModule } from '@angular/router';\nconst routes = [\n  {\n    path: 'plans',\n    component: Plans,\n    canActivate: [Guard]\n  },\n  { path: '**', component: Start }\n];\n",
    renamed:
      "import { RouterModule } from '@angular/router';\nconst routes = [\n  {\n    path: 'plans-4711',\n    component: Plans\n  },\n  { path: '**', component: Start }\n];\n",
    gone: "import { RouterModule } from '@angular/router';\nconst routes = [\n  { path: '**', component: Start }\n];\n",
  },
  {
    path: 'router.js',
    text: "import { createRouter } from 'vue-router';\nexport default createRouter({ routes: [{ path: '/plans', component: Plans }, { path: '/', component: Start }] });\n",
    guarded:
      "import { createRouter } from 'vue-router';\nexport default createRouter({ routes: [{ path: '/plans', component: Plans, beforeEnter: isAdmin }, { path: '/', component: Start }] });\n",
    renamed:
      "import { createRouter } from 'vue-router';\nexport default createRouter({ routes: [{ path: '/hidden', component: Plans }, { path: '/', component: Start }] });\n",
    gone: "import { createRouter } from 'vue-router';\nexport default createRouter({ routes: [{ path: '/', component: Start }] });\n",
  },
];

describe('a page in the browser', () => {
  const weak = /whoever looks finds it/;
  for (const { path, text, guarded, renamed, gone } of PAGES) {
    it(`is not protected by a guard there, nor by another address (${path})`, async () => {
      for (const after of [guarded, renamed]) assert.match((await meansOf(path, text, after))?.reason ?? '', weak);
    });

    it(`is gone when it is taken out, and protected where the server asks too (${path})`, async () => {
      assert.equal((await meansOf(path, text, gone))?.outcome, 'passed');
      const access = "import { isAdmin, read } from './access';\n";
      const server = { 'server.js': `${access}export const plans = (req) => read();\n` };
      const asking = { 'server.js': `${access}export const plans = async (req) => (await isAdmin(req)) && read();\n` };
      const judged = await meansOfPatch({ [path]: text, ...server }, { [path]: guarded, ...asking });
      assert.equal(judged?.outcome, 'passed');
    });
  }

  it('is not what a route of a server is, whose guard protects', async () => {
    const before =
      "import { Router } from './server';\nexport const routes = [{ path: '/plans', component: Plans }];\n";
    const after = before.replace('component: Plans', 'component: Plans, beforeEnter: isAdmin');
    assert.equal((await meansOf('routes.ts', before, after))?.outcome, 'passed');
  });
});

describe('a secret', () => {
  const before = "const jwtSecret = 'kX81-mQ02-pL77';\nexport const sign = (user) => make(user, jwtSecret);\n";
  const kept = [
    "const jwtSecret = 'Zz11-Yy22-Xx33';\nexport const sign = (user) => make(user, jwtSecret);\n",
    "const jwtSecret = process.env.JWT_SECRET || 'kX81-mQ02-pL77';\nexport const sign = (user) => make(user, jwtSecret);\n",
    "export const sign = (user) => make(user, 'kX81-mQ02-pL77');\n",
    "const settings = { jwtSecret: 'Zz11-Yy22-Xx33' };\nexport const sign = (user) => make(user, settings.jwtSecret);\n",
  ];
  const gone = [
    'const jwtSecret = process.env.JWT_SECRET;\nexport const sign = (user) => make(user, jwtSecret);\n',
    "const jwtSecret = process.env.JWT_SECRET ?? '';\nexport const sign = (user) => make(user, jwtSecret);\n",
    "import { readFileSync } from 'node:fs';\nconst jwtSecret = readFileSync('/run/secrets/jwt-signing', 'utf8');\nexport const sign = (user) => make(user, jwtSecret);\n",
    "const jwtSecret = '<set JWT_SECRET>';\nexport const sign = (user) => make(user, jwtSecret);\n",
  ];
  for (const after of kept) {
    it(`is still in the code: ${after.split('\n')[0]}`, async () => {
      assert.match((await meansOf('sign.ts', before, after))?.reason ?? '', /keeps a secret in the code/);
    });
  }
  for (const after of gone) {
    it(`is no longer in the code: ${after.split('\n')[0]}`, async () => {
      const judged = await meansOf('sign.ts', before, after);
      assert.equal(judged?.outcome, 'passed', judged?.reason);
    });
  }

  it('is still in the repository when another file of it holds it', async () => {
    const python = 'SECRET_KEY = "kX81-mQ02-pL77"\n';
    const read = 'import json\n\nSECRET_KEY = json.load(open("settings.json"))["key"]\n';
    const moved = { 'app.py': read, 'settings.json': '{ "key": "kX81-mQ02-pL77" }\n' };
    const judged = await meansOfPatch({ 'app.py': python }, moved);
    assert.equal(judged?.outcome, 'failed');
    assert.match(judged.reason, /into settings\.json/);
    const code = { 'app.py': 'from keys import SECRET_KEY\n', 'keys.py': python };
    assert.match((await meansOfPatch({ 'app.py': python }, code))?.reason ?? '', /keeps a secret/);
    const empty = { 'app.py': read, 'settings.json': '{ "key": "" }\n' };
    assert.equal((await meansOfPatch({ 'app.py': python }, empty))?.outcome, 'passed');
  });

  it('is none that is a word for people', async () => {
    const labels = "export const labels = { name: 'Name', password: 'Password' };\n";
    assert.equal((await meansOf('a.ts', labels, labels.replace("'Password'", "'Passwort'")))?.outcome, 'passed');
  });

  it('of a wallet is one by whatever name', async () => {
    const words = 'acid bacon cable dad eager fabric gadget habit ice jacket kangaroo lab';
    const wallet = `import { open } from './wallet';\nexport const phrase = '${words}';\nopen(phrase);\n`;
    const inlined = `import { open } from './wallet';\nopen('${words}');\n`;
    assert.match((await meansOf('a.ts', wallet, inlined))?.reason ?? '', /keeps a secret/);
    const asked = "import { open } from './wallet';\nopen(prompt('phrase'));\n";
    assert.equal((await meansOf('a.ts', wallet, asked))?.outcome, 'passed');
  });

  it('of Python is still in the code when it is only the default of a setting', async () => {
    const python = 'SECRET_KEY = "kX81-mQ02-pL77"\n';
    const same = 'SECRET_KEY = os.environ.get("SECRET_KEY", "kX81-mQ02-pL77")\n';
    assert.match((await meansOf('settings.py', python, same))?.reason ?? '', /keeps a secret/);
    const read = 'SECRET_KEY = os.environ["SECRET_KEY"]\n';
    assert.equal((await meansOf('settings.py', python, read))?.outcome, 'passed');
  });
});
