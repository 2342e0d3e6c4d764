import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  compileGlob,
  compileHiddenFiles,
  defaultPolicy,
  matchHost,
  normalisePath,
  parseHostPattern,
} from '../../src/policy/index.ts';
import { couldMatch, includesWildcard, matchWildcard } from '../../src/policy/wildcard.ts';

test('a glob selects what it says', () => {
  const cases: [string, string[], string[]][] = [
    ['src/**', ['src/a', 'src/a/b', 'src'], ['lib/a', 'xsrc/a']],
    ['src/*', ['src/a'], ['src/a/b', 'src']],
    ['**/*.ts', ['a.ts', 'a/b.ts'], ['a.tsx']],
    ['*.pem', ['x.pem', 'a/b/x.pem'], ['x.pem.txt', 'x.pem/y']],
    ['.github', ['.github', '.github/x', 'a/.github/x'], ['.githubx']],
    ['.github/', ['.github/x', 'a/.github/x'], ['.githubx', 'github/x']],
    ['docs', ['docs/a/b', 'x/docs'], ['docs2']],
    ['a/{b,c}/*.x', ['a/b/1.x', 'a/c/2.x'], ['a/d/1.x']],
    ['a?c', ['abc'], ['ac', 'a/c']],
    ['app/[id].ts', ['app/[id].ts'], ['app/i.ts']],
    ['**', ['a', 'a/b/c'], []],
  ];
  for (const [glob, yes, no] of cases) {
    const matches = compileGlob(glob, { fold: false });
    for (const path of yes) assert.ok(matches(path), `${glob} selects ${path}`);
    for (const path of no) assert.ok(!matches(path), `${glob} does not select ${path}`);
  }
  assert.ok(compileGlob('.git', { fold: true })('a/.GIT/config'));
});

test('paths are judged as their target', () => {
  assert.equal(normalisePath('src/../.github/x'), '.github/x');
  assert.equal(normalisePath('./a//b/.'), 'a/b');
  assert.equal(normalisePath('/work/a', '/work'), 'a');
  assert.equal(normalisePath('/work/../etc', '/work'), '/etc');
  assert.equal(normalisePath('../x', '/work'), '/x');
  assert.equal(normalisePath('/workshop/a', '/work'), '/workshop/a');
  assert.equal(normalisePath('../x'), '../x');
});

test('matching is linear: a pattern made to backtrack is quick', () => {
  const matches = compileGlob(`${'**/a*a*a*/'.repeat(20)}x`, { fold: false });
  assert.equal(matches(`${'aaaaaaaaaa/'.repeat(200)}y`), false);
  assert.equal(matchWildcard('*a'.repeat(200), `${'a'.repeat(5000)}b`), false);
});

test('wildcards agree with a plain reading of them', () => {
  const text = fc.array(fc.constantFrom('a', 'b', '*'), { maxLength: 8 }).map((letters) => letters.join(''));
  fc.assert(
    fc.property(
      text,
      text.map((value) => value.replaceAll('*', 'c')),
      (pattern, subject) => {
        const expected = new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(subject);
        assert.equal(matchWildcard(pattern, subject), expected);
        assert.equal(couldMatch(pattern, [subject]), expected);
        if (expected) assert.ok(couldMatch(pattern, [subject.slice(0, 2), undefined, subject.slice(4)]));
      },
    ),
  );
  assert.ok(includesWildcard('/v1/*', '/v1/a*'));
  assert.ok(!includesWildcard('/v1/a*', '/v1/*'));
});

test('hosts have one spelling, and numbers that resolvers take for addresses are none', () => {
  assert.equal(parseHostPattern('Docs.Example.ORG.'), 'docs.example.org');
  assert.equal(parseHostPattern('[::FFFF:0:1]'), parseHostPattern('::ffff:0:1'));
  for (const text of [
    '127.1',
    '0x7f.0.0.1',
    '2130706433',
    'a..b',
    '-a.example',
    'a b',
    'a/b',
    '*.*.example.org',
    'a*.example.org',
    '',
  ])
    assert.equal(parseHostPattern(text), undefined, text);
  assert.ok(matchHost('*.example.org', 'a.b.example.org'));
  assert.ok(!matchHost('*.example.org', 'example.org'));
  assert.ok(!matchHost('*.0.0.1', '127.0.0.1'));
});

test('credential files are hidden, templates and sources are not', () => {
  const isHidden = compileHiddenFiles([...defaultPolicy('generic').workspace.hide, ['internal/**']]);
  for (const path of [
    '.env',
    'pkg/.env',
    '.env.production',
    'prod.env',
    'key.pem',
    'ssl/server.KEY',
    'id_rsa',
    'id_ed25519',
    '.npmrc',
    '.netrc',
    'infra/x.tfstate',
    'credentials-prod.json',
    'a.p12',
    '.aws/credentials',
    '.ssh/config',
    'internal/a',
    '.env-prod',
    '.envs/.production/.django',
    'gha-creds-0123456789abcdef.json',
    'acme-firebase-adminsdk-x1.json',
    'config/secrets.properties',
    '.secrets/token',
    '.aws/config',
    'prod.kubeconfig',
    'android/key.properties',
    'local.settings.json',
    'e2e/playwright/.auth/user.json',
    '.vault_pass.txt',
    '.bash_history',
    '.github_token',
    '.netrc.bak',
  ])
    assert.ok(isHidden(path), path);
  for (const path of [
    '.env.example',
    'a/.env.sample',
    '.env.template',
    'src/env.ts',
    'keys.ts',
    'id_rsa.pub',
    'README.md',
    'credentials.ts',
    '.env-example',
    '.env_sample',
    'src/secrets.ts',
    'src/secrets/rotate.py',
    'src/credentials/index.js',
    'docs/credentials.md',
    'token.ts',
    'gradle.properties',
    'src/cookies.ts',
    'kubeconfig.go',
    'vault_password.rb',
    'aws/config',
    'history.md',
  ])
    assert.ok(!isHidden(path), path);
});
