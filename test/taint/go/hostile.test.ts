import { describeHostilePrograms } from '../hostile-programs.ts';
import { GO_PROGRAMS } from './programs.ts';

const inside = (body: string) => `package a\nfunc f(q string) {\n${body}\n}\n`;

describeHostilePrograms({
  language: 'Go',
  paths: ['a.go'],
  beside: { 'go.mod': 'module example.test/a' },
  seed: GO_PROGRAMS.map(({ lines }) => lines.join('\n')).join('\n'),
  pieces: ['', '(', ')', ':=', '\n', 'func ', 'q', '"', '{', '*', 'range ', 'switch ', 'type T struct {'],
  shapes: [
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
  ],
});
