import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { type Laboratory, openLaboratory } from '../analysed.ts';
import { JAVA_PROGRAMS } from './programs.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 60);

const SEED = JAVA_PROGRAMS.map(({ lines }) => lines.join('\n')).join('\n');

describe('hostile programs in Java', () => {
  let laboratory: Laboratory;
  before(async () => {
    laboratory = await openLaboratory();
  });
  after(() => laboratory[Symbol.dispose]());

  const survives = async (text: string): Promise<void> => {
    const result = await laboratory.analyse(
      { 'A.java': text },
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
      fc.constantFrom('', '(', ')', '->', '\n', 'class A {', 'q', '"', '{', '}', ';', '::', 'switch (q) {', '@A('),
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

  const inside = (body: string) => `class A {\nvoid f(String q) {\n${body}\n}\n}\n`;

  /** Shapes that make a careless engine hang or run out of memory or stack. */
  const SHAPES: readonly (readonly [string, string])[] = [
    [
      'methods that call each other',
      'class A { int a(int v) { return b(v); } int b(int v) { return a(v) + a(v) + b(v); } }',
    ],
    [
      'classes that inherit from each other',
      'class A extends B { void m() { m(); n(); super.m(); } } class B extends A { }',
    ],
    ['a class with itself inside', 'class A { A a = new A(); A() { a.a.a.m(); } void m() { a.m(); new A(); } }'],
    [
      'interfaces that extend each other',
      'interface A extends B { } interface B extends A { } class C { void f(A a) { a.m(); } }',
    ],
    [
      'a hundred overloads',
      `class A { ${Array.from({ length: 100 }, (_, n) => `void f(${Array.from({ length: n % 9 }, (_, p) => `int p${p}`).join(', ')}) { f(1); }`).join(' ')} }`,
    ],
    [
      'a list that holds itself',
      inside('java.util.List x = new java.util.ArrayList(); x.add(x); x.addAll(x); System.out.println(x);'),
    ],
    ['a text that doubles', inside(`String x = "ab";\n${'x = x + x;\n'.repeat(60)}`)],
    ['nested branches', inside(`${'if (q != null) {\n'.repeat(60)}${'}\n'.repeat(60)}`)],
    ['nested lambdas', inside(`Runnable r = ${'() -> { Runnable r = '.repeat(30)}null${'; }'.repeat(30)};`)],
    [
      'names of prototypes',
      inside(
        'var __proto__ = new java.util.HashMap(); __proto__.put("__proto__", q); __proto__.get("constructor").toString();',
      ),
    ],
    ['loops in loops', inside(`${'for (String a : q) {\n'.repeat(30)}${'}\n'.repeat(30)}`)],
    ['a record of itself', 'record A(A a) { A { a.a().a(); } }'],
  ];

  for (const [title, text] of SHAPES) test(title, async () => survives(text));
});
