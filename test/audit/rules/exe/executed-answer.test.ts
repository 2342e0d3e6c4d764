import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkout, marks, pipeline, WORKFLOW } from '../audited.ts';

const ISSUES = '  issues:\n    types: [opened]';
const ASK = 'claude -p "What should be done? $BODY" --tools Read';

/** A job whose agent is asked by the first script; each further text is a step behind it. */
function job(script: string, ...later: readonly string[]): string {
  const lines = (text: string) =>
    text
      .split('\n')
      .map((line) => `          ${line}\n`)
      .join('');
  const asking = `      - id: ask
        run: |
${lines(script)}        env:
          BODY: \${{ github.event.issue.body }}
          ANTHROPIC_API_KEY: \${{ secrets.ANTHROPIC_API_KEY }}
`;
  return pipeline(`${checkout()}${asking}${later.map((text) => `      - run: |\n${lines(text)}`).join('')}`, ISSUES);
}

const found = (text: string) => marks({ [WORKFLOW]: text }, 'EXE010');

const ATTACKS: readonly { readonly name: string; readonly text: string; readonly at: string }[] = [
  { name: 'a variable that is evaluated', text: job(`out=$(${ASK})\neval "$out"`), at: 'eval "$out"' },
  {
    name: 'a part of a command for a shell',
    text: job(`L=$(${ASK})\nsh -c "gh label create $L"`),
    at: 'sh -c "gh label create $L"',
  },
  {
    name: 'a file that a later step evaluates',
    text: job(`${ASK} > out.txt`, 'eval "$(cat out.txt)"'),
    at: 'eval "$(cat out.txt)"',
  },
  { name: 'a file that a later step runs', text: job(`${ASK} | tee fix.sh`, 'bash fix.sh'), at: 'bash fix.sh' },
  { name: 'a file that a later step reads in', text: job(`${ASK} > vars.env`, '. ./vars.env'), at: '. ./vars.env' },
  { name: 'a file that is piped into a shell', text: job(`${ASK} > out.txt`, 'cat out.txt | sh'), at: 'sh' },
  {
    name: 'a file on the standard input of a shell',
    text: job(`${ASK} > out.txt`, 'bash < out.txt'),
    at: 'bash < out.txt',
  },
  {
    name: 'a program that is started by its name',
    text: job(`${ASK} > ./fix.py`, 'chmod +x fix.py\n./fix.py'),
    at: './fix.py',
  },
  {
    name: 'a part of the answer, taken out and evaluated',
    text: job(`${ASK} > out.json\nCMD=$(jq -r .command out.json)\nsudo bash -c "$CMD"`),
    at: 'sudo bash -c "$CMD"',
  },
  { name: 'an answer in the text for a shell', text: job(`sudo bash -c "$(${ASK})"`), at: `sudo bash -c "$(${ASK})"` },
  {
    name: 'the last message of Codex',
    text: job('codex exec -o answer.txt "$BODY"', 'python3 answer.txt'),
    at: 'python3 answer.txt',
  },
  {
    name: 'an output that a script wrote, in a script behind it',
    text: job(
      `${ASK} > out.txt\necho "label=$(cat out.txt)" >> "$GITHUB_OUTPUT"`,
      'gh label create ${{ steps.ask.outputs.label }}',
    ),
    at: '${{ steps.ask.outputs.label }}',
  },
];

const TWINS: readonly { readonly name: string; readonly text: string }[] = [
  { name: 'an agent that a shell starts', text: job(`bash -c '${ASK.replaceAll('"', '')}'`) },
  { name: 'an agent in a variable that is evaluated', text: job(`CMD='claude -p hello --tools Read'\neval "$CMD"`) },
  { name: 'a script that asks the agent and is run', text: job(`cat > ask.sh <<'E'\n${ASK}\nE\nbash ask.sh`) },
  { name: 'an answer that is shown', text: job(`out=$(${ASK})\necho "$out"`, 'cat out.txt') },
  { name: 'an answer as one argument', text: job(`L=$(${ASK})\ngh label create "$L"`) },
  {
    name: 'another file of the tree that is run',
    text: job(`${ASK} > out.txt`, 'bash scripts/build.sh\n./gradlew test'),
  },
  { name: 'another variable that is evaluated', text: job(`out=$(${ASK})\neval "$(ssh-agent)"\nsh -c "$SETUP"`) },
  {
    name: 'a variable that was evaluated before',
    text: job(`CMD="$(cat setup.txt)"\neval "$CMD"\nCMD=$(${ASK})\necho "$CMD"`),
  },
  { name: 'how many lines the answer has', text: job(`${ASK} > out.txt`, 'N=$(wc -l < out.txt)\nsh -c "exit $N"') },
  {
    name: 'one word of a closed list',
    text: job(`${ASK} > out.txt`, 'L=$(grep -oE \'bug|docs\' out.txt)\nsh -c "gh label create $L"'),
  },
  {
    name: 'an answer that was compared',
    text: job(`L=$(${ASK})\ncase "$L" in bug|docs) ;; *) exit 1 ;; esac\nsh -c "gh label create $L"`),
  },
];

