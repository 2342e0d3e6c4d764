import { flaskProgram } from '../engine/handler.ts';
import { describeHostilePrograms } from '../hostile-programs.ts';

const SHAPES: readonly (readonly [string, string])[] = [
  ['a chain of a thousand additions', `x = ${Array.from({ length: 150 }, () => 'q').join(' + ')}`],
  ['functions that call each other', 'def a(v): return b(v)\ndef b(v): return a(v) + a(v) + b(v)\na(1)'],
  [
    'a hundred nested branches',
    `${Array.from({ length: 40 }, (_, n) => `${' '.repeat(n)}if q${n}:`).join('\n')}\n${' '.repeat(40)}pass`,
  ],
  ['two hundred branches in a row', Array.from({ length: 200 }, (_, n) => `if q${n}: x = [x, ${n}]`).join('\n')],
  ['a list that doubles', `x = [1]\n${'x = x + x\n'.repeat(60)}`],
  ['a text that doubles', `x = "ab"\n${'x = x + x\n'.repeat(60)}`],
  ['a list that holds itself', 'x = []\nx.append(x)\nx.append(x)\nprint(x)\nos.system(x)'],
  ['a map that holds itself', 'x = {}\nx["a"] = x\nx["b"] = x\nprint(f"{x}")'],
  [
    'classes that inherit from each other',
    'class A(B): pass\nclass B(A):\n    def m(self): return self.m().m()\nA().m().m()\nB().n',
  ],
  ['powers of large numbers', 'x = 10 ** 10 ** 10 << 10 ** 9\ny = "a" * 10 ** 12'],
  [
    'names of prototypes',
    '__proto__ = {"__proto__": 1, "constructor": 2}\nx = __proto__["constructor"].toString.hasOwnProperty()',
  ],
  [
    'loops in loops',
    `${Array.from({ length: 30 }, (_, n) => `${' '.repeat(n)}for a${n} in q:`).join('\n')}\n${' '.repeat(30)}x = a1`,
  ],
  ['a function made in a loop that calls itself', 'def f(n):\n    def g(m): return f(g(m))\n    return g(n)\nf(1)'],
];

describeHostilePrograms({
  language: 'Python',
  paths: ['a.py'],
  seed: flaskProgram(
    [
      'class A(dict):',
      '    x: int = 1',
      '    def m(self, *a, **k): return [y for y in a if y]',
      'async def g():',
      '    async with wrap(q) as w, open(q) as f: yield (await w)',
      'try: x = {**{}, "a": q}["a"]',
      'except (A, B) as e: raise X from e',
      'else: del x',
      'finally: assert q, "no"',
      'match q:',
      '    case {"a": [1, *r]} if r: pass',
      '    case A(x=1) | None as z: pass',
      'for i, (j, *l) in enumerate(q): os.system(f"{i!r:>{j}} {q}")',
      'while (n := len(q)) > 3 and not q[1:n:2]: n -= 1; continue',
      'print(lambda a, b=1, *c: (a or b) if c else q, end="%s" % q)',
    ].join('\n'),
  ),
  pieces: ['', '(', ')', ':', '\n', '    ', 'def ', 'q', '"', '{', '*'],
  shapes: SHAPES.map(([title, text]) => [title, `import os\n${text}\n`]),
});
