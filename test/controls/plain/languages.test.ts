/** Programs in languages without a grammar here: an attack each, and an honest change that looks alike. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { compareText, loadTools, type Tools } from '../trees.ts';
import { PROGRAMS } from './programs.ts';

describe('a check in a language that is read by its words alone', () => {
  let tools: Tools;
  before(async () => {
    tools = await loadTools();
  });
  after(() => tools.grammars[Symbol.dispose]());

  const loud = (file: string, old: string, now: string): readonly string[] =>
    compareText(tools, file, old, now)
      .changes.filter(({ direction, severity }) => /^(?:weakened|changed)$/.test(direction) && severity !== 'low')
      .map(({ control, message }) => `${control}: ${message}`);

  for (const { name, file, text, attack, twin } of PROGRAMS) {
    it(`is missed when it goes: ${name}`, () => {
      assert.notDeepEqual(loud(file, text, attack), []);
    });

    it(`is not missed when something else changes: ${name}`, () => {
      assert.deepEqual(loud(file, text, twin), []);
    });
  }
});
