import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GAT_RULES } from '../../../../src/audit/rules/gat/index.ts';
import { INP_RULES } from '../../../../src/audit/rules/inp/index.ts';
import { COMMENTS, checkRule, ISSUES, mend, WORKFLOW, workflowText } from '../../../support/rule-check.ts';

const check = (id: string, text: string) => checkRule(GAT_RULES, id, { [WORKFLOW]: text });
const AGENT = `      - run: claude -p "Triage" --max-turns 5\n        env:\n          ANTHROPIC_API_KEY: \${{ secrets.ANTHROPIC_API_KEY }}`;
const TARGET = '  pull_request_target:\n    types: [labeled]';

function action(...inputs: readonly string[]): string {
  return `      - uses: anthropics/claude-code-action@v1\n        with:\n${inputs.map((line) => `          ${line}`).join('\n')}`;
}

function checkout(ref: string): string {
  return `      - uses: actions/checkout@v4\n        with:\n          ref: \${{ ${ref} }}\n`;
}

function condition(text: string): string {
  return `    if: ${text}\n`;
}

const SEVERE = ['critical', 'high', 'medium'];

/** Every rule of both families that reports something of weight. */
function severe(files: Readonly<Record<string, string>>): readonly string[] {
  return [...GAT_RULES, ...INP_RULES].flatMap(({ id }) =>
    checkRule([...GAT_RULES, ...INP_RULES], id, files)
      .filter(({ severity }) => SEVERE.includes(severity))
      .map(({ message }) => `${id} ${message}`),
  );
}

describe('who starts the agent', () => {
  for (const [name, on, job] of [
    ['nobody is asked', ISSUES, ''],
    ['only a word is asked for', COMMENTS, condition(`contains(github.event.comment.body, '@agent')`)],
    ['the forge is only asked for its name', ISSUES, condition(`github.repository == 'acme/app'`)],
  ] as const)
    it(`is anybody where ${name}, and the place is the trigger`, () => {
      const found = check('GAT001', workflowText(on, AGENT, job));
      assert.deepEqual(
        found.map(({ at, severity }) => [at, severity]),
        [['2:3', 'high']],
      );
    });

  for (const [name, on, job] of [
    [
      'the association is asked for',
      COMMENTS,
      condition(`contains(fromJSON('["OWNER","MEMBER"]'), github.event.comment.author_association)`),
    ],
    ['a label is asked for', ISSUES, condition(`github.event.label.name == 'go'`)],
    ['forks get no secrets', '  pull_request:', ''],
    ['only members start it', '  workflow_dispatch:', ''],
    ['the repository is private', ISSUES, condition('github.event.repository.private')],
  ] as const)
    it(`is no outsider where ${name}`, () => assert.deepEqual(check('GAT001', workflowText(on, AGENT, job)), []));

  it('is unknown where an environment may want a reviewer', () => {
    const [found] = check('GAT001', workflowText(ISSUES, AGENT, '    environment: agents\n'));
    assert.deepEqual([found?.severity, found?.confidence], ['medium', 'low']);
    assert.match(found?.detail ?? '', /not written in the repository/);
  });

  it('is mended by a condition, with and without one before', () => {
    for (const job of ['', condition(`contains(github.event.comment.body, '@agent')`)]) {
      const text = workflowText(COMMENTS, AGENT, job);
      const mended = mend(text, check('GAT001', text));
      assert.notEqual(mended, text);
      assert.deepEqual(check('GAT001', mended), [], mended);
    }
  });

  it('is checked by the action itself, until an input opens it', () => {
    const key = 'anthropic_api_key: x';
    assert.deepEqual(check('GAT001', workflowText(ISSUES, action(key))), []);
    const open = workflowText(ISSUES, action(key, `allowed_non_write_users: '*'`));
    const found = check('GAT002', open);
    assert.deepEqual(
      found.map(({ severity }) => severity),
      ['high'],
    );
    assert.deepEqual(check('GAT001', open), []);
    assert.deepEqual(check('GAT002', mend(open, found)), []);
    assert.deepEqual(check('GAT002', workflowText(ISSUES, action(key, 'allowed_non_write_users: octocat'))), []);
  });

  it('is everybody but mildly so where another check stands before the opened one', () => {
    const job = condition(`github.event.issue.author_association == 'OWNER'`);
    const [found] = check(
      'GAT002',
      workflowText(ISSUES, action('anthropic_api_key: x', `allowed_non_write_users: '*'`), job),
    );
    assert.equal(found?.severity, 'low');
  });

  it('is not asked by the base action', () => {
    const base = `      - uses: anthropics/claude-code-base-action@beta\n        with:\n          prompt: Triage`;
    assert.equal(check('GAT015', workflowText(ISSUES, base))[0]?.at, '10:15');
    assert.deepEqual(check('GAT015', workflowText(ISSUES, action('prompt: Triage'))), []);
  });
});

