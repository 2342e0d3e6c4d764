import type { FindingDraft } from '../../../findings/index.ts';
import type { Rule } from '../../rule.ts';
import { startsAgent } from '../agent-job.ts';
import { workflow } from './example-workflow.ts';
import { gitHubSteps, reachOf, type StepScope, stepName, subjectOf } from './job-walk.ts';

const ACCEPT = `- run: gh pr merge --squash --auto "$URL"
  env:
    URL: \${{ github.event.pull_request.html_url }}
    GH_TOKEN: \${{ github.token }}`;
const RIGHTS = '{ contents: write, pull-requests: write }';

/** CI033: a pipeline takes in the change of whoever opened it. */
export const acceptedChange: Rule = {
  id: 'CI033',
  name: 'change-accepted-without-person',
  title: 'A pipeline approves or merges the change of anybody',
  what: 'A job without an agent that anybody can start approves or merges a pull request, and nothing asks who opened it.',
  why: 'An approval of the pipeline counts as a review, and auto-merge needs nothing more: code of a stranger is in the branch before a person has seen it.',
  sources: [
    'poutine confused_deputy_auto_merge',
    'Synacktiv, "GitHub Actions exploitation: Dependabot" (2024)',
    'OWASP CICD-SEC-1',
  ],
  severity: 'high',
  confidence: 'medium',
  tier: 'regular',
  family: 'CI',
  fix: 'none',
  advice: 'Ask who opened the pull request (`github.event.pull_request.user.login`), and let a person approve.',
  tags: ['CWE-862', 'OWASP-CICD-SEC-1'],
  attack: workflow({ on: 'pull_request_target', permissions: RIGHTS, steps: ACCEPT }),
  benign: workflow({
    on: 'pull_request_target',
    permissions: RIGHTS,
    job: "if: github.event.pull_request.user.login == 'acme-bot'",
    steps: ACCEPT,
  }),
  check: (facts) =>
    gitHubSteps(facts).flatMap((scope) => (startsAgent(facts, scope.pipeline, scope.job) ? [] : acceptedIn(scope))),
};

function acceptedIn(scope: StepScope): readonly FindingDraft[] {
  const { step, job } = scope;
  const accepts = step.effects.find(({ kind }) => kind === 'merge' || kind === 'approve');
  // Whatever a condition asks, here only one that asks nothing counts: the others are for the rules about gates.
  const asked = job.condition !== undefined || step.condition !== undefined || isToldToAsk(scope);
  if (accepts === undefined || asked || reachOf(scope, step) !== 'open') return [];
  return [
    {
      rule: 'CI033',
      message: `${stepName(step)} ${accepts.kind === 'merge' ? 'merges' : 'approves'} the pull request of whoever opened it`,
      severity: 'high',
      confidence: 'medium',
      place: accepts.place,
      subject: subjectOf(scope, stepName(step), accepts.kind),
    },
  ];
}

/** The script names who opened the pull request or who acts: it may well compare them. */
function isToldToAsk({ step }: StepScope): boolean {
  const texts = [step.run?.text.text ?? '', ...step.environment.map(({ value }) => value.text)];
  return texts.some((text) => /\.user\.login|github\.actor|--json\s+[\w,]*author|github\.triggering_actor/.test(text));
}
