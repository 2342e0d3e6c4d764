import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { loadAttacks } from '../../src/commands/replay/attack.ts';
import { SallyportError } from '../../src/errors/index.ts';

const ATTACKS = resolve(import.meta.dirname, '../../attacks');

test('every attack file is well-formed and named after its id', () => {
  const attacks = loadAttacks(ATTACKS);
  assert.ok(attacks.length >= 25);
  const names = readdirSync(ATTACKS).filter((name) => name.endsWith('.json'));
  assert.deepEqual(attacks.map(({ id }) => `${id}.json`).toSorted(), names.toSorted());
});

test('every placeholder of an attack has a value', () => {
  const common = ['MODEL_KEY', 'WORK', 'HOME', 'OUTSIDE', 'THIEF', 'THIEF_UDP', 'FORGE', 'MODEL', 'AGENT', 'NODE'];
  for (const attack of loadAttacks(ATTACKS)) {
    const known = new Set([...common, ...Object.keys(attack.secrets)]);
    for (const [, name = ''] of JSON.stringify(attack).matchAll(/\{\{([A-Z_]+)\}\}/g))
      assert.ok(known.has(name), `${attack.id}: ${name}`);
  }
});

test('no attack reaches for an address that is not loopback', () => {
  for (const attack of loadAttacks(ATTACKS)) {
    assert.doesNotMatch(JSON.stringify(attack.turns), /https?:\/\/(?!127\.|d\/)[a-z0-9]/i, attack.id);
  }
});

for (const [title, content] of [
  ['is not JSON', '{'],
  ['lacks a goal', '{"id":"x","title":"x","source":"x","stoppedBy":"x","turns":[],"utility":{"exit":0}}'],
  [
    'has an unknown condition',
    '{"id":"x","title":"x","source":"x","stoppedBy":"x","turns":[],"goal":{"maybe":1},"utility":{"exit":0}}',
  ],
] as const) {
  test(`a file that ${title} is refused with its name`, () => {
    const directory = mkdtempSync(join(tmpdir(), 'attack-format-'));
    try {
      writeFileSync(join(directory, 'x.json'), content);
      assert.throws(
        () => loadAttacks(directory),
        (error) => error instanceof SallyportError && error.code === 'SP1901' && error.message.includes('x.json'),
      );
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
}
