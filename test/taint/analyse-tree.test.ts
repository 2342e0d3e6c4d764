import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Grammars, Module } from '../../src/code/index.ts';
import type { SourceTree } from '../../src/syntax/index.ts';
import { analyseTree, ENGINE_LIMITS } from '../../src/taint/index.ts';
import { memoryTree } from '../support/memory-tree.ts';
import { type Laboratory, openLaboratory } from './analysed.ts';

const APP = `import os
from flask import Flask, request
from helper import same
app = Flask(__name__)
@app.route('/x')
def h():
    os.system(same(request.args['n']))
    return ''
`;

describe('a tree that is analysed', () => {
  let laboratory: Laboratory;
  before(async () => {
    laboratory = await openLaboratory();
  });
  after(() => laboratory[Symbol.dispose]());

  const analyse = (tree: SourceTree, cache?: Map<string, Module>, only?: ReadonlySet<string>) =>
    analyseTree(
      {
        tree,
        only,
        catalogue: laboratory.catalogue,
        threatModel: 'service',
        limits: ENGINE_LIMITS,
        clock: () => 0n,
      },
      laboratory.grammars,
      cache,
    );

  test('only files that changed are read again', async () => {
    const cache = new Map<string, Module>();
    const first = await analyse(memoryTree({ 'app.py': APP, 'helper.py': 'def same(v):\n    return v\n' }), cache);
    assert.equal(first.findings.length, 1);
    assert.equal(cache.size, 2);
    const again = await analyse(memoryTree({ 'app.py': APP, 'helper.py': 'def same(v):\n    return v\n' }), cache);
    assert.deepEqual(again.findings, first.findings);
    assert.equal(cache.size, 2);
    const mended = await analyse(memoryTree({ 'app.py': APP, 'helper.py': 'def same(v):\n    return "a"\n' }), cache);
    assert.deepEqual(mended.findings, []);
    assert.equal(cache.size, 3);
  });

  test('a file that nobody imports is not even lowered, where it is not reported on', async () => {
    const cache = new Map<string, Module>();
    const files = { 'app.py': APP, 'helper.py': 'def same(v):\n    return v\n', 'other.py': 'def same(v): return v\n' };
    const { findings, filesRead } = await analyse(memoryTree(files), cache, new Set(['app.py']));
    assert.deepEqual([findings.length, filesRead], [1, 3]);
    assert.deepEqual([...cache.values()].map(({ file }) => file.path).sort(), ['app.py', 'helper.py']);
  });

  test('two runs give the same, in the same order', async () => {
    const tree = memoryTree({ 'app.py': APP, 'b.py': APP, 'helper.py': 'def same(v):\n    return v\n' });
    assert.deepEqual(await analyse(tree), await analyse(tree));
  });

  test('a file that cannot be read is a gap, and files of other kinds are none', async () => {
    const place = { file: 'bad.py', span: { start: 0, end: 0 } };
    const base = memoryTree({ 'bad.py': '', 'read.me': 'x' });
    const result = await analyse({
      ...base,
      read: (path) => (path === 'bad.py' ? { kind: 'encoding', message: 'not UTF-8', place } : base.read(path)),
    });
    assert.deepEqual(result.gaps, [{ kind: 'encoding', message: 'not UTF-8', place }]);
    assert.equal(result.filesRead, 0);
  });

  test('a file that is too large is a gap', async () => {
    const base = memoryTree({ 'big.py': 'x = 1\n' });
    const entries = base.entries.map((entry) => (entry.kind === 'file' ? { ...entry, size: 3_000_000 } : entry));
    const result = await analyse({ ...base, entries });
    assert.deepEqual(
      result.gaps.map(({ kind, message }) => `${kind}: ${message}`),
      ['cap: not analysed: larger than 2000000 bytes'],
    );
  });

  test('a large file is a gap when a bundler wrote it, and is read when a person did', async () => {
    const statement = 'let a = "some text that is long enough to fill a line of a file";';
    const gaps = async (text: string): Promise<readonly string[]> =>
      (await laboratory.analyse({ 'app.js': text }, { only: ['other.js'] })).gaps.map(({ message }) => message);
    assert.deepEqual(await gaps(statement.repeat(9_000)), ['not analysed: a bundle larger than 500000 bytes']);
    assert.deepEqual(await gaps(`${statement}\n`.repeat(9_000)), []);
  });

  test('the time of a file is limited by the clock that is given', async () => {
    let now = 0n;
    const slow = `${APP}${'x = [1, 2, 3, 4, 5]\n'.repeat(400)}`;
    const result = await analyseTree(
      {
        tree: memoryTree({ 'app.py': slow, 'helper.py': 'def same(v):\n    return v\n' }),
        only: undefined,
        catalogue: laboratory.catalogue,
        threatModel: 'service',
        limits: { ...ENGINE_LIMITS, millisecondsPerFile: 1 },
        clock: () => (now += 1_000_000n),
      },
      laboratory.grammars,
    );
    assert.ok(result.gaps.some(({ message }) => message.includes('time of the file')));
  });

  test('what a bundler wrote gets a tenth of the time of a file that a person wrote', async () => {
    const limits = { ...ENGINE_LIMITS, stepsPerFile: 20_000 };
    const request = { only: undefined, catalogue: laboratory.catalogue, threatModel: 'service', limits } as const;
    const stopped = async (text: string): Promise<readonly string[]> => {
      const result = await analyseTree(
        { ...request, tree: memoryTree({ 'app.js': text }), clock: () => 0n },
        laboratory.grammars,
      );
      return result.gaps.map(({ message }) => message);
    };
    const statement = 'a = [1, 2, 3, 4, 5];';
    assert.deepEqual(await stopped(`${statement}\n`.repeat(600)), []);
    const built = await stopped(statement.repeat(600));
    assert.equal(built.length, 1);
    assert.match(built[0] ?? '', /steps of the file/);
  });

  test('to lower what a file imports takes nothing of its time', async () => {
    let now = 0n;
    const { grammars, catalogue } = laboratory;
    const slow: Grammars = {
      ...grammars,
      parse: (name, file) => {
        now += 10_000_000_000n;
        return grammars.parse(name, file);
      },
    };
    const long = `${APP}${'x = [1, 2, 3, 4, 5]\n'.repeat(400)}`;
    const tree = memoryTree({ 'app.py': long, 'helper.py': 'def same(v):\n    return v\n' });
    const only = new Set(['app.py']);
    const limits = { ...ENGINE_LIMITS, millisecondsPerFile: 1 };
    const request = { tree, only, catalogue, threatModel: 'service', limits, clock: () => now } as const;
    const { findings, gaps } = await analyseTree(request, slow);
    assert.deepEqual([findings.length, gaps], [1, []]);
  });

  test('every rule of a finding is described', async () => {
    const result = await analyse(memoryTree({ 'app.py': APP, 'helper.py': 'def same(v):\n    return v\n' }));
    const known = new Set(result.rules.map((rule) => rule.id));
    assert.ok(result.findings.every((finding) => known.has(finding.rule)));
  });
});
