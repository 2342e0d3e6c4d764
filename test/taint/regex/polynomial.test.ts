import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { isPolynomial } from '../../../src/taint/regex/polynomial.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 300);

/** Ten thousand characters keep each busy for a hundred million steps. */
const SLOW = [
  String.raw`\s+$`,
  String.raw`^\s*|\s*$`,
  '<[^>]+>',
  '.*foo',
  'a+b',
  '^a*a*$',
  '^(.*),(.*)!$',
  String.raw`\d+\.\d+x`,
  '^[^=]*=?.*;$',
  String.raw`\/\*[\s\S]*?\*\/`,
  String.raw`^.*?(\s+)$`,
  String.raw`^(\d+)\s*\d*x$`,
  String.raw`\s*,\s*`,
  String.raw`^\s*(.*?)\s*$`,
  String.raw`(^|x)\w+!`,
  String.raw`\[(.*?)\]\((.*?)\)`,
];

/** Bound to the beginning, with loops that share no text, or with nothing behind them that can fail. */
const FAST = [
  '^a+$',
  String.raw`^\s+`,
  String.raw`^[a-z]+(\.[a-z]+)*$`,
  String.raw`^\d{4}-\d\d$`,
  '[&<>]',
  '^[^,]*,[^,]*$',
  String.raw`^https?:\/\/[^/]+\/`,
  String.raw`^(\w+)\s(\w+)$`,
  '.*',
  'a+',
  '--+',
  String.raw`,\s*`,
  String.raw`\r?\n`,
  '"[^"]*"',
  '^([^=]+)=(.*)$',
  'x{1,3}y',
  String.raw`\A[a-z]+\Z`,
  '(?:^|;)a*',
];

describe('regular expressions whose search can take quadratic time', () => {
  for (const pattern of SLOW) test(`${pattern} is one`, () => assert.equal(isPolynomial(pattern), true));
  for (const pattern of FAST) test(`${pattern} is none`, () => assert.equal(isPolynomial(pattern), false));

  test('what is not understood, or too large, is not called one', () => {
    for (const pattern of [String.raw`(a)\1+$`, '(', '[a', 'a'.repeat(5000), `${'a?'.repeat(60)}$`])
      assert.equal(isPolynomial(pattern), false);
  });

  test('a pattern that is called slow has a loop, and one bound to the beginning without one is none', () => {
    const piece = fc.constantFrom(
      'a',
      'b',
      '(',
      ')',
      '[ab]',
      '.',
      '*',
      '+',
      '?',
      '|',
      '^',
      '$',
      String.raw`\s`,
      '{2,}',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const pattern = pieces.join('');
        if (isPolynomial(pattern)) assert.match(pattern, /[*+]|\{2,\}/);
      }),
      { numRuns: RUNS },
    );
  });

  test('the hardest expression of the largest size is answered', () => {
    assert.equal(typeof isPolynomial(`^${'[ab]*'.repeat(47)}c`), 'boolean');
    assert.equal(typeof isPolynomial(`${'(a|b)*c?'.repeat(15)}d`), 'boolean');
  });
});
