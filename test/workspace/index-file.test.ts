import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeIndex } from '../../src/workspace/index-file.ts';
import { git, Scratch } from './checkout.ts';

test('git reads back what was encoded: names of any length, modes, flags', () => {
  using scratch = new Scratch();
  git(scratch.path, 'init', '-q');
  const entry = fc.record({
    path: fc.oneof(
      fc.stringMatching(/^[a-z]{1,20}$/),
      fc.integer({ min: 4080, max: 4110 }).map((length) => 'n'.repeat(length)),
    ),
    mode: fc.constantFrom('100644', '100755', '120000', '160000'),
    id: fc.stringMatching(/^[1-9a-f]{40}$/),
    assumeUnchanged: fc.boolean(),
    skipWorktree: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.uniqueArray(entry, { selector: ({ path }) => path, maxLength: 12 }), (entries) => {
      writeFileSync(join(scratch.path, '.git/index'), encodeIndex(entries, 'sha1'));
      const listed = execFileSync('git', ['-C', scratch.path, 'ls-files', '-s', '-v'], { encoding: 'latin1' })
        .split('\n')
        .filter(Boolean);
      const expected = entries
        .toSorted((left, right) => (left.path < right.path ? -1 : 1))
        .map(({ path, mode, id, assumeUnchanged, skipWorktree }) => {
          const tag = skipWorktree ? 'S' : 'H';
          return `${assumeUnchanged ? tag.toLowerCase() : tag} ${mode} ${id} 0\t${path}`;
        });
      assert.deepEqual(listed, expected);
    }),
    { numRuns: 25 },
  );
});
