/** How the commits of a push hang together: which belong to a change, and with which each arrived. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HistoryGraph } from '../../../src/attest/index.ts';

const commit = (id: string, ...parents: readonly string[]) => ({ id, parents, tree: `tree of ${id}` });

/** m1 merges a1-a2, which left at the old target; a2 also merges b1. */
const GRAPH = new HistoryGraph(
  [commit('a1', 'old'), commit('b1', 'older'), commit('a2', 'a1', 'b1'), commit('m1', 'old', 'a2'), commit('m2', 'm1')],
  'm2',
);

test('the line of the target goes by first parents, and begins at what it stood at', () => {
  assert.deepEqual(
    GRAPH.line.map(({ id }) => id),
    ['m1', 'm2'],
  );
  assert.equal(GRAPH.start, 'old');
  assert.equal(new HistoryGraph([], 'old').start, undefined);
});

test('a change is all that its head has and its base has not, each once, parents first', () => {
  assert.deepEqual(GRAPH.between('old', 'a2'), ['a1', 'b1', 'a2']);
  assert.deepEqual(GRAPH.between('a1', 'a2'), ['b1', 'a2']);
  assert.deepEqual(GRAPH.between('m1', 'm2'), ['m2']);
  assert.deepEqual(GRAPH.between('a2', 'a1'), []);
  assert.deepEqual(GRAPH.between('old', 'nowhere'), []);
});

test('each commit arrived with the first of the line that has it', () => {
  assert.deepEqual([...GRAPH.landings()].map(([id, { id: landing }]) => `${id} with ${landing}`).sort(), [
    'a1 with m1',
    'a2 with m1',
    'b1 with m1',
    'm1 with m1',
    'm2 with m2',
  ]);
});
