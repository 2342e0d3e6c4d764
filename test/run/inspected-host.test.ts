import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Checkout } from './contained-run.ts';

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
