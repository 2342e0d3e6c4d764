import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compileGlobs } from '../../src/workspace/glob.ts';

const CASES: readonly (readonly [string, string, boolean])[] = [
  ['.env', '.env', true],
  ['.env', 'deep/down/.env', true],
  ['.env', '.env.local', false],
  ['*.pem', 'keys/server.pem', true],
  ['*.pem', 'keys/server.pem.txt', false],
  ['**/.claude/**', '.claude', true],
  ['**/.claude/**', '.claude/settings.json', true],
  ['**/.claude/**', 'a/b/.CLAUDE/hooks/x.sh', true],
  ['**/.claude/**', 'a/x.claude/settings.json', false],
  ['/src/**', 'src/a/b.ts', true],
  ['/src/**', 'lib/src/a.ts', false],
  ['src/*.ts', 'src/a.ts', true],
  ['src/*.ts', 'src/a/b.ts', false],
  ['src/**/x.ts', 'src/x.ts', true],
  ['src/**/x.ts', 'src/a/b/x.ts', true],
  ['build/', 'build/out.js', true],
  ['a?c', 'abc', true],
  ['a?c', 'a/c', false],
  ['a.b', 'axb', false],
  ['**', 'anything/at/all', true],
  ['[x]', 'x', false],
];

for (const [pattern, path, expected] of CASES) {
  test(`${pattern} ${expected ? 'covers' : 'does not cover'} ${path}`, () => {
    assert.equal(compileGlobs([pattern], { ignoreCase: true })(path), expected);
  });
}

test('a path without wildcards covers itself, whatever characters it has', () => {
  const name = fc.stringMatching(/^[^*?/\0]{1,12}$/).filter((text) => text !== '.' && text !== '..');
  fc.assert(
    fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), (parts) => {
      const path = parts.join('/');
      assert.ok(compileGlobs([`/${path}`], { ignoreCase: false })(path));
    }),
  );
});

test('an empty list covers nothing', () => {
  assert.equal(compileGlobs([], { ignoreCase: true })('a'), false);
});
