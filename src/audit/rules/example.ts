import type { RuleExample } from '../../findings/index.ts';

/** `\${{ path }}`, as GitHub writes it. */
export function expression(path: string): string {
  return `\${{ ${path} }}`;
}

export const PULL_REQUEST_HEAD = expression('github.event.pull_request.head.sha');

const FILE = '.github/workflows/agent.yml';

/** What an example pipeline has besides the agent's own step. */
export interface ExampleShape {
  /** The `on:` block, two blanks deep. */
  readonly on?: string;
  readonly permissions?: string;
  /** Lines of the job, four blanks deep. */
  readonly job?: string;
  /** Reference of the checkout, when it is not the default. */
  readonly checkout?: string;
}

const MENTION = `  issue_comment:
    types: [created]`;

/** One job that checks out and then does `steps`, which are written six blanks deep. */
export function workflow(steps: string, shape: ExampleShape = {}): RuleExample {
  const checkout = shape.checkout === undefined ? '' : `          ref: ${shape.checkout}\n`;
  const text = `name: agent
on:
${shape.on ?? MENTION}
permissions:
  contents: ${shape.permissions ?? 'read'}
jobs:
  agent:
    runs-on: ubuntu-latest
${shape.job ?? '    timeout-minutes: 10'}
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
        with:
          persist-credentials: false
${checkout}${steps}
`;
  return { file: FILE, text };
}

/** A step that runs one command, with a key. */
export function commandStep(command: string, environment: readonly string[] = []): string {
  const variables = [`ANTHROPIC_API_KEY: ${expression('secrets.ANTHROPIC_API_KEY')}`, ...environment];
  return `      - run: ${command}\n        env:\n${variables.map((line) => `          ${line}`).join('\n')}`;
}

/** A step that uses an action; `inputs` are its lines. */
export function actionStep(action: string, inputs: readonly string[]): string {
  return `      - uses: ${action}\n        with:\n${inputs.map((line) => `          ${line}`).join('\n')}`;
}

/** Triggers that only people with write access, or the clock, can cause. */
export const NIGHTLY = `  schedule:
    - cron: '0 3 * * *'`;

export const PULL_REQUEST_TARGET = `  pull_request_target:
    types: [opened]`;

export const CLAUDE_ACTION = 'anthropics/claude-code-action@0123456789abcdef0123456789abcdef01234567 # v1';
export const GEMINI_ACTION = 'google-github-actions/run-gemini-cli@0123456789abcdef0123456789abcdef01234567 # v0';
export const CODEX_ACTION = 'openai/codex-action@0123456789abcdef0123456789abcdef01234567 # v1';
