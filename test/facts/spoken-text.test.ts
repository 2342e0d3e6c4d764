/** What a prompt says also when it stands in a file, a variable or a document of the repository. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { agentStep, factsOf, onlyRun, textAt, WORKFLOW, workflow } from './facts-of.ts';

const fetches = 'fetched: issues and pull requests';

function sourcesOf(steps: string, files: Readonly<Record<string, string>> = {}): readonly string[] {
  const run = onlyRun({ [WORKFLOW]: workflow({ steps }), ...files });
  return run.sources.map(({ what, channel }) => `${channel}: ${what}`);
}

/** A script in a step of its own, ten blanks deep. */
function script(...lines: readonly string[]): string {
  return `      - run: |\n${lines.map((line) => `          ${line}\n`).join('')}`;
}

describe('an order to fetch what others wrote counts', () => {
  const routes: readonly (readonly [where: string, steps: string, files?: Readonly<Record<string, string>>])[] = [
    [
      'in a here-document of a temporary file',
      script(
        'prompt=$(mktemp)',
        `cat > "$prompt" <<'EOF'`,
        'First run: gh issue view 5',
        'EOF',
        'claude -p "$(cat "$prompt")" --allowedTools "Bash(gh:*)"',
      ),
    ],
    [
      'in a file that an earlier step wrote',
      `${script(`cat > /tmp/prompt.txt <<'EOF'`, 'List with gh issue list', 'EOF')}${script('claude -p "$(cat /tmp/prompt.txt)"')}`,
    ],
    ['in a variable of the script', script('PROMPT="Use gh pr view to read it"', 'claude -p "$PROMPT"')],
    ['in a variable of the step', agentStep('claude -p "$PROMPT"', 'PROMPT: Read it with gh pr diff')],
    [
      'in what a script of the repository prints',
      script('claude -p "$(./ci/prompt.sh)" --allowedTools "Bash(gh:*)"'),
      { 'ci/prompt.sh': 'echo "First run gh issue view 5"\n' },
    ],
    ['on standard input', script(`echo "Read gh issue view 7" | claude -p`)],
    [
      'in a file of the repository',
      agentStep('claude -p "$(cat .github/prompts/triage.md)"'),
      { '.github/prompts/triage.md': '# Triage\n\nRun `gh issue view` on the new issue.\n' },
    ],
    [
      'in the prompt file of an action',
      '      - uses: openai/codex-action@v1\n        with:\n          prompt-file: .github/codex/triage.md\n',
      { '.github/codex/triage.md': 'Run gh issue list and answer.\n' },
    ],
  ];
  for (const [where, steps, files] of routes) {
    it(where, () => assert.ok(sourcesOf(steps, files).includes(fetches), where));
  }

  it('and none is seen where these texts only speak about the tree', () => {
    assert.deepEqual(
      sourcesOf(
        `${script(`cat > /tmp/prompt.txt <<'EOF'`, 'Explain src/main.ts', 'EOF')}${script('claude -p "$(cat /tmp/prompt.txt)"')}`,
      ),
      [],
    );
  });

  it('and a file that nobody hands to the agent says nothing', () => {
    assert.deepEqual(
      sourcesOf(
        `${script(`cat > notes.txt <<'EOF'`, 'gh issue view 5', 'EOF')}${script('claude -p "Explain src/main.ts"')}`,
      ),
      [],
    );
  });
});

describe('a source in such a text', () => {
  it('has the place of the very words', () => {
    const text = workflow({
      steps: script(`cat > prompt.txt <<'EOF'`, 'Run gh issue view 5', 'EOF', 'claude -p "$(cat prompt.txt)"'),
    });
    const facts = factsOf({ [WORKFLOW]: text });
    const source = facts.runs[0]?.sources.find(({ channel }) => channel === 'fetched');
    assert.ok(source);
    assert.equal(textAt(facts, source.place), 'gh issue view');
  });

  it('is found through the variable that the file names', () => {
    const steps = `${script(`cat > prompt.md <<'EOF'`, 'The title is in $TITLE.', 'EOF')}${agentStep('claude -p "$(cat prompt.md)"', 'TITLE: ${{ github.event.issue.title }}')}`;
    assert.ok(sourcesOf(steps).includes('environment: github.event.issue.title'));
  });
});

describe('which tree lies before an agent', () => {
  const on =
    '  pull_request:\n  issues:\n    types: [opened]\n  workflow_run:\n    workflows: [tests]\n    types: [completed]';
  const checkout = '      - uses: actions/checkout@v4\n';
  const treeUnder = (job: string, steps = checkout) =>
    onlyRun({ [WORKFLOW]: workflow({ on, job, steps: `${steps}${agentStep('claude -p "Review" --tools Read')}` }) })
      .tree;

  it('is the change where a pull request can start the job', () => {
    assert.equal(treeUnder('').provenance, 'pull-request');
  });

  it('is the base where the condition of the job lets no pull request in', () => {
    assert.equal(treeUnder("    if: github.event_name == 'issues'\n").provenance, 'base');
    assert.equal(treeUnder("    if: github.event_name == 'workflow_run'\n").provenance, 'base');
  });

  it('is the base where only the condition of the checkout keeps the pull request out', () => {
    const step = "      - uses: actions/checkout@v4\n        if: github.event_name == 'issues'\n";
    assert.equal(treeUnder('', step).provenance, 'base');
  });

  it('is the change where the head is named, whatever the event', () => {
    const step =
      '      - uses: actions/checkout@v4\n        with:\n          ref: ${{ github.event.workflow_run.head_sha }}\n';
    assert.equal(treeUnder("    if: github.event_name == 'workflow_run'\n", step).provenance, 'pull-request');
  });
});
