import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { agentStep, factsOf, onlyRun, textAt, WORKFLOW, workflow } from './facts-of.ts';

const BODY = '${{ github.event.issue.body }}';

function sourcesOf(steps: string, extra: { readonly on?: string; readonly job?: string; readonly jobs?: string } = {}) {
  const run = onlyRun({ [WORKFLOW]: workflow({ steps, ...extra }) });
  return run.sources.map(({ what, channel }) => `${channel}: ${what}`);
}

describe('what an agent meets', () => {
  const routes: readonly (readonly [route: string, steps: string, expected: string])[] = [
    ['in its command', agentStep(`claude -p "Do ${BODY}"`), 'command-line: github.event.issue.body'],
    ['through a variable', agentStep('claude -p "Do $BODY"', `BODY: ${BODY}`), 'environment: github.event.issue.body'],
    [
      'through a variable that the prompt only names',
      agentStep("claude -p 'Read the text in BODY'", `BODY: ${BODY}`),
      'environment: github.event.issue.body',
    ],
    [
      'through a file that the job wrote',
      `      - run: |\n          cat > prompt.md <<'EOF'\n          ${BODY}\n          EOF\n      - run: |\n          claude -p "$(cat prompt.md)"\n`,
      'file: github.event.issue.body',
    ],
    [
      'through a file on standard input',
      `      - run: |\n          echo "$BODY" > prompt.md\n          claude -p < prompt.md\n        env:\n          BODY: ${BODY}\n`,
      'file: github.event.issue.body',
    ],
    [
      'through a file that the prompt names',
      `      - run: |\n          gh issue view 5 --json body > issue.txt\n          claude -p "Read issue.txt and answer"\n`,
      'file: gh issue view 5 --json body',
    ],
    [
      'through the output of an earlier step',
      `      - id: ask\n        run: |\n          echo "text=${BODY}" >> "$GITHUB_OUTPUT"\n      - run: |\n          claude -p "Do \${{ steps.ask.outputs.text }}"\n`,
      'output: github.event.issue.body',
    ],
    [
      'fetched by a command in the prompt',
      agentStep('claude -p "Do $(gh issue view 5 --json body)"'),
      'fetched: gh issue view 5 --json body',
    ],
    [
      'fetched by the agent itself, as it is told',
      agentStep('claude -p "Run gh issue view 5 and answer"'),
      'fetched: issues and pull requests',
    ],
  ];
  for (const [route, steps, expected] of routes) {
    it(`is found when it comes ${route}`, () => {
      const found = sourcesOf(steps);
      assert.ok(found.includes(expected), `${expected} is not among ${found.join(' | ')}`);
    });
  }

  it('is nothing when only numbers, commits and logins stand in the prompt', () => {
    const prompt = 'Do ${{ github.event.issue.number }} ${{ github.sha }} ${{ github.actor }} ${{ github.run_id }}';
    assert.deepEqual(sourcesOf(agentStep(`claude -p "${prompt}"`)), []);
  });

  it('is the issue whose number stands in the prompt, for an agent that may run what reads it', () => {
    const prompt = 'Fix issue ${{ github.event.issue.number }}';
    const fetched = ['fetched: issues and pull requests'];
    assert.deepEqual(sourcesOf(agentStep(`claude -p "${prompt}" --dangerously-skip-permissions`)), fetched);
    assert.deepEqual(sourcesOf(agentStep(`claude -p "${prompt}" --allowedTools "Bash(gh:*)"`)), fetched);
    assert.deepEqual(sourcesOf(agentStep(`claude -p "${prompt}" --allowedTools "Read,Grep"`)), []);
  });

  it('is nothing when a condition picks one of two fixed texts', () => {
    const prompt = "${{ github.event.issue.title == 'x' && 'short' || 'long' }}";
    assert.deepEqual(sourcesOf(agentStep(`claude -p "${prompt}"`)), []);
  });

  it('stands where the value is named, to the character', () => {
    const facts = factsOf({ [WORKFLOW]: workflow({ steps: agentStep('claude -p "Do $BODY"', `BODY: ${BODY}`) }) });
    const source = facts.runs[0]?.sources[0];
    assert.ok(source);
    assert.equal(textAt(facts, source.place), BODY);
  });

  it('is the whole tree when the head of a pull request is checked out', () => {
    const steps = `      - uses: actions/checkout@v4\n        with:\n          ref: \${{ github.event.pull_request.head.sha }}\n${agentStep('claude -p "Review"')}`;
    const found = sourcesOf(steps, { on: '  pull_request_target:' });
    assert.ok(found.some((source) => source.startsWith('tree:')));
    assert.ok(found.some((source) => source.startsWith('instructions:')));
  });

  it('is found inside a composite action of the repository', () => {
    const files = {
      [WORKFLOW]: workflow({
        steps: `      - uses: ./.github/actions/ask\n        with:\n          question: ${BODY}\n`,
      }),
      '.github/actions/ask/action.yml': `name: ask
inputs:
  question:
    required: true
runs:
  using: composite
  steps:
    - shell: bash
      env:
        QUESTION: \${{ inputs.question }}
      run: |
        claude -p "$QUESTION"
`,
    };
    const run = factsOf(files).runs.find(({ pipeline }) => pipeline.file.path === WORKFLOW);
    assert.ok(
      run?.sources.some(({ what }) => what === 'github.event.issue.body'),
      JSON.stringify(run?.sources),
    );
  });

  it('ends where variables are defined in a circle', () => {
    const steps = agentStep('claude -p "$A"', 'A: ${{ env.B }}', 'B: ${{ env.A }}');
    assert.deepEqual(sourcesOf(steps), []);
  });
});
