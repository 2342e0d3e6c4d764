import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Grammars, loadGrammars, lowerJavaScript } from '../../../src/code/index.ts';
import { writeStatements } from '../python/written-form.ts';

/** Source and its common form, without the declarations at the head of a file. `N` stands for a made-up name. */
const SCRIPTS: readonly (readonly [string, string])[] = [
  ["const a = 1, b = 'x\\n\\x41\\u{42}';", 'a set 1; b set "x\\nAB"'],
  ['let x;', ''],
  ['const { a, b: c = 1, ...r } = o;', '{a>a b>c} set o'],
  ['const [a, , b = 2, ...r] = xs;', '[a, , b=2 *r] set xs'],
  ['[a, b] = [b, a];', '[a, b] set [b, a]'],
  ['({ a: x.y, b } = o);', '({a>x.y b>b} := o)'],
  ['x = y = 1;', 'x set (y := 1)'],
  ['x += 1; x -= 2; x ??= 3; x ||= 4;', 'x add 1; x other 2; x set (coalesce x 3); x set (or x 4)'],
  ['x = y ??= 1;', 'x set (y := (coalesce y 1))'],
  ['x++;', '(x := (- x -1))'],
  ['x = `a${b}c`;', 'x set text("a" b "c")'],
  ['x = `abc`;', 'x set "abc"'],
  ['x = sql`a ${b}`;', 'x set text("a " b)'],
  ['x = a?.b?.[c]?.(d);', 'x set a.b[c](d)'],
  ["x = a['b'] + a[b];", 'x set (+ a.b a[b])'],
  ['x = a && b || c ?? d;', 'x set (coalesce (or (and a b) c) d)'],
  ['x = a ? b : c;', 'x set (a ? b : c)'],
  ['x = (a, b);', 'x set [a, b][1]'],
  ['x = void 0; x = undefined;', 'x set [0, null][1]; x set null'],
  [
    "x = typeof a === 'string' && !(b in c) && d instanceof E;",
    'x set (and (and (=== (typeof a) "string") (! (in b c))) (instanceof d E))',
  ],
  ['x = /a+b/gi;', 'x set regex'],
  ['x = 0xff + 1_000 + 10n;', 'x set (+ (+ 255 1000) 10)'],
  ['delete a.b; delete a[c];', 'delete a.b; delete a[c]'],
  ['f(a, ...b);', 'f(a, *b)'],
  ['new Foo; new Foo(1);', 'Foo(); Foo(1)'],
  [
    "x = [1, ...a]; x = { a, 'b': 1, [c]: 2, 3: 4, ...d, m() {}, get g() { return 1 }, set s(v) {}, async *n() {} };",
    'x set [1, spread a]; x set {"a": a, "b": 1, c: 2, "3": 4, ...d, "m": def m() {}, "g": def g() {return 1}(), "set s": def s(v) {}, "n": async generator def n() {}}',
  ],
  ['x = async (a, { b }, [c] = [], ...d) => { await a };', 'x set async arrow def x(a, {b>b}, [c] = [], *d) {await a}'],
  ['x = a => a + 1;', 'x set arrow def x(a) {return (+ a 1)}'],
  ['x = function f(a = 1) { return this.b };', 'x set def f(a = 1) {return SELF.b}'],
  ['function* g() { yield 1; const a = yield* b; }', 'generator def g() {declare a; yield 1; a set await b}'],
  ['if (a) b(); else if (c) { d() } else e();', 'if a {b()} {if c {{d()}} {e()}}'],
  ['for (let i = 0; i < 3; i++) f(i);', '{declare i; i set 0; while (< i 3) {f(i); (i := (- i -1))}}'],
  ['for (;;) break;', '{while  {break}}'],
  ['for (const [k, v] of m) f(k);', '{declare k v; each [k, v] of m {f(k)}}'],
  ['for (k in o) f(k);', 'each k of o {f(k)}'],
  ['while (a) b();', 'while a {b()}'],
  ['do b(); while (a);', 'while true {b(); if a {} {break}}'],
  ['outer: for (const a of b) { continue outer; }', '{declare a; outer: each a of b {{continue outer}}}'],
  ['out: { if (a) break out; b(); }', 'out: {{if a {break out} {}; b()}}'],
  ['switch (a) { case 1: case 2: b(); break; default: c() }', 'choose a [1]() {} [2]() {b(); break} []() {c()}'],
  ['try { a() } catch { b() } finally { c() }', 'try {{a()}} except  as - {{b()}} else {} finally {{c()}}'],
  [
    'try { a() } catch ({ message }) { b(message) }',
    'try {{a()}} except  as catch N {{declare message; {message>message} set catch N; {b(message)}}} else {} finally {}',
  ],
  ["throw new Error('x');", 'throw Error("x")'],
  ['{ let a = 1; }', '{declare a; a set 1}'],
  [
    'class A extends B { #p = 1; static s = 2; constructor(x) { super(x); this.y = x; } get g() { return this.#p; } static m() { super.m(); } static { go(); } }',
    'class A(B) {field #p; static field s = 2; getter g def g() {return SELF.#p}; static method m def m() {super().m()}; static field static N = def -() {go()}.call(A); constructor constructor def constructor(x) {super().constructor(x); SELF.#p set 1; SELF.y set x}}',
  ],
  [
    'class C extends D { f = 1; }',
    'class C(D) {field f; constructor constructor def constructor(*given) {super().constructor(*given); SELF.f set 1}}',
  ],
  ['x = class { m() {} };', 'x set class'],
  ["import a, { b as c } from 'm';", 'import m default>a b>c'],
  ["import * as n from './n.js';", 'import ./n.js *>n'],
  ["import './side';", 'import ./side '],
  ['export const a = 1;', 'a set 1; export a a'],
  ['export function f() {} export class G {}', 'def f() {}; class G() {}; export f f; export G G'],
  ['export { a as b, c }; export default 1;', 'export N set 1; export b a; export c c; export default export N'],
  [
    "export { d as e } from './x'; export * from './y'; export * as z from './z';",
    'import ./x d>export N; import ./y *>export N; import ./z *>export N; export e export N; export * export N; export z export N',
  ],
  ['export default function () {}', 'export N set def default() {}; export default export N'],
  ["module.exports = { f: require('./f') };", 'module.exports set {"f": require("./f")}'],
  ['exports.handler = async (event) => {};', 'exports.handler set async arrow def handler(event) {}'],
  ["const m = await import('./m');", 'm set await import("./m")'],
  ['x = <A b={c} d="e" {...f} g>t {h}<B/></A>; y = <>{i}</>;', 'x set element; y set element'],
  ['debugger; ;', ''],
  ['h(); function h() {}', 'def h() {}; h()'],
  ['var v = 1; { var w = 2; }', 'v set 1; {w set 2}'],
  ['with (o) f();', 'f()'],
  ['x = new.target; y = import.meta.url;', 'x set new.target; y set import.meta.url'],
];

