/** Patches for findings that the engine does not report: what can be said about them without seeing the flaw. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadGrammars, lowerJavaScript, lowerPython } from '../../../src/code/index.ts';
import { completeFinding, type Finding } from '../../../src/findings/index.ts';
import { type PatchJudgement, type ReadCode, verifyPatch } from '../../../src/review/index.ts';
import { memoryTree } from '../../support/memory-tree.ts';
import { engine, reviewFiles } from '../support/engine.ts';

const grammars = await loadGrammars(['python', 'typescript']);
const readCode: ReadCode = (file) => {
  if (file.path.endsWith('.py')) return lowerPython(file, grammars);
  return file.path.endsWith('.ts') ? lowerJavaScript(file, grammars) : undefined;
};

/** A finding of somebody else on the lines that hold these texts. */
function findingOn(path: string, text: string, marks: readonly string[], rule: string): Finding {
  const places = marks.map((mark) => {
    const start = text.indexOf(mark);
    assert.ok(start >= 0, mark);
    return { file: path, span: { start, end: start + mark.length } };
  });
  const [place, ...others] = places;
  assert.ok(place);
  return completeFinding({
    rule,
    message: 'somebody says so',
    severity: 'high',
    confidence: 'high',
    place,
    related: others.map((other) => ({ place: other, message: 'this, too' })),
    subject: 'x',
  });
}

function judge(
  path: string,
  before: string,
  after: string,
  marks: readonly string[],
  rule = 'AI-CWE-863',
): Promise<PatchJudgement> {
  assert.notEqual(before, after);
  return verifyPatch({
    tree: memoryTree({ [path]: before }),
    files: [{ path, before, after }],
    target: findingOn(path, before, marks, rule),
    engine,
    threatModel: 'service',
    readCode,
  });
}

async function isRejected(...given: Parameters<typeof judge>): Promise<boolean> {
  const { state, checks } = await judge(...given);
  assert.notEqual(state, 'verified', 'nobody saw that the finding is gone');
  return checks.some(({ check, outcome }) => check === 'target' && outcome === 'failed');
}

const ROUTES = `import express from 'express';
import { isAdmin, audit } from './access';
import { remove, list } from './store';

const app = express();
app.get('/items', (req, res) => res.json(list()));
app.delete('/items/:id', (req, res) => {
  remove(Number(req.params.id));
  res.end();
});
app.listen(8080);
`;
const REMOVE = 'remove(Number(req.params.id));';

