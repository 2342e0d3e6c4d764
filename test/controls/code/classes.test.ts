import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { GRAMMARS, type Grammars, loadGrammars } from '../../../src/code/index.ts';
import { CODE_CONTROLS, compareCode } from '../../../src/controls/code/index.ts';
import { assessChange, type ControlChange } from '../../../src/controls/index.ts';

const QUIET = new Set(['strengthened', 'moved']);

describe('every class of change to a control in code', () => {
  let grammars: Grammars;
  before(async () => {
    grammars = await loadGrammars(GRAMMARS);
  });
  after(() => grammars[Symbol.dispose]());

  const compare = (path: string, old: string, now: string): readonly ControlChange[] => {
    const pair = { path, previousPath: undefined, before: { path, text: old }, after: { path, text: now } };
    const { changes, turnover } = compareCode(pair, grammars);
    const { row } = assessChange(changes, turnover === undefined ? [] : [turnover]);
    return row === undefined ? changes : [...changes, row];
  };
  const list = (changes: readonly ControlChange[]): string =>
    changes
      .map(({ severity, direction, control, message }) => `${severity} ${direction} ${control}: ${message}`)
      .join('\n');

  it('says what a new call does beside its name', () => {
    const [added] = compare('a.py', 'import os\n', 'import os\nos.system(input())\n');
    assert.equal(added?.message, '`os.system` (starts a program) was added.');
  });

  for (const { id, examples } of CODE_CONTROLS) {
    for (const { language, path, before: old, attack, benign } of examples) {
      it(`${id} is reported in ${language}, with a sentence and a place`, () => {
        const changes = compare(path, old, attack);
        const found = changes.filter((change) => change.control === id && !QUIET.has(change.direction));
        assert.ok(found.length > 0, `found:\n${list(changes)}`);
        for (const { message, before: from, after: to } of found) {
          assert.match(message, /^[`A-Z].*\.$/s);
          assert.doesNotMatch(message, /undefined|\[object/);
          assert.ok(from ?? to);
        }
      });

      it(`an honest change beside ${id} in ${language} weakens nothing`, () => {
        const loud = compare(path, old, benign).filter(({ direction }) => !QUIET.has(direction));
        assert.equal(list(loud), '');
      });
    }
  }

  it('has a row for each class that an example reports, and no two rows of one name', () => {
    const ids = CODE_CONTROLS.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    const reported = CODE_CONTROLS.flatMap(({ examples }) =>
      examples.flatMap(({ path, before: old, attack }) => [
        ...compare(path, old, attack),
        ...compare(path, attack, old),
      ]),
    );
    assert.deepEqual(
      [...new Set(reported.map(({ control }) => control))].filter((control) => !ids.includes(control)),
      [],
    );
  });
});
