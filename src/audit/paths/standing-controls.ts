import type { AgentRun, Control } from '../../facts/index.ts';

interface Answer {
  readonly kind: Control['kind'];
  readonly why: (control: Control, run: AgentRun) => string | undefined;
}

/** Why a control that people count on does not stop what an agent is made to do. One row for each kind. */
const ANSWERS: readonly Answer[] = [
  {
    kind: 'gate',
    why: (_, { controls }) => {
      const gates = controls.filter(({ kind }) => kind === 'gate');
      const holding = gates.find(({ cuts, certainty }) => certainty === 'yes' && cuts.length > 0);
      if (holding)
        return `The gate (${holding.what.replaceAll('-', ' ')}) asks who starts the agent, not who wrote what it meets.`;
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
    why: ({ what }) => `That ${what} does not cover the rest of the tree, nor the text that it meets.`,
  },
  {
    kind: 'environment-scrub',
    why: ({ what }) => `That ${what} leaves every other secret and the files of the machine.`,
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

/** One or two sentences about the controls that are there, for a path that exists in spite of them. */
export function whyControlsFail(run: AgentRun): string {
  const answers = ANSWERS.flatMap(({ kind, why }) => {
    const control = run.controls.find((one) => one.kind === kind);
    const answer = control && why(control, run);
    return answer === undefined ? [] : [answer];
  });
  return answers.length === 0 ? 'Nothing else stands in the way.' : answers.slice(0, 2).join(' ');
}
