import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Grammars, loadGrammars, lowerGo } from '../../../src/code/index.ts';
import { writeStatements } from '../python/written-form.ts';

/** Statements of a function's body and their common form. */
const FORMS: readonly (readonly [string, string])[] = [
  ['a := 1', 'declare a; a set 1'],
  ['a, b := f()', 'declare a b; [a, b] set f()'],
  ['a, _ := f()', 'declare a; [a, ] set f()'],
  ['_ = f()', 'f()'],
  ['a, b = b, a', '[a, b] set [b, a]'],
  ['a += "x"; a -= 1; a++', 'a add "x"; a other 1; a other 1'],
  ['v, ok := m[k]', 'declare v ok; [v, ok] set [m[k], (in k m)]'],
  ['if allowed[k] { f() }', 'if (in k allowed) {f()} {}'],
  ['if !allowed[k] && x { f() }', 'if (and (! (in k allowed)) x) {f()} {}'],
  ['if v, err := f(); err != nil { return }', '{declare v err; [v, err] set f(); if (!= err null) {return -} {}}'],
  ['if a { b() } else if c { d() } else { e() }', 'if a {b()} {if c {d()} {e()}}'],
  ['for i := 0; i < 3; i++ { f(i) }', '{declare i; i set 0; while (< i 3) {f(i); i other 1}}'],
  ['for x > 1 { f() }', 'while (> x 1) {f()}'],
  ['for k, v := range xs { f(k, v) }', '{declare k v; each v of xs {k set range.key(xs); f(k, v)}}'],
  ['for range xs { f() }', 'each [] of xs {f()}'],
  ['switch x { case 1, 2: f(); default: g() }', 'choose x [1|2]() {f(); break} []() {g(); break}'],
  ['switch x { case 1: fallthrough; case 2: g() }', 'choose x [1]() {} [2]() {g(); break}'],
  ['switch { case a == 1, b: f(); default: g() }', 'choose unknown() []() {if (or (== a 1) b) {f()} {g()}; break}'],
  [
    'switch v := x.(type) { case string: f(v) }',
    '{choose unknown() [unknown()]() {declare v; v set typed; f(v); break}}',
  ],
  [
    'select { case v := <-ch: f(v); case ch <- 1: default: }',
    'choose unknown() [unknown()]() {declare v; v set unknown(ch); f(v); break} [unknown()]() {ch.push(1); break} []() {break}',
  ],
  ['defer f(a)', 'f(a)'],
  ['go func() { f() }()', 'arrow def -() {f()}()'],
  ['panic(a)', 'throw a'],
  ['return a, nil', 'return [a, null]'],
  ['f(xs...)', 'f(*xs)'],
  ['x := &Store{db: d}', 'declare x; x set Store(db=d)'],
  ['x := []string{"a", "b"}', 'declare x; x set ["a", "b"]'],
  ['x := []T{{A: 1}, {A: 2}}', 'declare x; x set [T(A=1), T(A=2)]'],
  ['x := map[string]int{"a": 1}', 'declare x; x set {"a": 1}'],
  ['x := gin.H{"a": q}', 'declare x; x set {"a": q}'],
  ['x := make(map[string]int)', 'declare x; x set {}'],
  ['x := []byte(s)', 'declare x; x set string(s)'],
  ['x := s[1:n]', 'declare x; x set s[1:n]'],
  ['x := `a\\n` + "b\\n"', 'declare x; x set (+ "a\\\\n" "b\\n")'],
  ['x := *p', 'declare x; x set p'],
  ['f(&x)', 'f((& x))'],
  ['outer: for { break outer }', 'outer: while  {break outer}'],
];

describe('Go in the common form', () => {
  let grammars: Grammars;
  before(async () => {
    grammars = await loadGrammars(['go']);
  });
  after(() => grammars[Symbol.dispose]());

  const lower = (text: string) => lowerGo({ path: 'a.go', text }, grammars);
  const bodyOf = (statements: string) => {
    const { body } = lower(`package a\n\nfunc f() {\n${statements}\n}\n`);
    const made = body.find((statement) => statement.kind === 'function');
    return made?.kind === 'function' ? writeStatements(made.function.body) : '';
  };

  for (const [source, form] of FORMS) test(source, () => assert.equal(bodyOf(source), form));

  test('a package has the name of its path, also where it is renamed, until a variable hides it', () => {
    const { body, package: name } = lower(
      'package web\n\nimport (\n\th "net/http"\n\t"example.test/echo/v4"\n\t"path"\n)\n\nfunc f(r *h.Request, path string) {\n\techo.New(path)\n\t{\n\t\th := 1\n\t\tg(h)\n\t}\n\th.Get()\n}\n',
    );
    assert.equal(name, 'web');
    assert.match(writeStatements(body), /def f\(r: net\/http\.Request, path\) \{example\.test\/echo\/v4\.New\(path\)/);
    assert.match(writeStatements(body), /g\(h\)\}; net\/http\.Get\(\)\}/);
  });

  test('`x := f(x)` in a block inside reads the variable outside', () => {
    const form = bodyOf('x := g()\nif y {\n\tx := clean(x)\n\tuse(x)\n}');
    assert.equal(form, 'declare x; x set g(); if y {x set clean(x); use(x)} {}');
  });

  test('methods belong to their type, those of a type elsewhere too, and the receiver is `self`', () => {
    const { body } = lower(
      'package a\n\ntype S struct {\n\t*Base\n\tdb, other *sql.DB\n}\n\nfunc (s *S) Find(q string) error { return s.db.Ping(q) }\n\nfunc (t Other) Go() { t.x() }\n\ntype I interface {\n\tFind(q string) error\n}\n',
    );
    const classes = body.flatMap((statement) => (statement.kind === 'class' ? statement.class : []));
    assert.deepEqual(
      classes.map(({ name, interface: only, extends: more, members }) => [
        name,
        only,
        more,
        members.map((m) => m.name),
      ]),
      [
        ['S', undefined, undefined, ['Base', 'db', 'other', 'Find']],
        ['I', true, undefined, ['Find']],
        ['Other', undefined, true, ['Go']],
      ],
    );
    assert.match(writeStatements(body), /method Find def Find\(q\) \{return SELF\.db\.Ping\(q\)\}/);
  });

  test('a bare `return` gives the named results', () => {
    const { body } = lower('package a\n\nfunc f() (n int, err error) {\n\tn = 1\n\treturn\n}\n');
    assert.match(writeStatements(body), /declare n err; n set 1; return \[n, err\]/);
  });

  test('what cannot be read is a gap and the rest is lowered', () => {
    const { body, gaps } = lower('package a\n\nfunc f() { x := := 1 }\n\nfunc g() { h() }\n');
    assert.ok(gaps.length > 0);
    assert.match(writeStatements(body), /def g\(\) \{h\(\)\}/);
  });
});