describe('gates that can be got round', () => {
  for (const [name, text, at] of [
    ['a bot name', `github.actor == 'dependabot[bot]'`, '9:9'],
    ['a bot name behind a word', `github.event.action != 'closed' && github.actor == 'renovate[bot]'`, '9:44'],
    ['a list that is one text', `contains('octocat,hubot', github.actor)`, '9:9'],
    [
      'past contributors',
      `contains(fromJSON('["OWNER","CONTRIBUTOR"]'), github.event.pull_request.author_association)`,
      '9:9',
    ],
  ] as const)
    it(`are reported at ${name}`, () => {
      const on = '  pull_request_target:\n    types: [opened]';
      const found = check('GAT004', workflowText(on, AGENT, condition(text)));
      assert.deepEqual(
        found.map((one) => one.at),
        [at],
      );
    });

  it('are silent for a bot of the content, a real list, and beside a gate that holds', () => {
    for (const text of [
      `contains(fromJSON('["octocat","hubot"]'), github.actor)`,
      `github.actor == 'dependabot[bot]' && github.event.pull_request.head.repo.full_name == github.repository`,
    ])
      assert.deepEqual(check('GAT004', workflowText('  pull_request_target:', AGENT, condition(text))), [], text);
  });

  it('make a real list of a text', () => {
    const text = workflowText('  pull_request_target:', AGENT, condition(`contains('octocat, hubot', github.actor)`));
    assert.match(mend(text, check('GAT004', text)), /contains\(fromJSON\('\["octocat","hubot"\]'\), github\.actor\)/);
  });

  it('include a label that an issue form sets for everybody', () => {
    const text = workflowText(
      '  issues:\n    types: [opened, labeled]',
      AGENT,
      condition(`contains(github.event.issue.labels.*.name, 'triage')`),
    );
    const files = { [WORKFLOW]: text, '.github/ISSUE_TEMPLATE/bug.yml': 'name: Bug\nlabels: [bug, triage]\n' };
    assert.equal(checkRule(GAT_RULES, 'GAT004', files)[0]?.severity, 'high');
    assert.deepEqual(
      checkRule(GAT_RULES, 'GAT004', { ...files, '.github/ISSUE_TEMPLATE/bug.yml': 'name: Bug\nlabels: [bug]\n' }),
      [],
    );
  });
});

describe('the person that is checked', () => {
  it('is the wrong one where a comment starts the agent and the issue is asked', () => {
    const text = workflowText(COMMENTS, AGENT, condition(`github.event.issue.user.login == 'octocat'`));
    const found = check('GAT005', text);
    assert.equal(found.length, 1);
    assert.deepEqual(check('GAT005', mend(text, found)), []);
  });

  it('is the right one with the commenter, the actor, or a permission check', () => {
    for (const text of [`github.event.comment.author_association == 'OWNER'`, `github.actor == 'octocat'`])
      assert.deepEqual(check('GAT005', workflowText(COMMENTS, AGENT, condition(text))), [], text);
  });

  it('is the wrong one where a script asks about the author of the issue', () => {
    const ask = (login: string) =>
      `  may:\n    runs-on: ubuntu-latest\n    outputs:\n      level: \${{ steps.ask.outputs.level }}\n    steps:\n      - id: ask\n        run: echo "level=$(gh api repos/o/r/collaborators/$WHO/permission -q .permission)" >> "$GITHUB_OUTPUT"\n        env:\n          WHO: \${{ ${login} }}\n`;
    const gated = (login: string) =>
      workflowText(COMMENTS, AGENT, `    needs: may\n${condition(`needs.may.outputs.level == 'admin'`)}`) + ask(login);
    assert.equal(check('GAT005', gated('github.event.issue.user.login')).length, 1);
    assert.deepEqual(check('GAT005', gated('github.event.comment.user.login')), []);
    assert.deepEqual(check('GAT005', gated('github.actor')), []);
  });

  it('is nobody on workflow_run without a check of the repository', () => {
    const on = '  workflow_run:\n    workflows: [test]\n    types: [completed]';
    assert.equal(check('GAT005', workflowText(on, AGENT)).length, 1);
    const own = condition('github.event.workflow_run.head_repository.full_name == github.repository');
    assert.deepEqual(check('GAT005', workflowText(on, AGENT, own)), []);
  });
});

