import type { AgentRun, Exit, Facts, UntrustedSource } from '../../../facts/index.ts';
import type { AttackPath } from '../../paths/attack-path.ts';
import { agentLeg, credentialLeg, exitLeg, inputLeg, legs, nameOf, startLeg } from '../../paths/legs.ts';
import { pathAbout } from '../../paths/path-about.ts';
import { pathSeverity } from '../../paths/path-finding.ts';
import { BODY, checkout, ISSUES, KEY, run as step, workflow } from './examples.ts';
import type { PathRule } from './path-rule.ts';
import {
  abusableRuns,
  agentOf,
  cutBy,
  namesOfCredentials,
  reachableCredentials,
  strongestSource,
  who,
} from './run-questions.ts';

const example = (command: string): string => `${ISSUES}
permissions:
  contents: read
  issues: write
jobs:
  triage:
    runs-on: ubuntu-latest
    steps:
${checkout()}
${step(`${command} "Label this issue: $BODY" --dangerously-skip-permissions`, KEY, `GH_TOKEN: \${{ secrets.TRIAGE_PAT }}`, BODY)}
`;

/** PATH01: untrusted text, an agent that can run or send, a readable secret, an open way out. */
export const secretLeavesByAgent: PathRule = {
  id: 'PATH01',
  name: 'secret-leaves-by-agent',
  title: 'An outsider can make the agent send a secret away',
  what: 'Text that others write reaches an agent that may run commands or use the network, while a secret is readable and no egress control stands in between. Where a more exact path about the same agent is found (PATH03, PATH05, PATH11, PATH18, PATH20), that one is reported instead.',
  why: 'The three legs of an exfiltration meet in one job: untrusted input, private data, a way out. Whoever writes the text decides what the agent does with the secret; a prompt that forbids it is no control.',
  sources: [
    'Simon Willison, "The lethal trifecta for AI agents" (2025)',
    'Aikido, "PromptPwnd" (2025): issue text to run-gemini-cli and claude-code-action',
  ],
  severity: 'critical',
  confidence: 'high',
  tier: 'regular',
  family: 'PATH',
  fix: 'none',
  advice:
    'Start the agent with `sallyport run`, which takes the key and the way out, or split the job so that the agent holds nothing.',
  tags: ['CWE-1427', 'CWE-200', 'OWASP-CICD-SEC-6'],
  attack: [workflow('triage', example('claude -p'))],
  benign: [workflow('triage', example('sallyport run -- claude -p'))],
  paths: (facts: Facts) => abusableRuns(facts).flatMap(pathsOf),
};

function pathsOf(run: AgentRun): readonly AttackPath[] {
  const source = strongestSource(run);
  const exit = run.exits.find(({ kind, by }) => kind === 'network' && by === 'agent');
  if (!source || !exit || cutBy(run, 'egress') || cutBy(run, 'credential')) return [];
  return pathOf(run, source, exit);
}

function pathOf(run: AgentRun, source: UntrustedSource, exit: Exit): readonly AttackPath[] {
  const all = reachableCredentials(run);
  const handed = all.filter(({ scope }) => scope !== 'mount');
  // What the machine gives besides what the job hands over is a path of its own, PATH11.
  const credentials = handed.length > 0 ? handed : all;
  const worst = credentials[0];
  if (!worst) return [];
  const certain = worst.reachable === 'yes' && run.capabilities.execute === 'any';
  return [
    pathAbout(run, {
      rule: 'PATH01',
      subject: `${run.invocation.product} secret`,
      message: `${who(run)} can make the ${agentOf(run)} of ${nameOf(run)} send ${namesOfCredentials(credentials)} away`,
      gain: `The agent meets ${source.what}; what it holds can leave for ${exit.what}. Masking in the log does not help: the value is sent, not printed.`,
      severity: pathSeverity(run),
      confidence: certain ? 'high' : 'medium',
      legs: legs(startLeg(run), inputLeg(run, source), agentLeg(run), credentialLeg(run, worst), exitLeg(run, exit)),
    }),
  ];
}
