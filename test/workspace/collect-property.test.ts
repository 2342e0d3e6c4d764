import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { settle } from '../../src/sandbox/airlock/settled-tree.ts';
import { parsePatchPaths } from '../../src/workspace/index.ts';
import { collectFrom, commit, git, makeRepository, mergedOf, Scratch, stageOf } from './checkout.ts';

type Node = { readonly kind: 'text' | 'binary' | 'link'; readonly content: Uint8Array; readonly executable: boolean };
type Tree = ReadonlyMap<string, Node>;

const name = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('a', 'b', 'c', 'd') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'x y',
      '-r',
      'ü',
      '\u202e',
      '"q',
      "it's",
      'tab\there',
      'b\\n',
      'new\nline',
      '*',
      '#h',
      '!n',
    ),
  },
);
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
const line = fc.constantFrom(
  'one',
  'two',
  '--- a/x',
  '+++ b/x',
  '@@ -1 +1 @@',
  '',
  '\\ No newline',
  'diff --git a/q b/q',
  '\r',
);
const text = fc
  .tuple(fc.array(line, { maxLength: 12 }), fc.boolean())
  .map(([lines, end]) => Buffer.from(lines.join('\n') + (end ? '\n' : '')));
const node: fc.Arbitrary<Node> = fc.oneof(
  fc.record({ kind: fc.constant('text' as const), content: text, executable: fc.boolean() }),
  fc.record({
    kind: fc.constant('binary' as const),
    content: fc.uint8Array({ maxLength: 40 }),
    executable: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('link' as const),
    content: fc.constantFrom('a', 'b/c', 'none').map((target) => Buffer.from(target)),
    executable: fc.constant(false),
  }),
);

/** Trees in which no file is at the same time a directory, and no link a loop: those are withheld, not carried. */
const tree: fc.Arbitrary<Tree> = fc.array(fc.tuple(path, node), { maxLength: 9 }).map((entries) => {
  const files = new Map<string, Node>();
  for (const [place, value] of entries) {
    const clash = [...files.keys()].some((other) => other.startsWith(`${place}/`) || place.startsWith(`${other}/`));
    if (!clash) files.set(place, value);
  }
  return new Map([...files].filter(([place, value]) => !isLoop(place, value, files)));
});

function writeTree(root: string, files: Tree): void {
  for (const [place, { kind, content, executable }] of files) {
    const file = join(root, place);
    mkdirSync(dirname(file), { recursive: true });
    if (kind === 'link') symlinkSync(Buffer.from(content), file);
    else {
      writeFileSync(file, content);
      chmodSync(file, executable ? 0o755 : 0o644);
    }
  }
}

test('for any two trees, the patch and the bundle turn a clean clone of the first into the second', {
  timeout: 900_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(tree, tree, async (before, after) => {
      using scratch = new Scratch();
      const source = makeRepository(scratch.directory('source'), {});
      writeTree(source, before);
      commit(source, 'before');
      const stage = await stageOf(scratch, source);
      const merged = mergedOf(scratch, stage);
      const settled = settle(merged, scratch.directory('beside'));
      execFileSync('sh', ['-c', 'find . -mindepth 1 -maxdepth 1 ! -name .git -exec rm -rf -- {} +'], { cwd: merged });
      writeTree(merged, after);
      const expected = join(scratch.path, 'expected');
      execFileSync('cp', ['-a', source, expected]);
      execFileSync('sh', ['-c', 'find . -mindepth 1 -maxdepth 1 ! -name .git -exec rm -rf -- {} +'], { cwd: expected });
      writeTree(expected, after);
      git(expected, 'add', '-A', '-f');
      const change = await collectFrom(scratch, stage, merged, { settled });
      assert.equal(change.head.tree, git(expected, 'write-tree'));
      const clone = join(scratch.path, 'clone');
      git(source, 'clone', '-q', source, clone);
      if (change.patchBytes > 0) git(clone, 'apply', '--index', '--whitespace=nowarn', change.patchFile);
      assert.equal(git(clone, 'write-tree'), change.head.tree);
      const reading = parsePatchPaths(readFileSync(change.patchFile));
      assert.equal(reading.kind, 'paths', JSON.stringify(reading));
      const named = new Set(
        change.files.flatMap(({ path: place, previousPath }) => [
          place,
          ...(previousPath === undefined ? [] : [previousPath]),
        ]),
      );
      assert.deepEqual(reading.kind === 'paths' && reading.paths.toSorted(), [...named].toSorted());
      if (change.bundleFile) {
        git(clone, 'fetch', '-q', change.bundleFile, 'refs/heads/sallyport/change');
        assert.equal(git(clone, 'rev-parse', 'FETCH_HEAD^{tree}'), change.head.tree);
      }
    }),
    { numRuns: Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 0) > 100_000 ? 200 : 6 },
  );
});

function isLoop(place: string, value: Node, files: Tree): boolean {
  if (value.kind !== 'link') return false;
  let at = place;
  for (let hops = 0; hops < 60; hops += 1) {
    const link = [...files].find(
      ([other, { kind }]) => kind === 'link' && (at === other || at.startsWith(`${other}/`)),
    );
    if (!link) return false;
    at = join(dirname(link[0]), Buffer.from(link[1].content).toString(), at.slice(link[0].length));
  }
  return true;
}
