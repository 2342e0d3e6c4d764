import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readChangeContent } from '../../../src/attest/index.ts';
import { readTreeFacts } from '../../../src/commands/attest/tree-facts.ts';
import { openObjectStore } from '../../../src/workspace/index.ts';
import { REPOSITORY, Repository, TARGET } from '../../attest/repository.ts';

async function factsOf(repository: Repository, base: string, head: string) {
  const store = openObjectStore(repository.path);
  const { identity } = await readChangeContent(store, { repository: REPOSITORY, targetRef: TARGET, base, head });
  const { lines, configuration } = await readTreeFacts(store, identity);
  return { lines: Object.fromEntries(lines), configuration: configuration.map(({ path }) => path) };
}

test('the lines that a change wrote are told for each file: none of one that goes, all of one that comes', async () => {
  using repository = new Repository();
  const base = repository.commit({ 'a.txt': 'one\ntwo\nthree\nfour\n', 'gone.txt': 'x\n', 'cut.txt': 'x\ny\n' });
  repository.git('rm', '-q', 'gone.txt');
  const head = repository.commit({
    'a.txt': 'zero\none\ntwo\n3\n4\n',
    'new.txt': 'n1\nn2\n',
    'open.txt': 'no end',
    'empty.txt': '',
    'cut.txt': 'x\n',
  });
  assert.deepEqual((await factsOf(repository, base, head)).lines, {
    'a.txt': [
      { from: 1, to: 1 },
      { from: 4, to: 5 },
    ],
    'cut.txt': [],
    'empty.txt': [],
    'gone.txt': [],
    'new.txt': [{ from: 1, to: 2 }],
    'open.txt': [{ from: 1, to: 1 }],
  });
});

test('what configures agents is that of the base: a change does not describe itself', async () => {
  using repository = new Repository();
  const base = repository.commit({ 'AGENTS.md': 'rules\n', '.claude/settings.json': '{}\n', 'a.txt': 'a\n' });
  const head = repository.commit({ 'CLAUDE.md': 'more rules\n' });
  const { configuration } = await factsOf(repository, base, head);
  assert.deepEqual([...configuration].sort(), ['.claude/settings.json', 'AGENTS.md']);
});
