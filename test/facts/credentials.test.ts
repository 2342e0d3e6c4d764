import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { credentialClass } from '../../src/facts/index.ts';
import { agentStep, factsOf, onlyRun, WORKFLOW, workflow } from './facts-of.ts';

const FREE = 'claude -p "Look" --dangerously-skip-permissions';

function reachable(steps: string, shape: { readonly job?: string } = {}) {
  const run = onlyRun({ [WORKFLOW]: workflow({ steps, ...shape }) });
  return Object.fromEntries(run.credentials.map(({ name, scope, reachable: reach }) => [name, `${scope} ${reach}`]));
}

describe('what an agent can get at', () => {
  it('is every secret of its own environment when it may run anything', () => {
    assert.equal(reachable(agentStep(FREE, 'KEY: ${{ secrets.DEPLOY_KEY }}'))['DEPLOY_KEY'], 'step yes');
  });

  it('is not what stands in its environment when it may run nothing', () => {
    assert.equal(reachable(agentStep('claude -p "Look"', 'KEY: ${{ secrets.DEPLOY_KEY }}'))['DEPLOY_KEY'], 'step no');
  });

  it('is perhaps what another step of the job used, because the runner held it in memory', () => {
    const steps = `      - run: ./deploy\n        env:\n          KEY: \${{ secrets.DEPLOY_KEY }}\n${agentStep(FREE)}`;
    assert.equal(reachable(steps)['DEPLOY_KEY'], 'other-step unknown');
  });

  it('is the token that the checkout left in .git/config, and not when it left none', () => {
    const checkout = (extra: string) => `      - uses: actions/checkout@v4\n${extra}${agentStep(FREE)}`;
    assert.equal(reachable(checkout(''))['GITHUB_TOKEN'], 'file yes');
    assert.equal(
      reachable(checkout('        with:\n          persist-credentials: false\n'))['GITHUB_TOKEN'],
      undefined,
    );
  });

  it('is an identity token when the job may mint one', () => {
    const job = '    permissions:\n      id-token: write\n';
    assert.equal(reachable(agentStep(FREE), { job })['id-token'], 'mintable yes');
    assert.equal(reachable(agentStep(FREE))['id-token'], undefined);
  });

  it('is a login that an earlier step left on the machine', () => {
    const steps = `      - uses: docker/login-action@v3\n        with:\n          username: bot\n          password: \${{ secrets.REGISTRY }}\n${agentStep(FREE)}`;
    assert.equal(reachable(steps)['login to registry'], 'file yes');
  });

  it('is every variable of a GitLab project that the job itself uses, whichever command uses it', () => {
    const found = (script: string) =>
      factsOf({
        '.gitlab-ci.yml': `a:\n  script:\n    - claude -p hello --dangerously-skip-permissions\n    - ${script}\nb:\n  script:\n    - deploy --token "$OTHER_TOKEN"\n`,
      }).runs[0]?.credentials.map(({ name, reachable }) => `${name} ${reachable}`);
    assert.deepEqual(found('deploy --token "$KUBE_TOKEN"'), ['KUBE_TOKEN yes', 'CI_JOB_TOKEN yes']);
    assert.deepEqual(found('KUBE_TOKEN=none; deploy --token "$KUBE_TOKEN"'), ['CI_JOB_TOKEN yes']);
  });

  it('is named as the platform names it', () => {
    const [run] = factsOf({
      'azure-pipelines.yml':
        'steps:\n- checkout: self\n  persistCredentials: true\n- script: copilot -p hello --allow-all-tools\n  env:\n    GH_TOKEN: $(COPILOT_TOKEN)\n',
    }).runs;
    assert.deepEqual(
      run?.credentials.map(({ name, class: kind }) => `${name} ${kind}`),
      ['COPILOT_TOKEN model-key', 'System.AccessToken forge-token'],
    );
  });

  it('never holds a value, only names', () => {
    const run = onlyRun({
      [WORKFLOW]: workflow({ steps: agentStep(FREE, 'ANTHROPIC_API_KEY: sk-ant-api03-abcdefghijklmnop') }),
    });
    assert.ok(!JSON.stringify(run.credentials).includes('sk-ant-api03'));
  });
});

describe('the class of a credential', () => {
  const rows: readonly (readonly [name: string, expected: string])[] = [
    ['ANTHROPIC_API_KEY', 'model-key'],
    ['secrets.CLAUDE_CODE_OAUTH_TOKEN', 'model-key'],
    ['GITHUB_TOKEN', 'forge-token'],
    ['RELEASE_PAT', 'personal-token'],
    ['NPM_TOKEN', 'registry'],
    ['AWS_SECRET_ACCESS_KEY', 'cloud'],
    ['COSIGN_PASSWORD', 'signing'],
    ['KUBECONFIG', 'kubernetes'],
    ['SSH_PRIVATE_KEY', 'deploy'],
    ['SOMETHING', 'other'],
  ];
  for (const [name, expected] of rows) {
    it(`of ${name} is ${expected}`, () => assert.equal(credentialClass(name), expected));
  }
});
