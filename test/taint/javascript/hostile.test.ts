import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openLaboratory } from '../analysed.ts';
import { describeHostilePrograms } from '../hostile-programs.ts';
import { LANGUAGE_PROGRAMS } from './language-programs.ts';

describeHostilePrograms({
  language: 'JavaScript and TypeScript',
  paths: ['a.js', 'a.ts', 'a.tsx'],
  seed: LANGUAGE_PROGRAMS.map(({ lines }) => lines.join('\n')).join('\n'),
  pieces: ['', '(', ')', '{', '}', '`', '${', '=>', '...', 'class ', '<a b={', '?.', '/', '@x '],
  shapes: [
    ['brackets', '('.repeat(5_000)],
    ['arrows', 'a => '.repeat(2_000)],
    ['templates', '`${'.repeat(2_000)],
    ['elements', '<a>'.repeat(2_000)],
    ['members', `x${'.a()'.repeat(5_000)}`],
    ['sums', `x = 1${' + a'.repeat(5_000)}`],
    ['functions', 'function f() {'.repeat(1_000)],
    ['classes', 'class A { x = '.repeat(500)],
    ['patterns', `const ${'['.repeat(1_000)}`],
    ['a loop that calls itself', 'const f = (g) => { for (;;) { g(g); f(f); } }; f(f);'],
    ['constructors that call themselves', 'function F() { new F(); this.x = new F(); } new F();'],
    ['listeners that announce', "x.on('a', (y) => x.emit('a', y)); x.emit('a', 1);"],
    [
      'prototypes that are their own',
      'function F() {} F.prototype = F; F.prototype.prototype = new F(); new F().prototype.a.b();',
    ],
  ],
});

test('a manifest that is broken, deep or of other types is left out', async () => {
  using laboratory = await openLaboratory();
  for (const manifest of [
    '[',
    '['.repeat(100_000),
    '{"name":1}',
    '{"name":"a","exports":{".":{".":{".":{}}}}}',
    'null',
    '',
  ]) {
    const files = { 'package.json': manifest, 'tsconfig.json': manifest, 'a.js': "require('a'); require('a/b');" };
    assert.deepEqual((await laboratory.analyse(files)).findings, []);
  }
});
