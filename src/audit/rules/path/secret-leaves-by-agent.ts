import type { AgentRun, Credential, Exit, UntrustedSource } from '../../../facts/index.ts';
import type { AttackPath } from '../../paths/attack-path.ts';
import { agentLeg, credentialLeg, exitLeg, inputLeg, legs, nameOf, startLeg } from '../../paths/legs.ts';
import { isOpen, pathSeverity } from '../../paths/path-finding.ts';
import type { PathRule } from './path-rule.ts';
import { cutBy, reachableCredentials, strongestSource } from './run-questions.ts';

/** PATH01: untrusted text, an agent that can run or send, a readable secret, an open way out. */
export const secretLeavesByAgent: PathRule = {
  id: 'PATH01',
  name: 'secret-leaves-by-agent',
  title: 'An outsider can make the agent send a secret away',
  what: 'Text that others write reaches an agent that may run commands or use the network, while a secret is readable and no egress control stands in between.',
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
  attack: [
    {
      file: '.github/workflows/triage.yml',
      text: `name: triage
on:
  issues:
    types: [opened]
permissions:
  contents: read
  issues: write
jobs:
  triage:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
      - run: |
          claude -p "Label this issue: $BODY" --dangerously-skip-permissions
        env:
          ANTHROPIC_API_KEY: \${{ secrets.ANTHROPIC_API_KEY }}
          GH_TOKEN: \${{ secrets.TRIAGE_PAT }}
          BODY: \${{ github.event.issue.body }}
`,
    },
  ],
  benign: [
    {
      file: '.github/workflows/triage.yml',
      text: `name: triage
on:
  issues:
    types: [opened]
permissions:
  contents: read
jobs:
  triage:
    runs-on: ubuntu-latest
    timeout-minutes: 10
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
        with:
          persist-credentials: false
      - run: sallyport run -- claude -p "Label the issue in issue.json"
        env:
          ANTHROPIC_API_KEY: \${{ secrets.ANTHROPIC_API_KEY }}
`,
    },
  ],
  paths: (facts) => facts.runs.flatMap(pathsOf),
};

function pathsOf(run: AgentRun): readonly AttackPath[] {
  const source = strongestSource(run);
  const exit = run.exits.find(({ kind, by }) => kind === 'network' && by === 'agent');
  const credentials = reachableCredentials(run);
  const worst = credentials[0];
  if (!source || !exit || !worst || cutBy(run, 'egress') || cutBy(run, 'credential')) return [];
  return [pathOf(run, source, exit, worst, credentials)];
}

function pathOf(
  run: AgentRun,
  source: UntrustedSource,
  exit: Exit,
  worst: Credential,
  all: readonly Credential[],
): AttackPath {
  const names = all.slice(0, 4).map(({ name }) => name);
  const more = all.length > names.length ? ` and ${all.length - names.length} more` : '';
  const who = isOpen(run) ? 'Anyone' : 'Whoever writes the text that a member has the agent read';
  return {
    rule: 'PATH01',
    run,
    subject: `${run.invocation.product} secret`,
    message: `${who} can make the ${run.invocation.product} agent of ${nameOf(run)} send ${names.join(', ')}${more} away`,
    detail: `${source.what} reaches the agent, and what it holds can leave for ${exit.what}. Masking in the log does not help: the value is sent, not printed.`,
    severity: pathSeverity(run),
    confidence: worst.reachable === 'yes' && run.capabilities.execute === 'any' ? 'high' : 'medium',
    place: run.invocation.place,
    legs: legs(startLeg(run), inputLeg(run, source), agentLeg(run), credentialLeg(run, worst), exitLeg(run, exit)),
  };
}
