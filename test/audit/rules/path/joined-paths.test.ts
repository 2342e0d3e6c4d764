import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Files, pathsOf, rulesOf, workflow } from '../../paths/support.ts';

const CHECKOUT = '      - uses: actions/checkout@v4\n        with:\n          persist-credentials: false\n';
const AGENT = `      - run: claude -p "Do this, $BODY" --dangerously-skip-permissions
        env:
          ANTHROPIC_API_KEY: \${{ secrets.ANTHROPIC_API_KEY }}
          BODY: \${{ github.event.issue.body }}
`;

interface Shape {
  readonly on?: string;
  readonly job?: string;
  readonly before?: string;
  readonly after?: string;
  readonly jobs?: string;
}

function triage({ on = 'issues', job = '', before = '', after = '', jobs = '' }: Shape): Files {
  return workflow(
    'triage',
    `on: ${on}
permissions:
  contents: read
jobs:
  triage:
    runs-on: ubuntu-latest
${job}    steps:
${before}${CHECKOUT}${AGENT}${after}${jobs}`,
  );
}

function only(rule: string, files: Files) {
  return pathsOf(files).filter((path) => path.rule === rule);
}

const PUBLISH = `      - run: npm publish
        env:
          NODE_AUTH_TOKEN: \${{ secrets.NPM_TOKEN }}
`;

function release(steps: string): Files {
  return workflow(
    'release',
    `on:
  push:
    tags: ['v*']
jobs:
  publish:
    runs-on: ubuntu-latest
    steps:
${CHECKOUT}${steps}${PUBLISH}`,
  );
}

describe('a branch that another pipeline merges', () => {
  const PUSH = `      - run: |
          git switch -c agent/work
          git commit -am work
          git push origin agent/work
`;
  const agent = (token: string) =>
    triage({ after: PUSH })
      ['.github/workflows/triage.yml']?.replace('--dangerously-skip-permissions', '--permission-mode acceptEdits')
      .replace('persist-credentials: false', `token: \${{ secrets.${token} }}`) ?? '';
  const merge = (on: string, work = 'gh pr merge "$GITHUB_REF_NAME" --squash', condition = '') =>
    workflow(
      'merge',
      `on:\n${on}\njobs:\n  go:\n    runs-on: ubuntu-latest\n${condition}    steps:\n      - run: ${work}\n`,
    );
  const found = (token: string, other: Files) =>
    only('PATH02', { '.github/workflows/triage.yml': agent(token), ...other }).flatMap(({ legs }) =>
      legs.filter(({ step }) => step.place.file.endsWith('merge.yml')).map(({ step }) => step.role),
    );
  const own = "  push:\n    branches: ['agent/**']";
  const begins = (word: string) => `    if: startsWith(github.head_ref, '${word}')\n`;

  it('is the way to the main branch, by a push or by its pull request', () => {
    assert.deepEqual(found('AGENT_PAT', merge(own)), ['propagation', 'sink']);
    assert.deepEqual(found('AGENT_PAT', merge('  pull_request:', 'gh pr merge --auto', begins('agent/'))), [
      'propagation',
      'sink',
    ]);
  });

  it('is none where the branches are others, nothing is merged, or the push starts nothing', () => {
    assert.deepEqual(found('AGENT_PAT', merge("  push:\n    branches: ['release/**']")), []);
    assert.deepEqual(found('AGENT_PAT', merge(own, 'npm test')), []);
    assert.deepEqual(found('AGENT_PAT', merge('  pull_request:', 'gh pr merge --auto', begins('release/'))), []);
    assert.deepEqual(found('GITHUB_TOKEN', merge(own)), []);
  });
});

describe('an answer that becomes the environment of later steps', () => {
  const ANSWER = `      - run: claude -p "Sum this up, $BODY" --tools "" > answer.txt
        env:
          ANTHROPIC_API_KEY: \${{ secrets.ANTHROPIC_API_KEY }}
          BODY: \${{ github.event.issue.body }}
`;
  const write = (...lines: readonly string[]) =>
    `      - run: |\n${lines.map((line) => `          ${line}\n`).join('')}`;
  const found = (steps: string) =>
    only(
      'PATH07',
      workflow(
        'sum',
        `on: issues\njobs:\n  sum:\n    runs-on: ubuntu-latest\n    steps:\n${CHECKOUT}${ANSWER}${steps}`,
      ),
    ).length;
  const block = (mark: string, file = 'GITHUB_ENV') =>
    write(
      'MARK=$(openssl rand -hex 8)',
      '{',
      `  echo "SUM<<${mark}"`,
      '  cat answer.txt',
      `  echo "${mark}"`,
      `} >> "$${file}"`,
    );

  it('is a path from the text to the secret of a step behind it', () => {
    assert.equal(found(`${block('EOF')}${PUBLISH}`), 1);
    assert.equal(found(`${write('echo "SUM=$(cat answer.txt)" >> "$GITHUB_ENV"')}${PUBLISH}`), 1);
  });

  it('is none where the value ends at a mark of chance, is an output, is something else, or nothing is to be had', () => {
    assert.equal(found(`${block('$MARK')}${PUBLISH}`), 0);
    assert.equal(found(`${block('EOF', 'GITHUB_OUTPUT')}${PUBLISH}`), 0);
    assert.equal(found(`${write('echo "SUM=$(cat VERSION)" >> "$GITHUB_ENV"')}${PUBLISH}`), 0);
    assert.equal(found(`${block('EOF')}      - run: npm test\n`), 0);
    assert.equal(found(`${PUBLISH}${block('EOF')}`), 0);
  });
});

const CACHE = `      - uses: actions/cache@v4
        with:
          path: node_modules
          key: modules-\${{ hashFiles('lock') }}
`;

