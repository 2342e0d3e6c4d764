import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GAT_RULES } from '../../../../src/audit/rules/gat/index.ts';
import { checkRule, ISSUES, mend, WORKFLOW, workflowText } from '../../../support/rule-check.ts';

const check = (id: string, text: string) => checkRule(GAT_RULES, id, { [WORKFLOW]: text });

function agent(tools: string, ...environment: readonly string[]): string {
  const variables = [`ANTHROPIC_API_KEY: \${{ secrets.ANTHROPIC_API_KEY }}`, ...environment];
  return `      - run: claude -p "Triage" --max-turns 5 --allowedTools "${tools}"\n        env:\n${variables.map((line) => `          ${line}`).join('\n')}`;
}

const TOKEN = `GH_TOKEN: \${{ github.token }}`;
const CHECKOUT = '      - uses: actions/checkout@v4\n';

describe('rights of the token', () => {
  it('are reported where they are missing, at the job, and the fix writes those that the steps use', () => {
    const text = workflowText(ISSUES, CHECKOUT + agent('Read')).replace('permissions:\n  contents: read\n', '');
    const found = check('GAT010', text);
    assert.deepEqual(
      found.map(({ at, severity }) => [at, severity]),
      [['5:3', 'medium']],
    );
    const mended = mend(text, found);
    assert.match(mended, /permissions:\n {6}contents: read\n/);
    assert.deepEqual(check('GAT010', mended), []);
  });

  it('are worse when they are everything', () => {
    const text = workflowText(ISSUES, agent('Read')).replace(
      'permissions:\n  contents: read',
      'permissions: write-all',
    );
    const found = check('GAT010', text);
    assert.equal(found[0]?.severity, 'high');
    assert.deepEqual(check('GAT010', mend(text, found)), []);
  });

  it('are reported when no step uses them, at the right, and made read', () => {
    const text = workflowText(ISSUES, CHECKOUT + agent('Read'), '', '  contents: read\n  packages: write');
    const found = check('GAT011', text);
    assert.deepEqual(
      found.map(({ at }) => at),
      ['6:3'],
    );
    assert.match(mend(text, found), /packages: read/);
  });

  for (const [name, rights, steps] of [
    [
      'a step that comments',
      'issues: write',
      `${agent('Read')}\n      - run: gh issue comment 1 --body x\n        env: { GH_TOKEN: x }`,
    ],
    ['an action of somebody else', 'pull-requests: write', `${agent('Read')}\n      - uses: acme/report@v1`],
    ['the agent with the token', 'issues: write', agent('Bash(gh issue comment *)', TOKEN)],
    [
      'a keyless login',
      'id-token: write',
      `      - uses: aws-actions/configure-aws-credentials@v4\n        with: { role-to-assume: x }\n${agent('Read')}`,
    ],
  ] as const)
    it(`count as used by ${name}`, () =>
      assert.deepEqual(check('GAT011', workflowText(ISSUES, steps, '', `  ${rights}`)), []));
});

