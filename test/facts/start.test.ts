import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { agentStep, factsOf, onlyRun, WORKFLOW, workflow } from './facts-of.ts';

const AGENT = agentStep('claude -p "Look at the issue" --dangerously-skip-permissions');
const COMMENT = '  issue_comment:\n    types: [created]';

function started(shape: {
  readonly on?: string;
  readonly job?: string;
  readonly jobs?: string;
  readonly steps?: string;
}) {
  const run = onlyRun({ [WORKFLOW]: workflow({ steps: AGENT, ...shape }) });
  return { by: run.startedBy, strength: run.gateStrength, events: run.triggers.map(({ event }) => event) };
}

describe('who can start an agent', () => {
  it('is anyone for an issue without a gate', () => {
    assert.deepEqual(started({}), { by: 'anyone', strength: 0, events: ['issues'] });
  });

  it('is a member when the association of the commenter is checked', () => {
    const job = `    if: contains(fromJSON('["OWNER","MEMBER"]'), github.event.comment.author_association)\n`;
    assert.deepEqual(started({ on: COMMENT, job }), { by: 'member', strength: 3, events: ['issue_comment'] });
  });

  it('stays anyone when only a keyword is asked for', () => {
    const job = `    if: contains(github.event.comment.body, '/agent')\n`;
    assert.equal(started({ on: COMMENT, job }).by, 'anyone');
  });

  it('stays anyone when only a bot name is compared, which a re-run carries too', () => {
    const job = `    if: github.actor == 'dependabot[bot]'\n`;
    assert.equal(started({ on: '  pull_request_target:', job }).by, 'anyone');
  });

  it('is decided event by event when the condition tells them apart', () => {
    const on = `${COMMENT}\n  issues:\n    types: [opened]`;
    const job = `    if: github.event_name == 'issue_comment' && github.event.comment.author_association == 'OWNER'\n`;
    assert.deepEqual(started({ on, job }), { by: 'member', strength: 3, events: ['issue_comment'] });
  });

  it('is as wide as the widest way through a condition with alternatives', () => {
    const on = `${COMMENT}\n  issues:\n    types: [opened]`;
    const job = `    if: github.event_name == 'issues' || github.event.comment.author_association == 'OWNER'\n`;
    assert.equal(started({ on, job }).by, 'anyone');
  });

  it('is a member for a pull request of a fork, which runs without secrets', () => {
    assert.equal(started({ on: '  pull_request:' }).by, 'member');
  });

  it('is narrowed by a needed job whose permission check is asked for', () => {
    const jobs = `  authorise:
    runs-on: ubuntu-latest
    outputs:
      allowed: \${{ steps.check.outputs.allowed }}
    steps:
      - id: check
        env:
          GH_TOKEN: \${{ github.token }}
        run: |
          level=$(gh api "repos/$GITHUB_REPOSITORY/collaborators/$GITHUB_ACTOR/permission" --jq .permission)
          if [ "$level" = write ] || [ "$level" = admin ]; then echo "allowed=true" >> "$GITHUB_OUTPUT"; fi
`;
    const job = `    needs: authorise\n    if: needs.authorise.outputs.allowed == 'true'\n`;
    assert.equal(started({ jobs, job }).by, 'member');
    assert.equal(started({ jobs, job: `    needs: authorise\n    if: always()\n` }).by, 'anyone');
  });

  it('is narrowed by a check that stops the job, and not by one that may fail', () => {
    const check = (more: string) =>
      `      - run: gh api "orgs/acme/teams/core/memberships/$GITHUB_ACTOR"\n${more}        env:\n          GH_TOKEN: \${{ secrets.ORG_READ }}\n${AGENT}`;
    assert.equal(started({ steps: check('') }).by, 'member');
    assert.equal(started({ steps: check('        continue-on-error: true\n') }).by, 'anyone');
  });

  it('is a member when the commenter has to be the owner of the repository', () => {
    const owner = (login: string) => `    if: ${login} == github.repository_owner\n`;
    assert.equal(started({ on: COMMENT, job: owner('github.event.comment.user.login') }).by, 'member');
    assert.equal(started({ on: COMMENT, job: owner('github.actor') }).by, 'member');
    assert.equal(started({ on: COMMENT, job: owner("'acme'") }).by, 'anyone');
  });

  it('counts no environment, because whether it has reviewers is not written in the repository', () => {
    const run = onlyRun({ [WORKFLOW]: workflow({ job: '    environment: agents\n', steps: AGENT }) });
    assert.equal(run.startedBy, 'anyone');
    assert.equal(run.controls.find(({ kind }) => kind === 'environment-approval')?.certainty, 'unknown');
  });

  it('comes from the callers of a reusable workflow', () => {
    const files = {
      '.github/workflows/review.yml': workflow({ on: '  workflow_call:', steps: AGENT }),
      '.github/workflows/on-issue.yml':
        'on: issues\njobs:\n  call:\n    uses: ./.github/workflows/review.yml\n    secrets: inherit\n',
    };
    const run = factsOf(files).runs.find(({ pipeline }) => pipeline.file.path.endsWith('review.yml'));
    assert.equal(run?.startedBy, 'anyone');
    assert.ok(run?.triggers.some(({ event }) => event === 'issues'));
  });

  it("counts the action's own write check unless an input opens it to everybody", () => {
    const use = (extra: string) =>
      `      - uses: anthropics/claude-code-action@v1\n        with:\n          anthropic_api_key: \${{ secrets.ANTHROPIC_API_KEY }}\n${extra}`;
    assert.equal(started({ steps: use('') }).by, 'member');
    assert.equal(started({ steps: use("          allowed_non_write_users: '*'\n") }).by, 'anyone');
  });

  const CALLED = `on:\n  workflow_call:\n    inputs:\n      ask:\n        type: string\njobs:\n  agent:\n    runs-on: ubuntu-latest\n    steps:\n${AGENT}`;
  const caller = (on: string, condition: string, target: string) =>
    `on:\n${on}\njobs:\n  call:\n${condition}    uses: ./.github/workflows/${target}.yml\n`;
  const CHECKED = `    if: github.event.comment.author_association == 'OWNER'\n`;
  const startOf = (files: Record<string, string>) => {
    const run = onlyRun(files);
    return `${run.startedBy} ${run.gateStrength}`;
  };

  it('is decided by the gates of the callers of a caller too', () => {
    const files = (condition: string) => ({
      [WORKFLOW]: CALLED,
      '.github/workflows/middle.yml': `on:\n  workflow_call:\njobs:\n  call:\n    uses: ./${WORKFLOW}\n`,
      '.github/workflows/outer.yml': caller(COMMENT, condition, 'middle'),
    });
    assert.equal(startOf(files('')), 'anyone 0');
    assert.equal(startOf(files(CHECKED)), 'member 3');
  });

  it('is decided by the easiest of several callers, each for the events that start it', () => {
    const checked = caller(COMMENT, CHECKED, 'agent');
    const open = caller('  issues:\n    types: [opened]', '', 'agent');
    const files = (other: string) => ({
      [WORKFLOW]: CALLED,
      '.github/workflows/a.yml': checked,
      '.github/workflows/b.yml': other,
    });
    assert.equal(startOf(files(open)), 'anyone 0');
    assert.equal(startOf(files(checked)), 'member 3');
  });

  const relayed = (condition: string, target: string, own = '') => ({
    [WORKFLOW]: workflow({
      on: '  workflow_dispatch:\n    inputs:\n      ask:\n        type: string',
      steps: AGENT,
      job: own,
    }),
    '.github/workflows/relay.yml': `on:\n  issue_comment:\n    types: [created]\njobs:\n  relay:\n    runs-on: ubuntu-latest\n${condition}    steps:\n      - run: gh workflow run ${target} -f ask="$ASK"\n        env:\n          ASK: \${{ github.event.comment.body }}\n`,
  });

  it('is whoever starts the workflow that starts it by a command', () => {
    assert.equal(startOf(relayed('', 'agent.yml')), 'anyone 0');
    assert.equal(startOf(relayed('', 'other.yml')), 'member 0');
    assert.equal(startOf(relayed(CHECKED, 'agent.yml')), 'member 0');
    // Inside, the event is a start by hand.
    const byHand = `    if: github.event_name == 'workflow_dispatch'\n`;
    assert.equal(startOf(relayed('', 'agent.yml', byHand)), 'anyone 0');
  });

  it('is anyone at the end of a chain of workflows that a pull request starts', () => {
    const wait = (name: string) => `  workflow_run:\n    workflows: [${name}]\n    types: [completed]`;
    const step = `jobs:\n  x:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n`;
    const files = (first: string) => ({
      '.github/workflows/one.yml': `name: one\non: ${first}\n${step}`,
      '.github/workflows/two.yml': `name: two\non:\n${wait('one')}\n${step}`,
      [WORKFLOW]: `name: three\n${workflow({ on: wait('two'), steps: AGENT })}`,
    });
    assert.equal(onlyRun(files('pull_request')).startedBy, 'anyone');
    assert.equal(onlyRun(files('push')).startedBy, 'other-pipeline');
  });
});
