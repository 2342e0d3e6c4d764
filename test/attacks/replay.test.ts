import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { chooseAttacks, replay } from '../../src/commands/replay.ts';

/**
 * Every published attack, bare and contained. Bare it must work, or that it is stopped means nothing; contained it must
 * be stopped and the honest task be done.
 */
describe('published attacks', { concurrency: 2 }, () => {
  for (const attack of chooseAttacks(undefined)) {
    test(`${attack.id}: ${attack.title}`, { timeout: 240_000 }, async () => {
      const { bare, contained } = await replay(attack, 'mini', true);
      assert.deepEqual([bare?.attack, bare?.utility], [true, true], 'without protection, attack and task succeed');
      assert.deepEqual(
        [contained.attack, contained.utility],
        [false, true],
        `contained, exit ${contained.exit}: ${contained.output}`,
      );
    });
  }
});
