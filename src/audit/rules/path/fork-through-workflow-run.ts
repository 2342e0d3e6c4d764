import type { AgentRun, Facts, UntrustedSource } from '../../../facts/index.ts';
import type { Severity } from '../../../findings/index.ts';
import type { Place } from '../../../syntax/index.ts';
import type { AttackPath } from '../../paths/attack-path.ts';
import { agentLeg, credentialLeg, inputLeg, legs, nameOf, propagationLeg, sinkLeg } from '../../paths/legs.ts';
import { pathAbout } from '../../paths/path-about.ts';
import { isContained } from '../agent-rule.ts';
import { checkout, KEY, run as step, workflow } from './examples.ts';
import { takesHead } from './foreign-change.ts';
import type { PathRule } from './path-rule.ts';
import { awaitedBy, forkTrigger } from './pipeline-joins.ts';
import { abusableRuns, agentOf, cutBy, namesOfCredentials, reachableCredentials } from './run-questions.ts';

const TESTS = workflow(
  'tests',
  'on: pull_request\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: npm test\n',
);
const repair = (gate: string) =>
  workflow(
    'repair',
    `on:
  workflow_run:
    workflows: [tests]
    types: [completed]
permissions:
  contents: read
jobs:
  repair:
    if: github.event.workflow_run.conclusion == 'failure'${gate}
    runs-on: ubuntu-latest
    steps:
${checkout(`\${{ github.event.workflow_run.head_sha }}`)}
${step('claude -p "Find out why the tests fail" --dangerously-skip-permissions', KEY, `GH_TOKEN: \${{ secrets.REPAIR_PAT }}`)}
`,
  );

/** PATH18: a fork's pull request reaches an agent with secrets through the end of another workflow. */
export const forkThroughWorkflowRun: PathRule = {
  id: 'PATH18',
  name: 'fork-through-workflow-run',
  title: "A fork's pull request reaches the agent through `workflow_run`",
  what: "A workflow that a fork's pull request starts without secrets is awaited by a second one, which has them and starts an agent on the commit, the artefact or the log of the first. Reported instead of PATH01.",
  why: 'The pull request has no secrets, the workflow behind it has all of them. Its commit, its artefacts and its logs are what the outsider wrote; that the first workflow was harmless does not matter.',
  sources: [
    'GitHub Security Lab, "Preventing pwn requests", part 2 (workflow_run)',
    'GitHub documentation, "Events that trigger workflows": workflow_run',
  ],
  severity: 'critical',
  confidence: 'high',
  tier: 'regular',
  family: 'PATH',
  fix: 'none',
  advice:
    'Ask for `github.event.workflow_run.head_repository.full_name == github.repository`, or start the agent with `sallyport run`.',
  tags: ['CWE-829', 'CWE-1427', 'OWASP-CICD-SEC-4'],
  attack: [TESTS, repair('')],
  benign: [TESTS, repair(' && github.event.workflow_run.head_repository.full_name == github.repository')],
  paths: (facts: Facts) => abusableRuns(facts).flatMap((run) => pathsOf(run, facts)),
};

const CHANNELS: ReadonlySet<UntrustedSource['channel']> = new Set<UntrustedSource['channel']>(['artifact', 'log']);
const OF_CHANGE: ReadonlySet<UntrustedSource['channel']> = new Set<UntrustedSource['channel']>([
  'tree',
  'instructions',
]);

/** What the first workflow's end hands over. Its own checkout is the base, whatever a pull request's would be. */
function broughtBy({ sources }: AgentRun, head: boolean): UntrustedSource | undefined {
  return (
    sources.find(({ channel }) => CHANNELS.has(channel) || (head && OF_CHANGE.has(channel))) ??
    sources.find(({ what }) => what.includes('workflow_run'))
  );
}

function pathsOf(run: AgentRun, facts: Facts): readonly AttackPath[] {
  const trigger = run.triggers.find(({ event, untrusted }) => event === 'workflow_run' && untrusted);
  const credentials = reachableCredentials(run);
  const worst = credentials[0];
  const brought = broughtBy(run, takesHead(run, 'workflow_run'));
  if (!trigger || !worst || !brought || isContained(run)) return [];
  if (cutBy(run, 'credential') || cutBy(run, 'egress')) return [];
  const first = awaitedBy(run.pipeline, facts).find((one) => forkTrigger(one) !== undefined);
  const start = first && forkTrigger(first);
  const { execute, network } = run.capabilities;
  if (!first || !start || isGated(run) || (execute === 'none' && network === 'none')) return [];
  return [
    pathAbout(run, {
      rule: 'PATH18',
      subject: `${run.invocation.product} after ${first.file.path}`,
      message: `Anyone who opens a pull request reaches the ${agentOf(run)} of ${nameOf(run)} through ${first.file.path}, with ${namesOfCredentials(credentials)}`,
      gain: `The agent meets ${brought.what} of a fork. The first workflow has no secrets; this one does.`,
      severity: severityOf(run),
      confidence: worst.reachable === 'yes' ? 'high' : 'medium',
      replaces: ['PATH01'],
      legs: legs(
        {
          id: `${first.file.path}:fork`,
          step: {
            place: start,
            role: 'trigger',
            message: `anyone opens a pull request from a fork, which starts ${first.file.path} without secrets`,
          },
          cut: { what: `Let ${first.file.path} run for pull requests only after an approval`, cost: 3 },
        },
        carried(run, trigger.place, first.file.path),
        inputLeg(run, { ...brought, who: 'anyone' }),
        agentLeg(run),
        credentialLeg(run, worst),
        sinkLeg(run, 'workflow-run:out', run.invocation, 'the agent sends it away, or uses it', {
          what: 'Allow the agent named hosts only (egress control before the agent)',
          cost: 2,
        }),
      ),
    }),
  ];
}

function carried(run: AgentRun, place: Place, first: string) {
  return propagationLeg(
    run,
    'workflow-run',
    place,
    `the end of ${first} starts ${nameOf(run)} with the repository's secrets`,
    {
      what: `Start ${nameOf(run)} only for this repository's own branches: \`github.event.workflow_run.head_repository.full_name == github.repository\``,
      cost: 1,
    },
  );
}

/** A check of the head repository or of who started the first run. */
function isGated(run: AgentRun): boolean {
  return run.gates.some(
    ({ strength, spoofable, kind }) =>
      strength >= 2 && spoofable === undefined && kind !== 'environment' && kind !== 'built-in',
  );
}

function severityOf(run: AgentRun): Severity {
  return run.capabilities.execute === 'any' || takesHead(run, 'workflow_run') ? 'critical' : 'high';
}
