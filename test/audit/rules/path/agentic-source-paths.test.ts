/** Sources of agentic workflows as nodes of the graph: whole ways, and the default source that has none. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { auditOf } from '../../paths/support.ts';

const FILE = '.github/workflows/triage.md';

function source(lines: readonly string[], on = 'issues: { types: [opened] }', prompt = 'Sort the issue.'): string {
  const front = ['on:', `  ${on}`, 'permissions: { contents: read }', 'engine: claude', ...lines];
  return `---\n${front.join('\n')}\n---\n\n# Triage\n\n${prompt}\n`;
}

function ways(text: string): readonly (readonly [says: string, severity: string])[] {
  return auditOf({ [FILE]: text }).paths.map(({ message, severity }) => [message, severity] as const);
}

describe('the source of an agentic workflow opens a whole way', () => {
  const open: readonly (readonly [what: string, text: string, says: RegExp, severity: string])[] = [
    [
      'without sandbox, for anybody',
      source(['roles: all', 'sandbox: false']),
      /^Anyone can make .* send the model key of claude away$/,
      'critical',
    ],
    [
      'without firewall, with a secret of its own',
      source(['roles: all', 'network: { firewall: disable }', 'env: { TOKEN: "${{ secrets.DEPLOY }}" }']),
      /^Anyone can make .* send DEPLOY away$/,
      'critical',
    ],
    [
      'with every host and a secret',
      source([
        'roles: all',
        'network: { allowed: ["*"] }',
        'engine-note: x',
        'env: { TOKEN: "${{ secrets.DEPLOY }}" }',
      ]),
      /send DEPLOY away$/,
      'critical',
    ],
    [
      'when a member has it answer a stranger',
      source(['sandbox: { agent: false }'], 'slash_command: { name: fix, events: [issue_comment] }'),
      /^Whoever writes the text that the agent reads can make .* send the model key/,
      'high',
    ],
    [
      'when the clock has it read issues',
      source(['sandbox: false'], 'schedule: [{ cron: "0 1 * * *" }]'),
      /send/,
      'high',
    ],
    [
      'with a tool that reads other repositories and an output that everybody sees',
      source([
        'roles: all',
        'tools: { github: { github-token: "${{ secrets.ORG_READ }}" } }',
        'safe-outputs: { add-comment: { max: 1 } }',
      ]),
      /publish what ORG_READ can read$/,
      'high',
    ],
    [
      'with a server that writes with a token of its own',
      source(['roles: all', 'mcp-servers: { jira: { command: jira, env: { T: "${{ secrets.JIRA }}" } } }']),
      /act with JIRA$/,
      'high',
    ],
    [
      'with an output that is merged by itself',
      source(['roles: all', 'safe-outputs: { create-pull-request: { auto-merge: true } }']),
      /change the main branch$/,
      'critical',
    ],
  ];
  for (const [what, text, says, severity] of open) {
    it(what, () => {
      const found = ways(text);
      assert.ok(
        found.some(([message, weight]) => says.test(message) && weight === severity),
        JSON.stringify(found),
      );
    });
  }

  it('from the text of the event to the switch, each leg where it stands', () => {
    const text = source(['roles: all', 'sandbox: false'], undefined, 'Sort ${{ github.event.issue.title }}.');
    const [path] = auditOf({ [FILE]: text }).paths;
    const spelled = path?.legs.map(({ step: { place } }) => text.slice(place.span.start, place.span.end));
    assert.deepEqual(spelled?.slice(1), ['${{ github.event.issue.title }}', 'claude', 'false']);
  });
});

describe('the source of an agentic workflow opens no way', () => {
  const closed: readonly (readonly [what: string, text: string])[] = [
    ['as the compiler has it by default', source([])],
    ['for anybody, behind sandbox and firewall', source(['roles: all', 'safe-outputs: { add-comment: { max: 1 } }'])],
    ['without sandbox, where only members write what it reads', source(['sandbox: false'])],
    ['without sandbox, started by hand', source(['sandbox: false'], 'workflow_dispatch: {}')],
    [
      'by the clock, where the text of strangers is kept away',
      source(['sandbox: false', 'tools: { github: { min-integrity: approved } }'], 'schedule: [{ cron: "0 1 * * *" }]'),
    ],
    ['with every host and no secret', source(['roles: all', 'network: { allowed: ["*"] }'])],
    [
      "with the job's own token in a tool",
      source(['roles: all', 'tools: { github: { github-token: "${{ secrets.GITHUB_TOKEN }}" } }']),
    ],
    [
      'with an output that a person merges',
      source(['roles: all', 'safe-outputs: { create-pull-request: { auto-merge: false } }']),
    ],
    [
      'with a token that only reads and nothing published',
      source(['roles: all', 'tools: { github: { github-token: "${{ secrets.ORG_READ }}" } }']),
    ],
  ];
  for (const [what, text] of closed) it(what, () => assert.deepEqual(ways(text), []));

  it('in a document, and in a part without a trigger', () => {
    const text = source(['roles: all', 'sandbox: false']);
    assert.deepEqual(auditOf({ 'docs/triage.md': text }).paths, []);
    assert.deepEqual(auditOf({ [FILE]: text.replace(/on:\n.*\n/, '') }).paths, []);
  });
});
