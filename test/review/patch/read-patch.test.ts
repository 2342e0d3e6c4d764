import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { renderPatch } from '../../../src/findings/index.ts';
import { readPatch } from '../../../src/review/index.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 200);
const FILES: { readonly [path: string]: string } = { 'a.py': 'one\ntwo\nthree\n', 'b/c.py': 'x' };
const source = (path: string): string | undefined => FILES[path];

function patchOf(path: string, before: string | undefined, after: string): string {
  return renderPatch([{ path, before, after }]);
}

describe('a patch', () => {
  it('is applied in memory, files that are new among it', () => {
    const patch = patchOf('a.py', FILES['a.py'], 'one\n2\nthree\nfour') + patchOf('new.py', undefined, 'new\n');
    const read = readPatch(patch, source);
    assert.deepEqual(read.kind === 'read' && read.files.map(({ path, after }) => [path, after]), [
      ['a.py', 'one\n2\nthree\nfour'],
      ['new.py', 'new\n'],
    ]);
  });

  it('that fits only nearly is refused', () => {
    const patch = patchOf('a.py', 'one\nTWO\nthree\n', 'one\n2\nthree\n');
    assert.equal(readPatch(patch, source).kind, 'refused');
    const shifted = patchOf('a.py', FILES['a.py'], 'one\n2\nthree\n').replace('@@ -1,3 +1,3 @@', '@@ -2,3 +2,3 @@');
    assert.equal(readPatch(shifted, source).kind, 'refused');
  });

  it('with a part that is not read is refused', () => {
    const [first = '', second = ''] = ['2', '3'].map(
      (line, at) => `@@ -${at + 2} +${at + 2} @@\n-${at === 0 ? 'two' : 'three'}\n+${line}\n`,
    );
    const head = 'diff --git a/a.py b/a.py\n--- a/a.py\n+++ b/a.py\n';
    const read = readPatch(head + first + second, source);
    assert.equal(read.kind === 'read' && read.files[0]?.after, 'one\n2\n3\n');
    assert.equal(readPatch(`${head}${first}\n${second}`, source).kind, 'refused');
  });

  it('is known by its head: a line that looks like one is a line', () => {
    const before = '-- /dev/null\nselect 1;\n';
    const read = readPatch(patchOf('q.sql', before, '++ b/other.sql\nselect 1;\n'), () => before);
    assert.deepEqual(read.kind === 'read' && read.files.map(({ path }) => path), ['q.sql']);
  });

  it('does nothing but change text', () => {
    const head = 'diff --git a/a.py b/a.py\n';
    const refused = [
      '',
      'just words\n',
      `${head}old mode 100644\nnew mode 100755\n`,
      `${head}deleted file mode 100644\nindex 111..000\n--- a/a.py\n+++ /dev/null\n@@ -1,3 +0,0 @@\n-one\n-two\n-three\n`,
      'diff --git a/a.py b/z.py\nsimilarity index 100%\nrename from a.py\nrename to z.py\n',
      'diff --git a/l b/l\nnew file mode 120000\nindex 000..111\n--- /dev/null\n+++ b/l\n@@ -0,0 +1 @@\n+/etc/passwd\n\\ No newline at end of file\n',
      `${head}index 111..222 100644\nBinary files a/a.py and b/a.py differ\n`,
      patchOf('../a.py', 'one\n', 'two\n'),
      patchOf('.git/config', 'one\n', 'two\n'),
      patchOf('none.py', 'one\n', 'two\n'),
      patchOf('a.py', undefined, 'two\n'),
    ];
    for (const patch of refused) assert.equal(readPatch(patch, source).kind, 'refused', patch);
  });

  it('made of two texts gives the second, whatever they are', () => {
    const lines = fc.array(
      fc.constantFrom('a', 'b', '', '--- x', '+++ b/y', '@@ -1 +1 @@', 'diff --git a/x b/x', '\\ x'),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(lines, lines, fc.boolean(), (old, now, ends) => {
        const before = old.length === 0 ? 'x\n' : `${old.join('\n')}\n`;
        const after = `${now.join('\n')}${ends ? '\n' : ''}`;
        fc.pre(before !== after);
        const read = readPatch(patchOf('p.py', before, after), (path) => (path === 'p.py' ? before : undefined));
        assert.equal(read.kind === 'read' ? read.files[0]?.after : read.reason, after);
      }),
      { numRuns: RUNS },
    );
  });

  it('of any bytes is read or refused, never an exception', () => {
    const part = fc.constantFrom(
      'diff --git a/a.py b/a.py\n',
      '--- a/a.py\n',
      '+++ b/a.py\n',
      '@@ -1,3 +1,3 @@\n',
      ' one\n',
      '-two\n',
      '+2\n',
      '\\\n',
      'x',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 15 }), (parts) => {
        assert.ok(['read', 'refused'].includes(readPatch(parts.join(''), source).kind));
      }),
      { numRuns: RUNS },
    );
  });
});
