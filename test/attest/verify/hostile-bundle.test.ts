import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { repeatsKey } from '../../../src/attest/bundle/limits.ts';
import { isFault, openBundle, PREDICATE_ROLES } from '../../../src/attest/index.ts';
import { hireStaff, NOW, STATEMENTS } from '../scene.ts';

const STAFF = await hireStaff();
const TYPES = [...PREDICATE_ROLES.keys()];
const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 300);
const GOOD = Buffer.from((await STAFF.seal['gate']?.(STATEMENTS['summary']?.statement ?? assert.fail())) ?? '');

const open = (bytes: Buffer) => openBundle(bytes, STAFF.trust, TYPES, NOW);

test('any bytes are a fault, never an exception', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async (bytes) => isFault(await open(Buffer.from(bytes)))),
    { numRuns: RUNS },
  );
});

test('any JSON is a fault, never an exception', async () => {
  await fc.assert(
    fc.asyncProperty(fc.json(), async (text) => isFault(await open(Buffer.from(text)))),
    { numRuns: RUNS },
  );
});

test('a bundle with one byte changed is never accepted with another statement', async () => {
  const original = await open(GOOD);
  assert.ok(!isFault(original));
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: GOOD.length - 1 }), fc.integer({ min: 1, max: 255 }), async (at, change) => {
      const bytes = Buffer.from(GOOD);
      bytes[at] = (bytes[at] ?? 0) ^ change;
      const opened = await open(bytes);
      if (!isFault(opened)) assert.deepEqual(opened.statement, original.statement);
    }),
    { numRuns: RUNS },
  );
});

test('a bundle of more than eight megabytes is not parsed', async () => {
  const fault = await open(Buffer.alloc(9 * 1024 * 1024, 0x20));
  assert.ok(isFault(fault) && fault.code === 'limits');
});

test('a key that stands twice in an object is found wherever it is, and nothing else is taken for one', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 4 }), fc.string({ minLength: 1 }), (text, key) => {
      assert.equal(repeatsKey(text), false, text);
      const name = JSON.stringify(key);
      assert.equal(repeatsKey(`[{"a":${text},${name}:{"":1},"zz${key.length}":[]}]`), key === 'a');
      assert.equal(repeatsKey(`{"x":[${text},{${name}:${text},"b\\u0062":1,${name}:null}]}`), true);
    }),
    { numRuns: RUNS },
  );
});
