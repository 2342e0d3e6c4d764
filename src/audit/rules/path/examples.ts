import type { RuleExample } from '../../../findings/index.ts';

/** A workflow among a rule's examples. */
export function workflow(name: string, text: string): RuleExample {
  return { file: `.github/workflows/${name}.yml`, text: `name: ${name}\n${text}` };
}

const CHECKOUT = 'actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2';

/** A checkout, written six blanks deep, that leaves no login behind unless it is to. */
export function checkout(ref?: string, keep = false): string {
  const lines = [
    ...(ref === undefined ? [] : [`          ref: ${ref}`]),
    ...(keep ? [] : ['          persist-credentials: false']),
  ];
  return `      - uses: ${CHECKOUT}${lines.length > 0 ? `\n        with:\n${lines.join('\n')}` : ''}`;
}

export const HEAD = `\${{ github.event.pull_request.head.sha }}`;
export const KEY = `ANTHROPIC_API_KEY: \${{ secrets.ANTHROPIC_API_KEY }}`;
export const BODY = `BODY: \${{ github.event.issue.body }}`;

/** A step that runs commands with variables, written six blanks deep. */
export function run(command: string, ...variables: readonly string[]): string {
  const environment =
    variables.length === 0 ? '' : `\n        env:\n${variables.map((line) => `          ${line}`).join('\n')}`;
  return `      - run: |\n          ${command.replaceAll('\n', '\n          ')}${environment}`;
}

export { CLAUDE_ACTION } from '../example.ts';
export const CACHE = 'actions/cache@5a3ec84eff668545956fd18022155c47e93e2684 # v4.2.3';

/** Somebody opens an issue. */
export const ISSUES = `on:
  issues:
    types: [opened]`;

export const PULL_REQUEST_TARGET = `on:
  pull_request_target:
    types: [opened, synchronize]`;
