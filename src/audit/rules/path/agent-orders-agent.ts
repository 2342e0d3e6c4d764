import type { AgentRun, Facts, UntrustedSource } from '../../../facts/index.ts';
import type { Place } from '../../../syntax/index.ts';
import type { AttackPath } from '../../paths/attack-path.ts';
import { agentLeg, inputLeg, legs, nameOf, propagationLeg, sinkLeg, startLeg } from '../../paths/legs.ts';
import { pathAbout } from '../../paths/path-about.ts';
import { isOpen } from '../../paths/path-finding.ts';
import { isContained } from '../agent-rule.ts';
import { CLAUDE_ACTION, checkout, ISSUES, KEY, run as step, workflow } from './examples.ts';
import type { PathRule } from './path-rule.ts';
import { awaitedBy } from './pipeline-joins.ts';
import { strengthOf } from './relay.ts';
import { abusableRuns, strongestSource, who } from './run-questions.ts';

const example = (rights: string): string => `${ISSUES}
jobs:
  plan:
    runs-on: ubuntu-latest
    permissions:
      contents: read
    outputs:
      plan: \${{ steps.plan.outputs.structured_output }}
    steps:
${checkout()}
      - id: plan
        uses: ${CLAUDE_ACTION}
        with:
          anthropic_api_key: \${{ secrets.ANTHROPIC_API_KEY }}
          github_token: \${{ secrets.GITHUB_TOKEN }}
          allowed_non_write_users: '*'
          prompt: "Plan a fix: \${{ github.event.issue.body }}"
          claude_args: --tools "Read"
  build:
    needs: plan
    runs-on: ubuntu-latest
    permissions:
      contents: ${rights}
    steps:
${checkout()}
${step(`claude -p "Do this: $PLAN" ${rights === 'write' ? '--dangerously-skip-permissions' : '--tools Read'}`, KEY, `PLAN: \${{ needs.plan.outputs.plan }}`)}
`;

/** PATH09: what one agent says is the order of another that may do more. */
export const agentOrdersAgent: PathRule = {
  id: 'PATH09',
  name: 'agent-orders-agent',
  title: "One agent's answer is a stronger agent's order",
  what: 'An agent that outsiders steer hands its answer on, as an output, an artefact or the end of its workflow, to a second agent that may do more.',
  why: "A model's answer about untrusted text is untrusted text. Reading it a second time does not clean it, and the second agent has the rights that the first was denied.",
  sources: [
    'Simon Willison, "Design patterns for securing LLM agents" (2025)',
    'OWASP LLM01, indirect prompt injection',
  ],
  severity: 'high',
  confidence: 'medium',
  tier: 'regular',
  family: 'PATH',
  fix: 'none',
  advice: 'Let a person approve between the two, or pass on only values that are checked against a schema and a list.',
  tags: ['CWE-1427', 'CWE-1426', 'OWASP-CICD-SEC-4'],
  attack: [workflow('chain', example('write'))],
  benign: [workflow('chain', example('read'))],
  paths: (facts: Facts) => {
    const ranked = abusableRuns(facts)
      .filter((run) => !isContained(run))
      .map((run) => ({ run, source: strongestSource(run), strength: strengthOf(run) }));
    return ranked.flatMap(({ run: from, source, strength }) => {
      if (!source) return [];
      const stronger = ranked.filter((other) => other.strength > strength && isLedBy(other.source));
      return stronger.flatMap(({ run: to }) => pathOf(from, source, to, facts));
    });
  },
};

/** The second agent is judged by its own texts where it has them; here only what comes through the first. */
function isLedBy(own: UntrustedSource | undefined): boolean {
  return own === undefined || ['artifact', 'log', 'agent', 'output'].includes(own.channel);
}

function pathOf(from: AgentRun, source: UntrustedSource, to: AgentRun, facts: Facts): readonly AttackPath[] {
  const link = handedOver(from, to, facts);
  if (!link) return [];
  const there = from.pipeline === to.pipeline ? '' : ` of ${to.pipeline.file.path}`;
  return [
    pathAbout(to, {
      rule: 'PATH09',
      subject: `${from.job.id} to ${to.invocation.product}`,
      message: `${who(from)} can give orders to the agent of ${nameOf(to)}${there} through the answer of the agent of ${nameOf(from)}`,
      gain: `The first agent meets ${source.what} and may do little; ${link.what}, and that one may do more.`,
      severity: isOpen(from) ? 'high' : 'medium',
      confidence: 'medium',
      legs: legs(
        startLeg(from),
        inputLeg(from, source),
        agentLeg(from),
        propagationLeg(from, `hands:${to.id}`, link.place, link.what, {
          what: `Let a person approve what ${nameOf(from)} hands to ${nameOf(to)}`,
          cost: 2,
        }),
        sinkLeg(to, 'second', to.invocation, `the agent of ${nameOf(to)} follows it, with more rights`, {
          what: `Start the agent of ${nameOf(to)} with \`sallyport run\``,
          cost: 3,
        }),
      ),
    }),
  ];
}

interface Link {
  readonly what: string;
  readonly place: Place;
}

function handedOver(from: AgentRun, to: AgentRun, facts: Facts): Link | undefined {
  if (from.pipeline !== to.pipeline) return throughArtifact(from, to, facts);
  const answer = from.step.id === undefined ? undefined : `steps.${from.step.id}.outputs.`;
  if (answer === undefined) return undefined;
  const passed = from.job.outputs
    .filter(({ value }) => value.text.includes(answer))
    .map(({ name }) => `needs.${from.job.id}.outputs.${name}`);
  const wanted = from.job === to.job ? [answer] : passed;
  const entries = [...to.step.environment, ...to.step.inputs].map(({ value }) => value);
  const texts = [...entries, ...(to.step.run ? [to.step.run.text] : [])];
  for (const { interpolations } of texts) {
    const hit = interpolations.find(({ values }) =>
      values.some(({ name }) => wanted.some((one) => name.startsWith(one))),
    );
    if (hit) return { what: `its answer ${hit.values[0]?.name ?? ''} is given to the second agent`, place: hit.place };
  }
  return undefined;
}

/** The end of the first workflow starts the second, which takes its artefact. */
function throughArtifact(from: AgentRun, to: AgentRun, facts: Facts): Link | undefined {
  const uploads = from.effectsAfter.some(({ kind }) => kind === 'artifact-upload');
  const download = to.effectsBefore.find((effect) => effect.kind === 'artifact-download' && effect.otherRun);
  if (!uploads || !download || !awaitedBy(to.pipeline, facts).includes(from.pipeline)) return undefined;
  return { what: 'its artefact is unpacked where the second agent works', place: download.place };
}