describe('EXE010: the answer of an agent on its way to a shell', () => {
  for (const { name, text, at } of ATTACKS)
    it(`finds ${name}`, () => assert.deepEqual(found(text), [`critical ${at}`]));
  for (const { name, text } of TWINS) it(`lets through ${name}`, () => assert.deepEqual(found(text), []));

  it('follows the answer of an action through the environment of a step', () => {
    const steps = `${checkout()}      - id: ask
        uses: anthropics/claude-code-action@24dcd50c0568f0fc9e9211213a4fd2d9eb15c4e0 # v1.0.200
        with:
          prompt: "Name a command for \${{ github.event.issue.title }}"
          anthropic_api_key: \${{ secrets.ANTHROPIC_API_KEY }}
      - run: bash -c "$OUT"
        env:
          OUT: \${{ steps.ask.outputs.structured_output }}
      - run: bash -c "$ID"
        env:
          ID: \${{ steps.ask.outputs.session_id }}
`;
    assert.deepEqual(found(pipeline(steps, ISSUES)), ['critical bash -c "$OUT"']);
  });

  it('follows a variable that a script sets for later steps', () => {
    const set = `${ASK} > out.txt\necho "CMD=$(cat out.txt)" >> "$GITHUB_ENV"`;
    assert.deepEqual(found(job(set, 'eval "$CMD"')), ['critical eval "$CMD"']);
    assert.deepEqual(found(job(set, '${{ env.CMD }}')), ['critical ${{ env.CMD }}']);
    assert.deepEqual(found(job(set, 'eval "$OTHER"\necho "$CMD"')), []);
  });

  it('follows variables of Azure, lines of GitLab and files of Jenkins', () => {
    const azure = (use: string) => ({
      'azure-pipelines.yml': `pr: [main]
steps:
  - script: |
      claude -p "$(System.PullRequest.SourceBranch)" > out.txt
      echo "##vso[task.setvariable variable=fix.command]$(cat out.txt)"
    env: { ANTHROPIC_API_KEY: $(KEY) }
  - script: ${use}
`,
    });
    assert.deepEqual(marks(azure('$(fix.command)'), 'EXE010'), ['critical $(fix.command)']);
    assert.deepEqual(marks(azure('bash -c "$FIX_COMMAND"'), 'EXE010'), ['critical bash -c "$FIX_COMMAND"']);
    assert.deepEqual(marks(azure('$(other.command)'), 'EXE010'), []);

    const gitlab = (use: string) => ({
      '.gitlab-ci.yml': `fix:
  rules: [{ if: $CI_PIPELINE_SOURCE == "merge_request_event" }]
  script:
    - claude -p "$CI_MERGE_REQUEST_TITLE" > out.txt
    - CMD=$(cat out.txt)
    - ${use}
`,
    });
    assert.deepEqual(marks(gitlab('eval "$CMD"'), 'EXE010'), ['critical eval "$CMD"']);
    assert.deepEqual(marks(gitlab('echo "$CMD"'), 'EXE010'), []);

    const jenkins = (use: string) => ({
      Jenkinsfile: `pipeline {
  agent any
  stages { stage('fix') { steps {
    sh 'claude -p "$CHANGE_TITLE" > out.txt'
    sh '${use}'
  } } }
}
`,
    });
    assert.equal(marks(jenkins('bash out.txt'), 'EXE010').length, 1);
    assert.deepEqual(marks(jenkins('bash build.sh'), 'EXE010'), []);
  });

  it('follows an output of the job into the next one, also into a program of another language', () => {
    const ask = job(`V=$(${ASK})\necho "verdict=$V" >> "$GITHUB_OUTPUT"`).replace(
      '    steps:',
      '    outputs:\n      verdict: ${{ steps.ask.outputs.verdict }}\n    steps:',
    );
    const next = (step: string) => `${ask}  next:\n    needs: agent\n    runs-on: ubuntu-latest\n    steps:\n${step}`;
    const spoken = '${{ needs.agent.outputs.verdict }}';
    assert.deepEqual(found(next(`      - run: ./act.sh ${spoken}\n`)), [`critical ${spoken}`]);
    const script = `      - uses: actions/github-script@v8\n        with:\n          script: const v = \`${spoken}\`;\n`;
    assert.deepEqual(found(next(script)), [`critical ${spoken}`]);
    const quoted = `      - run: ./act.sh "$V"\n        env:\n          V: ${spoken}\n`;
    assert.deepEqual(found(next(quoted)), []);
  });
});
