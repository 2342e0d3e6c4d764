import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  CanonicalError,
  canonicalize,
  MAX_DEPTH,
  parseCanonical,
  readCanonical,
  toCarriable,
} from '../../src/ledger/canonical.ts';
import type { JsonObject, JsonValue } from '../../src/system/index.ts';
import { NOT_CANONICAL } from './support/not-canonical.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 2000);

/** RFC 8785 appendix and section 3.2.3, as far as I-JSON integers allow. */
test('numbers and strings are written as RFC 8785 says', () => {
  const value = { numbers: [333333333.3333333, 1e-27, 4.5, 0.002, -0], string: '€$\u000f\nA\'B"\\\\"/' };
  assert.equal(
    canonicalize(value),
    '{"numbers":[333333333.3333333,1e-27,4.5,0.002,0],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  );
});

test('keys are sorted by UTF-16 code units, also those that look like array indexes', () => {
  const value = { '€': 1, '\r': 2, '\ufb33': 3, '1': 4, '10': 5, '9': 6, '😀': 7, ö: 8 };
  assert.equal(canonicalize(value), '{"\\r":2,"1":4,"10":5,"9":6,"ö":8,"€":1,"😀":7,"\ufb33":3}');
});

for (const [what, text] of Object.entries(NOT_CANONICAL)) {
  test(`${what} is refused`, () => {
    assert.throws(() => parseCanonical(text), CanonicalError);
  });
}

test('the greatest safe integers, the deepest nest and __proto__ as a key are read', () => {
  const nest = `${'['.repeat(MAX_DEPTH - 1)}${']'.repeat(MAX_DEPTH - 1)}`;
  for (const text of [`{"a":9007199254740991,"b":-9007199254740991}`, `{"a":${nest}}`, '{"__proto__":{"x":1}}', '{}'])
    assert.equal(canonicalize(parseCanonical(text)), text);
});

test('bytes that are not UTF-8 are refused', () => {
  assert.throws(() => readCanonical(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])), CanonicalError);
});

const json: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: 'binary' }),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('10', '9', '__proto__')), tie('value'), {
      maxKeys: 5,
    }),
  ),
})).value;
const object: fc.Arbitrary<JsonObject> = fc.dictionary(fc.string({ unit: 'binary' }), json, { maxKeys: 6 });

test('what is written is read back byte for byte, whatever the order of the keys was', () => {
  fc.assert(
    fc.property(object, (value) => {
      const text = canonicalize(value);
      assert.equal(canonicalize(parseCanonical(text)), text);
      assert.equal(canonicalize(Object.fromEntries(Object.entries(value).reverse())), text);
      assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)));
    }),
    { numRuns: RUNS },
  );
});

test('of all texts that mean the same only the canonical one is read', () => {
  fc.assert(
    fc.property(object, fc.nat(), fc.constantFrom(' ', '\n', '0', ',', '\\u0020'), (value, at, extra) => {
      const text = canonicalize(value);
      const place = at % (text.length + 1);
      const changed = text.slice(0, place) + extra + text.slice(place);
      let read: JsonObject;
      try {
        read = parseCanonical(changed);
      } catch (error) {
        assert.ok(error instanceof CanonicalError);
        return;
      }
      assert.equal(canonicalize(read), changed);
    }),
    { numRuns: RUNS },
  );
});

test('any text at all is either read or refused with a reason, never anything else', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.json()), (text) => {
      try {
        assert.equal(canonicalize(parseCanonical(text)), text);
      } catch (error) {
        assert.ok(error instanceof CanonicalError);
      }
    }),
    { numRuns: RUNS },
  );
});

test('whatever the agent sends can be carried, and no two keys become one', () => {
  const hostile = { '\ud800': 1, '\ud801': 2, big: 2 ** 60, huge: Number.POSITIVE_INFINITY, text: 'a\udfffb', '�': 3 };
  const carried = parseCanonical(canonicalize(toCarriable(hostile)));
  assert.equal(Object.keys(carried).length, 6);
  assert.deepEqual([carried['big'], carried['huge'], carried['text']], ['1152921504606847000', 'Infinity', 'a�b']);
  let deep: JsonValue = 1;
  for (let level = 0; level < 10_000; level++) deep = [deep];
  assert.ok(canonicalize(toCarriable({ deep })).includes('nested deeper'));
});
