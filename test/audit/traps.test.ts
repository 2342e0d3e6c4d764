/** The traps of a static reader of pipelines: each as a whole repository, with its benign side. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  action,
  auditOf,
  type Files,
  findingsOf,
  reports,
  rulesOf,
  script,
  severeRules,
  workflow,
} from './whole-program.ts';

const FILE = '.github/workflows/agent.yml';
const BODY = '          BODY: ${{ github.event.issue.body }}\n';
const OPEN = script('claude -p "$BODY" --dangerously-skip-permissions', BODY);
const CALM = script('claude -p "Sum up the week" --tools Read --max-turns 3');
const TARGET = 'pull_request_target:\n    types: [opened]';
const HEAD = '${{ github.event.pull_request.head.sha }}';
const MODEL_KEY = 'anthropic_api_key: ${{ secrets.ANTHROPIC_API_KEY }}';

function replaced(files: Files, from: string, to: string): Files {
  assert.ok(files[FILE]?.includes(from));
  return { ...files, [FILE]: (files[FILE] ?? '').replace(from, to) };
}

describe('the key `on`', () => {
  it('is the same quoted, plain, and as the `true` that YAML 1.1 makes of it', () => {
    const plain = workflow(OPEN);
    assert.ok(severeRules(plain).includes('PATH01'));
    for (const key of ['"on":', "'on':", 'true:']) {
      assert.deepEqual(rulesOf(replaced(plain, '\non:', `\n${key}`)), rulesOf(plain), key);
    }
  });

  it('of a clock starts nothing that strangers reach', () => {
    assert.deepEqual(severeRules(workflow(CALM, { on: "schedule:\n    - cron: '0 3 * * *'" })), []);
  });
});

describe('local actions', () => {
  const inner = (command: string) =>
    `name: inner\ndescription: inner\ninputs:\n  key:\n    description: key\nruns:\n  using: composite\n  steps:\n    - run: ${command}\n      shell: bash\n      env:\n        ANTHROPIC_API_KEY: \${{ inputs.key }}\n        BODY: \${{ github.event.issue.body }}\n`;
  const outer =
    'name: outer\ndescription: outer\ninputs:\n  key:\n    description: key\nruns:\n  using: composite\n  steps:\n    - uses: ./.github/actions/inner\n      with:\n        key: ${{ inputs.key }}\n';
  const files = (command: string): Files => ({
    ...workflow(
      '      - uses: ./.github/actions/outer\n        with:\n          key: ${{ secrets.ANTHROPIC_API_KEY }}\n',
    ),
    '.github/actions/outer/action.yml': outer,
    '.github/actions/inner/action.yml': inner(command),
  });

  it('are followed two levels deep, and hand on the secret of an input', () => {
    const { findings, facts } = auditOf(files('claude -p "$BODY" --dangerously-skip-permissions'));
    const path = findings.find(({ rule }) => rule === 'PATH01');
    assert.equal(path?.severity, 'critical');
    assert.ok(
      facts.runs.some(
        ({ job, credentials }) => job.id === 'agent' && credentials.some(({ name }) => name === 'ANTHROPIC_API_KEY'),
      ),
    );
    assert.ok(!reports(files('echo "$BODY"'), 'PATH01'));
  });

  it('are judged where they are used, and on their own where nobody uses them', () => {
    const whole = files('claude -p "$BODY" --dangerously-skip-permissions');
    const bypass = findingsOf(whole, 'AGT001');
    assert.deepEqual(
      auditOf(whole).facts.runs.map(({ pipeline }) => pipeline.file.path),
      [FILE],
    );
    assert.equal(bypass.length, 1);
    const { [FILE]: _workflow, ...alone } = whole;
    assert.deepEqual(
      auditOf(alone).facts.runs.map(({ pipeline }) => pipeline.file.path),
      ['.github/actions/outer/action.yml'],
    );
    assert.ok(!reports(whole, 'META01'));
  });

  it('of other repositories are named as not read', () => {
    const remote = `on:\n  issues:\npermissions: {}\njobs:\n  agent:\n    uses: example/agents/.github/workflows/claude.yml@0123456789abcdef0123456789abcdef01234567\n`;
    assert.ok(reports({ [FILE]: remote }, 'META02'));
    assert.ok(!reports(files('echo hello'), 'META02'));
  });
});

describe('a value', () => {
  const prompt = script('claude -p "Sort $TEXT" --tools Read');
  const issue = '${{ github.event.issue.body }}';
  const routes: Readonly<Record<string, Files>> = {
    step: workflow(script('claude -p "Sort $TEXT" --tools Read', `          TEXT: ${issue}\n`)),
    job: workflow(prompt, { job: `    env:\n      TEXT: ${issue}\n` }),
    workflow: replaced(workflow(prompt), 'jobs:\n', `env:\n  TEXT: ${issue}\njobs:\n`),
    alias: workflow(script('claude -p "Sort $TEXT" --tools Read', '          TEXT: ${{ env.BODY }}\n'), {
      job: `    env:\n      BODY: ${issue}\n`,
    }),
    'an earlier step': workflow(
      `      - run: echo "TEXT=$BODY" >> "$GITHUB_ENV"\n        env:\n          BODY: ${issue}\n${prompt}`,
    ),
  };
  for (const [route, files] of Object.entries(routes)) {
    it(`that comes by the environment of the ${route} is the same order to the agent`, () => {
      assert.deepEqual(
        findingsOf(files, 'INP003').map(({ severity }) => severity),
        ['high'],
      );
    });
  }

  it('that only its author can set is no order of a stranger', () => {
    const files = workflow(prompt, { job: '    env:\n      TEXT: by date\n' });
    assert.ok(!reports(files, 'INP003'));
  });

  it('that names the checkout may come by an alias', () => {
    const alias = workflow(CALM, { on: TARGET, ref: '${{ env.HEAD }}', job: `    env:\n      HEAD: ${HEAD}\n` });
    assert.deepEqual(severeRules(alias), severeRules(workflow(CALM, { on: TARGET, ref: HEAD })));
    assert.ok(severeRules(alias).includes('PATH04'));
    const base = workflow(CALM, { on: TARGET, ref: '${{ env.HEAD }}', job: '    env:\n      HEAD: main\n' });
    assert.ok(!severeRules(base).includes('PATH04'));
  });
});

describe('gates', () => {
  it('of an action count as that action has them, and what opens them is what is reported', () => {
    const claude = [MODEL_KEY, 'prompt: Sort', 'claude_args: --max-turns 3 --allowedTools "Read"'];
    const codex = ['openai-api-key: ${{ secrets.OPENAI_API_KEY }}', 'prompt: Sort', 'sandbox: read-only'];
    const gateOf = (name: string, inputs: readonly string[]) =>
      rulesOf(workflow(action(name, inputs))).filter((rule) => rule === 'GAT001' || rule === 'GAT002');
    assert.deepEqual(gateOf('anthropics/claude-code-action', claude), []);
    assert.deepEqual(gateOf('anthropics/claude-code-action', [...claude, "allowed_non_write_users: '*'"]), ['GAT002']);
    assert.deepEqual(gateOf('anthropics/claude-code-base-action', claude), ['GAT001']);
    assert.deepEqual(gateOf('openai/codex-action', codex), []);
    assert.deepEqual(gateOf('openai/codex-action', [...codex, "allow-users: '*'"]), ['GAT002']);
    const gemini = ['gemini_api_key: ${{ secrets.GEMINI_API_KEY }}', 'prompt: Sort'];
    assert.deepEqual(gateOf('google-github-actions/run-gemini-cli', gemini), ['GAT001']);
  });
});

describe('what claude-code-action restores', () => {
  const hook = (command: string) => ({
    '.claude/settings.json': JSON.stringify({ hooks: { Stop: [{ hooks: [{ type: 'command', command }] }] } }),
    'package.json': '{ "scripts": { "check": "node check.js" } }',
  });
  const review = (name: string) =>
    workflow(action(name, [MODEL_KEY, 'prompt: Review', 'claude_args: --allowedTools "Read"']), {
      on: TARGET,
      ref: HEAD,
    });

  it('silences the settings of the pull request, not the script behind a restored hook', () => {
    const restoring = review('anthropics/claude-code-action');
    assert.ok(!reports({ ...restoring, ...hook('echo done') }, 'EXE003'));
    assert.ok(!reports({ ...restoring, ...hook('echo done') }, 'EXE004'));
    assert.ok(reports({ ...restoring, ...hook('npm run check') }, 'EXE004'));
    assert.ok(reports({ ...review('anthropics/claude-code-base-action'), ...hook('echo done') }, 'EXE003'));
  });
});

describe('what is written once and used elsewhere', () => {
  const steps = (env: string) =>
    `on:\n  issues:\n    types: [opened]\nx-env: &keys\n  ANTHROPIC_API_KEY: \${{ secrets.ANTHROPIC_API_KEY }}\n  BODY: \${{ github.event.issue.body }}\npermissions:\n  contents: read\njobs:\n  agent:\n    runs-on: ubuntu-latest\n    timeout-minutes: 5\n    steps:\n      - run: claude -p "$BODY" --dangerously-skip-permissions\n        env:${env}\n`;

  it('by a YAML anchor or merge key is followed to the place where it is written', () => {
    for (const env of [' *keys', '\n          <<: *keys\n          MODE: x']) {
      const files = { [FILE]: steps(env) };
      const path = findingsOf(files, 'PATH01')[0];
      assert.equal(path?.severity, 'critical');
      const source = path?.flow.find(({ role }) => role === 'source');
      assert.ok(source && source.place.span.start < steps(env).indexOf('jobs:'), 'the anchor is the source');
    }
    assert.ok(!reports({ [FILE]: steps('\n          MODE: x') }, 'PATH01'));
  });

  it('in GitLab by `extends`, `!reference` and a local include is judged where it stands', () => {
    const files = (command: string): Files => ({
      '.gitlab-ci.yml':
        'include:\n  - local: ci/agent.yml\nreview:\n  extends: .agent\n  rules:\n    - if: $CI_PIPELINE_SOURCE == "merge_request_event"\n',
      'ci/agent.yml': `.words:\n  script:\n    - ${command}\n.agent:\n  script:\n    - !reference [.words, script]\n`,
    });
    const bypass = findingsOf(
      files('claude -p "$CI_MERGE_REQUEST_DESCRIPTION" --dangerously-skip-permissions'),
      'AGT001',
    )[0];
    assert.equal(bypass?.place.file, 'ci/agent.yml');
    assert.ok(!reports(files('make lint'), 'AGT001'));
  });
});

describe('a product name', () => {
  it('in text, a path or a question about it is no agent', () => {
    const files = workflow(
      '      - run: |\n          echo codex\n          ls ~/gemini/claude\n          which claude || true\n          cat docs/claude.md\n      - shell: pwsh\n        run: Get-Command claude\n',
    );
    assert.deepEqual(auditOf(files).facts.runs, []);
    assert.equal(auditOf(workflow(CALM)).facts.runs.length, 1);
  });
});

describe('examples and templates', () => {
  it('make nothing critical', () => {
    for (const folder of ['docs/examples', 'examples', 'templates', 'test/fixtures', '.github/workflow-templates']) {
      const files = Object.fromEntries(Object.entries(workflow(OPEN)).map(([, text]) => [`${folder}/agent.yml`, text]));
      const nested = Object.fromEntries(
        Object.entries(workflow(OPEN)).map(([path, text]) => [`${folder}/${path}`, text]),
      );
      for (const { findings } of [auditOf(files), auditOf(nested)]) {
        assert.ok(
          findings.every(({ severity }) => severity !== 'critical'),
          folder,
        );
      }
    }
  });
});
