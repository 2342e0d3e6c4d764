import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { agentStep, onlyRun, WORKFLOW, workflow } from './facts-of.ts';

const FREE = agentStep('claude -p "Look" --dangerously-skip-permissions');

function runOf(steps: string, job = '', jobs = '') {
  return onlyRun({ [WORKFLOW]: workflow({ steps, job, jobs }) });
}

describe('what stands in the way', () => {
  it('is an egress firewall before the agent, and not one behind it', () => {
    const firewall =
      '      - uses: step-security/harden-runner@v2\n        with:\n          egress-policy: block\n          allowed-endpoints: api.example.test:443\n';
    const before = runOf(`${firewall}${FREE}`);
    assert.ok(before.controls.some(({ kind, cuts }) => kind === 'egress' && cuts.includes('egress')));
    assert.ok(!before.exits.some(({ kind }) => kind === 'network'));
    const after = runOf(`${FREE}${firewall}`);
    assert.ok(after.exits.some(({ kind }) => kind === 'network'));
  });

  it('is no firewall that only observes', () => {
    const observed = runOf(
      `      - uses: step-security/harden-runner@v2\n        with:\n          egress-policy: audit\n${FREE}`,
    );
    assert.equal(observed.controls.find(({ kind }) => kind === 'egress')?.certainty, 'no');
    assert.ok(observed.exits.some(({ kind }) => kind === 'network'));
  });

  it('is a contained run', () => {
    const contained = runOf(agentStep('sallyport run -- claude -p "Look"'));
    const sandbox = contained.controls.find(({ kind }) => kind === 'sandbox');
    assert.deepEqual(sandbox?.cuts, ['egress', 'credential', 'write']);
  });

  it('is a token that can only read', () => {
    assert.ok(runOf(FREE).controls.some(({ kind }) => kind === 'read-only-token'));
    assert.ok(!runOf(FREE, '    permissions: write-all\n').controls.some(({ kind }) => kind === 'read-only-token'));
  });

  it('is another job that writes in place of the one with the agent', () => {
    const jobs =
      '  publish:\n    needs: agent\n    runs-on: ubuntu-latest\n    permissions:\n      contents: write\n    steps:\n      - run: git push\n';
    assert.ok(runOf(FREE, '', jobs).controls.some(({ kind }) => kind === 'split-job'));
  });
});

describe('the ways out', () => {
  it('are those of the agent and of later steps that trust what it left', () => {
    const run = runOf(`${FREE}      - run: git push origin HEAD\n      - run: npm publish\n`);
    const kinds = run.exits.map(({ kind, by }) => `${by} ${kind}`);
    for (const expected of ['agent network', 'agent environment', 'later-step push', 'later-step publish']) {
      assert.ok(kinds.includes(expected), `${expected} is not among ${kinds.join(', ')}`);
    }
  });

  it('make three of three together with untrusted text and a secret', () => {
    const steps = agentStep(
      'claude -p "$BODY" --dangerously-skip-permissions',
      'BODY: ${{ github.event.issue.body }}',
      'KEY: ${{ secrets.KEY }}',
    );
    assert.deepEqual(runOf(steps).trifecta, { untrusted: 'yes', privateData: 'yes', wayOut: 'yes' });
    assert.deepEqual(runOf(agentStep('claude -p "Look"')).trifecta, {
      untrusted: 'no',
      privateData: 'no',
      wayOut: 'no',
    });
  });
});
