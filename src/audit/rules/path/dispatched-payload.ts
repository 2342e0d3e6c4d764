import type { AgentRun, Facts } from '../../../facts/index.ts';
import type { TemplateText } from '../../../pipelines/index.ts';
import type { Place } from '../../../syntax/index.ts';
import type { AttackPath } from '../../paths/attack-path.ts';
import { agentLeg, credentialLeg, legs, nameOf, propagationLeg, sinkLeg } from '../../paths/legs.ts';
import { pathAbout } from '../../paths/path-about.ts';
import { isContained } from '../agent-rule.ts';
import { checkout, KEY, run as step, workflow } from './examples.ts';
import type { PathRule } from './path-rule.ts';
import { abusableRuns, agentOf, cutBy, namesOfCredentials, reachableCredentials } from './run-questions.ts';

const example = (key: string): string => `on:
  repository_dispatch:
    types: [ticket]
permissions:
  contents: read
jobs:
  work:
    runs-on: ubuntu-latest
    steps:
${checkout()}
${step('claude -p "Do this: $TEXT" --dangerously-skip-permissions', KEY, ...(key === '' ? [] : [key]), `TEXT: \${{ github.event.client_payload.text }}`)}
`;

/** PATH20: text of a tracker or webhook starts an agent that holds more than its model key. */
export const dispatchedPayload: PathRule = {
  id: 'PATH20',
  name: 'dispatched-payload',
  title: 'A ticket or webhook can make the agent use its deploy key',
  what: 'A repository_dispatch, API or webhook start hands the text of another system to an agent that may run commands and holds a credential besides the model key. Reported instead of PATH01 and PATH03.',
  why: 'Whoever writes a ticket, a chat message or an error report in the other system writes the order. Who may write there is decided by that system, often by nobody; the token that relays it says nothing about the author.',
  sources: [
    'GitHub documentation, "Events that trigger workflows": repository_dispatch',
    'Simon Willison, "The lethal trifecta for AI agents" (2025)',
  ],
  severity: 'high',
  confidence: 'medium',
  tier: 'regular',
  family: 'PATH',
  fix: 'none',
  advice: 'Start the agent with `sallyport run`, and let a person pick the tickets that reach it.',
  tags: ['CWE-1427', 'CWE-345', 'OWASP-CICD-SEC-6'],
  attack: [workflow('ticket', example(`DEPLOY_KEY: \${{ secrets.DEPLOY_KEY }}`))],
  benign: [workflow('ticket', example(''))],
  paths: (facts: Facts) => abusableRuns(facts).flatMap(pathsOf),
};

const RELAYED: ReadonlySet<string> = new Set(['repository_dispatch', 'trigger', 'api', 'webhook', 'generic-webhook']);
const PAYLOAD = /client_payload|TRIGGER_PAYLOAD|AI_FLOW_/;

function pathsOf(run: AgentRun): readonly AttackPath[] {
  const trigger = run.triggers.find(({ event }) => RELAYED.has(event));
  const payload = trigger && payloadIn(run);
  const credentials = reachableCredentials(run).filter(
    ({ class: kind, scope }) => kind !== 'model-key' && scope !== 'mintable',
  );
  const worst = credentials[0];
  const { execute, network } = run.capabilities;
  if (!trigger || !payload || !worst || (execute === 'none' && network === 'none')) return [];
  if (isContained(run) || cutBy(run, 'egress') || cutBy(run, 'credential')) return [];
  return [
    pathAbout(run, {
      rule: 'PATH20',
      subject: `${run.invocation.product} ${trigger.event}`,
      message: `Whoever writes what ${trigger.event} relays can make the ${agentOf(run)} of ${nameOf(run)} use ${namesOfCredentials(credentials)}`,
      gain: `${payload.name} reaches the agent as an order, from a system whose users this repository does not know.`,
      severity: execute === 'any' ? 'high' : 'medium',
      confidence: execute === 'any' ? 'high' : 'medium',
      replaces: ['PATH01', 'PATH03'],
      legs: legs(
        {
          id: `${run.id}:relayed`,
          step: {
            place: trigger.place,
            role: 'trigger',
            message: `somebody writes into a system that starts ${nameOf(run)} with ${trigger.event}`,
          },
          cut: { what: 'Let a person release each ticket before it is relayed', cost: 3 },
        },
        propagationLeg(run, 'payload', payload.place, `${payload.name} is put before the agent`, {
          what: `Hand ${payload.name} over as a fenced data file`,
          cost: 4,
        }),
        agentLeg(run),
        credentialLeg(run, worst),
        sinkLeg(run, 'relayed:out', run.invocation, 'the agent uses it, or sends it away', {
          what: 'Allow the agent named hosts only (egress control before the agent)',
          cost: 2,
        }),
      ),
    }),
  ];
}

/** Where the payload is put before the agent: its prompt, its step, or a variable that the prompt names. */
function payloadIn({
  step: { environment, inputs, run },
  sources,
  job,
}: AgentRun): { readonly name: string; readonly place: Place } | undefined {
  const known = sources.find(({ what, channel }) => PAYLOAD.test(what) || channel === 'tracker');
  if (known) return { name: known.what, place: known.place };
  const texts: readonly TemplateText[] = [...environment, ...inputs, ...job.environment].map(({ value }) => value);
  for (const { interpolations } of [...texts, ...(run ? [run.text] : [])]) {
    const hit = interpolations.find(({ values }) => values.some(({ name }) => PAYLOAD.test(name)));
    if (hit)
      return { name: hit.values.find(({ name }) => PAYLOAD.test(name))?.name ?? 'the payload', place: hit.place };
  }
  return undefined;
}
