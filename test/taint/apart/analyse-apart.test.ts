import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SallyportError } from '../../../src/errors/index.ts';
import { loadReaders } from '../../../src/syntax/index.ts';
import {
  APART_LIMITS,
  type ApartLimits,
  analyseApart,
  ENGINE_LIMITS,
  type EngineResult,
  readCatalogueFile,
} from '../../../src/taint/index.ts';
import { memoryTree } from '../../support/memory-tree.ts';

const LIMITS: ApartLimits = { ...APART_LIMITS, engine: ENGINE_LIMITS };
const ATTACK = "const app = require('express')();\napp.get('/', (req, res) => { eval(req.query.q); });\n";

type Files = { readonly [path: string]: string };

function analyseAll(trees: readonly Files[], limits: ApartLimits = LIMITS) {
  return analyseApart({ trees: trees.map(memoryTree), only: undefined, threatModel: 'service', rows: [] }, limits);
}

async function analyse(files: Files, limits: ApartLimits = LIMITS): Promise<EngineResult> {
  const [result] = await analyseAll([files], limits);
  assert.ok(result);
  return result;
}

function isLimit(what: RegExp) {
  return (error: unknown) => error instanceof SallyportError && error.code === 'SP2308' && what.test(error.message);
}

describe('an analysis in a thread of its own', () => {
  test('says the same as one in this thread, gaps and read files included', async () => {
    const result = await analyse({ 'app.js': ATTACK, 'broken.py': 'def (', 'README.md': '# none' });
    assert.deepEqual(
      result.findings.map(({ rule, place }) => [rule, place.file]),
      [['CODE04', 'app.js']],
    );
    assert.deepEqual(
      result.gaps.map(({ place }) => place.file),
      ['broken.py'],
    );
    assert.deepEqual([...(result.analysed ?? [])].sort(), ['app.js', 'broken.py']);
  });

  test('says of each of several trees what it says of it alone, in their order', async () => {
    const harmless = { 'app.js': ATTACK.replace('eval(req.query.q)', "res.send('ok')"), 'more.py': 'def (' };
    const together = await analyseAll([{ 'app.js': ATTACK, 'more.py': 'x = 1' }, harmless, { 'app.js': ATTACK }]);
    const alone = [
      await analyse({ 'app.js': ATTACK, 'more.py': 'x = 1' }),
      await analyse(harmless),
      await analyse({ 'app.js': ATTACK }),
    ];
    assert.deepEqual(together, alone);
    assert.deepEqual(
      together.map(({ findings, gaps }) => [findings.length, gaps.length]),
      [
        [1, 0],
        [0, 1],
        [1, 0],
      ],
    );
  });

  test('ends with an error when it needs more memory than it may have', async () => {
    const many = Array.from({ length: 30_000 }, (_, index) => `const a${index} = { b: [${index}, 'c', a => a] };`);
    await assert.rejects(
      analyse({ 'big.js': many.join('\n') }, { ...LIMITS, memoryMiB: 32 }),
      isLimit(/MiB of memory/),
    );
  });

  test('ends with an error when it needs more time than it may have', async () => {
    await assert.rejects(analyse({ 'app.js': ATTACK }, { ...LIMITS, milliseconds: 1 }), isLimit(/0\.001 s/));
  });

  test('knows the rows that a repository adds, which cannot take ours away', async () => {
    const text = [
      'version: 1',
      'languages: [javascript]',
      'groups:',
      '  - library: acme',
      '    source: https://example.test/',
      '    sinks: [{ id: acme-run, match: acme.run, arguments: [0], category: command }]',
      '    sanitizers: [{ id: acme-clean, match: acme.clean, clears: [command] }]',
      '',
    ].join('\n');
    const rows = [readCatalogueFile({ path: 'catalogue.yaml', text }, await loadReaders())];
    const tree = memoryTree({
      'app.js': `${ATTACK}const acme = require('acme');\napp.get('/b', (req) => acme.run(req.query.q));\napp.get('/c', (req) => acme.run(acme.clean(req.query.q)));\n`,
    });
    const [result] = await analyseApart({ trees: [tree], only: undefined, threatModel: 'service', rows }, LIMITS);
    assert.ok(result);
    assert.deepEqual(result.findings.map(({ rule }) => rule).sort(), ['CODE03', 'CODE04']);
    assert.deepEqual(result.believed, ['acme-clean'], 'what was believed is said');
  });
});