const TYPED: readonly (readonly [string, string])[] = [
  [
    'const a = b as string; const c = d!; const e = <any>f; const g = h satisfies I;',
    'a set b; c set d; e set f; g set h',
  ],
  [
    'function f(req: Request<P>, res?: Response | undefined, ...rest: string[]): void {}',
    'def f(req: Request, res: Response, *rest: string[]) {}',
  ],
  ['function over(a: string): void; function over(a: any) {}', 'def over(a: any) {}'],
  ["enum E { A, B = 5, C, D = 'x' }", 'E set {"A": 0, "B": 5, "C": 6, "D": "x"}'],
  ['namespace N { export const t = 1; const u = 2; }', '{declare t u; t set 1; u set 2; N set {"t": t}}'],
  [
    "import type { T } from './t'; import type { Request } from 'express'; import { type U, V } from './u';",
    'import express Request>Request; import ./u V>V',
  ],
  ["import fs = require('fs'); export = fs;", 'import fs *>fs; module.exports set fs'],
  ['import A = N.B;', 'A set N.B'],
  ["interface I { a: string } type T = string; declare const x: number; declare module 'm' {}", ''],
  [
    'abstract class A<T> extends B<T> implements I { constructor(private db: Db, readonly n = 1, other: X) { super(); } abstract m(): void; declare y: string; z?: Svc; }',
    'class A(B) {constructor constructor def constructor(db: Db, n = 1, other: X) {super().constructor(); SELF.db set db; SELF.n set n}; field y: string; field z: Svc}',
  ],
  [
    "@Controller('x') export class C { @Get(':id') @Use(a) m(@Param('id') id: string, @Body() b) {} @Input() n: string; }",
    'class C() {method m @Get(":id") @Use(a) def m(id: string, b) {}; field n: string}; export C C',
  ],
  ['const f = <T,>(a: T): T => a;', 'f set arrow def f(a: T) {return a}'],
  ['function g(this: Window, a: number) {}', 'def g(a: number) {}'],
  ['export abstract class K {}', 'class K() {}; export K K'],
  ['let x: A.B.C = y; function h(a: A.B) {}', 'def h(a: A.B) {}; x set y'],
  ["export type { T } from './t'; export { type U } from './u';", 'import ./u '],
];

