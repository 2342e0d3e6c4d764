/** Names that are git's own, or another's, on some file system that a checkout may be on. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromText, isGitDirectoryName, parentOf, toNative, toText } from '../../src/workspace/byte-path.ts';
import { hasShortName } from '../../src/workspace/taken-names.ts';
import { isTreePath } from '../../src/workspace/tracked-files.ts';

test('a name is that of a git directory however a file system spells it', () => {
  for (const name of [
    ...['.git', '.GIT', '.Git', 'git~1', 'GIT~1', '.git.', '.git ', '.git. .', '.git...'],
    ...['.git:x', '.git::$INDEX_ALLOCATION', '.git :x', 'git~1:x', '.git:\nx'],
    ...['.g\u200cit', '.gi\u200dt', '\ufeff.git', '.git\u200f', '.\u202agit', '.g\u206fit'],
  ])
    assert.equal(isGitDirectoryName(fromText(name)), true, JSON.stringify(name));
});

test('a name that only resembles it is an ordinary one', () => {
  for (const name of [
    'git',
    '.gitignore',
    '.github',
    '.git2',
    'x.git',
    'git~2',
    'git~10',
    ' .git',
    '.g it',
    '..git',
    '.gít',
  ])
    assert.equal(isGitDirectoryName(fromText(name)), false, JSON.stringify(name));
});

test('a path of a tree has no empty, climbing or git component', () => {
  for (const path of ['a', 'a/b', '.github/x', '...', 'a..b', 'ä'])
    assert.equal(isTreePath(fromText(path)), true, path);
  for (const path of ['', '/a', 'a/', 'a//b', '.', '..', 'a/../b', './a', 'a/.', '.git', 'a/.git/b', 'x/GIT~1'])
    assert.equal(isTreePath(fromText(path)), false, path);
});

test('a short name of Windows is seen at any place of a path, and honest names with a tilde are not', () => {
  for (const path of ['GITHUB~1', 'GITHUB~1/workflows/x', 'a/PROGRA~2/b', 'CLAUDE~9.md', 'x~1', 'a/b~4.txt'])
    assert.equal(hasShortName(path), true, path);
  for (const path of ['file~', '~1', 'github~10', 'toolong~1', 'a~1b', 'x~0', 'a~b', 'x~1.longer', 'a/~/b'])
    assert.equal(hasShortName(path), false, path);
});

test('any bytes of a name survive, and only such names are bytes to the system', () => {
  assert.equal(toNative('a b'), 'a b');
  assert.deepEqual(toNative('\xff\xfe'), Buffer.from([0xff, 0xfe]));
  assert.deepEqual(toNative(fromText('ä')), Buffer.from('ä'));
  assert.equal(toText(fromText('ä')), 'ä');
  assert.equal(toText('\xff'), '\ufffd');
  assert.deepEqual([parentOf('a/b/c'), parentOf('a'), parentOf('')], ['a/b', '', '']);
});
