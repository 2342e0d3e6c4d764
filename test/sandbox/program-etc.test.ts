import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { findProgramEtc } from '../../src/sandbox/program-etc.ts';

/** What is found where these files stand. */
function foundIn(files: readonly string[]): readonly string[] {
  const root = mkdtempSync(join(tmpdir(), 'sallyport-etc-'));
  try {
    for (const file of files) {
      mkdirSync(join(root, dirname(file)), { recursive: true });
      writeFileSync(join(root, file), '');
    }
    return findProgramEtc(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

test('of every installed version of a program its own part of /etc is found', () => {
  const files = [
    '/etc/java-17-openjdk/security/java.security',
    '/etc/java-21-openjdk/security/java.security',
    '/etc/maven/m2.conf',
    '/etc/php/8.2/cli/php.ini',
  ];
  assert.deepEqual(foundIn(files), [
    '/etc/java-17-openjdk',
    '/etc/java-21-openjdk',
    '/etc/maven/m2.conf',
    '/etc/php/8.2/cli',
  ]);
});

test('what an administrator keeps passwords in is none of it', () => {
  const files = [
    '/etc/maven/settings.xml',
    '/etc/php/8.2/fpm/pool.d/www.conf',
    '/etc/javascript-common/x',
    '/etc/npmrc',
  ];
  assert.deepEqual(foundIn(files), []);
});

test('a host without any of them, or without /etc, has nothing', () => {
  assert.deepEqual(foundIn([]), []);
});
