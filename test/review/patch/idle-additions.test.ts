/** Patches for missing authorisation that add something, none of which asks who is calling; each beside one that asks. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadGrammars, lowerGo, lowerJava, lowerJavaScript, lowerPython } from '../../../src/code/index.ts';
import { completeFinding } from '../../../src/findings/index.ts';
import { type PatchCheck, type ReadCode, verifyPatch } from '../../../src/review/index.ts';
import { memoryTree } from '../../support/memory-tree.ts';
import { engine } from '../support/engine.ts';

const grammars = await loadGrammars(['go', 'java', 'python', 'typescript', 'javascript', 'tsx']);
const readCode: ReadCode = (file) => {
  if (file.path.endsWith('.py')) return lowerPython(file, grammars);
  if (file.path.endsWith('.go')) return lowerGo(file, grammars);
  return file.path.endsWith('.java') ? lowerJava(file, grammars) : lowerJavaScript(file, grammars);
};

interface Case {
  readonly path: string;
  readonly before: string;
  readonly weak: string;
  readonly rule?: string;
  /** Replacements of a part of the text. */
  readonly idle: readonly (readonly [string, string])[];
  readonly asking: readonly (readonly [string, string])[];
}

async function targetOf({ path, before, weak, rule = 'AI-CWE-862' }: Case, after: string): Promise<PatchCheck> {
  const start = before.indexOf(weak);
  assert.ok(start >= 0 && after !== before, after);
  const { checks } = await verifyPatch({
    tree: memoryTree({ [path]: before }),
    files: [{ path, before, after }],
    target: completeFinding({
      rule,
      message: 'x',
      severity: 'high',
      confidence: 'high',
      place: { file: path, span: { start, end: start + weak.length } },
      subject: 'x',
    }),
    engine,
    threatModel: 'service',
    readCode,
  });
  const target = checks.find(({ check }) => check === 'target');
  assert.ok(target, JSON.stringify(checks));
  return target;
}

const LIST = "app.get('/bills', (req, res) => {";
const CASES: readonly Case[] = [
  {
    path: 'bills.js',
    before: `const express = require('express');
const { mayRead, bills } = require('./bills');
const app = express();
${LIST}
  const { number } = req.query;
  res.json(bills.all(number));
});
`,
    weak: LIST,
    idle: [
      [
        LIST,
        `const rateLimit = require('express-rate-limit');\n${LIST.replace(' (req', ' rateLimit({ max: 9 }), (req')}`,
      ],
      [LIST, LIST.replace(' (req', ' (req, res, next) => { if (!req.user) console.warn(req.ip); next(); }, (req')],
      [LIST, `${LIST}\n  res.set('Cache-Control', 'no-store');`],
      [LIST, `${LIST}\n  if (!req.query.owner) return res.status(400).send();`],
      [LIST, `${LIST}\n  if (req.headers['x-role'] !== 'admin') return res.sendStatus(403);`],
      [LIST, `${LIST}\n  if (!/^\\d+$/.test(req.query.number)) return res.sendStatus(400);`],
      [
        LIST,
        `${LIST}\n  const found = await bills.findByPk(req.query.number);\n  if (!found) return res.sendStatus(404);`,
      ],
      [LIST, `${LIST}\n  await new Promise((done) => setTimeout(done, 900));`],
      ['bills.all(number)', 'bills.all(number, { owner: req.query.owner })'],
    ],
    asking: [
      [LIST, LIST.replace(' (req', ' mayRead, (req')],
      [
        LIST,
        LIST.replace(' (req', ' (req, res, next) => { if (!req.user) return res.sendStatus(401); next(); }, (req'),
      ],
      [LIST, LIST.replace(' (req', ' (req, res, next) => { req.user = mayRead(req); next(); }, (req')],
      [LIST, `${LIST}\n  if (req.headers.authorization !== bills.word) return res.sendStatus(403);`],
      [LIST, `${LIST}\n  if (!req.session) return res.status(400).send();`],
      [LIST, `${LIST}\n  if (req.query.number !== 'public') return res.sendStatus(403);`],
      [
        LIST,
        `${LIST}\n  const found = await bills.findOwnBy(req.query.number);\n  if (!found) return res.sendStatus(404);`,
      ],
      [LIST, `${LIST}\n  res.set('WWW-Authenticate', 'Basic');`],
      ['bills.all(number)', 'bills.all(number, { owner: req.session.owner })'],
    ],
  },
  {
    path: 'bills.py',
    before: `from flask import Flask, jsonify, request
from store import bills, caller
app = Flask(__name__)


@app.route('/bills/<int:number>')
def bill(number):
    found = bills.get(number)
    return jsonify(found)
`,
    weak: 'return jsonify(found)',
    idle: [
      ['    found =', "    if request.args.get('owner') is None:\n        return 'no', 403\n    found ="],
      ['    found =', "    if request.headers.get('X-Role') != 'admin':\n        return 'no', 403\n    found ="],
      ['    found =', "    if number < 1:\n        return 'no', 400\n    found ="],
      ['    found =', "    app.logger.info('a bill is read: %s', number)\n    found ="],
    ],
    asking: [
      ['    found =', "    if caller() is None:\n        return 'no', 403\n    found ="],
      [
        '    found =',
        "    if request.args.get('invitation') not in bills.open:\n        return 'no', 403\n    found =",
      ],
      ['    found =', "    if request.args.get('key') is None:\n        return 'no', 403\n    found ="],
    ],
  },
  {
    path: 'bills.go',
    before: `package bills

import (
	"log"
	"net/http"
	"strconv"
)

func (s *Store) remove(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	s.db.Exec("DELETE FROM bills WHERE id = $1", id)
}
`,
    weak: 's.db.Exec("DELETE',
    rule: 'AI-CWE-639',
    idle: [
      [
        '\ts.db',
        '\tif _, err := strconv.Atoi(id); err != nil {\n\t\thttp.Error(w, "no", 400)\n\t\treturn\n\t}\n\ts.db',
      ],
      ['\ts.db', '\tif r.Header.Get("X-Role") != "admin" {\n\t\tw.WriteHeader(403)\n\t\treturn\n\t}\n\ts.db'],
      ['\ts.db', '\tlog.Printf("remove %s", id)\n\ts.db'],
    ],
    asking: [
      ['\ts.db', '\tif !s.may(r, id) {\n\t\tw.WriteHeader(403)\n\t\treturn\n\t}\n\ts.db'],
      ['\ts.db', '\tif r.Header.Get("Authorization") != s.word {\n\t\tw.WriteHeader(403)\n\t\treturn\n\t}\n\ts.db'],
    ],
  },
  {
    path: 'Bills.java',
    before: `import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.*;

@RestController
class Bills {
  @DeleteMapping("/bills/{id}")
  public ResponseEntity<Void> remove(@PathVariable long id) {
    bills.deleteById(id);
    return ResponseEntity.noContent().build();
  }
}
`,
    weak: 'bills.deleteById(id);',
    idle: [
      ['    bills', '    if (id <= 0) return ResponseEntity.badRequest().build();\n    bills'],
      ['    bills', '    if (!bills.existsById(id)) return ResponseEntity.notFound().build();\n    bills'],
    ],
    asking: [
      ['  @Delete', '  @PreAuthorize("hasRole(\'ADMIN\')")\n  @Delete'],
      ['  @Delete', '  @RolesAllowed("admin")\n  @Delete'],
      ['@RestController', '@Secured("ROLE_ADMIN")\n@RestController'],
      ['    bills', '    if (!bills.isOwn(id)) return ResponseEntity.notFound().build();\n    bills'],
    ],
  },
];

