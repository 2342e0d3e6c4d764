/** PATH24: code of a change that runs beside the key, before there is an agent. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pathsOf, workflow } from '../../paths/support.ts';

const KEY = 'ANTHROPIC_API_KEY: ${{ secrets.ANTHROPIC_API_KEY }}';
const HEAD = '        with:\n          ref: ${{ github.event.pull_request.head.sha }}\n';
const AGENT = 'claude -p "Review it" --tools Read --setting-sources user --strict-mcp-config';

interface Shape {
  readonly on?: string;
  readonly ref?: string;
  readonly before?: string;
  readonly agent?: string;
  readonly after?: string;
  readonly jobKey?: boolean;
}

function built({ on = 'pull_request_target', ref = HEAD, before = '', agent = AGENT, after = '', jobKey }: Shape) {
  const files = workflow(
    'review',
    `on: ${on}
permissions: { contents: read }
jobs:
  review:
    runs-on: ubuntu-latest
${jobKey ? `    env:\n      ${KEY}\n` : ''}    steps:
      - uses: actions/checkout@v4
${ref}${before}      - run: ${agent}
${jobKey ? '' : `        env:\n          ${KEY}\n`}${after}`,
  );
  const found = pathsOf({ ...files, 'package.json': '{"scripts":{"test":"node --test"}}', Makefile: 'all:\n\ttrue\n' });
  return found.filter(({ rule }) => rule === 'PATH24');
}

const TEST = '      - run: npm test\n';

describe('a build of the change before the agent', () => {
  it('is a way to the key of the job, of the step, and through a script of the tree', () => {
    const [path] = built({ before: TEST, jobKey: true });
    assert.deepEqual([path?.severity, path?.confidence], ['critical', 'high']);
    assert.match(path?.message ?? '', /^Anyone who opens a pull request .* ANTHROPIC_API_KEY in reach$/);
    assert.deepEqual(
      path?.legs.map(({ step }) => step.role),
      ['trigger', 'source', 'propagation', 'credential', 'sink'],
    );
    assert.equal(built({ before: TEST })[0]?.confidence, 'medium');
    assert.equal(built({ before: '      - run: make all\n' }).length, 1);
  });

  it('is one behind a sandbox around the agent only where the build has the key', () => {
    const agent = 'sallyport run -- claude -p "Review it"';
    assert.equal(built({ before: TEST, agent, jobKey: true }).length, 1);
    assert.equal(built({ before: TEST, agent }).length, 0);
  });

  it('is none of the base, without a secret for forks, behind the agent, or without its scripts', () => {
    assert.equal(built({ before: TEST, ref: '' }).length, 0);
    assert.equal(built({ before: TEST, on: 'pull_request' }).length, 0);
    assert.equal(built({ after: TEST }).length, 0);
    assert.equal(built({ before: '      - run: npm ci --ignore-scripts\n' }).length, 0);
  });

  it('is none where the action takes the change only when it starts', () => {
    const files = workflow(
      'mention',
      `on: { issue_comment: { types: [created] } }
permissions: { contents: write }
jobs:
  answer:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
${TEST}      - uses: anthropics/claude-code-action@v1
        with:
          anthropic_api_key: \${{ secrets.ANTHROPIC_API_KEY }}
`,
    );
    assert.deepEqual(
      pathsOf(files).filter(({ rule }) => rule === 'PATH24'),
      [],
    );
  });
});
