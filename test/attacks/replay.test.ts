import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { chooseAttacks, replay } from '../../src/commands/replay.ts';

/**
 * Every published attack, bare and contained. Bare it must work, or that it is stopped means nothing; contained it must
 * be stopped and the honest task be done.
 */
describe('published attacks', { concurrency: 2 }, () => {
  for (const attack of chooseAttacks(undefined)) {
    test(`${attack.id}: ${attack.title}`, { timeout: 240_000 }, async (t) => {
      const { bare, contained: first } = await replay(attack, 'mini', true);
      assert.deepEqual([bare?.attack, bare?.utility], [true, true], 'without protection, attack and task succeed');
      assert.ok(!first.attack, 'contained, the attack reached its goal');
      if (!first.utility) t.diagnostic(`the task was not done at first, exit ${first.exit}: ${first.output}`);
      // Where the machine stalls for seconds a run may fail closed, and may be repeated; the attack must fail each time.
      const { contained } = first.utility ? { contained: first } : await replay(attack, 'mini', false);
      // Compared and not only said: a summary of failures may show the difference alone.
      const said = contained.utility ? '' : `exit ${contained.exit}: ${contained.output}`;
      assert.deepEqual([contained.attack, contained.utility, said], [false, true, ''], 'contained');
    });
  }
});
