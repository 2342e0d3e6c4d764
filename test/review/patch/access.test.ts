/** Patches for findings about who may do what, and for what is left of a finding besides. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadGrammars, lowerGo, lowerJavaScript, lowerPython } from '../../../src/code/index.ts';
import { type PatchCheck, type ReadCode, verifyPatch } from '../../../src/review/index.ts';
import { memoryTree } from '../../support/memory-tree.ts';
import { engine } from '../support/engine.ts';
import { findingOn } from '../support/patch-cases.ts';

const grammars = await loadGrammars(['go', 'python', 'typescript']);
const readCode: ReadCode = (file) => {
  if (file.path.endsWith('.py')) return lowerPython(file, grammars);
  if (file.path.endsWith('.go')) return lowerGo(file, grammars);
  return file.path.endsWith('.ts') ? lowerJavaScript(file, grammars) : undefined;
};

async function targetOf(
  path: string,
  before: string,
  after: string,
  marks: readonly string[],
  rule: string,
): Promise<PatchCheck> {
  const { checks, state } = await verifyPatch({
    tree: memoryTree({ [path]: before }),
    files: [{ path, before, after }],
    target: findingOn(path, before, marks, rule),
    engine,
    threatModel: 'service',
    readCode,
  });
  assert.notEqual(state, 'verified');
  const target = checks.find(({ check }) => check === 'target');
  assert.ok(target, JSON.stringify(checks));
  return target;
}

const REVIEWS = `import { reviews, isKnown, who } from './store';

export async function change(req, res) {
  const { id, text } = req.body;
  await reviews.update({ _id: id }, { $set: { text } }, { multi: true });
  res.json({});
}
`;
const UPDATE = 'await reviews.update({ _id: id }, { $set: { text } }, { multi: true });';
const before = (line: string): string => REVIEWS.replace('  await', `  ${line}\n  await`);

const NOTES = `from store import notes, current


def change(request):
    note = request.POST['note']
    notes.update(note, request.POST['text'])
    return None
`;

const GO = `package notes

import "net/http"

func change(w http.ResponseWriter, r *http.Request) {
	note := r.FormValue("note")
	store.Update(note, r.FormValue("text"))
}
`;

describe('a patch for a finding about who may do what', () => {
  it('is rejected when nothing in it asks who is calling', async () => {
    const idle = [
      before("if (typeof id !== 'string') return res.status(400).send();"),
      before('if (!text) { res.status(422).json({ error: id }); return; }'),
      REVIEWS.replace(', { multi: true }', ''),
      REVIEWS.replace('_id: id', '_id: String(id)'),
    ];
    for (const after of idle) {
      const { outcome, reason } = await targetOf('a.ts', REVIEWS, after, [UPDATE], 'AI-CWE-639');
      assert.equal(outcome, 'failed', after);
      assert.match(reason, /asks who is calling/);
    }
    const python = NOTES.replace('    notes.', '    if not note:\n        return None\n    notes.');
    assert.equal((await targetOf('a.py', NOTES, python, ['notes.update(note'], 'AI-CWE-862')).outcome, 'failed');
    const go = GO.replace('\tstore.', '\tif len(note) == 0 {\n\t\treturn\n\t}\n\tstore.');
    assert.equal((await targetOf('a.go', GO, go, ['store.Update(note'], 'AI-CWE-862')).outcome, 'failed');
  });

  it('stays open when it asks, however it is called, or turns everybody away', async () => {
    const asking = [
      before('if (!isKnown(req)) return res.status(400).send();'),
      before('if (req.session.name !== id) return;'),
      before('if (req.socket.remoteAddress !== text) return;'),
      before("if (typeof id !== 'string' || !req.cookies[id]) return res.status(400).send();"),
      REVIEWS.replace('{ _id: id }', '{ _id: id, by: who(req) }'),
      REVIEWS.replace('{ _id: id }', '{ _id: id, author: req.author }'),
      before('return res.status(404).send();'),
      before('throw new Error();'),
      REVIEWS.replace(`  ${UPDATE}\n`, ''),
      REVIEWS.replace('{ _id: id }', '{ _id: id, text }'),
      REVIEWS.replace('{ _id: id }', '{\n    _id: id,\n    text: true\n  }'),
      REVIEWS.replace('reviews.update', 'reviews.propose'),
    ];
    for (const after of asking)
      assert.equal((await targetOf('a.ts', REVIEWS, after, [UPDATE], 'AI-CWE-639')).outcome, 'open', after);
    const python = NOTES.replace('    notes.', '    note = current(request)\n    notes.');
    assert.equal((await targetOf('a.py', NOTES, python, ['notes.update(note'], 'AI-CWE-862')).outcome, 'open');
    const go = GO.replace('\tstore.', '\tif !may(r) {\n\t\treturn\n\t}\n\tstore.');
    assert.equal((await targetOf('a.go', GO, go, ['store.Update(note'], 'AI-CWE-862')).outcome, 'open');
  });

  it('stays open when an option, an answer or an order changes, and for other weaknesses', async () => {
    const form = before("if (typeof id !== 'string') return res.status(400).send();");
    assert.equal((await targetOf('a.ts', REVIEWS, form, [UPDATE], 'AI-CWE-943')).outcome, 'open');
    const open = "import { serve } from './serve';\nserve({ open: true, listing: false });\n";
    const closed = open.replace('open: true', 'open: false');
    assert.equal((await targetOf('a.ts', open, closed, ['serve({'], 'AI-CWE-284')).outcome, 'open');
    const query = "const q = db.query('select text from posts where day is null');\n";
    const other = query.replace('is null', 'is not null');
    assert.equal((await targetOf('a.ts', query, other, ['db.query'], 'AI-CWE-863')).outcome, 'open');
    const either = `${REVIEWS}export const may = (a, b) => a || b;\n`;
    const both = either.replace('a || b', 'a && b');
    assert.equal((await targetOf('a.ts', either, both, ['a || b'], 'AI-CWE-863')).outcome, 'open');
  });
});

const PROMPT = `import { tool, number, coupon } from './tools';
import { log } from './log';

export const give = tool({
  text: 'Give the customer a coupon only when all of the conditions are met.',
  input: number('how many percent of the price are taken off'),
  run: (percent) => coupon(percent),
});
export function other(name) {
  log.info(name);
  return name;
}
`;

describe('what a patch says in words', () => {
  const weak = ['number('];
  const firmly = PROMPT.replace(
    'only when all of the conditions are met',
    'and NEVER when one of the conditions is open',
  );

  it('binds nobody, also beside other changes', async () => {
    const elsewhere = firmly.replace('return name', 'return String(name)');
    assert.equal((await targetOf('a.ts', PROMPT, elsewhere, weak, 'AI-CWE-20')).outcome, 'failed');
    const bound = elsewhere.replace("taken off')", "taken off').max(10)");
    assert.equal((await targetOf('a.ts', PROMPT, bound, weak, 'AI-CWE-20')).outcome, 'open');
  });

  it('is no mending in a log either, unless the log is what is weak', async () => {
    const logged = PROMPT.replace('log.info(name)', 'log.warn(name)');
    assert.equal((await targetOf('a.ts', PROMPT, logged, ['return name'], 'AI-CWE-639')).outcome, 'failed');
    const silent = PROMPT.replace('  log.info(name);\n', '');
    assert.equal((await targetOf('a.ts', PROMPT, silent, ['return name'], 'AI-CWE-532')).outcome, 'open');
    assert.equal((await targetOf('a.ts', PROMPT, silent, ['return name'], 'other')).outcome, 'open');
    const counted = PROMPT.replace('log.info(name)', 'log.info(check(name))');
    assert.equal((await targetOf('a.ts', PROMPT, counted, ['return name'], 'AI-CWE-639')).outcome, 'open');
  });
});

describe('a secret of which a patch takes only another part away', () => {
  const page = `export class Page {
  testingName = 'tester@acme.test';
  testingPassword = 'letMe1n-please';
  titles = ['a', 'b'];
}
`;
  const marks = ["testingName = 'tester@acme.test'", "testingPassword = 'letMe1n-please'"];

  it('is still there', async () => {
    const after = page.replace("  testingName = 'tester@acme.test';\n", '');
    const { outcome, reason } = await targetOf('a.ts', page, after, marks, 'AI-CWE-798');
    assert.equal(outcome, 'failed');
    assert.match(reason, /secret in line 3/);
  });

  it('is gone when it is what goes', async () => {
    const gone = page.replace("  testingPassword = 'letMe1n-please';\n", '');
    assert.equal((await targetOf('a.ts', page, gone, marks, 'AI-CWE-798')).outcome, 'open');
    const both = gone.replace("  testingName = 'tester@acme.test';\n", '');
    assert.equal((await targetOf('a.ts', page, both, marks, 'AI-CWE-798')).outcome, 'open');
  });
});

const LIMITED = `import express from 'express';
import limit from 'express-rate-limit';
const app = express();
app.enable('trust proxy');
app.use('/reset', limit({
  windowMs: 300000,
  max: 100,
  keyGenerator: ({ headers, ip }) => headers['x-forwarded-for'] ?? ip
}));
`;
const COUNTED = "headers['x-forwarded-for'] ?? ip";

describe('a limit that counts by what the client says', () => {
  it('counts by it however many are let through', async () => {
    const weak = [
      LIMITED.replace('max: 100', 'max: 5'),
      LIMITED.replace("app.enable('trust proxy');\n", ''),
      LIMITED.replace('?? ip', '|| ip'),
    ];
    for (const after of weak) {
      const { outcome, reason } = await targetOf('a.ts', LIMITED, after, [COUNTED], 'none');
      assert.equal(outcome, 'failed', after);
      assert.match(reason, /still counts by a header/);
    }
  });

  it('does not when it counts by the connection, or by whatever it is by itself', async () => {
    for (const after of [LIMITED.replace(COUNTED, 'ip'), LIMITED.replace(/,\n {2}keyGenerator.*/, '')])
      assert.equal((await targetOf('a.ts', LIMITED, after, [COUNTED], 'none')).outcome, 'open', after);
    const many = LIMITED.replace('max: 100', 'max: 5');
    assert.equal((await targetOf('a.ts', LIMITED, many, ['max: 100'], 'none')).outcome, 'open');
  });
});

