import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Grammars, loadGrammars, lowerPython } from '../../../src/code/index.ts';
import { writeStatements } from './written-form.ts';

/** Source and its common form, without the declarations at the head of a file. */
const FORMS: readonly (readonly [string, string])[] = [
  ['x = 1', 'x set 1'],
  ['x: int = 1', 'x set 1'],
  ['x: int', ''],
  ['x = y = f()', 'y set f(); x set y'],
  ['a, (b, *c) = d', '[a, [b *c]] set d'],
  ['a.b[0] = 1', 'a.b[0] set 1'],
  ['x += 1', 'x add 1'],
  ['x -= 1', 'x set (- x 1)'],
  ['x = \'a\' "b"', 'x set "ab"'],
  ["x = f'{a!r:>{w}} {{b}} {c}'", 'x set text(a w " {b} " c)'],
  ["x = r'\\n' + '\\n\\x41\\u00e9'", 'x set (+ "\\\\n" "\\nAé")'],
  ["x = b'a'", 'x set "a"'],
  ["x = '\\x-1 \\u-111'", 'x set "\\\\x-1 \\\\u-111"'],
  ['x = 0x1F + 1_000 + 1.5e3 + 2j', 'x set (+ (+ (+ 31 1000) 1500) unknown())'],
  ['x = True, None', 'x set [true, null]'],
  ['x = -a ** b // c', 'x set (// (- (** a b)) c)'],
  ['x = not a and b or c', 'x set (or (and (not a) b) c)'],
  ['x = a < b <= c', 'x set (and (< a b) (<= b c))'],
  ['x = a not in b', 'x set (not in a b)'],
  ['x = a is not b', 'x set (is not a b)'],
  ['x = a if b else c', 'x set (b ? a : c)'],
  ['x = [1, *a]', 'x set [1, spread a]'],
  ['x = {1, 2}', 'x set [1, 2]'],
  ["x = {'a': 1, **b}", 'x set {"a": 1, ...b}'],
  ['x = [y for y in z if y for q in y]', 'x set <y each y of z if y each q of y>'],
  ['x = {k: v for k, v in z}', 'x set <k: v each [k, v] of z>'],
  ['f(a for a in b)', 'f(<a each a of b>)'],
  ['x = lambda a, b=1, *c, **d: a', 'x set arrow def -(a, b = 1, *c, **d) {return a}'],
  ['x = await f()', 'x set await f()'],
  ['print(n := 3)', 'print((n := 3))'],
  ['x = a[1]', 'x set a[1]'],
  ['x = a[1:2]', 'x set a[1:2]'],
  ['x = a[:-1]', 'x set a[null:(- 1)]'],
  ['x = a[1:]', 'x set a[1:null]'],
  ['x = a[::2]', 'x set a[null:null:2]'],
  ['x = a[1, 2:3]', 'x set a[1:unknown(2 3)]'],
  ['f(1, *a, k=2, **b)', 'f(1, *a, k=2, ***=b)'],
  ['x = ...', 'x set unknown()'],
  ['if a:\n  b\nelif c:\n  d\nelse:\n  e', 'if a {b} {if c {d} {e}}'],
  ['for a, b in c:\n  d\nelse:\n  e', 'each [a, b] of c {d} else {e}'],
  ['while a:\n  break\nelse:\n  b', 'while a {break} else {b}'],
  [
    'try:\n  a\nexcept (B, C.d) as e:\n  f\nexcept G:\n  raise\nelse:\n  h\nfinally:\n  i',
    'try {a} except B|C.d as e {f} except G as - {throw -} else {h} finally {i}',
  ],
  ['try:\n  a\nexcept* E as g:\n  b', 'try {a} except E as g {b} else {} finally {}'],
  ['with a as b, c:\n  d', 'with a as b {with c as - {d}}'],
  ['with (a as b, c() as d.e):\n  f', 'with a as b {with c() as d.e {f}}'],
  ['async with a as b:\n  c', 'with a as b {c}'],
  [
    "match a:\n  case 1 | 'b':\n    c\n  case {'k': v, **r} if v > 1:\n    d\n  case Point(x=0, y=z):\n    e\n  case [1, *rest]:\n    f\n  case A.B:\n    g\n  case None as n:\n    h\n  case other:\n    i",
    'choose a [1|"b"]() {c} [unknown()](r v) if (> v 1) {d} [unknown()](z) {e} [unknown()](rest) {f} [unknown()]() {g} [null](n) {h} [](other) {i}',
  ],
  ['match a, b:\n  case 1, 2:\n    c', 'choose [a, b] [unknown()]() {c}'],
  [
    "def f(a, b: int = 1, /, *c, d, e='x', **g) -> str:\n  return a",
    'def f(a, b: int = 1, *c, d, e = "x", **g) {return a}',
  ],
  ['def f():\n  x = yield 1\n  yield from g()', 'generator def f() {declare x; yield 1; x set unknown(); yield g()}'],
  ['async def f():\n  return await g()', 'async def f() {return await g()}'],
  ['@d\n@e.f(1)\ndef g():\n  pass', '@d @e.f(1) def g() {}'],
  [
    "class A(B, metaclass=M):\n  x: int\n  y: str = 'a'\n  z = 1\n  def __init__(self, a):\n    self.a = a\n  @property\n  def p(self):\n    return self.a\n  @p.setter\n  def p(self, v):\n    pass\n  @staticmethod\n  def s(self):\n    return self\n  @classmethod\n  def c(cls):\n    return cls\n  def m(me):\n    def inner(x):\n      return me\n    return lambda me: me",
    'class A(B) {field x: int; static field y: str = "a"; static field z = 1; constructor __init__ def __init__(a) {SELF.a set a}; getter p @property def p() {return SELF.a}; setter p @p.setter def p(v) {}; static method s @staticmethod def s(self) {return self}; static method c @classmethod def c() {return SELF}; method m def m() {declare inner; arrow def inner(x) {return SELF}; return arrow def -(me) {return me}}}',
  ],
  ['class A:\n  class B:\n    pass', 'class A() {static field B = class}'],
  ['import a.b, c as d', 'import a.b *>a.b; import c *>d'],
  ['import a.b as c', 'import a.b *>c'],
  ['from . import a', 'import . a>a'],
  ['from ..x.y import a as b, c', 'import ..x.y a>b c>c'],
  ['from a import *', 'import a *>*'],
  ['from a import (b, c)', 'import a b>b c>c'],
  ['del a, b[1], c.d', 'delete a; delete b[1]; delete c.d'],
  ["assert a, 'b'", 'assert a'],
  ['raise A(b) from c', 'throw A(b)'],
  ['return', 'return -'],
  ['global a\na = 1', 'a set 1'],
  ['x = a.b.c(d)(e)', 'x set a.b.c(d)(e)'],
  ['type X = int', 'unknown(unknown(X) unknown(int))'],
  ['print >>f, x', 'unknown(unknown(f) x)'],
  ["exec 'code'", 'unknown("code")'],
  ["x = '%s' % a", 'x set (% "%s" a)'],
  ['x = a @ b', 'x set (@ a b)'],
  ['if a: b; c', 'if a {b; c} {}'],
  ['x = (yield)', 'x set unknown()'],
  ['a = b if c else d if e else f', 'a set (c ? b : (e ? d : f))'],
  ['x = not a == b', 'x set (not (== a b))'],
];