describe('what changes after the approval', () => {
  const label = condition(`github.event.label.name == 'go'`);

  for (const ref of ['github.head_ref', 'github.event.pull_request.head.ref'])
    it(`is reported at ${ref}, and the fix takes the commit`, () => {
      const text = workflowText(TARGET, checkout(ref) + AGENT, label);
      const found = check('GAT006', text);
      assert.deepEqual(
        found.map(({ at, severity }) => [at, severity]),
        [['13:16', 'high']],
      );
      assert.deepEqual(check('GAT006', mend(text, found)), []);
    });

  it('is reported for gh pr checkout behind a comment of a member', () => {
    const member = condition(`github.event.comment.author_association == 'MEMBER'`);
    const text = workflowText(
      COMMENTS,
      `      - run: gh pr checkout \${{ github.event.issue.number }}\n${AGENT}`,
      member,
    );
    assert.equal(check('GAT006', text).length, 1);
  });

  it('is silent on the commit of the event, and on branches of the repository itself', () => {
    assert.deepEqual(
      check('GAT006', workflowText(TARGET, checkout('github.event.pull_request.head.sha') + AGENT, label)),
      [],
    );
    const own = condition('github.event.pull_request.head.repo.full_name == github.repository');
    assert.deepEqual(check('GAT006', workflowText(TARGET, checkout('github.head_ref') + AGENT, own)), []);
  });

  it('is every later push where the label stays on', () => {
    const on = '  pull_request_target:\n    types: [labeled, synchronize]';
    const listed = condition(`contains(github.event.pull_request.labels.*.name, 'go')`);
    const found = check('GAT006', workflowText(on, checkout('github.event.pull_request.head.sha') + AGENT, listed));
    assert.deepEqual(
      found.map(({ at }) => at),
      ['3:22'],
    );
  });

  it('is an edit, which the fix leaves out of a list in either form', () => {
    const gate = condition(`contains(github.event.comment.body, '@agent')`);
    for (const types of [
      '    types: [created, edited]',
      '    types: [edited, created]',
      '    types:\n      - created\n      - edited',
    ]) {
      const text = workflowText(`  issue_comment:\n${types}`, AGENT, gate);
      const mended = mend(text, check('GAT017', text));
      assert.ok(!mended.includes('edited'), mended);
      assert.ok(mended.includes('created'));
    }
  });
});

describe('pipelines that are built well', () => {
  const authorise = `  authorise:
    runs-on: ubuntu-24.04
    permissions: {}
    outputs:
      allowed: \${{ steps.ask.outputs.allowed }}
    steps:
      - id: ask
        env:
          GH_TOKEN: \${{ github.token }}
          WHO: \${{ github.event.comment.user.login }}
        run: |
          level=$(gh api "repos/acme/app/collaborators/$WHO/permission" --jq .permission)
          if [ "$level" = admin ] || [ "$level" = write ]; then echo "allowed=true" >> "$GITHUB_OUTPUT"; fi
`;
  const split = (gate: string): string => `on:
  issue_comment:
    types: [created]
permissions: {}
concurrency: agent
jobs:
${authorise}  patch:
    needs: authorise
    if: ${gate}
    runs-on: ubuntu-24.04
    timeout-minutes: 20
    permissions:
      contents: read
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683
        with:
          persist-credentials: false
      - run: claude -p "Fix what was asked - $ASKED" --max-turns 20 --permission-mode dontAsk --allowedTools "Read,Edit,Bash(npm test)"
        env:
          ANTHROPIC_API_KEY: \${{ secrets.ANTHROPIC_API_KEY }}
          ASKED: \${{ github.event.issue.body }}
      - run: git diff > change.patch
      - uses: actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02
        with:
          name: change
          path: change.patch
  publish:
    needs: [authorise, patch]
    runs-on: ubuntu-24.04
    permissions:
      contents: write
      pull-requests: write
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683
      - uses: actions/download-artifact@d3f86a106a0bac45b974a628896c90dbdf5c8093
        with:
          name: change
      - run: git apply change.patch && git push origin HEAD:agent/change
`;

  it('are silent at medium and above: checked, split, the agent holds no token', () => {
    assert.deepEqual(severe({ [WORKFLOW]: split("needs.authorise.outputs.allowed == 'true'") }), []);
  });

  it('are reported by GAT001 when the check is taken away', () => {
    assert.equal(check('GAT001', split('always()')).length, 1);
  });
});
