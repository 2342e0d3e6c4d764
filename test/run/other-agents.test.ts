import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { createRunAuthority } from '../../src/broker/index.ts';
import { systemClock } from '../../src/system/index.ts';
import { Checkout } from './contained-run.ts';

const REAL_KEY = 'sk-proj-Zk4vTq81LxWmR7sBd0HnYc52';

/** An agent of another vendor: sends its prompt to its own API with its own key and writes what comes back. */
const AGENT = `#!/usr/bin/env node
const key = process.env.CODEX_API_KEY ?? '';
const send = (path, body) => fetch('https://AUTHORITY/v1' + path, {
  method: 'POST', headers: { authorization: 'Bearer ' + key, 'content-type': 'application/json' }, body: JSON.stringify(body),
});
const answer = await send('/responses', { model: 'm', input: process.argv.at(-1) });
console.log('answer', answer.status, (await answer.json().catch(() => ({}))).output);
console.log('key', key);
const upload = await send('/files', { purpose: 'user_data' }).catch(() => undefined);
console.log('upload', upload?.status);
`;

interface Seen {
  readonly url: string;
  readonly authorization: string;
}

/** The provider of that vendor, on loopback under a certificate of its own. */
async function serveProvider(checkout: Checkout) {
  const authority = await createRunAuthority(randomBytes, systemClock);
  const leaf = await authority.leafFor('api.model.test');
  const seen: Seen[] = [];
  const server = createServer({ cert: leaf.cert, key: leaf.key }, (request, response) => {
    seen.push({ url: request.url ?? '', authorization: request.headers.authorization ?? '' });
    request.resume().on('end', () => response.end(JSON.stringify({ output: `hello ${REAL_KEY}` })));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const ca = join(checkout.root, 'ca.pem');
  writeFileSync(ca, authority.pem);
  // A server that listens has an address of this shape, never a path.
  const { port } = server.address() as AddressInfo;
  return { port, ca, seen, close: () => new Promise((done) => server.close(done)) };
}

function installAgent(checkout: Checkout, authority: string): string {
  const program = join(checkout.root, 'codex');
  writeFileSync(program, AGENT.replace('AUTHORITY', authority), { mode: 0o755 });
  return program;
}

describe('an agent whose model API is not brokered', () => {
  test('reaches it by the policy, holds a placeholder, and gets no further there than the policy says', async () => {
    using checkout = new Checkout({ 'a.txt': 'a' });
    const provider = await serveProvider(checkout);
    try {
      const authority = `api.model.test:${provider.port}`;
      const program = installAgent(checkout, authority);
      const policy = checkout.policy({
        network: {
          allow: [
            {
              ...{ host: 'api.model.test', port: provider.port, address: '127.0.0.1', ca: provider.ca },
              ...{ methods: ['POST'], paths: ['/v1/responses'], tls: 'inspect' },
            },
          ],
        },
        secrets: [
          {
            ...{ name: 'OPENAI_API_KEY', env: 'CODEX_API_KEY', from: { env: 'OPENAI_API_KEY' } },
            ...{ hosts: [authority], header: 'authorization' },
          },
        ],
      });
      const run = await checkout.run([program, 'exec', 'say hello'], {
        flags: ['--policy', policy],
        environment: { OPENAI_API_KEY: REAL_KEY },
      });
      assert.equal(run.exit, 0, run.stderr);
      assert.match(run.stdout, /answer 200 hello \[redacted:OPENAI_API_KEY\]/);
      assert.match(run.stdout, /key sk-proj-\w{24}\n/);
      assert.match(run.stdout, /upload 403/);
      assert.ok(!run.stdout.includes(REAL_KEY));
      assert.deepEqual(provider.seen, [{ url: '/v1/responses', authorization: `Bearer ${REAL_KEY}` }]);
      assert.doesNotMatch(run.stderr, /ANTHROPIC_API_KEY is not set/);
    } finally {
      await provider.close();
    }
  });

  test('is stopped with one line before anything starts when the policy grants no host', async () => {
    using checkout = new Checkout({ 'a.txt': 'a' });
    const run = await checkout.run([installAgent(checkout, 'api.model.test'), 'exec', 'say hello']);
    assert.equal(run.exit, 2);
    assert.equal(run.stdout, '');
    assert.match(run.stderr, /^SP1605 Codex CLI could reach no model: .*api\.openai\.com.*CODEX_API_KEY.*\n$/);
  });
});
