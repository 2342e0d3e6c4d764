import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cheapestLeg } from '../../../src/audit/paths/attack-path.ts';
import { findingOf } from '../../../src/audit/paths/path-finding.ts';
import { auditOf, type Files, pathsOf, workflow } from './support.ts';

function triage(trigger: string, condition = ''): Files {
  return workflow(
    'triage',
    `on:
${trigger}
permissions:
  contents: read
jobs:
  triage:
${condition}    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683
      - run: claude -p "Label this, $BODY" --dangerously-skip-permissions
        env:
          ANTHROPIC_API_KEY: \${{ secrets.ANTHROPIC_API_KEY }}
          BODY: \${{ github.event.issue.body }}
`,
  );
}

const OPEN = triage('  issues:\n    types: [opened]');
const LABELLED = triage('  issues:\n    types: [labeled]', "    if: github.event.label.name == 'triage'\n");

describe('the legs of a path', () => {
  it('stand in the order in which the attack happens', () => {
    const [path] = pathsOf(OPEN);
    assert.deepEqual(
      path?.legs.map(({ step }) => step.role),
      ['trigger', 'source', 'agent', 'credential', 'sink'],
    );
  });

  it('say who starts it, what they wrote, with which power, what is in reach and where it leaves', () => {
    const [path] = pathsOf(OPEN);
    assert.deepEqual(
      path?.legs.map(({ step }) => step.message),
      [
        'anyone starts job triage with issues',
        'the agent meets github.event.issue.body, written by anyone, through a variable that its prompt names',
        'the agent follows it and may run any command (permission prompts are off)',
        'GITHUB_TOKEN (forge-token) is within reach: the checkout left it on disk for git',
        'it leaves through any host, from any command',
      ],
    );
  });

  it('name the gate on the way, and the path is no longer open to anyone', () => {
    const [path] = pathsOf(LABELLED);
    assert.equal(
      path?.legs[0]?.step.message,
      'a member, or an outsider who gets a member to act starts job triage with issues, past this gate: label',
    );
    assert.equal(path?.severity, 'high');
  });

  it('are milder still where only members write what the agent meets', () => {
    const owner = triage(
      '  issues:\n    types: [opened]',
      "    if: github.event.issue.author_association == 'OWNER'\n",
    );
    assert.equal(pathsOf(owner)[0]?.severity, 'medium');
  });

  it('begin with the clock where it has the agent read what anybody wrote, and that is open', () => {
    const nightly = workflow(
      'nightly',
      `on:
  schedule:
    - cron: '0 3 * * *'
  workflow_dispatch:
permissions:
  contents: read
jobs:
  sweep:
    runs-on: ubuntu-latest
    steps:
      - run: claude -p "$(gh issue list --json title,body)" --dangerously-skip-permissions
        env:
          ANTHROPIC_API_KEY: \${{ secrets.ANTHROPIC_API_KEY }}
`,
    );
    const [path] = pathsOf(nightly);
    assert.equal(path?.legs[0]?.step.message, 'the clock starts job sweep with schedule');
    assert.match(path?.legs[1]?.step.message ?? '', /written by anyone/);
    assert.equal(path?.severity, 'critical');
  });

  it('point at what the files say', () => {
    const { paths, facts } = auditOf(OPEN);
    const texts = paths[0]?.legs.map(({ step: { place } }) =>
      facts.source(place.file)?.text.slice(place.span.start, place.span.end),
    );
    assert.equal(texts?.[0], 'issues');
    assert.ok(texts?.[2]?.startsWith('claude'));
    assert.ok(texts?.[3]?.includes('actions/checkout'));
  });

  it('offer the cheapest cut as the advice of the finding', () => {
    const [path] = pathsOf(OPEN);
    assert.ok(path);
    assert.equal(cheapestLeg(path)?.step.role, 'credential');
    assert.equal(findingOf(path).cut, 'Check out with `persist-credentials: false` and log in after the agent');
    assert.equal(findingOf(path).flow?.length, path.legs.length);
  });
});

describe('the detail of a path', () => {
  it('says that nothing else stands in the way, and what would', () => {
    const [path] = pathsOf(OPEN);
    assert.match(path?.detail ?? '', /Nothing else stands in the way|can only read/);
    assert.match(path?.detail ?? '', /Cheapest cut: Check out with `persist-credentials: false`/);
  });

  it('says why a gate on the starter does not help against the text', () => {
    const [path] = pathsOf(LABELLED);
    assert.match(path?.detail ?? '', /The gate \(label\) asks who starts the agent/);
  });
});
