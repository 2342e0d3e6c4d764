import type { RuleExample } from '../../../findings/index.ts';

/** A workflow with an agent and no weakness of this family; rules put one in. */
export const SOUND_WORKFLOW = `name: review
on:
  workflow_dispatch:
permissions:
  contents: read
jobs:
  review:
    runs-on: ubuntu-latest
    environment: agents
    timeout-minutes: 10
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0
        with:
          persist-credentials: false
      - name: Review
        run: claude -p "Review the change" --dangerously-skip-permissions
        env:
          ANTHROPIC_API_KEY: \${{ secrets.ANTHROPIC_API_KEY }}
`;

/** The same with one part replaced, as the one file of an example. */
export function workflow(from = '', to = ''): readonly RuleExample[] {
  return [{ file: '.github/workflows/review.yml', text: SOUND_WORKFLOW.replace(from, () => to) }];
}

/** A step put in front of the agent. */
export function withStepBefore(step: string): readonly RuleExample[] {
  return workflow('      - name: Review\n', `${step}      - name: Review\n`);
}

/** A variable put into the agent's step. */
export function withVariable(line: string): readonly RuleExample[] {
  return workflow('          ANTHROPIC_API_KEY', `          ${line}\n          ANTHROPIC_API_KEY`);
}

/** A step put behind the agent. */
export function withStepAfter(step: string): readonly RuleExample[] {
  return [{ file: '.github/workflows/review.yml', text: `${SOUND_WORKFLOW}${step}` }];
}
