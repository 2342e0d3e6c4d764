/** What counts as reviewed: only what really was. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Gap, SourceTree, TreeEntry } from '../../src/syntax/index.ts';
import { memoryTree } from '../support/memory-tree.ts';
import { engine, reviewFiles } from './support/engine.ts';
import { COMMAND, SAFE } from './support/samples.ts';

/** A tree with entries that are no text beside the ones that are. */
function treeWith(files: { readonly [path: string]: string }, others: readonly TreeEntry[]): SourceTree {
  const tree = memoryTree(files);
  const gap = (path: string): Gap => ({
    kind: 'encoding',
    message: 'it is not text',
    place: { file: path, span: { start: 0, end: 0 } },
  });
  return {
    ...tree,
    entries: [...tree.entries, ...others].toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    read: (path) =>
      others.some((entry) => entry.path === path && entry.kind === 'file') ? gap(path) : tree.read(path),
  };
}

async function stateOf(others: readonly TreeEntry[], before: readonly TreeEntry[] = []) {
  const outcome = await reviewFiles({}, {}, { base: treeWith({}, before), head: treeWith({}, others) });
  return [outcome.state, outcome.verdict, outcome.coverage.hunks.map(({ file }) => file).join()];
}

describe('coverage', () => {
  it('is complete for code that the engine analysed and text that was scanned', async () => {
    const { state, coverage } = await reviewFiles(
      {},
      { 'app.py': SAFE, 'notes.txt': 'hello\n', 'package-lock.json': '{}\n' },
    );
    assert.equal(state, 'reviewed');
    assert.deepEqual(
      coverage.hunks.map(({ file, seenBy }) => [file, seenBy.join('+')]),
      [
        ['app.py', 'text+engine'],
        ['notes.txt', 'text'],
        ['package-lock.json', 'text'],
      ],
    );
  });

  it('is missing for a language without a front end, and the review is then no pass', async () => {
    const { state, verdict, gaps } = await reviewFiles(
      { 'main.rb': 'module Main\n' },
      { 'main.rb': 'module Main\nvar a = 1\n' },
    );
    assert.deepEqual([state, verdict], ['not-reviewed', 'incomplete']);
    assert.match(gaps[0]?.message ?? '', /only a model can review it/);
  });

  it('is partial when one part was seen and another was not', async () => {
    const { state, coverage } = await reviewFiles({}, { 'main.rb': 'module Main\n', 'app.py': SAFE });
    assert.deepEqual([state, coverage.reviewed, coverage.missing], ['partially-reviewed', 1, 1]);
  });

  it('puts findings before gaps', async () => {
    const { verdict } = await reviewFiles({}, { 'main.rb': 'module Main\n', 'app.py': COMMAND });
    assert.equal(verdict, 'blocked');
  });

  it('is missing where the engine failed, for a reason that is told', async () => {
    const outcome = await reviewFiles(
      {},
      { 'app.py': SAFE },
      { engine: () => Promise.reject(new Error('out of memory')) },
    );
    assert.equal(outcome.verdict, 'incomplete');
    assert.match(outcome.gaps[0]?.message ?? '', /the engine failed: out of memory/);
  });

  it('is missing where the engine met a limit', async () => {
    const outcome = await reviewFiles(
      {},
      { 'app.py': SAFE },
      {
        engine: async (request) => {
          const place = { file: 'app.py', span: { start: 0, end: 0 } };
          const gap = { kind: 'cap' as const, message: 'the time is up', place };
          return (await engine(request)).map((result) => ({ ...result, gaps: [gap] }));
        },
      },
    );
    assert.deepEqual([outcome.state, outcome.coverage.hunks[0]?.missing], ['not-reviewed', 'the time is up']);
  });

  it('is missing for a file that no front end read, whatever the engine says', async () => {
    const outcome = await reviewFiles(
      {},
      { 'app.py': SAFE },
      {
        engine: async (request) => (await engine(request)).map((result) => ({ ...result, analysed: new Set() })),
      },
    );
    assert.equal(outcome.state, 'not-reviewed');
  });

  it('is missing for a binary, also for one that replaces another of the same size', async () => {
    const file = (id: string): TreeEntry => ({ kind: 'file', path: 'tool.bin', size: 10, executable: false, id });
    assert.deepEqual(await stateOf([file('a')]), ['not-reviewed', 'incomplete', 'tool.bin']);
    assert.deepEqual(await stateOf([file('b')], [file('a')]), ['not-reviewed', 'incomplete', 'tool.bin']);
    assert.deepEqual(await stateOf([file('a')], [file('a')]), ['reviewed', 'pass', '']);
    assert.deepEqual(await stateOf([], [file('a')]), ['reviewed', 'pass', 'tool.bin']);
  });

  it('names pictures without reading them, unless they can be started', async () => {
    const picture: TreeEntry = { kind: 'file', path: 'logo.png', size: 10, executable: false };
    assert.deepEqual(await stateOf([picture]), ['reviewed', 'pass', 'logo.png']);
    assert.deepEqual(await stateOf([{ ...picture, executable: true }]), ['not-reviewed', 'incomplete', 'logo.png']);
  });

  it('is missing for a submodule that moves on', async () => {
    const at = (id: string): TreeEntry => ({ kind: 'submodule', path: 'vendor/lib', id });
    assert.deepEqual(await stateOf([at('b')], [at('a')]), ['not-reviewed', 'incomplete', 'vendor/lib']);
    assert.deepEqual(await stateOf([at('a')], [at('a')]), ['reviewed', 'pass', '']);
  });

  it('reports a link that leaves the repository and passes one that stays inside', async () => {
    const link = (leaves: boolean): TreeEntry => ({ kind: 'link', path: 'data', target: '../../etc', leaves });
    assert.deepEqual(await stateOf([link(true)]), ['reviewed', 'blocked', 'data']);
    assert.deepEqual(await stateOf([link(false)]), ['reviewed', 'pass', 'data']);
  });

  it('lists a rename and a changed mode', async () => {
    const { coverage } = await reviewFiles({ 'a.txt': 'x\n' }, { 'b.txt': 'x\n' });
    assert.deepEqual(
      coverage.hunks.map(({ file, change }) => [file, change]),
      [['b.txt', 'renamed']],
    );
    const mode = (executable: boolean): TreeEntry => ({ kind: 'file', path: 'run', size: 0, executable });
    assert.deepEqual(await stateOf([mode(true)], [mode(false)]).then(([, , files]) => files), 'run');
  });

  it('is missing when the trees could not be listed to their end, or not be read', async () => {
    for (const kind of ['cap', 'unreadable'] as const) {
      const gap: Gap = {
        kind,
        message: 'its content is not in this clone',
        place: { file: 'x', span: { start: 0, end: 0 } },
      };
      const outcome = await reviewFiles({}, {}, { base: memoryTree({}), head: { ...memoryTree({}), gaps: [gap] } });
      assert.equal(outcome.verdict, 'incomplete');
    }
  });
});