describe('Python in the common form', () => {
  let grammars: Grammars;
  before(async () => {
    grammars = await loadGrammars(['python']);
  });
  after(() => grammars[Symbol.dispose]());

  const lower = (text: string) => lowerPython({ path: 'a.py', text }, grammars);

  for (const [source, form] of FORMS)
    test(source.split('\n').join(' ⏎ '), () => {
      const { body } = lower(source);
      assert.equal(writeStatements(body.filter((statement) => statement.kind !== 'declare')), form);
    });

  test('a function declares what it assigns, imports and catches, but not what is `global`', () => {
    const { body } = lower(
      'def f(p):\n  global g\n  g = a = 1\n  import m.n\n  for b in c: pass\n  with d as e: pass\n  if (h := 1): pass\n  def i(): j = 1\n  [k for k in l]\n  p.q = r[0] = 1\n',
    );
    assert.match(writeStatements(body), /declare a b e h i m;/);
  });

  test('places are offsets of the source, also behind characters of two code units', () => {
    const text = "x = '😀'\nf(x)\n";
    const { body } = lower(text);
    const call = body.at(-1);
    assert.deepEqual(call?.place, { file: 'a.py', span: { start: 9, end: 13 } });
    assert.equal(text.slice(9, 13), 'f(x)');
  });
});
