import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Expression, type Grammars, loadGrammars, lowerJava } from '../../../src/code/index.ts';
import { writeStatements } from '../python/written-form.ts';

/** Statements of a method's body and their common form. */
const FORMS: readonly (readonly [string, string])[] = [
  ['int a = 1;', 'declare a; a set typed'],
  ['var a = "x" + q;', 'declare a; a set (+ "x" q)'],
  ['q = "a"; q += "b";', 'q set "a"; q add "b"'],
  ['this.name = q;', 'SELF.name set q'],
  ['name = q;', 'SELF.name set q'],
  ['COUNT = q;', 'Shop.COUNT set q'],
  ['find(q);', 'SELF.find(q)'],
  ['make(q);', 'Shop.make(q)'],
  ['inherited(q);', 'SELF.inherited(q)'],
  ['new File(q).exists();', 'java.io.File(q).exists()'],
  ['java.nio.file.Files.delete(q);', 'java.nio.file.Files.delete(q)'],
  ['java.lang.Runtime.getRuntime();', 'Runtime.getRuntime()'],
  ['if (a) b(); else { c(); }', 'if SELF.a {SELF.b()} {SELF.c()}'],
  ['if (o instanceof String s) find(s);', 'if (instanceof (s := typed) String) {SELF.find(s)} {}'],
  ['for (int i = 0; i < 3; i++) find(i);', '{declare i; i set typed; while (< i 3) {SELF.find(i); (i := unknown())}}'],
  ['for (String s : xs) find(s);', '{declare s; each s of SELF.xs {SELF.find(s)}}'],
  ['while (q != null) q = next(q);', 'while (!= q null) {q set SELF.next(q)}'],
  [
    'switch (q) { case "a": case "b": find(q); break; default: make(q); }',
    'choose q ["a"]() {} ["b"]() {SELF.find(q); break} []() {Shop.make(q)}',
  ],
  [
    'switch (q) { case "a", "b" -> find(q); default -> make(q); }',
    'choose q ["a"|"b"]() {SELF.find(q); break} []() {Shop.make(q); break}',
  ],
  [
    'var v = switch (q) { case "a" -> 1; default -> { yield 2; } };',
    'declare v; v set arrow def -() {choose q ["a"]() {return 1; break} []() {{return 2}; break}}()',
  ],
  [
    'try (var in = open(q)) { find(in); } catch (A | B e) { throw e; } finally { close(); }',
    'try {in set SELF.open(q); SELF.find(in)} except A|B as e {throw e} else {} finally {SELF.close()}',
  ],
  ['Runnable r = () -> find(q);', 'declare r; r set typed'],
  ['xs.forEach(x -> find(x));', 'SELF.xs.forEach(arrow def -(x) {return SELF.find(x)})'],
  ['xs.forEach(this::find);', 'SELF.xs.forEach(SELF.find)'],
  ['String[] a = {"x", q}; a[0] = q;', 'declare a; a set ["x", q]; a[0] set q'],
  ['return q == null ? "" : q;', 'return ((== q null) ? "" : q)'],
  ['throw new RuntimeException(q);', 'throw RuntimeException(q)'],
  ['synchronized (this) { find(q); }', 'SELF.find(q)'],
  ['find(/* a */ q); // b', 'SELF.find(q)'],
];

describe('Java in the common form', () => {
  let grammars: Grammars;
  before(async () => {
    grammars = await loadGrammars(['java']);
  });
  after(() => grammars[Symbol.dispose]());

  const lower = (text: string) => lowerJava({ path: 'Shop.java', text }, grammars);
  const bodyOf = (statements: string) => {
    const { body } = lower(
      `package com.acme;\nimport java.io.*;\nclass Shop extends Base {\n  static int COUNT; String name;\n  void find(String a) {}\n  static void make(String a) {}\n  void run(String q) {\n${statements}\n  }\n}\n`,
    );
    const [made] = body;
    const members = made?.kind === 'class' ? made.class.members : [];
    const method = members.find(({ name }) => name === 'run')?.function;
    return method ? writeStatements(method.body) : '';
  };

  for (const [source, form] of FORMS) test(source, () => assert.equal(bodyOf(source), form));

  test('a class has its package, its imports by dotted name and its annotations as calls', () => {
    const { body, package: name } = lower(
      'package com.acme.web;\nimport jakarta.servlet.http.*;\nimport com.acme.Store;\n@Path("/x")\nclass Shop implements Finder<String> {\n  @Inject Store store;\n  @Get(path = "/y")\n  void find(@Named("n") String n, HttpServletRequest r, int... more) {}\n}\n',
    );
    assert.equal(name, 'com.acme.web');
    assert.equal(
      writeStatements(body),
      'class Shop(Finder) {field store: com.acme.Store; method find def find(n, r: javax.servlet.http.HttpServletRequest, *more) {}}',
    );
    const [shop] = body;
    const members = shop?.kind === 'class' ? shop.class.members : [];
    const written = (found: readonly Expression[] | undefined) =>
      writeStatements((found ?? []).map((value) => ({ kind: 'expression', value, place: value.place })));
    assert.equal(written(shop?.kind === 'class' ? shop.class.decorators : []), 'Path("/x")');
    assert.deepEqual(
      members.map(({ decorators }) => written(decorators)),
      ['Inject', 'Get("/y")'],
    );
  });

  test('a class inside is a fixed field, one without a name is made where it stands', () => {
    const { body } = lower(
      'class A {\n  static class B { void m() { n(); } }\n  void n() { new B() { void m() {} }; new A.B(); }\n  enum E { X }\n  record R(String a) {}\n}\n',
    );
    assert.match(writeStatements(body), /static field B = class/);
    assert.match(writeStatements(body), /method n def n\(\) \{class\(\); A\.B\(\)\}/);
    const [outer] = body;
    const members = outer?.kind === 'class' ? outer.class.members : [];
    const record = members.find(({ name }) => name === 'R')?.value;
    assert.deepEqual(record?.kind === 'class' && record.class.members.map(({ name, kind }) => `${kind} ${name}`), [
      'constructor <init>',
      'field a',
      'method a',
    ]);
  });

  test('what cannot be read is a gap and the rest is lowered', () => {
    const { body, gaps } = lower('class A {\n  void f() { int = ; }\n  void g() { h(); }\n}\n');
    assert.ok(gaps.length > 0);
    assert.match(writeStatements(body), /def g\(\) \{SELF\.h\(\)\}/);
  });
});
