import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { comparePlainCode } from '../../../src/controls/plain/index.ts';
import { TREE_CLASSES } from '../../../src/controls/rule-table/index.ts';
import type { TreeChange } from '../../../src/workspace/index.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 200);
const PIECES = [
  'if ',
  'unless ',
  '(',
  ')',
  '{',
  '}',
  '\n',
  '  ',
  'raise',
  'return Err',
  '||',
  '&&',
  '!',
  'user.admin',
  '"',
  '/*',
  '*/',
  '#',
  '//',
  '--',
  'def f',
  ' do',
  '<-',
  '$',
  ':',
  ';',
  'İ',
  '\u{1f600}',
  '\0',
];
const FILES = ['a.rb', 'b.rs', 'c.php', 'd.sql', 'e.hs', 'f.clj', 'g.vb', 'h.sh', 'i.cob', 'j.vue'];

function change(path: string, before: string, after: string): TreeChange {
  const [old, now] = [before, after].map((text) => ({ path, text }));
  return {
    path,
    kind: 'modified',
    previousPath: undefined,
    before: undefined,
    after: undefined,
    old,
    new: now,
    hunks: [],
  };
}

describe('programs that nobody wrote', () => {
  const text = fc.array(fc.constantFrom(...PIECES), { maxLength: 60 }).map((parts) => parts.join(''));

  it('never throw, say the same twice, and nothing of what is equal', () => {
    fc.assert(
      fc.property(fc.constantFrom(...FILES), text, text, (file, before, after) => {
        const run = () => comparePlainCode([change(file, before, after)], TREE_CLASSES);
        assert.deepEqual(run(), run());
        assert.deepEqual(comparePlainCode([change(file, before, before)], TREE_CLASSES), { changes: [], gaps: [] });
        for (const { before: place } of run().changes) assert.ok(place && place.span.end <= before.length);
      }),
      { numRuns: RUNS },
    );
  });

  it('are compared however long their lines and however many their checks are', () => {
    const many = Array.from({ length: 4000 }, (_, at) => `  raise E${at} if a${at} > ${at}`).join('\n');
    const other = Array.from({ length: 4000 }, (_, at) => `  raise E${at} if b${at} < ${at}`).join('\n');
    for (const [before, after] of [
      [many, other],
      [' '.repeat(200_000), `if ${'('.repeat(100_000)}`],
      [`raise ${'x '.repeat(100_000)}`, `${' if'.repeat(60_000)}`],
      [`"select ${'" "select '.repeat(20_000)}`, '"'.repeat(200_000)],
      ['if a\n'.repeat(40_000), '  die\n'.repeat(40_000)],
    ] as const)
      assert.ok(comparePlainCode([change('a.rb', before, after)], TREE_CLASSES).changes.length <= 5000);
  });

  it('are a gap where they are too large', () => {
    const { gaps } = comparePlainCode([change('a.rb', 'x', 'x\n'.repeat(600_000))], TREE_CLASSES);
    assert.deepEqual(
      gaps.map(({ kind, place }) => [kind, place.file]),
      [['cap', 'a.rb']],
    );
  });
});