describe('what the agent can do to the repository', () => {
  for (const [rule, expected] of [
    ['Bash(gh pr review *)', 1],
    ['Bash(gh pr merge *)', 1],
    ['mcp__github__merge_pull_request', 1],
    ['Bash(gh pr comment *)', 0],
    ['Bash(gh pr view *)', 0],
  ] as const)
    it(`${rule} ${expected > 0 ? 'approves or merges' : 'does not'}`, () => {
      const text = workflowText(ISSUES, agent(`Read,${rule}`, TOKEN), '', '  pull-requests: write');
      assert.equal(check('GAT008', text).length, expected);
    });

  it('keeps a right that another step needs', () => {
    const steps = agent('Read,Bash(gh pr review *)', TOKEN);
    const fixesOf = (more: string) =>
      check('GAT008', workflowText(ISSUES, `${steps}${more}`, '', '  pull-requests: write')).map(
        ({ fixes }) => fixes?.length ?? 0,
      );
    assert.deepEqual(fixesOf(''), [1]);
    assert.deepEqual(fixesOf('\n      - run: gh pr create --fill\n'), [0]);
  });

  it('is nothing with a token that only reads', () => {
    const text = workflowText(
      ISSUES,
      agent('Bash(gh pr review *),Bash(git push *)', TOKEN),
      '',
      '  contents: read\n  pull-requests: read',
    );
    assert.deepEqual([...check('GAT008', text), ...check('GAT012', text)], []);
  });

  it('is a push by itself or by the step behind it, but not by one that opens a pull request', () => {
    const rights = '  contents: write';
    assert.equal(
      check('GAT012', workflowText(ISSUES, CHECKOUT + agent('Edit,Bash(git push *)', TOKEN), '', rights)).length,
      1,
    );
    const later = `${CHECKOUT}${agent('Edit')}\n      - run: git commit -am x && git push\n`;
    assert.equal(check('GAT012', workflowText(ISSUES, later, '', rights)).length, 1);
    const proposal = `${CHECKOUT}${agent('Edit')}\n      - uses: peter-evans/create-pull-request@v7\n`;
    assert.deepEqual(check('GAT012', workflowText(ISSUES, proposal, '', rights)), []);
  });

  it('weighs less where only members start it, and little inside a sandbox', () => {
    const steps = CHECKOUT + agent('Edit,Bash(git push *)', TOKEN);
    assert.equal(
      check('GAT012', workflowText('  workflow_dispatch:', steps, '', '  contents: write'))[0]?.severity,
      'medium',
    );
    const contained = steps.replace('claude -p', 'sallyport run -- claude -p');
    for (const { severity } of check('GAT012', workflowText(ISSUES, contained, '', '  contents: write')))
      assert.equal(severity, 'low');
  });

  it('is a workflow file with an app token that names the right, and only perhaps with one that names nothing', () => {
    const mint = (rights: string): string =>
      `      - id: app\n        uses: actions/create-github-app-token@v2\n        with:\n          app-id: 1\n          private-key: \${{ secrets.KEY }}\n${rights}`;
    const use = agent('Bash', `GH_TOKEN: \${{ steps.app.outputs.token }}`);
    const severity = (rights: string) =>
      check('GAT009', workflowText(ISSUES, mint(rights) + use)).map((one) => one.severity);
    assert.deepEqual(severity('          permission-workflows: write\n'), ['high']);
    assert.deepEqual(severity(''), ['low']);
    assert.deepEqual(severity('          permission-issues: write\n'), []);
  });
});

describe('agents among themselves', () => {
  const labeller = workflowText(ISSUES, agent('Bash(gh issue edit *)', TOKEN), '', '  issues: write');
  const fixer = (gate: string) => workflowText('  issues:\n    types: [labeled, edited]', agent('Edit,Bash'), gate);

  it('launder a label, at the gate of the stronger one', () => {
    const files = {
      [WORKFLOW]: labeller,
      '.github/workflows/fix.yml': fixer(`    if: contains(github.event.issue.labels.*.name, 'go')\n`),
    };
    assert.deepEqual(
      checkRule(GAT_RULES, 'GAT016', files).map(({ place, at, severity }) => [place.file, at, severity]),
      [['.github/workflows/fix.yml', '9:9', 'high']],
    );
  });

  it('launder a label through the shell of one that holds the token of a person', () => {
    const shell = agent('Bash', `GH_TOKEN: \${{ secrets.BOT_TOKEN }}`).replace(
      'claude -p "',
      `claude -p "Issue \${{ github.event.issue.number }}: `,
    );
    const files = {
      [WORKFLOW]: workflowText(ISSUES, shell, '', '  issues: write'),
      '.github/workflows/fix.yml': fixer(`    if: github.event.label.name == 'go'\n`),
    };
    assert.deepEqual(
      checkRule(GAT_RULES, 'GAT016', files).map(({ severity }) => severity),
      ['high'],
    );
  });

  it('do not where the gate also asks who acted, or nobody can set labels', () => {
    const asked = fixer(`    if: contains(github.event.issue.labels.*.name, 'go') && github.actor == 'octocat'\n`);
    assert.deepEqual(checkRule(GAT_RULES, 'GAT016', { [WORKFLOW]: labeller, '.github/workflows/fix.yml': asked }), []);
    const reader = workflowText(ISSUES, agent('Read'));
    const gated = fixer(`    if: contains(github.event.issue.labels.*.name, 'go')\n`);
    assert.deepEqual(checkRule(GAT_RULES, 'GAT016', { [WORKFLOW]: reader, '.github/workflows/fix.yml': gated }), []);
  });
});

it('no agentic workflow, compiled or source, is reported', () => {
  const behindFirewall = agent('Bash').replace('claude ', 'awf --allow-domains api.anthropic.com -- claude ');
  const lock = `# This file was automatically generated by gh-aw. DO NOT EDIT.\n${workflowText(ISSUES, behindFirewall)}`;
  const files = {
    '.github/workflows/a.lock.yml': lock,
    '.github/workflows/a.md': '---\non: { issues: { types: [opened] } }\nengine: claude\n---\n\nSort it.\n',
  };
  for (const { id } of GAT_RULES) assert.deepEqual(checkRule(GAT_RULES, id, files), [], id);
});
