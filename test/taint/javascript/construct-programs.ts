import type { MarkedProgram } from '../marked-program.ts';

/** A handler with these lines; `q` holds what the visitor sent. */
function program(title: string, lines: readonly string[], above: readonly string[] = []): MarkedProgram {
  const head = [
    "import express from 'express';",
    "import { exec } from 'child_process';",
    'const app = express();',
    ...above,
    "app.get('/', async (req, res) => {",
    'const q = req.query.q;',
  ];
  return { title, path: 'src/app.ts', library: false, lines: [...head, ...lines, '});'] };
}

/** Constructs that few programs have, in each of which something could be hidden. */
export const CONSTRUCT_PROGRAMS: readonly MarkedProgram[] = [
  program('what is left by a label keeps what it had there', [
    "let a = 'x';",
    "outer: for (const b of list) { for (const c of b) { if (c) { a = q; continue outer; } a = 'x'; } a = 'y'; }",
    'exec(a); // BAD',
    'let d = q;',
    "block: { if (list) break block; d = 'x'; }",
    'exec(d); // BAD',
    'let e = q;',
    "all: { e = 'x'; if (list) break all; }",
    'exec(e); // GOOD',
    "let f = 'x';",
    "for (const b of list) { switch (b) { case 1: f = q; continue; } f = 'x'; }",
    'exec(f); // BAD',
    "let g = 'x';",
    "for (const b of list) { inner: { if (b) { g = q; break; } break inner; } g = 'x'; }",
    'exec(g); // BAD',
  ]),
  program(
    'setters are called',
    [
      'const c = new C();',
      'c.v = q;',
      'c.w = q;',
      'const o = { set v(x) {',
      'exec(x); // BAD',
      '}, set w(x) {',
      'exec(x); // GOOD',
      '} };',
      'o.v = q;',
      "o.w = 'x';",
    ],
    [
      'class B { set v(x) {',
      'exec(x); // BAD',
      '} }',
      'class C extends B { set w(x) {',
      'this.kept = String(x);',
      'exec(this.kept); // BAD',
      '} }',
    ],
  ),
  program(
    'a static block has the class as `this`',
    ['C.go(q);', "C.other('x');"],
    [
      'class C { static f; static { this.f = (x) => {',
      'exec(x); // BAD',
      '}; this.g = (x) => {',
      'exec(x); // GOOD',
      '}; } static go(x) { this.f(x); } static other(x) { this.g(x); } }',
    ],
  ),
  program('modules that are imported where they are used', [
    "const { exec: run } = await import('child_process');",
    'run(q); // BAD',
    "run('ls'); // GOOD",
    "(await import('node:child_process')).exec(q); // BAD",
    "(await import('child_process')).default.exec(q); // BAD",
    "import('child_process').then(({ exec: later }) => later(q)); // BAD",
  ]),
  program('patterns with computed keys, and with defaults that are patterns', [
    "const k = 'a';",
    "const { [k]: a, b } = { a: q, b: 'x' };",
    'exec(a); // BAD',
    'exec(b); // GOOD',
    "const { c: { d: [, e = 'z'] = [] } = {} } = q;",
    'exec(e); // BAD',
  ]),
  program('names with escapes are the names that they spell', [
    'const \\u0061b = q;',
    'exec(ab); // BAD',
    '\\u0065x\\u{65}c(q); // BAD',
    "\\u0065xec('x'); // GOOD",
  ]),
  program(
    'a `yield` in the middle of an expression',
    ['for (const v of give(q)) {', 'exec(v); // BAD', '}', "for (const v of give('x')) {", 'exec(v); // GOOD', '}'],
    ['function* give(x) { const taken = [yield x]; }'],
  ),
];