const ITEMS = `import { Router } from 'express';
import { mayWrite, nobody, items } from './items';
const app = Router();
app.post('/items', mayWrite);
// app.put('/items/:id', mayWrite)
app.delete('/items/:id', nobody);
app.use('/items', items);
`;
const REMARK = "// app.put('/items/:id', mayWrite)";

describe('a guard that is only a remark', () => {
  const judged = (after: string) => targetOf('a.ts', ITEMS, after, [REMARK], 'none');

  it('stays one when others are guarded', async () => {
    const weak = [
      ITEMS.replace(REMARK, `${REMARK}\napp.patch('/items/:id', nobody);`),
      ITEMS.replace(REMARK, `${REMARK}\napp.put('/orders/:id', nobody);`),
      ITEMS.replace(REMARK, '// every request below is checked'),
    ];
    for (const after of weak) {
      const { outcome, reason } = await judged(after);
      assert.equal(outcome, 'failed', after);
      assert.match(reason, /only a remark|nothing but sentences/);
    }
  });

  it('is one no more when something stands before that address, or what is served there changes', async () => {
    const sound = [
      ITEMS.replace(REMARK, "app.put('/items/:id', nobody);"),
      ITEMS.replace(REMARK, "app.all('/items/:key', mayWrite);"),
      ITEMS.replace(REMARK, `${REMARK}\napp.use('/items', mayWrite);`),
      ITEMS.replace("app.use('/items', items);", "app.use('/items', items.readOnly);"),
      ITEMS.replace("from './items'", "from './guarded-items'"),
    ];
    for (const after of sound) assert.equal((await judged(after)).outcome, 'open', after);
  });
});

