import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { aiChangeJsonSchema } from '../../../src/attest/index.ts';
import { STATEMENTS } from '../scene.ts';

const FILE = join(import.meta.dirname, '../../../docs/schema/ai-change.schema.json');

test('the schema in the documentation is the one that statements are checked with', () => {
  assert.deepEqual(JSON.parse(readFileSync(FILE, 'utf8')), JSON.parse(JSON.stringify(aiChangeJsonSchema())));
});

test('what we write fits the schema as others read it', () => {
  const validate = new Ajv2020({ strict: false }).compile(aiChangeJsonSchema());
  const { predicate } = STATEMENTS['ai-change']?.statement ?? assert.fail();
  assert.ok(validate(predicate), JSON.stringify(validate.errors));
  assert.ok(!validate({ ...predicate, note: 'x' }));
});
