import type { AgentRun, Control } from '../../facts/index.ts';
import { gateInWords } from './legs.ts';
import { isOpenStart } from './path-finding.ts';

interface Answer {
  readonly kind: Control['kind'];
  readonly why: (control: Control, run: AgentRun) => string | undefined;
}

/** Why a control that people count on does not stop what an agent is made to do. One row for each kind. */
const ANSWERS: readonly Answer[] = [
  {
    kind: 'gate',
    why: (_, run) => {
      const { controls } = run;
      const gates = controls.filter(({ kind }) => kind === 'gate');
      const holding = gates.find(({ cuts, certainty }) => certainty === 'yes' && cuts.length > 0);
      if (holding) {
        const kind = gateInWords(holding.what);
        const past = freeEvent(run);
        return past === undefined
          ? `The gate (${kind}) asks who starts the agent, not who wrote what it meets.`
          : `The gate (${kind}) is not asked on ${past}.`;
      }
      const open = gates.find(({ certainty }) => certainty === 'no');
      return open ? `The gate does not hold: ${open.what}.` : undefined;
    },
  },
  {
    kind: 'egress',
    why: ({ what, certainty }) =>
      certainty === 'no' ? `Of the egress control, ${what}, which stops nothing.` : undefined,
  },
  {
    kind: 'restored-configuration',
    why: ({ what }) => `${capital(what)}; the rest of the tree and the text that it meets stay.`,
  },
  {
    kind: 'environment-scrub',
    why: ({ what }) => `${capital(what)}; every other secret and the files of the machine are not.`,
  },
  {
    kind: 'read-only-token',
    why: () => "That the job's token can only read does not bind other credentials.",
  },
  {
    kind: 'environment-approval',
    why: () => 'Whether the environment asks a person is not written in this repository.',
  },
  {
    kind: 'sandbox',
    why: ({ certainty }) =>
      certainty === 'unknown' ? "The agent's own sandbox can be configured away by what it reads." : undefined,
  },
];

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** The event by which outsiders start it past no gate, where others are gated. */
function freeEvent({ startedBy, ways }: AgentRun): string | undefined {
  const free = ways.find(
    ({ circle, strength, trigger }) => circle === startedBy && strength < 2 && trigger.untrusted && trigger.privileged,
  );
  return isOpenStart({ startedBy }) ? free?.trigger.event : undefined;
}

/** One or two sentences about the controls that are there, for a path that exists in spite of them. */
export function whyControlsFail(run: AgentRun): string {
  const answers = ANSWERS.flatMap(({ kind, why }) => {
    const control = run.controls.find((one) => one.kind === kind);
    const answer = control && why(control, run);
    return answer === undefined ? [] : [answer];
  });
  return answers.length === 0 ? 'Nothing else stands in the way.' : answers.slice(0, 2).join(' ');
}