describe('a patch for missing authorisation', () => {
  for (const one of CASES) {
    it(`is rejected when what it adds asks nobody who he is, in ${one.path}`, async () => {
      for (const [from, to] of one.idle) {
        const { outcome, reason } = await targetOf(
          one,
          one.before.replace(from, () => to),
        );
        assert.equal(outcome, 'failed', `${to}: ${reason}`);
      }
    });

    it(`is never rejected when it may ask, in ${one.path}`, async () => {
      for (const [from, to] of one.asking) {
        const { outcome, reason } = await targetOf(
          one,
          one.before.replace(from, () => to),
        );
        assert.notEqual(outcome, 'failed', `${to}: ${reason}`);
      }
    });
  }
});

const HOOK = `import hmac
from flask import Flask, request
app = Flask(__name__)


@app.route('/hook', methods=['POST'])
def hook():
    given = request.headers.get('X-Sum', '')
    want = hmac.new(app.word, request.data, 'sha256').hexdigest()
    if given != want:
        return 'no', 403
    return 'yes'
`;
const TIMED: Case = {
  path: 'hook.py',
  before: HOOK,
  weak: 'given != want',
  rule: 'AI-CWE-208',
  idle: [
    ['given != want', 'given.lower() != want'],
    ['given != want', 'given is not want'],
    ['given != want', 'len(given) != len(want) or given != want'],
    ['    if given', '    time.sleep(0.1)\n    if given'],
  ],
  asking: [
    ['given != want', 'not hmac.compare_digest(given, want)'],
    ['given != want', 'not same(given, want)'],
    ['given != want', 'hashlib.sha256(given).digest() != checked(want)'],
  ],
};
const UPLOAD: Case = {
  path: 'upload.js',
  before: `app.post('/avatar', upload.single('file'), (req, res) => {
  store.keep(req.file.path, req.file.originalname);
  res.sendStatus(201);
});
`,
  weak: 'store.keep(',
  rule: 'AI-CWE-434',
  idle: [
    ['  store', "  if (req.file.mimetype !== 'image/png') return res.sendStatus(400);\n  store"],
    ['  store', '  if (req.file.size > 100000) return res.sendStatus(413);\n  store'],
  ],
  asking: [
    ['  store', "  if (extname(req.file.originalname) !== '.png') return res.sendStatus(400);\n  store"],
    [
      '  store',
      "  if (req.file.mimetype !== 'image/png' || !isPicture(req.file.path)) return res.sendStatus(400);\n  store",
    ],
    ['req.file.originalname)', 'randomUUID())'],
  ],
};

describe('a patch for another weakness that the engine does not report', () => {
  for (const one of [TIMED, UPLOAD]) {
    it(`is rejected when what was weak is as it was, in ${one.path}`, async () => {
      for (const [from, to] of one.idle)
        assert.equal((await targetOf(one, one.before.replace(from, to))).outcome, 'failed', to);
    });
    it(`is never rejected when it may protect, in ${one.path}`, async () => {
      for (const [from, to] of one.asking)
        assert.notEqual((await targetOf(one, one.before.replace(from, to))).outcome, 'failed', to);
    });
  }
});
