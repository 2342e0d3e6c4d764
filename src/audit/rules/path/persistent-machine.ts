import type { AgentRun, Facts } from '../../../facts/index.ts';
import type { AttackPath } from '../../paths/attack-path.ts';
import { agentLeg, inputLeg, legs, nameOf, propagationLeg, sinkLeg, startLeg } from '../../paths/legs.ts';
import { pathAbout } from '../../paths/path-about.ts';
import { pathSeverity } from '../../paths/path-finding.ts';
import { isContained } from '../agent-rule.ts';
import { BODY, checkout, ISSUES, KEY, run as step, workflow } from './examples.ts';
import type { PathRule } from './path-rule.ts';
import { abusableRuns, agentOf, grantOf, strongestSource, who } from './run-questions.ts';

const example = (runner: string): string => `${ISSUES}
permissions:
  contents: read
jobs:
  triage:
    runs-on: ${runner}
    steps:
${checkout()}
${step('claude -p "Label this: $BODY" --dangerously-skip-permissions', KEY, BODY)}
`;

/** PATH16: what the agent leaves on the machine meets the next job. */
export const persistentMachine: PathRule = {
  id: 'PATH16',
  name: 'persistent-machine',
  title: 'An outsider can make the agent stay on the machine for the next job',
  what: 'An agent that outsiders can steer may run programs on a machine that outlives the job: a self-hosted runner, a Jenkins node, a shell executor.',
  why: "A background process, a changed profile, a poisoned tool cache or a planted hook waits for the next job, which may be another repository's release. A cleanup step at the end runs under the same user as what it cleans up.",
  sources: [
    'GitHub documentation, "Security hardening: hardening for self-hosted runners"',
    'J. Stawinski, A. Khan, "TensorFlow supply chain compromise via self-hosted runner" (2024)',
  ],
  severity: 'critical',
  confidence: 'medium',
  tier: 'regular',
  family: 'PATH',
  fix: 'none',
  advice: 'Use an ephemeral runner for agents, or start the agent with `sallyport run`, which leaves nothing behind.',
  tags: ['CWE-664', 'CWE-1427', 'OWASP-CICD-SEC-7'],
  attack: [workflow('triage', example('[self-hosted, linux]'))],
  benign: [workflow('triage', example('ubuntu-latest'))],
  paths: (facts: Facts) => abusableRuns(facts).flatMap(pathsOf),
};

function pathsOf(run: AgentRun): readonly AttackPath[] {
  const source = strongestSource(run);
  const runs = run.capabilities.execute === 'any' || grantOf(run, ['execute']) !== undefined;
  if (!source || run.job.runner.kind !== 'persistent' || !runs || run.job.container || isContained(run)) return [];
  const label = run.job.runner.labels[0];
  const place = label?.place ?? run.job.place;
  const machine = label ? `the machine ${label.value}` : 'a machine that outlives the job';
  return [
    pathAbout(run, {
      rule: 'PATH16',
      subject: `${run.invocation.product} machine`,
      message: `${who(run)} can make the ${agentOf(run)} of ${nameOf(run)} leave code on ${machine} for the next job`,
      gain: `The agent meets ${source.what}. The next job on that machine, of this or another repository, runs what it left with its own secrets.`,
      severity: pathSeverity(run),
      confidence: run.capabilities.execute === 'any' ? 'high' : 'medium',
      place,
      legs: legs(
        startLeg(run),
        inputLeg(run, source),
        agentLeg(run),
        propagationLeg(run, 'machine', place, `it works on ${machine}, which is not thrown away`, {
          what: `Run ${nameOf(run)} on an ephemeral machine`,
          cost: 2,
        }),
        sinkLeg(run, 'next-job', { place }, 'the next job on that machine runs what was left there', {
          what: 'Give the agent a machine that no release and no other repository uses',
          cost: 3,
        }),
      ),
    }),
  ];
}
