import type { RuleExample } from '../../../findings/index.ts';

/** One file of an example. */
export function file(path: string, text: string): RuleExample {
  return { file: path, text };
}

/** A JSON file of an example, as people write it. */
export function json(path: string, value: unknown): RuleExample {
  return { file: path, text: `${JSON.stringify(value, null, 2)}\n` };
}

/** Claude Code's project settings. */
export function settings(value: unknown): RuleExample {
  return json('.claude/settings.json', value);
}

/** Settings with one command hook. */
export function hook(event: string, command: string, matcher?: string): RuleExample {
  const group = { ...(matcher === undefined ? {} : { matcher }), hooks: [{ type: 'command', command }] };
  return settings({ hooks: { [event]: [group] } });
}

/** A workflow that lets Claude Code review the head of a pull request. */
export function reviewOfHead(flags = ''): RuleExample {
  const text = `name: review
on:
  pull_request_target:
    types: [opened, synchronize]
permissions:
  contents: read
jobs:
  review:
    runs-on: ubuntu-latest
    timeout-minutes: 10
    steps:
      - uses: actions/checkout@8e8c483db84b4bee98b60c0593521ed34d9990e8
        with:
          ref: \${{ github.event.pull_request.head.sha }}
          persist-credentials: false
      - run: claude -p "Review the change" --max-turns 5${flags === '' ? '' : ` ${flags}`}
        env:
          ANTHROPIC_API_KEY: \${{ secrets.ANTHROPIC_API_KEY }}
`;
  return file('.github/workflows/review.yml', text);
}
