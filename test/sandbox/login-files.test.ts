/** Logins that programs from elsewhere keep below `/usr` for everybody on the machine. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { findLoginFiles } from '../../src/sandbox/login-files.ts';

function foundIn(files: readonly (readonly [path: string, text: string])[], link?: string): readonly string[] {
  const root = mkdtempSync(join(tmpdir(), 'sallyport-logins-'));
  try {
    for (const [path, text] of files) {
      mkdirSync(join(root, dirname(path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    if (link !== undefined) symlinkSync('/', join(root, link));
    return findLoginFiles(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

test('files with logins are found in the settings of the machine, and other settings are not', () => {
  const login = '//registry.example.test/:_authToken=word\n';
  const key = '-----BEGIN PRIVATE KEY-----\n';
  const files = [
    ['/usr/local/etc/npmrc', login],
    ['/usr/local/etc/docker/auth.json', '{"auths":{"a":{"auth":"d29yZA=="}}}'],
    ['/usr/local/etc/pip.conf', '[global]\nindex-url = https://bot:word@mirror.example.test/simple\n'],
    ['/usr/local/etc/php/php.ini', 'mysqli.default_pw = word\n'],
    ['/usr/local/etc/ssl/cert.pem', '-----BEGIN CERTIFICATE-----\n'],
    ['/usr/local/etc/ssl/server.key', key],
    ['/usr/etc/npmrc', 'cafile=/etc/ssl/certs/ca-certificates.crt\nregistry=https://mirror.example.test/\n'],
    ['/usr/local/share/npmrc', login],
  ] as const;
  assert.deepEqual(foundIn(files), [
    '/usr/local/etc/docker/auth.json',
    '/usr/local/etc/npmrc',
    '/usr/local/etc/pip.conf',
    '/usr/local/etc/ssl/server.key',
  ]);
});

test('a host without such folders has none, and links are not followed', () => {
  assert.deepEqual(foundIn([]), []);
  assert.deepEqual(foundIn([['/usr/local/etc/app.conf', 'token']], '/usr/local/etc/loop'), []);
});
