/** Mendings that put another weakness in the place of the first, each beside one that mends. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { meansOf } from '../support/means.ts';

interface Case {
  readonly what: string;
  readonly reason: RegExp;
  readonly path: string;
  readonly before: string;
  readonly replaced: string;
  readonly weak: readonly string[];
  readonly sound: readonly string[];
  /** What `sound` gives when it is not certain. */
  readonly open?: readonly string[];
}

const CASES: readonly Case[] = [
  {
    what: 'the name of a host that only stands in an address',
    reason: /permitted one in its name/,
    path: 'go.ts',
    before:
      "import { go } from './go';\nexport function handle(req, res) {\n  const to = req.query.to;\n  go(to);\n}\n",
    replaced: '  go(to);',
    weak: [
      "  if (!to.includes('acme.test')) return res.sendStatus(400);\n  go(to);",
      "  if (!to.startsWith('https://acme.test')) return res.sendStatus(400);\n  go(to);",
      "  if (!new URL(to).hostname.endsWith('acme.test')) return res.sendStatus(400);\n  go(to);",
      '  if (!/https:\\/\\/acme\\.test/.test(to)) return res.sendStatus(400);\n  go(to);',
      '  if (!/^https:\\/\\/acme\\.test/.test(to)) return res.sendStatus(400);\n  go(to);',
      "  if (req.headers.origin?.includes('acme.test')) go(to);",
    ],
    sound: [
      "  if (!to.startsWith('https://acme.test/')) return res.sendStatus(400);\n  go(to);",
      "  if (!new URL(to).hostname.endsWith('.acme.test')) return res.sendStatus(400);\n  go(to);",
      "  if (new URL(to).host !== 'acme.test') return res.sendStatus(400);\n  go(to);",
      "  if (!['acme.test', 'www.acme.test'].includes(new URL(to).host)) return res.sendStatus(400);\n  go(to);",
      '  if (!/^https:\\/\\/acme\\.test\\//.test(to)) return res.sendStatus(400);\n  go(to);',
      '  if (!/^https:\\/\\/acme\\.test$/.test(to)) return res.sendStatus(400);\n  go(to);',
      "  if (to.includes('acme.test')) return res.sendStatus(400);\n  go(to);",
      "  if (!req.body.text.includes('acme.test')) return res.sendStatus(400);\n  go(to);",
    ],
  },
  {
    what: 'the name of a host that only stands in an address',
    reason: /permitted one in its name/,
    path: 'go.py',
    before: 'from web import go\n\n\ndef handle(request):\n    url = request.args["url"]\n    return go(url)\n',
    replaced: '    return go(url)',
    weak: [
      '    if "acme.test" not in url:\n        raise ValueError(url)\n    return go(url)',
      '    if not url.startswith("https://acme.test"):\n        raise ValueError(url)\n    return go(url)',
    ],
    sound: [
      '    if not url.startswith("https://acme.test/"):\n        raise ValueError(url)\n    return go(url)',
      '    if "evil.test" in url:\n        raise ValueError(url)\n    return go(url)',
    ],
  },
  {
    what: 'the name of a host that only stands in an address',
    reason: /permitted one in its name/,
    path: 'go.go',
    before: 'package a\n\nimport "strings"\n\nfunc handle(w W, url string) {\n\tgo1(url)\n}\n',
    replaced: '\tgo1(url)',
    weak: [
      '\tif !strings.Contains(url, "acme.test") {\n\t\tw.WriteHeader(400)\n\t\treturn\n\t}\n\tgo1(url)',
      '\tif !strings.HasPrefix(url, "https://acme.test") {\n\t\tw.WriteHeader(400)\n\t\treturn\n\t}\n\tgo1(url)',
    ],
    sound: [
      '\tif !strings.HasPrefix(url, "https://acme.test/") {\n\t\tw.WriteHeader(400)\n\t\treturn\n\t}\n\tgo1(url)',
    ],
  },
  {
    what: 'a folder whose name only begins alike',
    reason: /only begins alike/,
    path: 'read.js',
    before:
      "const path = require('path');\nconst ROOT = '/srv/files';\nexports.read = (name) => {\n  const full = path.join(ROOT, name);\n  return load(full);\n};\nfunction load() {}\n",
    replaced: '  return load(full);',
    weak: [],
    open: [
      "  if (!full.startsWith(ROOT)) throw new Error('no');\n  return load(full);",
      "  if (!full.startsWith('/srv/files')) throw new Error('no');\n  return load(full);",
    ],
    sound: [
      "  if (!full.startsWith(ROOT + path.sep)) throw new Error('no');\n  return load(full);",
      "  if (!full.startsWith('/srv/files/')) throw new Error('no');\n  return load(full);",
    ],
  },
  {
    what: 'another fast digest of a password',
    reason: /digests a password fast/,
    path: 'store.py',
    before:
      'import hashlib\nimport os\n\n\ndef keep(db, password):\n    db.save(hashlib.md5(password.encode()).hexdigest())\n',
    replaced: 'hashlib.md5(password.encode())',
    weak: ['hashlib.sha256(password.encode())', "hashlib.new('sha512', password.encode())"],
    sound: [
      "hashlib.pbkdf2_hmac('sha256', password.encode(), os.urandom(16), 600000)",
      'hashlib.sha256(db.name.encode())',
    ],
  },
  {
    what: 'another fast digest of a password',
    reason: /digests a password fast/,
    path: 'store.go',
    before:
      'package a\n\nimport "crypto/md5"\n\nfunc keep(password string) [16]byte {\n\treturn md5.Sum([]byte(password))\n}\n',
    replaced: 'md5.Sum([]byte(password))',
    weak: ['sha256.Sum256([]byte(password))'],
    sound: ['argon2.IDKey([]byte(password), salt, 1, 65536, 4, 32)'],
  },
  {
    what: 'the clock in the place of chance',
    reason: /from the clock/,
    path: 'token.py',
    before:
      'import random\nimport secrets\nimport time\nimport uuid\n\n\ndef token():\n    return str(random.random())\n',
    replaced: 'str(random.random())',
    weak: ['str(uuid.uuid1())', 'str(time.time())'],
    sound: ['secrets.token_urlsafe(32)', 'secrets.token_urlsafe(32) + str(time.time())', 'str(uuid.uuid4())'],
  },
  {
    what: 'the clock in the place of chance',
    reason: /from the clock/,
    path: 'token.js',
    before: "const { randomUUID } = require('crypto');\nexports.token = () => Math.random().toString(36);\n",
    replaced: 'Math.random().toString(36)',
    weak: ['Date.now().toString(36)', 'String(process.pid) + Date.now()'],
    sound: ['randomUUID()', 'Date.now() + randomUUID()'],
  },
  {
    what: 'an origin that any page can have',
    reason: /origin `null`/,
    path: 'cors.js',
    before: "exports.allow = (req, res) => res.set('Access-Control-Allow-Origin', req.headers.origin);\n",
    replaced: 'req.headers.origin',
    weak: ["'null'"],
    sound: ["'https://acme.test'"],
  },
];

describe('what a patch puts in the place of a weakness', () => {
  for (const { what, reason, path, before, replaced, weak, sound, open = [] } of CASES) {
    it(`does not mend it when it is ${what} (${path})`, async () => {
      for (const [texts, outcome] of [[weak, 'failed'] as const, [open, 'open'] as const])
        for (const text of texts) {
          const means = await meansOf(
            path,
            before,
            before.replace(replaced, () => text),
          );
          assert.equal(means?.outcome, outcome, text);
          assert.match(means?.reason ?? '', reason);
        }
    });
    it(`may mend it when it is not ${what} (${path})`, async () => {
      for (const text of sound) {
        const means = await meansOf(
          path,
          before,
          before.replace(replaced, () => text),
        );
        assert.doesNotMatch(means?.reason ?? '', reason, text);
      }
    });
  }
});
