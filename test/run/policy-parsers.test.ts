import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Checkout } from './contained-run.ts';

// What reads shell rules and expressions is loaded only for a policy that has some, from files of its own in the bundle.
test('a run finds the parsers that its policy needs: shell rules and expressions', async () => {
  using checkout = new Checkout({ 'README.md': 'read me\n' });
  const policy = checkout.policy({
    tool: { allow: ['Read', 'Bash(npm test *)', { tool: 'Edit', id: 'short', when: 'count("tool:Edit") < 9' }] },
    file: { write: { allow: ['src/**'] } },
  });
  const run = await checkout.run(['sh', '-c', 'mkdir src && echo x > src/a'], { flags: ['--policy', policy] });
  assert.equal(run.exit, 0, run.stderr);
  assert.match(run.read('changes.patch') ?? '', /src\/a/);
});
