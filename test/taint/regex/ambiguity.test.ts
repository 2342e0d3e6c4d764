import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { isExponential } from '../../../src/taint/regex/ambiguity.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 500);

/** Each can be kept busy for ever by a text of some forty characters. */
const SLOW = [
  '^(a+)+$',
  '(a*)*b',
  '(a|a)*$',
  '^(a|aa)+$',
  '(.*)*x',
  String.raw`^(\w+\s?)*$`,
  String.raw`(\s|\n)+$`,
  '(x+x+)+y',
  String.raw`<(\w+\s*)*>z`,
  '^(?:a?a?)*$',
  '^(([a-z])+.)+[A-Z]([a-z])+$',
  String.raw`(?:[^"\\]|\\.|\\)*"`,
  '^(?<part>[a-z0-9]+-?)*$',
  '^(a{1,20})+$',
  String.raw`^([\u0061-\x7a]+)*!`,
];

/** Loops, too, but each text can be read in one way only, or nothing after the loop can fail. */
const FAST = [
  '^a+$',
  '^(ab)+$',
  String.raw`^[a-z]+(\.[a-z]+)*$`,
  String.raw`\s+$`,
  String.raw`^(\w+\.)+\w+$`,
  '(a+)+',
  '^(a|b)*$',
  '^([^,]*,)*$',
  String.raw`"(?:[^"\\]|\\.)*"`,
  '^(?:[a-z0-9]+(?:-[a-z0-9]+)*)$',
  '(a{2})*$',
  String.raw`^(\d+\s)*$`,
  '^(?:/[^/]+)*$',
  '[^]*x',
];

describe('regular expressions whose search can take exponential time', () => {
  for (const pattern of SLOW) test(`${pattern} is one`, () => assert.equal(isExponential(pattern), true));
  for (const pattern of FAST) test(`${pattern} is none`, () => assert.equal(isExponential(pattern), false));

  test('what is not understood is not called one', () => {
    for (const pattern of [String.raw`(a)\1+$`, '(', '[a', '(?(1)a|b)', 'a'.repeat(5000), '('.repeat(100)])
      assert.equal(isExponential(pattern), false);
  });

  test('any text is answered, and within its limits', () => {
    const piece = fc.constantFrom(
      'a',
      'b',
      '(',
      ')',
      '[',
      ']',
      '*',
      '+',
      '?',
      '|',
      '\\',
      '{2,9}',
      '^',
      '$',
      '.',
      '(?:',
      '-',
    );
    const pattern = fc.oneof(
      fc.string({ maxLength: 60 }),
      fc.array(piece, { maxLength: 60 }).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(pattern, (text) => typeof isExponential(text) === 'boolean'),
      { numRuns: RUNS },
    );
  });

  test('a group without a name of its own changes nothing', () => {
    const simple = fc.constantFrom(...SLOW, ...FAST);
    fc.assert(fc.property(simple, (text) => isExponential(`(?:${text})`) === isExponential(text)));
  });
});
