import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { it } from 'node:test';
import { generateAuthorityKeys, issueAuthority, issueLeaf } from '../../src/broker/egress/certificate.ts';
import { Checkout } from './contained-run.ts';

const HOST = 'repository.example.test';
const JAVA = '/usr/bin/java';
const WGET = '/usr/bin/wget';

/** A server with a certificate of its own authority, on loopback. */
async function serveTls(): Promise<{ readonly server: Server; readonly port: number; readonly authority: string }> {
  const issuerKeys = await generateAuthorityKeys();
  const request = { serial: Buffer.from([1]), notBefore: Date.now() - 60_000, notAfter: Date.now() + 600_000 };
  const authority = await issueAuthority({ ...request, issuer: 'test', issuerKeys });
  const leaf = await issueLeaf({ ...request, serial: Buffer.from([2]), issuer: 'test', issuerKeys }, HOST);
  const server = createServer({ key: leaf.key, cert: leaf.cert }, (_request, response) => response.end('a package'));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { server, port: (server.address() as AddressInfo).port, authority };
}

/** Asks with what every client in Java uses by itself: no proxy named, no store named. */
const FETCH = `public class Fetch {
  public static void main(String[] arguments) throws Exception {
    System.out.print(new String(new java.net.URL(arguments[0]).openStream().readAllBytes()));
  }
}`;

// Through `bin/sallyport`, so that it holds for the bundle too: what is loaded for inspection alone was once left out.
it('a run whose policy inspects a host starts, with an authority of its own', async () => {
  using checkout = new Checkout({ 'a.txt': 'a' });
  const policy = checkout.policy({
    version: 1,
    network: { allow: [{ host: 'api.example.test', port: 443, protocol: 'https', tls: 'inspect' }] },
  });
  const command = ['/bin/sh', '-c', 'test -s "$SSL_CERT_FILE" && echo trusted'];
  const run = await checkout.run(command, { flags: ['--policy', policy] });
  assert.equal(run.exit, 0, run.stderr);
  assert.match(run.stdout, /trusted/);
});

/** What a client prints inside that fetches from the inspected host, and from one that the run does not allow. */
async function fetched(files: { readonly [path: string]: string }, client: (url: string) => readonly string[]) {
  using checkout = new Checkout(files);
  const { server, port, authority } = await serveTls();
  try {
    const ca = join(checkout.root, 'ca.pem');
    writeFileSync(ca, authority);
    const policy = checkout.policy({
      network: { allow: [{ host: HOST, port, address: '127.0.0.1', ca, tls: 'inspect' }] },
    });
    const fetch = (host: string) =>
      checkout.run([...client(`https://${host}:${port}/x.jar`)], { flags: ['--policy', policy] });
    return { allowed: await fetch(HOST), other: await fetch('other.example.test') };
  } finally {
    server.close();
  }
}

it('Java inside trusts the authority of the run, and no host that the run does not allow', {
  skip: existsSync(JAVA) ? false : 'no Java on this machine',
}, async () => {
  const { allowed, other } = await fetched({ 'Fetch.java': FETCH }, (url) => [JAVA, '-Xshare:auto', 'Fetch.java', url]);
  assert.match(allowed.stdout, /a package/, allowed.stderr);
  assert.doesNotMatch(other.stdout, /a package/);
  assert.notEqual(other.exit, 0);
});

it('a client that reads the bundle of the system and no variable trusts the authority of the run', {
  skip: existsSync(WGET) ? false : 'no wget on this machine',
}, async () => {
  const { allowed, other } = await fetched({ 'a.txt': 'a' }, (url) => [WGET, '--quiet', '--tries=1', '-O', '-', url]);
  assert.match(allowed.stdout, /a package/, allowed.stderr);
  assert.doesNotMatch(other.stdout, /a package/);
});
