import type { AgentRun, Facts, UntrustedSource } from '../../../facts/index.ts';
import type { AttackPath } from '../../paths/attack-path.ts';
import { agentLeg, inputLeg, legs, nameOf, sinkLeg, startLeg } from '../../paths/legs.ts';
import { pathAbout } from '../../paths/path-about.ts';
import { atMost, isOpen, reachSeverity } from '../../paths/path-finding.ts';
import { type Acceptance, acceptanceBy } from './approving-agent.ts';
import { checkout, KEY, PULL_REQUEST_TARGET, run as step, workflow } from './examples.ts';
import type { PathRule } from './path-rule.ts';
import { writtenReviewRule } from './repository-hints.ts';
import { abusableRuns, agentOf, strongestSource } from './run-questions.ts';

const example = (last: string): string => `${PULL_REQUEST_TARGET}
permissions:
  contents: write
  pull-requests: write
jobs:
  review:
    runs-on: ubuntu-latest
    steps:
${checkout()}
${step('gh pr diff "$NUMBER" | claude -p "Is this change safe? Answer yes or no." --tools Read', KEY, `NUMBER: \${{ github.event.number }}`, `GH_TOKEN: \${{ github.token }}`)}
${step(`${last} "$NUMBER"`, `NUMBER: \${{ github.event.number }}`, `GH_TOKEN: \${{ github.token }}`)}
`;

/** PATH13: what the agent thinks of a change is the approval of the change. */
export const agentApproves: PathRule = {
  id: 'PATH13',
  name: 'agent-approves',
  title: "The agent's review is the approval of the change",
  what: "An agent reads what others wrote, and a later step or job, or the agent itself by order of its prompt, approves or merges the change with no person in between. PATH19 is reported instead where the change is a dependency bot's.",
  why: 'The author of the change writes the text that its reviewer obeys. An approval by a bot fills the place that the branch rule kept for a second person.',
  sources: ['OWASP CICD-SEC-1, Insufficient Flow Control Mechanisms', 'poutine, confused_deputy_auto_merge'],
  severity: 'high',
  confidence: 'medium',
  tier: 'regular',
  family: 'PATH',
  fix: 'none',
  advice: "Let the agent comment, and require a person's approval that bots cannot give.",
  tags: ['CWE-862', 'CWE-1427', 'OWASP-CICD-SEC-1'],
  attack: [workflow('review', example('gh pr review --approve'))],
  benign: [workflow('review', example('gh pr review --comment --body done'))],
  paths: (facts: Facts) => abusableRuns(facts).flatMap((run) => pathsOf(run, facts)),
};

function pathsOf(run: AgentRun, facts: Facts): readonly AttackPath[] {
  const source = strongestSource(run);
  const acceptance = source && acceptanceBy(run);
  if (!source || !acceptance) return [];
  const review = writtenReviewRule(facts);
  const open = isOpen(run);
  return [
    pathAbout(run, {
      rule: 'PATH13',
      subject: `${run.invocation.product} ${acceptance.kind}`,
      message: `${open ? 'Anyone whose change it reads' : 'The author of the change'} can talk the ${agentOf(run)} of ${nameOf(run)} into the ${acceptance.kind === 'merge' ? 'merge' : 'approval'} of it`,
      gain: `The agent meets ${source.what}, and ${acceptance.what} follows without a person.${review ? " A file of the repository asks for approvals; the bot's may count as one." : ''}`,
      severity: acceptance.kind === 'approve' && review ? 'medium' : atMost('high', reachSeverity(run)),
      confidence: acceptance.by === 'agent' ? 'medium' : 'high',
      place: acceptance.place,
      legs: acceptedLegs(run, source, acceptance),
    }),
  ];
}

/** The legs up to the approval or merge; dependency changes end the same way. */
export function acceptedLegs(run: AgentRun, source: UntrustedSource, { kind, what, place }: Acceptance) {
  const noun = kind === 'merge' ? 'merge' : 'approval';
  return legs(
    startLeg(run),
    inputLeg(run, source),
    agentLeg(run),
    sinkLeg(run, `accepts:${kind}`, { place }, `the ${noun} follows: ${what}`, {
      what: `Take the ${noun} out of the pipeline, and require a person's`,
      cost: 1,
    }),
  );
}