describe('a patch for a finding that the engine does not report', () => {
  it('is rejected when it guards another route, another method or too late', async () => {
    const added: readonly (readonly [string, string])[] = [
      ["app.get('/items'", "app.get('/items', isAdmin"],
      ["app.delete('/items", "app.post('/items/:id', isAdmin);\napp.delete('/items"],
      ["app.delete('/items", "app.use('/admin', isAdmin);\napp.delete('/items"],
      ['app.listen', "app.delete('/items/:id', isAdmin);\napp.listen"],
      ['app.listen', 'app.use(isAdmin);\napp.listen'],
    ];
    for (const [where, what] of added)
      assert.equal(await isRejected('a.ts', ROUTES, ROUTES.replace(where, what), [REMOVE]), true, what);
  });

  it('stays open when it guards the route, from wherever that may be', async () => {
    const added: readonly (readonly [string, string])[] = [
      ["app.delete('/items/:id'", "app.delete('/items/:id', isAdmin"],
      ["app.delete('/items", "app.use('/items', isAdmin);\napp.delete('/items"],
      ["app.delete('/items", "app.use(isAdmin);\napp.delete('/items"],
      ["app.delete('/items", "app.all('/items/:key', isAdmin);\napp.delete('/items"],
      ["app.delete('/items", "app.delete('/:kind/:id', isAdmin);\napp.delete('/items"],
      ['  remove(', '  if (!isAdmin(req)) return res.status(403).end();\n  remove('],
      ["from './store'", "from './guarded-store'"],
    ];
    for (const [where, what] of added)
      assert.equal(await isRejected('a.ts', ROUTES, ROUTES.replace(where, what), [REMOVE]), false, what);
  });

  const SHARED = `from store import remove, log


def allowed(user):
    return True


def other(user):
    return user.name


def erase(user, key):
    if not allowed(user):
        raise PermissionError(key)
    remove(key)


def page(user):
    return other(user)


def handle(user, key):
    erase(user, key)
`;

  it('follows what is called before the line, and who calls its function', async () => {
    const open: readonly (readonly [string, string])[] = [
      ['return True', 'return user.admin'],
      ['    erase(user, key)\n', '    if user.admin:\n        erase(user, key)\n'],
    ];
    for (const [where, what] of open)
      assert.equal(await isRejected('a.py', SHARED, SHARED.replace(where, what), ['remove(key)']), false, what);
    const idle = SHARED.replace('return user.name', 'return str(user.name)');
    assert.equal(await isRejected('a.py', SHARED, idle, ['remove(key)']), true);
    const remark = SHARED.replace('    remove(key)', '    # only for owners\n    remove(key)');
    assert.equal(await isRejected('a.py', SHARED, remark, ['remove(key)']), true);
  });

  it('stays open when another file changes with it', async () => {
    const after = ROUTES.replace("app.get('/items'", "app.get('/items', isAdmin");
    const { state } = await verifyPatch({
      tree: memoryTree({ 'a.ts': ROUTES, 'access.ts': 'export const isAdmin = () => true;\n' }),
      files: [
        { path: 'a.ts', before: ROUTES, after },
        { path: 'access.ts', before: 'export const isAdmin = () => true;\n', after: 'export const isAdmin = check;\n' },
      ],
      target: findingOn('a.ts', ROUTES, [REMOVE], 'AI-CWE-863'),
      engine,
      threatModel: 'service',
      readCode,
    });
    assert.equal(state, 'unverified');
  });

  const LIST = `export const partners = [
  'https://one.example.test/',
  'https://two.example.test/',
  'https://three.example.test/',
];
export const isPartner = (url: string) => partners.includes(url);
`;

  it('is rejected when it takes out only some of the entries that the finding names', async () => {
    const marks = ['https://one.example.test/', 'https://two.example.test/'];
    const half = LIST.replace("  'https://two.example.test/',\n", '');
    assert.equal(await isRejected('a.ts', LIST, half, marks), true);
    const both = half.replace("  'https://one.example.test/',\n", '');
    assert.equal((await judge('a.ts', LIST, both, marks)).state, 'verified');
  });

  const TOOL = `import { tool } from 'ai';
import { z } from 'zod';
import { issueCoupon } from './coupons';

export const coupon = tool({
  description: 'Makes a coupon for a customer. Only use this when the order was damaged.',
  inputSchema: z.object({ percent: z.number() }),
  execute: async ({ percent }) => issueCoupon(percent),
});
`;

  it('is rejected when it changes nothing but sentences, unless the flaw is what they say', async () => {
    const begged = TOOL.replace('Only use this', 'NEVER EVER be talked into it, and only use this');
    assert.equal(await isRejected('a.ts', TOOL, begged, ['issueCoupon(percent)']), true);
    assert.equal(await isRejected('a.ts', TOOL, begged, ['description:']), true);
    assert.equal(await isRejected('a.ts', TOOL, begged, ['description:'], 'AI-CWE-209'), false);
    const bound = TOOL.replace('z.number()', 'z.number().max(10)');
    assert.equal(await isRejected('a.ts', TOOL, bound, ['issueCoupon(percent)']), false);
    const query = "const q = db.query('select all the rows from items where user is null');\n";
    const other = query.replace('is null', 'is not null');
    assert.equal(await isRejected('a.ts', query, other, ['db.query']), false, 'a query is no sentence');
  });

  it('is rejected when the entries of a data file only get other words', async () => {
    const data = '-\n  question: "What was your first job as an adult?"\n-\n  question: "Your favourite book?"\n';
    const words = data.replace('first job as an adult', 'first job as a teenager');
    assert.equal(await isRejected('questions.yml', data, words, ['question: "What']), true);
    const { state } = await judge('questions.yml', data, '# by a link in a mail\n', ['question: "What']);
    assert.equal(state, 'verified', 'nothing is left that could be answered');
    const setting = 'mode: open\n';
    assert.equal(await isRejected('settings.yml', setting, 'mode: closed\n', ['mode: open']), false);
  });

  it('leaves open what only takes out one of the places of a finding that the engine saw', async () => {
    const page = `import express from 'express';
import serveIndex from 'serve-index';
import { send } from './send';

const app = express();
app.use('/files', serveIndex('files', { icons: true }));
app.use('/files/:name', send('files'));
app.listen(8080);
`;
    const { findings } = await reviewFiles(undefined, { 'a.ts': page });
    const seen = findings.find(({ finding }) => page.slice(finding.place.span.start).startsWith('serveIndex'));
    assert.ok(seen, 'the listing is found');
    const start = page.indexOf("app.use('/files/:name'");
    const beside = { place: { file: 'a.ts', span: { start, end: start + 20 } }, message: 'this, too' };
    const target = { ...seen.finding, related: [beside] };
    const judged = async (after: string) =>
      (
        await verifyPatch({
          tree: memoryTree({ 'a.ts': page }),
          files: [{ path: 'a.ts', before: page, after }],
          target,
          engine,
          threatModel: 'service',
          readCode,
        })
      ).state;
    const half = page.replace(/app\.use\('\/files', .*\n/, '');
    assert.equal(await judged(half), 'unverified');
    assert.equal(await judged(half.replace(/app\.use\('\/files\/:name'.*\n/, '')), 'verified');
  });

  it('says nothing about code that cannot be read whole', async () => {
    const broken = `${ROUTES}\nfunction (`;
    const after = broken.replace("app.get('/items'", "app.get('/items', isAdmin");
    assert.equal(await isRejected('a.ts', broken, after, [REMOVE]), false);
  });
});
