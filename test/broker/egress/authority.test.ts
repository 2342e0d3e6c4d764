import assert from 'node:assert/strict';
import { isIP } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { AddressGuard } from '../../../src/broker/egress/address.ts';
import { formatAuthority, parseAuthority } from '../../../src/broker/egress/authority.ts';
import { findGrantForRequest, findGrants, isCanonicalPath } from '../../../src/broker/egress/grant.ts';
import { grantFor } from './fixture.ts';

const numRuns = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 5000);

test('names and canonical addresses are read', () => {
  for (const [text, host, isAddress] of [
    ['example.org:443', 'example.org', false],
    ['EXAMPLE.org:443', 'example.org', false],
    ['xn--bcher-kva.example:443', 'xn--bcher-kva.example', false],
    ['_dmarc.example.org:443', '_dmarc.example.org', false],
    ['192.0.2.1:443', '192.0.2.1', true],
    ['[2001:db8::1]:443', '2001:db8::1', true],
  ] as const) {
    assert.deepEqual(parseAuthority(text), { host, port: 443, isAddress });
  }
  assert.equal(parseAuthority('example.org', 80)?.port, 80);
});

test('every other spelling is refused', () => {
  for (const host of [
    '',
    '.',
    'a..b',
    '-a.b',
    'a-.b',
    'a.b.',
    'a b',
    'a\tb',
    'a\nb',
    'a\0b',
    'a@b',
    'a%b',
    'a\\b',
    'a/b',
    'a?b',
    'a#b',
    'ä.b',
    'a,b',
    '1.2.3',
    '127.1',
    '0x7f.1',
    '0x7f000001',
    '2130706433',
    '017700000001',
    '0177.0.0.1',
    '127.0.0.01',
    '256.1.1.1',
    'a.0x1',
    'a.1',
    '[127.0.0.1]',
    '[::1',
    '::1',
    '[::1%lo]',
    '[::ffff:1.2.3.4]',
    '[0:0:0:0:0:0:0:1]',
    '[2001:DB8::1]',
    '[::]x',
    'a'.repeat(64),
    `${'a.'.repeat(130)}b`,
  ]) {
    assert.equal(parseAuthority(`${host}:443`), undefined, host);
  }
  for (const port of [
    '',
    ':',
    ':0',
    ':00443',
    ':443x',
    ':65536',
    ':-1',
    ':+1',
    ': 443',
    ':443 ',
    ':0x1bb',
    ':443:443',
  ]) {
    assert.equal(parseAuthority(`example.org${port}`), undefined, port);
  }
});

test('whatever is read, is read the same when written again, and no resolver can take a name for an address', () => {
  const alphabet = fc.constantFrom(...'abz019.-_:[]%@\\/#? \0\r\nxX', '443', 'fe80::', '127.0.0.1');
  const hostile = fc.array(alphabet, { maxLength: 24 }).map((pieces) => pieces.join(''));
  // Mostly well-formed, else nearly every input stops at the grammar and the property says nothing.
  const label = fc.stringMatching(/^[a-zA-Z0-9_]([a-zA-Z0-9_-]{0,8}[a-zA-Z0-9_])?$/);
  const name = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'));
  const host = fc.oneof(
    name,
    fc.ipV4(),
    fc.ipV4Extended(),
    fc.ipV6().map((address) => `[${address}]`),
  );
  const authority = fc.tuple(host, fc.integer({ min: 0, max: 66_000 })).map(([text, port]) => `${text}:${port}`);
  let accepted = 0;
  fc.assert(
    fc.property(fc.oneof(hostile, fc.string(), authority, authority, authority), (spelled) => {
      const parsed = parseAuthority(spelled);
      if (!parsed) return;
      accepted++;
      assert.deepEqual(parseAuthority(formatAuthority(parsed)), parsed);
      assert.equal(isIP(parsed.host) !== 0, parsed.isAddress);
      const url = new URL(`http://${formatAuthority(parsed)}`);
      assert.equal(url.hostname, parsed.host.includes(':') ? `[${parsed.host}]` : parsed.host);
    }),
    { numRuns },
  );
  assert.ok(accepted > numRuns / 5, `only ${accepted} of ${numRuns} inputs were authorities`);
});

test('special-purpose addresses are reserved and public ones are not', () => {
  const guard = new AddressGuard(['93.184.215.1']);
  for (const address of [
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.255',
    '168.63.129.16',
    '169.254.169.254',
    '172.31.255.255',
    '192.168.1.1',
    '192.0.2.1',
    '198.19.0.1',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '255.255.255.255',
    '93.184.215.1',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:93.184.215.14',
    '64:ff9b::1',
    '100::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::',
    'fc00::1',
    'fd12::1',
    'fe80::1',
    'fec0::1',
    'ff02::1',
    'fd00:ec2::254',
  ]) {
    assert.ok(guard.isReserved(address), address);
  }
  for (const address of [
    '1.1.1.1',
    '93.184.215.14',
    '172.32.0.1',
    '100.128.0.1',
    '2606:4700::1111',
    '2a00:1450:4001::1',
  ]) {
    assert.equal(guard.isReserved(address), false, address);
  }
});

test('a grant is for its host, port and protocol', () => {
  const grants = [
    grantFor(443),
    grantFor(443, { id: 'wild', host: '*.example.org' }),
    grantFor(443, { id: 'all', host: '*' }),
  ];
  const found = (host: string, port = 443) =>
    findGrants(grants, { host, port, isAddress: isIP(host) !== 0 }, 'https').map(({ id }) => id);
  assert.deepEqual(found('allowed.test'), ['test-rule', 'all']);
  assert.deepEqual(found('a.b.example.org'), ['wild', 'all']);
  assert.deepEqual(found('example.org'), ['all']);
  assert.deepEqual(found('xexample.org'), ['all']);
  assert.deepEqual(found('allowed.test', 444), []);
  assert.deepEqual(found('192.0.2.1'), [], 'a wildcard never selects an address');
});

test('path patterns select by `*` only, and only canonical paths', () => {
  const match = (pattern: string, path: string) =>
    findGrantForRequest([grantFor(443, { paths: [pattern] })], 'GET', path) !== undefined;
  assert.ok(
    match('/a/*', '/a/b/c') &&
      match('/a', '/a') &&
      match('/*/x', '/a/b/x') &&
      match('*', '/') &&
      match('/a*b*c', '/abc'),
  );
  assert.ok(!match('/a', '/ab') && !match('/a*b', '/ac') && !match('/ab*ba', '/aba') && !match('/a/*', '/a'));
  for (const path of [
    '',
    'a',
    '//',
    '/a//b',
    '/.',
    '/..',
    '/a/../b',
    '/a/./b',
    '/%2e',
    '/a%2Fb',
    '/a%5cb',
    '/a\\b',
    '/a%00',
    '/..;/a',
    '/%252e',
  ]) {
    assert.equal(isCanonicalPath(path), false, path);
  }
  for (const path of ['/', '/a', '/a/', '/a.b/..c', '/%20', '/a;b']) assert.ok(isCanonicalPath(path), path);
});
