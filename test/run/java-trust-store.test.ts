import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { rootCertificates } from 'node:tls';
import { createJavaTrustStore } from '../../src/run/java-trust-store.ts';

const KEYTOOL = '/usr/bin/keytool';

test("Java's own tool reads every certificate of a bundle, and finds the store whole", {
  skip: existsSync(KEYTOOL) ? false : 'no Java on this machine',
}, () => {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-test-'));
  try {
    const file = join(directory, 'store.jks');
    const some = rootCertificates.slice(0, 20);
    const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----';
    writeFileSync(file, createJavaTrustStore([...some, broken].join('\n')));
    const list = (password: string) =>
      spawnSync(KEYTOOL, ['-list', '-keystore', file, '-storepass', password], { encoding: 'utf8' });
    const { stdout, status } = list('changeit');
    assert.equal(status, 0, stdout);
    assert.equal(stdout.match(/trustedCertEntry/g)?.length, some.length);
    assert.notEqual(list('another').status, 0);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('a bundle without certificates is an empty store', () => {
  assert.equal(createJavaTrustStore('').length, 12 + 20);
});
