import type { RuleExample } from '../../../findings/index.ts';
import { commandStep, expression, PULL_REQUEST_HEAD, PULL_REQUEST_TARGET, workflow } from '../example.ts';

/** What every rule of this family has in common. */
export const EXE = { tier: 'regular', family: 'EXE' } as const;

/** An agent on the head of a pull request, with the repository's secrets. */
export function onHead(steps: string, job?: string): RuleExample {
  return workflow(steps, {
    on: PULL_REQUEST_TARGET,
    checkout: PULL_REQUEST_HEAD,
    ...(job === undefined ? {} : { job }),
  });
}

export const READER = commandStep('claude -p "Review the change" --tools Read');
export const WRITER = commandStep('claude -p "Fix the finding" --dangerously-skip-permissions');

/** A step of one command line. */
export function step(command: string, environment: readonly string[] = []): string {
  const lines =
    environment.length === 0 ? '' : `\n        env:\n${environment.map((one) => `          ${one}`).join('\n')}`;
  return `      - run: ${command}${lines}`;
}

export const PUSH_TOKEN = `PUSH_TOKEN: ${expression('secrets.PUSH_PAT')}`;
