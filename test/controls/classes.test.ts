import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { CODE_CONTROLS } from '../../src/controls/code/index.ts';
import { CONTROL_CLASSES, describeRule } from '../../src/controls/index.ts';
import { compare, loadTools, type Tools } from './trees.ts';

/** Classes in code have a test of their own, language by language. */
const CODE = new Set(CODE_CONTROLS.map(({ id }) => id));
const QUIET = new Set(['strengthened', 'moved']);

describe('every class of control', () => {
  let tools: Tools;
  before(async () => {
    tools = await loadTools();
  });
  after(() => tools.grammars[Symbol.dispose]());

  for (const row of CONTROL_CLASSES.filter(({ id }) => !CODE.has(id))) {
    it(`${row.id} is reported in its attack, as ${row.direction}, with a sentence and a place`, () => {
      const { changes } = compare(tools, row.attack.before, row.attack.after);
      const found = changes.filter(({ control, direction }) => control === row.id && direction === row.direction);
      assert.ok(
        found.length > 0,
        JSON.stringify(
          changes.map(({ control, direction, message }) => ({ control, direction, message })),
          null,
          1,
        ),
      );
      for (const { message, meta, before: old, after: now } of found) {
        assert.doesNotMatch(message, /\{\w+\}|undefined/);
        assert.equal(meta, row.meta);
        assert.ok(old ?? now);
      }
    });

    it(`${row.id} says nothing about its honest twin`, () => {
      const { changes } = compare(tools, row.benign.before, row.benign.after);
      const loud = changes.filter(({ control, direction }) => control === row.id && !QUIET.has(direction));
      assert.deepEqual(
        loud.map(({ message }) => message),
        [],
      );
    });

    it(`${row.id} says nothing when nothing changes`, () => {
      assert.deepEqual(compare(tools, row.attack.after, row.attack.after).changes, []);
    });
  }

  it('has a name of its own and words for every report', () => {
    assert.equal(new Set(CONTROL_CLASSES.map(({ id }) => id)).size, CONTROL_CLASSES.length);
    for (const row of CONTROL_CLASSES) {
      assert.match(row.id, /^[a-z]+(?:-[a-z]+)*$/);
      const { title, why, advice } = describeRule(row);
      for (const text of [title, why, advice]) assert.ok(text.length > 5, row.id);
    }
  });
});
