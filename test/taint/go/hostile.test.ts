import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { type Laboratory, openLaboratory } from '../analysed.ts';
import { GO_PROGRAMS } from './programs.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 60);

const SEED = GO_PROGRAMS.map(({ lines }) => lines.join('\n')).join('\n');

describe('hostile programs in Go', () => {
  let laboratory: Laboratory;
  before(async () => {
    laboratory = await openLaboratory();
  });
  after(() => laboratory[Symbol.dispose]());

  const survives = async (text: string): Promise<void> => {
    const result = await laboratory.analyse(
      { 'go.mod': 'module example.test/a', 'a.go': text },
      { limits: { stepsPerFile: 40_000, stepsPerFunction: 10_000 } },
    );
    for (const { place } of result.findings)
      assert.ok(place.span.start >= 0 && place.span.end <= text.length && place.span.start <= place.span.end);
  };

  test('any text is analysed without an exception', async () => {
    await fc.assert(fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 400 }), survives), { numRuns: RUNS });
  });

  test('a program with pieces cut out, doubled and replaced is analysed without an exception', async () => {
    const cut = fc.tuple(
      fc.nat(SEED.length),
      fc.nat(40),
      fc.constantFrom('', '(', ')', ':=', '\n', 'func ', 'q', '"', '{', '*', 'range ', 'switch ', 'type T struct {'),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(cut, { minLength: 1, maxLength: 6 }), async (cuts) => {
        let text = SEED;
        for (const [at, length, inserted] of cuts) text = text.slice(0, at) + inserted + text.slice(at + length);
        await survives(text);
      }),
      { numRuns: Math.ceil(RUNS / 4) },
    );
  });

  const inside = (body: string) => `package a\nfunc f(q string) {\n${body}\n}\n`;

  /** Shapes that make a careless engine hang or run out of memory or stack. */
  const SHAPES: readonly (readonly [string, string])[] = [
    [
      'functions that call each other',
      'package a\nfunc a(v int) int { return b(v) }\nfunc b(v int) int { return a(v) + a(v) }',
    ],
    [
      'types that embed each other',
      'package a\ntype A struct { B }\ntype B struct { A }\nfunc (a *A) M() { a.B.A.N().M() }',
    ],
    ['a type with itself inside', 'package a\ntype A struct { a *A }\nfunc (a *A) M() { a.a.a.a.M() }'],
    [
      'interfaces that take each other in',
      'package a\ntype A interface { B }\ntype B interface { A }\nfunc f(a A) { a.M() }',
    ],
    ['a list that doubles', inside(`x := []int{1}\n${'x = append(x, x...)\n'.repeat(60)}`)],
    ['a text that doubles', inside(`x := "ab"\n${'x = x + x\n'.repeat(60)}`)],
    ['a list that holds itself', inside('x := []any{}\nx = append(x, x)\nx[0] = x\nprintln(x)')],
    ['nested branches', inside(`${'if q != "" {\n'.repeat(60)}${'}\n'.repeat(60)}`)],
    [
      'names of prototypes',
      inside('__proto__ := map[string]any{"__proto__": 1}\nx := __proto__["constructor"].toString()'),
    ],
    ['loops in loops', inside(`${'for _, a := range q {\n'.repeat(30)}${'}\n'.repeat(30)}`)],
    ['a package that imports itself', 'package a\nimport "example.test/a"\nvar X = a.X\nfunc f() { a.f() }'],
  ];

  for (const [title, text] of SHAPES) test(title, async () => survives(text));
});
