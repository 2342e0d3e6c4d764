import { describeHostilePrograms } from '../hostile-programs.ts';
import { JAVA_PROGRAMS } from './programs.ts';

const inside = (body: string) => `class A {\nvoid f(String q) {\n${body}\n}\n}\n`;

describeHostilePrograms({
  language: 'Java',
  paths: ['A.java'],
  seed: JAVA_PROGRAMS.map(({ lines }) => lines.join('\n')).join('\n'),
  pieces: ['', '(', ')', '->', '\n', 'class A {', 'q', '"', '{', '}', ';', '::', 'switch (q) {', '@A('],
  shapes: [
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
  ],
});
