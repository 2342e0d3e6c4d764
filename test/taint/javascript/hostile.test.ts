import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { type Laboratory, openLaboratory } from '../analysed.ts';
import { LANGUAGE_PROGRAMS } from './language-programs.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 40);

const SEED = LANGUAGE_PROGRAMS.map(({ lines }) => lines.join('\n')).join('\n');

const ENDINGS = ['js', 'ts', 'tsx'] as const;

describe('hostile programs in JavaScript', () => {
  let laboratory: Laboratory;
  before(async () => {
    laboratory = await openLaboratory();
  });
  after(() => laboratory[Symbol.dispose]());

  const survives = async (text: string, ending: string): Promise<void> => {
    const limits = { stepsPerFile: 20_000, stepsPerFunction: 5_000 };
    const { findings } = await laboratory.analyse({ [`a.${ending}`]: text }, { limits });
    for (const { place } of findings)
      assert.ok(place.span.start >= 0 && place.span.start <= place.span.end && place.span.end <= text.length);
  };

  test('any text is analysed without an exception', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 300 });
    await fc.assert(fc.asyncProperty(text, fc.constantFrom(...ENDINGS), survives), { numRuns: RUNS });
  });

  test('a program with pieces cut out, doubled and replaced is analysed without an exception', async () => {
    const inserted = fc.constantFrom(
      '',
      '(',
      ')',
      '{',
      '}',
      '`',
      '${',
      '=>',
      '...',
      'class ',
      '<a b={',
      '?.',
      '/',
      '@x ',
    );
    const cut = fc.tuple(fc.nat(SEED.length), fc.nat(60), inserted);
    const cuts = fc.array(cut, { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(cuts, fc.constantFrom(...ENDINGS), async (changes, ending) => {
        let text = SEED;
        for (const [at, length, piece] of changes) text = text.slice(0, at) + piece + text.slice(at + length);
        await survives(text, ending);
      }),
      { numRuns: RUNS },
    );
  });

  test('a manifest that is broken, deep or of other types is left out', async () => {
    for (const manifest of [
      '[',
      '['.repeat(100_000),
      '{"name":1}',
      '{"name":"a","exports":{".":{".":{".":{}}}}}',
      'null',
      '',
    ]) {
      const files = { 'package.json': manifest, 'tsconfig.json': manifest, 'a.js': "require('a'); require('a/b');" };
      assert.deepEqual((await laboratory.analyse(files)).findings, []);
    }
  });

  for (const [title, text] of [
    ['brackets', '('.repeat(5_000)],
    ['arrows', 'a => '.repeat(2_000)],
    ['templates', '`${'.repeat(2_000)],
    ['elements', '<a>'.repeat(2_000)],
    ['members', `x${'.a()'.repeat(5_000)}`],
    ['sums', `x = 1${' + a'.repeat(5_000)}`],
    ['functions', 'function f() {'.repeat(1_000)],
    ['classes', 'class A { x = '.repeat(500)],
    ['patterns', `const ${'['.repeat(1_000)}`],
    ['a loop that calls itself', 'const f = (g) => { for (;;) { g(g); f(f); } }; f(f);'],
    ['constructors that call themselves', 'function F() { new F(); this.x = new F(); } new F();'],
    ['listeners that announce', "x.on('a', (y) => x.emit('a', y)); x.emit('a', 1);"],
    [
      'prototypes that are their own',
      'function F() {} F.prototype = F; F.prototype.prototype = new F(); new F().prototype.a.b();',
    ],
  ] as const)
    test(`deep nesting of ${title} ends`, () => survives(text, 'js'));
});