describe('a release that restores a cache', () => {
  it('takes what an agent of another workflow saved, whatever the key, where that may run anything', () => {
    const [path] = only('PATH08', { ...triage({}), ...release(CACHE) });
    assert.equal(path?.severity, 'high');
    const files = new Set(path?.legs.map(({ step }) => step.place.file));
    assert.deepEqual([...files].sort(), ['.github/workflows/release.yml', '.github/workflows/triage.yml']);
  });

  it('takes nothing from runs of one pull request, whose caches nobody else restores', () => {
    assert.deepEqual(only('PATH08', { ...triage({ on: 'pull_request' }), ...release(CACHE) }), []);
  });
});

describe('what a job releases after an agent', () => {
  const linked = (environment: string): Files =>
    triage({
      after: '      - uses: actions/upload-artifact@v4\n        with: { name: site, path: dist }\n',
      jobs: `  release:
    needs: triage
    runs-on: ubuntu-latest
${environment}    steps:
      - uses: actions/download-artifact@v4
        with: { name: site }
${PUBLISH}`,
    });

  it('is its work also in the next job, which takes the artefact', () => {
    const [path] = only('PATH03', linked(''));
    assert.match(path?.message ?? '', /in job release/);
  });

  it('is not, where an environment may ask a person', () => {
    assert.deepEqual(only('PATH03', linked('    environment: production\n')), []);
  });
});

describe('the answer of an agent', () => {
  const answer = `\${{ steps.ask.outputs.structured_output }}`;
  const asked = (last: string): Files =>
    workflow(
      'ask',
      `on: issues
permissions:
  contents: read
jobs:
  ask:
    runs-on: ubuntu-latest
    outputs:
      label: ${answer}
    steps:
      - id: ask
        uses: anthropics/claude-code-action@v1
        with:
          allowed_non_write_users: '*'
          anthropic_api_key: \${{ secrets.ANTHROPIC_API_KEY }}
          prompt: "A label for \${{ github.event.issue.body }}"
  next:
    needs: ask
    runs-on: ubuntu-latest
    steps:
${last}`,
    );

  it('is a command where the next job puts it into a line', () => {
    const files = asked(`      - run: echo "\${{ needs.ask.outputs.label }}"\n`);
    const [path] = only('PATH07', files);
    assert.equal(path?.severity, 'critical');
    assert.match(path?.message ?? '', /of job next/);
  });

  it('is a command where a step behind it evaluates a file with it', () => {
    const job = (last: string) =>
      workflow(
        'ask',
        `on: { issues: { types: [opened] } }
jobs:
  ask:
    runs-on: ubuntu-latest
    steps:
      - run: gemini -p "$BODY" > answer.txt
        env: { BODY: "\${{ github.event.issue.body }}", GEMINI_API_KEY: "\${{ secrets.GEMINI_API_KEY }}" }
      - run: ${last}
`,
      );
    const [path] = only('PATH07', job('eval "$(cat answer.txt)"'));
    assert.equal(path?.severity, 'critical');
    assert.match(path?.message ?? '', /`eval "\$\(cat answer\.txt\)"` runs/);
    assert.deepEqual(only('PATH07', job('cat answer.txt')), []);
  });

  it('is text where the next job passes it through a variable', () => {
    const files = asked(`      - run: echo "$LABEL"\n        env:\n          LABEL: \${{ needs.ask.outputs.label }}\n`);
    assert.deepEqual(only('PATH07', files), []);
  });
});

describe('a role that trusts a repository', () => {
  const mints = triage({});
  const identity: Files = Object.fromEntries(
    Object.entries(mints).map(([file, text]) => [
      file,
      text.replace('contents: read', 'contents: read\n  id-token: write'),
    ]),
  );
  const trust = (subject: string): Files => ({
    'infra/trust.json': JSON.stringify({
      Condition: { StringLike: { 'token.actions.githubusercontent.com:sub': subject } },
    }),
  });

  it('is taken by the agent when every branch will do', () => {
    const [path] = only('PATH21', { ...identity, ...trust('repo:acme/app:*') });
    assert.equal(path?.legs.at(-1)?.step.place.file, 'infra/trust.json');
  });

  it('is not, when it asks for an environment, and not by a job that mints nothing', () => {
    assert.deepEqual(only('PATH21', { ...identity, ...trust('repo:acme/app:environment:production') }), []);
    assert.deepEqual(only('PATH21', { ...mints, ...trust('repo:acme/app:*') }), []);
  });
});

describe('hosts that an agent may reach', () => {
  const behind = (hosts: string): Files =>
    triage({
      before: `      - uses: step-security/harden-runner@v2\n        with:\n          egress-policy: block\n          allowed-endpoints: ${hosts}\n`,
    });

  it('let a secret out where anybody can write there', () => {
    const [path] = only('PATH14', behind('api.anthropic.com:443 webhook.site:443'));
    assert.equal(path?.severity, 'high');
    assert.match(path?.message ?? '', /webhook\.site/);
  });

  it('count less where nearly every build needs them', () => {
    assert.equal(only('PATH14', behind('api.anthropic.com:443 api.github.com:443'))[0]?.severity, 'medium');
  });

  it("let nothing out where only the model's is named", () => {
    assert.deepEqual(rulesOf(behind('api.anthropic.com:443')), []);
  });
});

describe('a machine that outlives the job', () => {
  it('keeps what the agent left, unless the job is in a container', () => {
    const own = (job: string): Files =>
      Object.fromEntries(
        Object.entries(triage({ job })).map(([file, text]) => [file, text.replace('ubuntu-latest', '[self-hosted]')]),
      );
    assert.equal(only('PATH16', own('')).length, 1);
    assert.deepEqual(only('PATH16', own('    container: node:24\n')), []);
  });
});