/** The same tree with programs that can be started. */
function startable(files: { readonly [path: string]: string }): SourceTree {
  const tree = memoryTree(files);
  const entries = tree.entries.map((entry) => (entry.kind === 'file' ? { ...entry, executable: true } : entry));
  return { ...tree, entries };
}

describe('a program without an ending', () => {
  const FLOWING = "import os\nfrom flask import request\nos.system('ls ' + request.args['q'])\n";
  for (const line of ['#!/usr/bin/env python3', '#!/usr/bin/python', '#! /usr/bin/env -S python3.12 -u'])
    it(`is read by the engine that ${line} asks for`, async () => {
      const head = startable({ 'bin/tool': `${line}\n${FLOWING}` });
      const { coverage, findings } = await reviewFiles({}, {}, { head });
      assert.deepEqual(coverage.hunks[0]?.seenBy, ['text', 'engine']);
      assert.deepEqual(
        findings.map(({ finding }) => finding.rule),
        ['CODE03'],
      );
      const safe = await reviewFiles({}, {}, { head: startable({ 'bin/tool': `${line}\nprint(1)\n` }) });
      assert.deepEqual([safe.state, safe.findings.length], ['reviewed', 0]);
    });

  it('of Node.js is read too, and a script with the ending .es6', async () => {
    const code = "require('http').createServer((q) => require('child_process').exec('ls ' + q.url)).listen(1);\n";
    const head = startable({ 'bin/tool': `#!/usr/bin/env node\n${code}`, 'a.es6': code, 'b.cts': code });
    const { findings, state } = await reviewFiles({}, {}, { head });
    assert.deepEqual([state, findings.filter(({ finding }) => finding.rule === 'CODE03').length], ['reviewed', 3]);
  });

  it('that no engine reads is said to be unread; a text without a first line for an interpreter is none', async () => {
    const { state, gaps } = await reviewFiles({}, { tool: '#!/usr/bin/env ruby\nsystem(ARGV[0])\n' });
    assert.equal(state, 'not-reviewed');
    assert.match(gaps[0]?.message ?? '', /makes it a program/);
    const unstartable = await reviewFiles({}, { tool: `#!/usr/bin/env python3\n${FLOWING}` });
    assert.equal(unstartable.state, 'not-reviewed');
    assert.equal((await reviewFiles({}, { NOTES: '#! is how a script begins\n' })).state, 'reviewed');
  });
});
