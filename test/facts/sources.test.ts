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
      'through a file, from the first command of a pipe',
      `      - run: |\n          gh issue view 5 --json body | jq -r .body > issue.txt\n          claude -p "$(cat issue.txt)"\n`,
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
    [
      'out of the file of the event',
      `      - run: |\n          jq -r .issue.body "$GITHUB_EVENT_PATH" > task.md\n          claude -p "$(cat task.md)"\n`,
      'file: github.event.issue.body',
    ],
    [
      'out of the whole event on standard input',
      agentStep('claude -p "Sum this up" < "$GITHUB_EVENT_PATH"'),
      'prompt: github.event',
    ],
    [
      'out of the file of the event, which the prompt names',
      agentStep("claude -p 'Read the event at $GITHUB_EVENT_PATH and answer'"),
      'event: the event that started the run',
    ],
  ];
  for (const [route, steps, expected] of routes) {
    it(`is found when it comes ${route}`, () => {
      const found = sourcesOf(steps);
      assert.ok(found.includes(expected), `${expected} is not among ${found.join(' | ')}`);
    });
  }

  const BY_SCRIPT = (...lines: readonly string[]) =>
    `      - id: ask\n        uses: actions/github-script@v7\n        with:\n          script: |\n${lines.map((line) => `            ${line}\n`).join('')}`;
  const scripted = (output: string, ...lines: readonly string[]) =>
    sourcesOf(`${BY_SCRIPT(...lines)}${agentStep('claude -p "Do $T"', `T: \${{ steps.ask.outputs.${output} }}`)}`);
  const GET = 'const { data: issue } = await github.rest.issues.get({ ...context.repo, issue_number: 5 });';

  it('is found when a script of the forge hands it on', () => {
    const body = 'output: github.event.issue.body';
    assert.ok(scripted('t', "core.setOutput('t', context.payload.issue.body.trim());").includes(body));
    assert.ok(scripted('result', 'return context.payload.issue?.body;').includes(body));
    assert.ok(scripted('t', 'const text = context.payload.issue.body;', "core.setOutput('t', text);").includes(body));
    assert.match(
      scripted('t', GET, "core.setOutput('t', issue.title);").join(),
      /^fetched: github\.rest\.issues\.get\b/,
    );
  });

  it('is nothing when the script hands on a number, one of its own words or something else', () => {
    assert.deepEqual(scripted('t', "core.setOutput('t', context.payload.issue.number);"), []);
    assert.deepEqual(scripted('t', GET, "core.setOutput('t', issue.number);"), []);
    assert.deepEqual(scripted('result', GET, "return issue.title.includes('bug') ? 'bug' : 'other';"), []);
    assert.deepEqual(scripted('t', GET, "core.setOutput('body', issue.body);", "core.setOutput('t', 'fixed');"), []);
  });

  it('is nothing when only a number is read out of the event, or nothing at all', () => {
    const read = (filter: string) =>
      `NUMBER=$(jq -r ${filter} "$GITHUB_EVENT_PATH")\n          claude -p "Is $NUMBER odd?"`;
    assert.deepEqual(sourcesOf(agentStep(read('.issue.number'))), []);
    assert.deepEqual(sourcesOf(agentStep(read('.issue.title'))), ['environment: github.event.issue.title']);
    assert.deepEqual(sourcesOf(agentStep('test -f "$GITHUB_EVENT_PATH" && claude -p "Tidy up"')), []);
  });

  const SAVE = (command: string, path: string) =>
    `  get:\n    runs-on: ubuntu-latest\n    steps:\n      - run: ${command} > issue.txt\n      - uses: actions/upload-artifact@v4\n        with:\n          name: x\n          path: ${path}\n`;
  const UNPACK = '      - uses: actions/download-artifact@v4\n        with:\n          name: x\n';

  it('is found when another job of the run hands it on as an artifact', () => {
    const read = agentStep('claude -p "Do $(cat issue.txt)"');
    const view = SAVE('gh issue view 5', 'issue.txt');
    assert.ok(sourcesOf(`${UNPACK}${read}`, { jobs: view }).includes('file: gh issue view 5'));
    const named = agentStep('claude -p "Do what issue.txt says"');
    assert.ok(sourcesOf(`${UNPACK}${named}`, { jobs: view }).includes('file: gh issue view 5'));
  });

  it('is nothing when the artifact is not unpacked, cannot hold the file, or holds what nobody outside wrote', () => {
    const read = agentStep('claude -p "Do $(cat issue.txt)"');
    assert.deepEqual(sourcesOf(read, { jobs: SAVE('gh issue view 5', 'issue.txt') }), []);
    assert.deepEqual(sourcesOf(`${UNPACK}${read}`, { jobs: SAVE('gh issue view 5', 'report.txt') }), []);
    assert.deepEqual(sourcesOf(`${UNPACK}${read}`, { jobs: SAVE('date', 'issue.txt') }), []);
  });

  it('is found behind a matrix that a job makes of issues, and not behind their numbers', () => {
    const list = (fields: string) =>
      `  list:\n    runs-on: ubuntu-latest\n    outputs:\n      all: \${{ steps.l.outputs.all }}\n    steps:\n      - id: l\n        run: echo "all=$(gh issue list --json ${fields})" >> "$GITHUB_OUTPUT"\n`;
    const job =
      '    needs: list\n    strategy:\n      matrix:\n        issue: ${{ fromJSON(needs.list.outputs.all) }}\n';
    const ask = (field: string) => agentStep('claude -p "Do $ASK" --tools Read', `ASK: \${{ matrix.issue.${field} }}`);
    const titles = sourcesOf(ask('title'), { jobs: list('number,title'), job });
    assert.ok(titles.includes('environment: gh issue list --json number,title'), titles.join(' | '));
    assert.deepEqual(sourcesOf(ask('number'), { jobs: list('number,title'), job }), []);
    assert.deepEqual(sourcesOf(ask('x'), { jobs: list('number,state'), job }), []);
  });

  it('is found behind the output of a called workflow of the repository', () => {
    const called = (command: string) =>
      `on:\n  workflow_call:\n    outputs:\n      text:\n        value: \${{ jobs.g.outputs.text }}\njobs:\n  g:\n    runs-on: ubuntu-latest\n    outputs:\n      text: \${{ steps.s.outputs.text }}\n    steps:\n      - id: s\n        run: echo "text=$(${command})" >> "$GITHUB_OUTPUT"\n`;
    const jobs = '  get:\n    uses: ./.github/workflows/get.yml\n';
    const steps = agentStep('claude -p "Do $ASK" --tools Read', 'ASK: ${{ needs.get.outputs.text }}');
    const found = (command: string) =>
      onlyRun({
        [WORKFLOW]: workflow({ steps, jobs, job: '    needs: get\n' }),
        '.github/workflows/get.yml': called(command),
      }).sources.map(({ what }) => what);
    assert.deepEqual([...new Set(found('gh issue view 5'))], ['gh issue view 5']);
    assert.deepEqual(found('date'), []);
  });

  it('is found behind an input that another workflow hands over by a command', () => {
    const found = (field: string) =>
      onlyRun({
        [WORKFLOW]: workflow({
          on: '  workflow_dispatch:\n    inputs:\n      ask:\n        type: string',
          steps: agentStep('claude -p "Do $ASK" --tools Read', 'ASK: ${{ inputs.ask }}'),
        }),
        '.github/workflows/relay.yml': `on:\n  issues:\n    types: [opened]\njobs:\n  relay:\n    runs-on: ubuntu-latest\n    steps:\n      - run: gh workflow run agent.yml -f ${field}\n        env:\n          ASK: ${BODY}\n`,
      }).sources.map(({ what }) => what);
    assert.deepEqual(found('ask="$ASK"'), ['github.event.issue.body']);
    assert.deepEqual(found(`ask="${BODY}"`), ['github.event.issue.body']);
    assert.deepEqual(found('ask=docs'), []);
    assert.deepEqual(found('other="$ASK"'), []);
  });

  it('takes a file for named only by its whole name', () => {
    const write = '      - run: gh issue view 5 > issues.json\n';
    assert.deepEqual(sourcesOf(`${write}${agentStep('claude -p "Read old-issues.json"')}`), []);
    assert.ok(sourcesOf(`${write}${agentStep('claude -p "Read ./issues.json"')}`).includes('file: gh issue view 5'));
  });

  it('is what a program that starts the agent may take from its variables', () => {
    const found = (variable: string) =>
      onlyRun({
        [WORKFLOW]: workflow({ steps: agentStep(`python3 agent.py "$${variable}"`, `ASK: ${BODY}`) }),
        'agent.py': 'import subprocess, sys\nsubprocess.run(["claude", "-p", "Do " + sys.argv[1], "--verbose"])\n',
      }).sources.map(({ what }) => what);
    assert.deepEqual(found('ASK'), ['github.event.issue.body']);
    assert.deepEqual(found('OTHER'), []);
  });

  it('stands where the prompt orders it, to the character, in a block, a folded text and quotes', () => {
    const forms = [
      '|\n            Be kind.\n              Then run gh issue view 5.\n',
      '>-\n            Be kind. Then run\n            gh issue view 5.\n',
      '"Be kind. \\n Then run gh issue view 5."\n',
    ];
    for (const form of forms) {
      const uses = `      - uses: anthropics/claude-code-action@v1\n        with:\n          prompt: ${form}          claude_args: --allowedTools Bash\n`;
      const facts = factsOf({ [WORKFLOW]: workflow({ steps: uses }) });
      const source = facts.runs[0]?.sources.find(({ channel }) => channel === 'fetched');
      assert.equal(source && textAt(facts, source.place), 'gh issue view', form);
    }
    const facts = factsOf({ [WORKFLOW]: workflow({ steps: agentStep('claude -p "Be kind. Run gh issue view 5."') }) });
    const source = facts.runs[0]?.sources.find(({ channel }) => channel === 'fetched');
    assert.equal(source && textAt(facts, source.place), 'gh issue view');
  });

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
