import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parseStrictJson, parseStrictJsonText } from '../../../src/broker/model/strict-json.ts';
import { fuzzRuns } from '../support/fuzz.ts';

/** What the engine itself may misread; see `isLoneEscapeAsKey`. */
const LONE_ESCAPE_AS_KEY = /"\\(?:u[0-9a-f]{4}|.)"\s*:/;

describe('strict JSON', () => {
  for (const key of ['\\n', '\\u0065', '\\"']) {
    test(`with the key "${key}" alone is refused, as a value it is not`, () => {
      assert.deepEqual(parseStrictJsonText(`{"a":1,"${key}" :2}`), { ok: false, reason: 'ambiguous key' });
      assert.equal(parseStrictJsonText(`{"a":"${key}"}`).ok, true);
    });
  }

  test('that is one escape and nothing else is no key', () => {
    for (const text of ['"\\\\"', '"\\n" ', '"\\u0065"\n'])
      assert.deepEqual(parseStrictJsonText(text), { ok: true, value: JSON.parse(text) });
    const gap = ' '.repeat(100);
    assert.deepEqual(parseStrictJsonText(`{"\\n"${gap}:1}`), { ok: false, reason: 'ambiguous key' });
  });

  test('is read as JSON.parse reads it', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        fc.pre(!LONE_ESCAPE_AS_KEY.test(json));
        assert.deepEqual(parseStrictJsonText(json), { ok: true, value: JSON.parse(json) });
      }),
      { numRuns: fuzzRuns(2000) },
    );
  });

  test('with a key twice is refused, wherever it stands and however it is spelled', () => {
    const wrap = fc.constantFrom(
      (inner: string) => inner,
      (inner: string) => `[1,${inner}]`,
      (inner: string) => `{"deep":{"er":[${inner}]}}`,
    );
    fc.assert(
      fc.property(
        fc.string({ maxLength: 8 }),
        fc.json(),
        fc.json(),
        wrap,
        fc.boolean(),
        (key, first, second, within, escaped) => {
          const plain = JSON.stringify(key);
          const spelled = escaped
            ? `"${[...Array(key.length).keys()].map((at) => `\\u${key.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')}"`
            : plain;
          const parsed = parseStrictJsonText(within(`{${plain}:${first},${spelled}:${second}}`));
          assert.equal(parsed.ok, false);
        },
      ),
      { numRuns: fuzzRuns(2000) },
    );
  });

  test('never throws and never accepts what JSON.parse refuses', () => {
    const near = fc
      .array(fc.constantFrom('{', '}', '[', ']', '"', '\\', ':', ',', '1', 'true', 'null', ' ', '\\u', 'a'), {
        maxLength: 30,
      })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(near, (text) => {
        const { ok } = parseStrictJson(Buffer.from(text));
        if (ok) JSON.parse(text);
      }),
      { numRuns: fuzzRuns(5000) },
    );
  });

  test('is read to a depth and no deeper, however many lists and objects stand side by side', () => {
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      const nested = (depth: number): string => `${open.repeat(depth)}1${close.repeat(depth)}`;
      assert.equal(parseStrictJsonText(nested(200)).ok, true);
      assert.deepEqual(parseStrictJsonText(nested(201)), { ok: false, reason: 'nested too deeply' });
      assert.equal(parseStrictJsonText(`[${Array(500).fill(nested(3)).join(',')}]`).ok, true);
    }
  });

  test('of bytes that are not UTF-8 is refused', () => {
    assert.deepEqual(parseStrictJson(Buffer.from([0x22, 0xc0, 0xaf, 0x22])), { ok: false, reason: 'not UTF-8' });
  });
});
