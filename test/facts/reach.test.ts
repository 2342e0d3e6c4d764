import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { agentStep, factsOf, onlyRun, WORKFLOW, workflow } from './facts-of.ts';

const CHECKOUT = '      - uses: actions/checkout@v4\n';

describe('the way out of an agent', () => {
  it('is shut where its own sandbox lets any program run and nothing out', () => {
    const run = onlyRun({ [WORKFLOW]: workflow({ steps: agentStep('codex exec "Look around"') }) });
    assert.equal(run.capabilities.execute, 'any');
    assert.equal(run.capabilities.network, 'none');
    assert.deepEqual(
      run.exits.filter(({ kind }) => kind === 'network'),
      [],
    );
  });

  it('is shut by a sandbox around it, whatever its own is set to', () => {
    const command = 'sallyport run -- codex exec --dangerously-bypass-approvals-and-sandbox "Look around"';
    const run = onlyRun({ [WORKFLOW]: workflow({ steps: agentStep(command) }) });
    const sandbox = run.controls.find(({ kind }) => kind === 'sandbox');
    assert.equal(sandbox?.certainty, 'yes');
    assert.deepEqual(sandbox?.cuts, ['egress', 'credential', 'write']);
  });
});

describe('the token in .git/config', () => {
  it('may be read by an agent that may only read the tree', () => {
    const run = onlyRun({
      [WORKFLOW]: workflow({ steps: `${CHECKOUT}${agentStep('claude -p "Look" --tools Read')}` }),
    });
    const token = run.credentials.find(({ name }) => name === 'GITHUB_TOKEN');
    assert.equal(token?.reachable, 'unknown');
  });
});

describe('what the clock has an agent fetch', () => {
  const steps = agentStep('claude -p "$(gh issue list --json body)" --tools Read');

  it('comes from anyone, and nobody has to start it', () => {
    const run = onlyRun({ [WORKFLOW]: workflow({ on: "  schedule:\n    - cron: '0 3 * * *'", steps }) });
    assert.ok(run.sources.length > 0);
    assert.ok(run.sources.every(({ who, unattended }) => who === 'anyone' && unattended === true));
  });

  it('is no different from other text where a member starts it', () => {
    const run = onlyRun({ [WORKFLOW]: workflow({ on: '  workflow_dispatch:', steps }) });
    assert.ok(run.sources.every(({ unattended }) => unattended === undefined));
  });
});

describe('the end of a workflow that anyone starts', () => {
  it('is something that anyone causes', () => {
    const { runs } = factsOf({
      '.github/workflows/tests.yml':
        'name: tests\non: pull_request\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: npm test\n',
      [WORKFLOW]: workflow({ on: '  workflow_run:\n    workflows: [tests]', steps: agentStep('claude -p "Look"') }),
    });
    assert.equal(runs[0]?.startedBy, 'anyone');
  });

  it('needs another pipeline where that workflow is not in the repository', () => {
    const run = onlyRun({
      [WORKFLOW]: workflow({ on: '  workflow_run:\n    workflows: [elsewhere]', steps: agentStep('claude -p "Look"') }),
    });
    assert.equal(run.startedBy, 'other-pipeline');
  });
});
