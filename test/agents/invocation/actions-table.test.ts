import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ACTIONS, PRODUCTS } from '../../../src/agents/index.ts';

describe('the action schema pack', () => {
  it('names each action and major once, dated and with its source', () => {
    const keys = ACTIONS.flatMap(({ names, major }) => names.map((name) => `${name}@${major}`));
    assert.equal(new Set(keys).size, keys.length);
    for (const { read, source } of ACTIONS) {
      assert.match(read, /^\d{4}-\d{2}-\d{2}$/);
      assert.ok(source.length > 0);
    }
  });

  it('gives each input one meaning', () => {
    for (const { names, major, inputs } of ACTIONS) {
      const all = Object.values(inputs).flat();
      assert.equal(new Set(all).size, all.length, `${names[0]} ${major}`);
    }
  });

  it('replaces only inputs that the major does not have, and builds on inputs that it has', () => {
    for (const { names, major, inputs, replaced, builtIn, open } of ACTIONS) {
      const all = new Set(Object.values(inputs).flat());
      for (const old of Object.keys(replaced)) assert.ok(!all.has(old) || open, `${names[0]} ${major} ${old}`);
      for (const { unless } of builtIn) assert.ok(unless === undefined || all.has(unless), `${names[0]} ${unless}`);
    }
  });

  it('spells names in lower case, because the platform compares them without case', () => {
    for (const { names } of ACTIONS) for (const name of names) assert.equal(name, name.toLowerCase());
  });
});

describe('the product table', () => {
  it('gives each program and each option of a product one row', () => {
    const programs = PRODUCTS.flatMap((row) => row.programs);
    assert.equal(new Set(programs).size, programs.length);
    for (const { id, options } of PRODUCTS) {
      const names = options.filter(({ tag }) => tag !== 'no-run').flatMap((row) => row.names);
      assert.deepEqual(
        names.filter((name, index) => names.indexOf(name) !== index),
        [],
        id,
      );
    }
  });
});