const BANK = `pragma solidity ^0.8.0;

contract Bank {
  mapping(address => uint256) public funds;

  function take(uint256 amount) public {
    require(funds[msg.sender] >= amount, "too much");
    (bool paid, ) = msg.sender.call{ value: amount }("");
    require(paid, "not paid");
    funds[msg.sender] -= amount;
  }
}
`;
const PAYS = '    (bool paid, ) = msg.sender.call{ value: amount }("");\n';
const WRITES = '    funds[msg.sender] -= amount;\n';

describe('a contract that pays before it writes down that it did', () => {
  const judged = (after: string) => targetOf('Bank.sol', BANK, after, [WRITES.trim()], 'none');

  it('is as it was when only something else in it changes', async () => {
    const weak = [
      BANK.replace('    require(paid', '    emit Paid(amount);\n    require(paid'),
      BANK.replace(WRITES, '    funds[msg.sender] = funds[msg.sender] - amount;\n'),
      BANK.replace(PAYS, `    require(amount > 0);\n    // funds[msg.sender] = 0;\n${PAYS}`),
    ];
    for (const after of weak) {
      const { outcome, reason } = await judged(after);
      assert.equal(outcome, 'failed', after);
      assert.match(reason, /take still pays/);
    }
  });

  it('may be mended by the order, a lock, another way to pay, or a limit elsewhere', async () => {
    const sound = [
      BANK.replace(WRITES, '').replace(PAYS, WRITES + PAYS),
      BANK.replace(WRITES, '    lastTaken[msg.sender] = 1;\n').replace(PAYS, WRITES + PAYS),
      BANK.replace('public {', 'public nonReentrant {'),
      BANK.replace(
        PAYS,
        `    require(busy[msg.sender] == 0);\n    busy[msg.sender] = 1;\n    funds[msg.sender] -= amount;\n${PAYS}`,
      ).replace(`${WRITES}  }`, '    busy[msg.sender] = 0;\n  }'),
      BANK.replace(PAYS, '    payable(msg.sender).transfer(amount);\n').replace('    require(paid, "not paid");\n', ''),
    ];
    for (const after of sound) assert.equal((await judged(after)).outcome, 'open', after);
    const elsewhere = await targetOf('Bank.sol', BANK, BANK.replace('^0.8.0', '^0.8.20'), ['mapping('], 'none');
    assert.equal(elsewhere.outcome, 'open');
  });

  it('is read in time that grows with its length, whatever it holds', async () => {
    for (const text of ['/*'.repeat(50_000), '"\\"'.repeat(50_000), 'function a {'.repeat(20_000), 'a['.repeat(60_000)])
      assert.equal(
        (await targetOf('Bank.sol', BANK + text, `${BANK}${text} `, [WRITES.trim()], 'none')).check,
        'target',
      );
  });
});
