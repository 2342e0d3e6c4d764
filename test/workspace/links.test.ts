import assert from 'node:assert/strict';
import { mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { judgeLink } from '../../src/workspace/links.ts';
import { Scratch } from './checkout.ts';

const ROOT = '/w/tree';

function verdict(links: Record<string, string>, path: string) {
  return judgeLink(path, { links: new Map(Object.entries(links)), root: ROOT });
}

const REFUSED: readonly (readonly [string, Record<string, string>])[] = [
  ['an absolute link out of the tree', { x: '/etc/passwd' }],
  ['a link to the process file system', { x: '/proc/self/environ' }],
  ['a link that climbs out', { x: '../outside' }],
  ['a link that climbs out from below', { 'a/x': '../../outside' }],
  ['a link through a directory link that shortens the way up', { 'a/b/d': '../..', x: 'a/b/d/../outside' }],
  ['a link into the git directory', { x: '.git/config' }],
  ['a link into a git directory of another spelling', { x: 'a/.GIT/hooks' }],
  ['a link through a link into git', { y: '.git', x: 'y/config' }],
  ['a loop', { x: 'y', y: 'x' }],
  ['a link to a sibling with the same beginning', { x: '/w/tree-other/file' }],
];

for (const [title, links] of REFUSED) {
  test(`${title} is refused`, () => assert.equal(verdict(links, 'a/x' in links ? 'a/x' : 'x').kind, 'refused'));
}

const INSIDE: readonly (readonly [string, Record<string, string>, string])[] = [
  ['a link to a neighbour', { x: 'a/b' }, 'a/b'],
  ['a link that climbs and comes back', { 'a/x': '../b/c' }, 'b/c'],
  ['an absolute link into the tree', { x: '/w/tree/a' }, 'a'],
  ['a dangling link', { x: 'nothing/here' }, 'nothing/here'],
  ['a link through a directory link', { d: 'a/b', x: 'd/c' }, 'a/b/c'],
];

for (const [title, links, target] of INSIDE) {
  test(`${title} stays`, () => {
    assert.deepEqual(verdict(links, 'a/x' in links ? 'a/x' : 'x'), { kind: 'inside', target });
  });
}

const SHOWN: readonly (readonly [string, Record<string, string>, string | undefined])[] = [
  ['a link to a program that is shown', { x: '/usr/bin/python3' }, '/usr/bin/python3'],
  ['a link through a link to a shown directory', { d: '/usr/lib', x: 'd/python3/os.py' }, '/usr/lib/python3/os.py'],
  ['a link that climbs out of a shown directory', { x: '/usr/../etc/shadow' }, undefined],
  ['a link that climbs out through another link', { d: '/usr/lib', x: 'd/../../etc/shadow' }, undefined],
  ['a link to what only begins like a shown directory', { x: '/usr2/bin/python3' }, undefined],
  ['a link to a directory that is not shown', { x: '/etc/shadow' }, undefined],
];

for (const [title, links, target] of SHOWN) {
  test(`${title} ${target === undefined ? 'is refused' : 'stays'}`, () => {
    const table = new Map(Object.entries(links));
    const judged = judgeLink('x', { links: table, root: ROOT, shown: ['/usr'] });
    assert.deepEqual(judged.kind === 'refused' ? undefined : judged, target && { kind: 'shown', target });
    assert.equal(judgeLink('x', { links: table, root: ROOT }).kind, 'refused', 'where nothing is shown');
  });
}

test('the verdict agrees with the kernel on random trees of links', () => {
  const part = fc.constantFrom('a', 'b', 'c', '..', '.');
  const target = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('/'));
  const place = fc.constantFrom('a/l', 'a/b/l', 'a/b/c/l', 'l', 'b/m', 'm', 'a/b/m');
  fc.assert(
    fc.property(fc.dictionary(place, target, { minKeys: 1, maxKeys: 4 }), (links) => {
      using scratch = new Scratch();
      const root = join(scratch.path, 'r1/r2/tree');
      for (const directory of ['a/b/c', 'b/c', 'c', 'b/a', 'c/a/b'])
        mkdirSync(join(root, directory), { recursive: true });
      for (const [path, to] of Object.entries(links)) {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        symlinkSync(to, join(root, path));
      }
      for (const path of Object.keys(links)) {
        const ours = judgeLink(path, { links: new Map(Object.entries(links)), root });
        const real = resolveReal(join(root, path));
        if (real !== undefined && real !== root && !real.startsWith(`${root}/`))
          assert.equal(ours.kind, 'refused', path);
        if (real !== undefined && ours.kind === 'inside') assert.equal(join(root, ours.target), real);
      }
    }),
    { numRuns: 60 },
  );
});

function resolveReal(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch (error) {
    assert.match(String(error), /ENOENT|ELOOP|ENOTDIR/);
    return undefined;
  }
}
