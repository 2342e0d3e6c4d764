import type { AgentRun, Credential, Exit, Facts } from '../../../facts/index.ts';
import type { AttackPath } from '../../paths/attack-path.ts';
import { agentLeg, credentialLeg, inputLeg, legs, nameOf, sinkLeg, startLeg } from '../../paths/legs.ts';
import { pathAbout } from '../../paths/path-about.ts';
import { isOpen } from '../../paths/path-finding.ts';
import { isContained } from '../agent-rule.ts';
import { BODY, checkout, ISSUES, KEY, run as step, workflow } from './examples.ts';
import type { PathRule } from './path-rule.ts';
import { abusableRuns, agentOf, strongestSource, who } from './run-questions.ts';

const example = (keep: boolean): string => `${ISSUES}
permissions:
  contents: write
  issues: write
jobs:
  answer:
    runs-on: ubuntu-latest
    steps:
${checkout(undefined, keep)}
${step('claude -p "Answer this: $BODY" --tools Read,Grep > answer.md', KEY, BODY)}
${step('gh issue comment "$NUMBER" -F answer.md', `NUMBER: \${{ github.event.issue.number }}`, `GH_TOKEN: \${{ github.token }}`)}
`;

/** PATH22: an agent that only reads still speaks, where everybody hears it. */
export const publishedSecret: PathRule = {
  id: 'PATH22',
  name: 'published-secret',
  title: 'An outsider can make a read-only agent publish a secret',
  what: 'An agent that may read files but neither run commands nor use the network meets text of outsiders, a secret lies in what it can read, and its answer becomes a public comment, or its transcript goes into the log. PATH01 is silent there, because the agent itself has no way out.',
  why: 'The answer is the way out. The platform masks a secret in logs as it stands, not in comments, and not when the agent spells it backwards or in base64.',
  sources: [
    'GitHub documentation, "Using secrets in GitHub Actions": what is not redacted',
    'Invariant Labs, "GitHub MCP exploited" (2025): private data in a public pull request',
  ],
  severity: 'high',
  confidence: 'low',
  tier: 'regular',
  family: 'PATH',
  fix: 'none',
  advice:
    "Check out with `persist-credentials: false`, keep secrets out of the agent's environment, and pass its answer through a redaction.",
  tags: ['CWE-532', 'CWE-1427', 'OWASP-CICD-SEC-6'],
  attack: [workflow('answer', example(true))],
  benign: [workflow('answer', example(false))],
  paths: (facts: Facts) => abusableRuns(facts).flatMap(pathsOf),
};

function pathsOf(run: AgentRun): readonly AttackPath[] {
  const source = strongestSource(run);
  const { read, execute, network } = run.capabilities;
  if (!source || read === 'none' || execute === 'any' || network !== 'none' || isContained(run)) return [];
  const credential = run.credentials.find((one) => isReadable(run, one));
  const exit = credential && publicExit(run);
  if (!credential || !exit) return [];
  const outlet = exit.kind === 'log' ? 'the public log' : 'a public comment';
  return [
    pathAbout(run, {
      rule: 'PATH22',
      subject: `${run.invocation.product} ${exit.kind}`,
      message: `${who(run)} can make the ${agentOf(run)} of ${nameOf(run)} write ${credential.name} into ${outlet}`,
      gain: `The agent meets ${source.what} and reads ${credential.name}; it needs no tool to speak.`,
      severity: isOpen(run) ? 'high' : 'medium',
      confidence: exit.kind === 'log' ? 'low' : 'medium',
      legs: legs(
        startLeg(run),
        inputLeg(run, source),
        agentLeg(run),
        credentialLeg(run, credential),
        sinkLeg(run, `speaks:${exit.kind}`, exit, `what it says goes into ${outlet}: ${exit.what}`, {
          what: 'Pass the answer through a redaction that knows the secrets of the job',
          cost: 2,
        }),
      ),
    }),
  ];
}

/** A file it can read, or a variable for an agent that reads the whole machine; a token that only reads is no loss. */
function isReadable(
  { capabilities: { read } }: AgentRun,
  { scope, class: kind, writes, reachable }: Credential,
): boolean {
  if (kind === 'forge-token' && writes !== 'yes') return false;
  if (scope === 'file' || scope === 'mount') return reachable !== 'no';
  return read === 'everything' && (scope === 'step' || scope === 'job' || scope === 'pipeline');
}

function publicExit({ exits, effectsAfter }: AgentRun): Exit | undefined {
  const spoken = exits.find(
    ({ kind, by }) =>
      kind === 'comment' && (by === 'agent' || effectsAfter.some((effect) => effect.kind === 'comment')),
  );
  return spoken ?? exits.find(({ kind }) => kind === 'log');
}
