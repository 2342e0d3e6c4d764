import type { Facts } from '../../../facts/index.ts';
import type { AttackPath } from '../../paths/attack-path.ts';
import { agentLeg, inputLeg, legs, nameOf, propagationLeg, sinkLeg, startLeg } from '../../paths/legs.ts';
import { pathAbout } from '../../paths/path-about.ts';
import { isOpen } from '../../paths/path-finding.ts';
import { BODY, CLAUDE_ACTION, checkout, ISSUES, KEY, run as step, workflow } from './examples.ts';
import type { PathRule } from './path-rule.ts';
import { type Relay, relaysOf } from './relay.ts';
import { abusableRuns, strongestSource, who } from './run-questions.ts';

const triage = (token: string) =>
  workflow(
    'triage',
    `${ISSUES}
permissions:
  contents: read
  issues: write
jobs:
  triage:
    runs-on: ubuntu-latest
    steps:
${checkout()}
      - uses: ${CLAUDE_ACTION}
        with:
          anthropic_api_key: \${{ secrets.ANTHROPIC_API_KEY }}
          allowed_non_write_users: '*'
${token}          prompt: "Label this: \${{ github.event.issue.body }}"
          claude_args: --allowedTools "Bash(gh issue edit:*)"
`,
  );

const FIX = workflow(
  'fix',
  `on:
  issues:
    types: [labeled]
permissions:
  contents: write
jobs:
  fix:
    if: github.event.label.name == 'agent-fix'
    runs-on: ubuntu-latest
    steps:
${checkout()}
${step('claude -p "Fix this: $BODY" --permission-mode acceptEdits', KEY, BODY)}
${step('git commit -am fix\ngit push', `TOKEN: \${{ secrets.GITHUB_TOKEN }}`)}
`,
);

/** PATH10: a weak agent writes the label or comment that starts a strong one. */
export const launderedOrder: PathRule = {
  id: 'PATH10',
  name: 'laundered-order',
  title: 'An outsider can make one agent start a stronger one',
  what: 'An agent that outsiders steer can set labels or write comments with a token whose events start workflows, and such a label or a comment of a bot starts a second agent that may do more.',
  why: 'The label was the gate: only people with rights can set it. The first agent has those rights and does what an issue says.',
  sources: ['Clinejection (2026)', 'GitHub documentation, "Triggering a workflow from a workflow"'],
  severity: 'high',
  confidence: 'medium',
  tier: 'regular',
  family: 'PATH',
  fix: 'none',
  advice:
    "Refuse bots in the second workflow, check the actor's permission there, or give the first agent the job's own token, whose events start nothing.",
  tags: ['CWE-863', 'CWE-1427', 'OWASP-CICD-SEC-1'],
  attack: [triage(''), FIX],
  benign: [triage(`          github_token: \${{ secrets.GITHUB_TOKEN }}\n`), FIX],
  paths: (facts: Facts) => onePerTarget(relaysOf(abusableRuns(facts))).flatMap(pathOf),
};

/** Of several weak agents that can start the same strong one, the one that is easiest to reach. */
function onePerTarget(relays: readonly Relay[]): readonly Relay[] {
  const kept = new Map<string, Relay>();
  for (const relay of relays) {
    const known = kept.get(relay.to.id);
    if (!known || (isOpen(relay.from) && !isOpen(known.from))) kept.set(relay.to.id, relay);
  }
  return [...kept.values()];
}

function pathOf({ from, to, by, written, opened }: Relay): readonly AttackPath[] {
  const source = strongestSource(from);
  if (!source) return [];
  const sign = by === 'label' ? 'the label' : 'a comment';
  return [
    pathAbout(from, {
      rule: 'PATH10',
      subject: `${by} ${to.pipeline.file.path} ${to.job.id}`,
      message: `${who(from)} can make the agent of ${nameOf(from)} write ${sign} that starts the stronger agent of ${nameOf(to)} in ${to.pipeline.file.path}`,
      gain: `The first agent meets ${source.what}. What it writes counts as written by somebody with rights, so the gate of the second one lets it pass.`,
      severity: isOpen(from) ? 'high' : 'medium',
      confidence: 'medium',
      legs: legs(
        startLeg(from),
        inputLeg(from, source),
        agentLeg(from),
        propagationLeg(
          from,
          `relay:${by}`,
          written,
          `the agent of ${nameOf(from)} may write ${sign}, with a token whose events start workflows`,
          {
            what: `Give the agent of ${nameOf(from)} the job's own token, whose events start no workflow`,
            cost: 1,
          },
        ),
        propagationLeg(to, `opened:${by}`, opened, `${sign} starts ${nameOf(to)} of ${to.pipeline.file.path}`, {
          what: `Check in ${nameOf(to)} that the actor is a person with write access`,
          cost: 2,
        }),
        sinkLeg(to, 'relay:power', to.invocation, `the agent of ${nameOf(to)} follows the same text, and may do more`, {
          what: `Start the agent of ${nameOf(to)} with \`sallyport run\``,
          cost: 3,
        }),
      ),
    }),
  ];
}