describe('lowering of JavaScript and TypeScript', () => {
  let grammars: Grammars;
  before(async () => {
    grammars = await loadGrammars(['javascript', 'typescript', 'tsx']);
  });
  after(() => grammars[Symbol.dispose]());

  const written = (path: string, text: string): string => {
    const { body } = lowerJavaScript({ path, text }, grammars);
    const [first, ...rest] = body;
    return writeStatements(first?.kind === 'declare' ? rest : body).replaceAll(/(export|catch|static) \d+/g, '$1 N');
  };

  for (const [source, form] of SCRIPTS) test(`lowers ${source}`, () => assert.equal(written('a.js', source), form));
  for (const [source, form] of TYPED) test(`lowers ${source}`, () => assert.equal(written('a.ts', source), form));

  test('a script with types is read by the grammar that knows types', () => {
    const module = lowerJavaScript({ path: 'a.js', text: 'const a: string = b;' }, grammars);
    assert.deepEqual(module.gaps, []);
    assert.equal(module.body.length, 2);
  });

  test('a broken region is a gap at its place and the rest is lowered', () => {
    const module = lowerJavaScript({ path: 'a.js', text: 'a();\nlet = = ;\nb();' }, grammars);
    assert.ok(module.gaps.length > 0);
    assert.ok(module.gaps.every(({ kind, place }) => kind === 'syntax' && place.span.start >= 4));
    const form = writeStatements(module.body);
    assert.ok(form.startsWith('a()') && form.endsWith('b()'), form);
  });

  test('an element keeps its tag, attributes and children', () => {
    const text = 'x = <A.B b={c} d="e&amp;" {...f} g>t {h}<B/></A.B>;';
    const { body } = lowerJavaScript({ path: 'a.jsx', text }, grammars);
    const assigned = body.find((statement) => statement.kind === 'assign');
    const element = assigned?.kind === 'assign' ? assigned.value : undefined;
    assert.ok(element?.kind === 'element');
    assert.equal(element.tag, 'A.B');
    assert.deepEqual(
      element.attributes.map(({ name, value }) => [name, value.kind === 'literal' ? value.value : value.kind]),
      [
        ['b', 'name'],
        ['d', 'e&'],
        ['...', 'name'],
        ['g', true],
      ],
    );
    assert.deepEqual(
      element.children.map(({ kind }) => kind),
      ['literal', 'name', 'element'],
    );
  });

  test('places are offsets into the file', () => {
    const text = '/* é */ f(a);';
    const { body } = lowerJavaScript({ path: 'a.js', text }, grammars);
    const [statement] = body;
    assert.equal(text.slice(statement?.place.span.start, statement?.place.span.end), 'f(a)');
  });
});
