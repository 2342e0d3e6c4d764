import assert from 'node:assert/strict';
import { test } from 'node:test';
import { knownSecrets, readCredentials } from '../../src/run/known-secrets.ts';

test('whatever in the environment is named like a secret is looked for', () => {
  const found = knownSecrets([], {
    GITHUB_TOKEN: 'ghs_0123456789abcdef',
    AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMIK7MDENGbPxRfiCY',
    DATABASE_URL: 'postgres://user:hunter2hunter2@db.example.org/x',
    NPM_TOKEN: 'npm_0123456789abcdef',
  });
  assert.deepEqual(found.map((secret) => secret.name).sort(), [
    'AWS_SECRET_ACCESS_KEY',
    'DATABASE_URL',
    'GITHUB_TOKEN',
    'NPM_TOKEN',
  ]);
});

test('names that write their words together, in short or in the plural are known, too', () => {
  const value = 'hunter2-hunter2-hunter2';
  for (const name of [
    'PGPASSWORD',
    'SSHPASS',
    'SMTP_PASS',
    'MYSQL_PWD',
    'SIGNING_PASSPHRASE',
    'CI_JOB_JWT_V2',
    'DEPLOY_TOKENS',
  ])
    assert.deepEqual(knownSecrets([], { [name]: value }), [{ name, value }]);
});

test('paths, switches, addresses without a password and ordinary variables are not secrets', () => {
  const found = knownSecrets([], {
    SSH_KEY_PATH: '/srv/runner/.ssh/id_ed25519',
    MONKEY: 'a-long-enough-value',
    USE_TOKEN: 'true',
    HOMEPAGE_URL: 'https://example.org/a/long/path',
    PATH: '/usr/bin:/bin',
    OLDPWD: '/builds/acme/app',
    COMPASS_MODE: 'a-long-enough-value',
  });
  assert.deepEqual(found, []);
});

test('a credential that the policy grants keeps the name the policy gives it', () => {
  const found = knownSecrets([{ name: 'forge', value: 'ghs_0123456789abcdef' }], {
    GITHUB_TOKEN: 'ghs_0123456789abcdef',
  });
  assert.deepEqual(found, [{ name: 'forge', value: 'ghs_0123456789abcdef' }]);
});

test('a credential that is not on this host is reported by name', () => {
  const grant = { name: 'forge', env: 'GH_TOKEN', hosts: ['api.example.org:443'], header: 'authorization' };
  const result = readCredentials(
    [
      { ...grant, from: { env: 'GITHUB_TOKEN' } },
      { ...grant, name: 'other', from: { file: '/run/secrets/other' } },
    ],
    { GITHUB_TOKEN: ' ghs_1\n' },
    () => undefined,
  );
  assert.deepEqual(
    result.found.map(({ real }) => real),
    ['ghs_1'],
  );
  assert.deepEqual(result.missing, ['other']);
});
