import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { alphabetOf, characterClassOf } from '../../../src/taint/regex/alphabet.ts';
import { groupsOf } from '../../../src/taint/regex/groups.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 300);

describe('groups of an expression', () => {
  test('come in the order of their opening brackets, with what stands inside', () => {
    assert.deepEqual(
      groupsOf('(a(b)[()])(?:c)(?<n>d)\\((e)').map(({ name, pattern }) => [name, pattern]),
      [
        [undefined, 'a(b)[()]'],
        [undefined, 'b'],
        ['n', 'd'],
        [undefined, 'e'],
      ],
    );
  });

  test('are none in look-arounds and groups that capture nothing', () => {
    assert.deepEqual(groupsOf('(?=a)(?!b)(?<=c)(?<!d)(?:e)'), []);
  });

  test('of any text are found without an error', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), (pattern) => {
        for (const group of groupsOf(pattern)) assert.ok(pattern.includes(group.pattern));
      }),
      { numRuns: RUNS },
    );
  });

  test('are as many as the engine of the language counts', () => {
    const part = fc.constantFrom('(a)', '(?:b)', '[(]', '\\(', 'c+', '(?<n>d)', '(e|f)', '(g(h)?)');
    fc.assert(
      fc.property(fc.uniqueArray(part, { maxLength: 6 }), (parts) => {
        const pattern = parts.join('');
        const counted = new RegExp(`${pattern}|`).exec('')?.length ?? 0;
        assert.equal(groupsOf(pattern).length, counted - 1);
      }),
      { numRuns: RUNS },
    );
  });
});

describe('the alphabet of an expression', () => {
  test('holds every character that a match can hold', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-c<]*x[\d-]{0,3}$/), (text) => {
        const alphabet = alphabetOf('^[a-c<]*x[\\d-]{0,3}$') ?? [];
        for (const character of text) {
          const code = character.codePointAt(0) ?? 0;
          assert.ok(alphabet.some(([from, to]) => from <= code && code <= to));
        }
      }),
      { numRuns: RUNS },
    );
  });

  test('of what cannot be read is not known', () => {
    assert.equal(alphabetOf('(a)\\1'), undefined);
  });

  test('is one class where one character is sought', () => {
    assert.deepEqual(characterClassOf('([<>])+'), [
      [0x3c, 0x3c],
      [0x3e, 0x3e],
    ]);
    assert.equal(characterClassOf('ab'), undefined);
  });
});
