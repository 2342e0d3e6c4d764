import type { RuleExample } from '../../../findings/index.ts';

interface Example {
  readonly on?: string;
  readonly permissions?: string;
  readonly env?: string;
  /** Lines of the job beside `runs-on` and `steps`, without indentation. */
  readonly job?: string;
  readonly runsOn?: string;
  /** The steps, without indentation. */
  readonly steps: string;
}

function indent(text: string, width: number): string {
  return text.replaceAll(/^(?=.)/gm, ' '.repeat(width));
}

/** A small workflow with one job `work`, for the examples of rules. */
export function workflow(example: Example): readonly RuleExample[] {
  const { on = 'push', permissions = '{ contents: read }', env, job, runsOn = 'ubuntu-24.04', steps } = example;
  const text = [
    `on: ${on}`,
    ...(permissions === '' ? [] : [`permissions: ${permissions}`]),
    ...(env === undefined ? [] : [`env:\n${indent(env, 2)}`]),
    'jobs:',
    '  work:',
    `    runs-on: ${runsOn}`,
    ...(job === undefined ? [] : [indent(job, 4)]),
    '    steps:',
    indent(steps, 6),
    '',
  ];
  return [{ file: '.github/workflows/work.yml', text: text.join('\n') }];
}

/** A pinned checkout that leaves no credentials behind. */
export const CHECKOUT = `- uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
  with:
    persist-credentials: false`;
