/** Settings of machines and services, each weakened as a helpful change would, with an honest twin. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { compareText, loadTools, type Tools } from '../trees.ts';
import { MACHINE_SETTINGS } from './machine-settings.ts';
import { SERVICE_SETTINGS } from './service-settings.ts';

describe('settings of machines and services', () => {
  let tools: Tools;
  before(async () => {
    tools = await loadTools();
  });
  after(() => tools.grammars[Symbol.dispose]());

  const loud = (file: string, old: string, now: string | undefined): readonly string[] =>
    compareText(tools, file, old, now)
      .changes.filter(
        ({ direction, severity }) =>
          !/^(?:strengthened|moved)$/.test(direction) && /^(?:critical|high)$/.test(severity),
      )
      .map(({ control, message }) => `${control}: ${message}`);

  for (const { name, file, text, attack, twin } of [...MACHINE_SETTINGS, ...SERVICE_SETTINGS]) {
    it(`are missed when they go: ${name}`, () => {
      assert.notDeepEqual(loud(file, text, attack), []);
    });

    if (twin !== undefined)
      it(`are not missed when something else changes: ${name}`, () => {
        assert.deepEqual(loud(file, text, twin), []);
      });
  }
});
