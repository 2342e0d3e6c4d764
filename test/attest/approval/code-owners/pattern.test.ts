/** Patterns of CODEOWNERS, as each forge reads them. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { compileOwnerPattern } from '../../../../src/attest/approval/code-owners/pattern.ts';
import type { CodeOwnersDialect } from '../../../../src/attest/index.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 300);

function matches(pattern: string, path: string, dialect: CodeOwnersDialect): boolean {
  const matcher = compileOwnerPattern(pattern, dialect);
  assert.ok(typeof matcher === 'function', `${pattern}: ${String(matcher)}`);
  return matcher(path);
}

/** Pattern, paths that it speaks of, paths that it does not. */
type Row = readonly [pattern: string, yes: readonly string[], no: readonly string[]];

const GITHUB: readonly Row[] = [
  ['*', ['a', 'a/b', '.hidden/x'], []],
  ['*.js', ['a.js', 'src/deep/b.js'], ['a.jsx', 'a.ts']],
  ['/build/logs/', ['build/logs/x', 'build/logs/a/b'], ['build/logs', 'src/build/logs/x']],
  ['docs/*', ['docs/a.md'], ['docs/build/a.md', 'src/docs/a.md']],
  ['apps/', ['apps/x', 'src/apps/x', 'src/apps/a/b'], ['apps', 'myapps/x']],
  ['/docs/', ['docs/x', 'docs/a/b'], ['src/docs/x']],
  ['/scripts', ['scripts', 'scripts/a', 'scripts/a/b'], ['src/scripts/a']],
  ['**/logs', ['logs', 'logs/x', 'build/logs', 'a/b/logs/x'], ['logs2', 'build/mylogs/x']],
  ['/apps/github', ['apps/github', 'apps/github/x'], ['x/apps/github']],
  ['src/**/test.ts', ['src/test.ts', 'src/a/test.ts', 'src/a/b/test.ts'], ['test.ts', 'src/a/test.tsx']],
  ['a/**', ['a/b', 'a/b/c'], ['b/a/c']],
  ['file\\ with\\ blanks.txt', ['file with blanks.txt', 'x/file with blanks.txt'], ['file']],
  ['a?c', ['abc', 'x/abc'], ['ac', 'abbc']],
  ['/*', ['README.md'], ['src/a']],
  ['/\u{1f4d8}*/x', ['\u{1f4d8}a/x', '\u{1f4d8}\u{1f4d9}/x'], ['\u{1f4d9}a/x', '\u{1f4d8}']],
  ['lit\\*eral', ['lit*eral'], ['literal', 'litXeral']],
];

const GITLAB: readonly Row[] = [
  ['*', ['a', 'a/b', '.hidden/x'], []],
  ['*.rb', ['a.rb', 'lib/deep/b.rb'], ['a.rbx']],
  ['/docs/', ['docs/x', 'docs/a/b'], ['src/docs/x', 'docs']],
  ['docs/', ['docs/x', 'src/docs/a/b'], ['docs']],
  ['/docs/*', ['docs/a.md'], ['docs/a/b.md']],
  ['/docs/**', ['docs/a.md'], ['docs/a/b.md']],
  ['/docs/**/*', ['docs/a.md', 'docs/a/b.md'], ['x/docs/a.md']],
  ['/docs/**/index.md', ['docs/index.md', 'docs/a/b/index.md'], ['index.md']],
  ['README.md', ['README.md', 'x/y/README.md'], ['README.md/x']],
  ['path/to/file', ['path/to/file', 'x/path/to/file'], ['path/to/file/x']],
  ['/[a-c]*.txt', ['apple.txt', 'c.txt'], ['d.txt', 'x/a.txt']],
  ['/[!a-c].txt', ['d.txt'], ['a.txt']],
  ['\\#file', ['#file', 'x/#file'], ['file']],
];

describe('a pattern of CODEOWNERS', () => {
  for (const [dialect, rows] of [
    ['github', GITHUB],
    ['gitlab', GITLAB],
  ] as const)
    for (const [pattern, yes, no] of rows)
      it(`${pattern} on ${dialect} speaks of what it says, and of nothing else`, () => {
        for (const path of yes) assert.ok(matches(pattern, path, dialect), `${path} is meant`);
        for (const path of no) assert.ok(!matches(pattern, path, dialect), `${path} is not meant`);
      });

  it('on GitHub means what git ignores by it, but for `folder/*`', () => {
    const folder = mkdtempSync(join(tmpdir(), 'code-owners-'));
    try {
      execFileSync('git', ['init', '-q'], { cwd: folder });
      const patterns = GITHUB.map(([pattern]) => pattern).filter(
        (pattern) => !pattern.endsWith('/*') && pattern !== '/*',
      );
      const all = [...new Set(GITHUB.flatMap(([, yes, no]) => [...yes, ...no]))];
      // Only files: git looks at the disk to tell folders.
      const paths = all.filter((path) => path.includes('/') && !all.some((other) => other.startsWith(`${path}/`)));
      for (const path of paths) mkdirSync(dirname(join(folder, path)), { recursive: true });
      for (const pattern of patterns) {
        writeFileSync(join(folder, '.gitignore'), `${pattern}\n`);
        const ignored = ignoredIn(folder, paths);
        for (const path of paths)
          assert.equal(matches(pattern, path, 'github'), ignored.has(path), `${pattern} and ${path}`);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('that the forge would not take is refused', () => {
    for (const pattern of ['!secret', '\\#x', 'a[bc]', 'a//b', 'ends\\', 'x'.repeat(2000)])
      assert.equal(typeof compileOwnerPattern(pattern, 'github'), 'string', pattern);
    for (const pattern of ['a[bc', 'ends\\']) assert.equal(typeof compileOwnerPattern(pattern, 'gitlab'), 'string');
  });

  it('never hangs and never throws, whatever it is', () => {
    const sign = fc.constantFrom('*', '**', '/', 'a', 'b', '?', '[', ']', '-', '!', '\\', '.');
    const pattern = fc.array(sign, { maxLength: 60 }).map((signs) => signs.join(''));
    const path = fc.array(fc.constantFrom('a', 'b', '/', '.'), { maxLength: 120 }).map((signs) => signs.join(''));
    fc.assert(
      fc.property(pattern, path, fc.constantFrom('github' as const, 'gitlab' as const), (text, name, dialect) => {
        const matcher = compileOwnerPattern(text, dialect);
        if (typeof matcher === 'function') assert.equal(typeof matcher(name), 'boolean');
      }),
      { numRuns: RUNS },
    );
    const evil = compileOwnerPattern(`${'a*'.repeat(400)}b`, 'github');
    const deep = compileOwnerPattern(`${'**/a/'.repeat(200)}b`, 'gitlab');
    assert.ok(typeof evil === 'function' && typeof deep === 'function');
    assert.equal(evil('a'.repeat(4000)), false);
    assert.equal(deep('a/'.repeat(2000)), false);
  });
});

function ignoredIn(folder: string, paths: readonly string[]): ReadonlySet<string> {
  const args = ['check-ignore', '-z', '--no-index', '--stdin'];
  const { stdout } = spawnSync('git', args, { cwd: folder, input: paths.join('\0'), encoding: 'utf8' });
  return new Set(stdout.split('\0'));
}
