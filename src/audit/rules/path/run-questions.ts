import type { AgentRun, Control, Credential, UntrustedSource } from '../../../facts/index.ts';

type Leg = Control['cuts'][number];

/** Does a control that certainly works cut this leg? */
export function cutBy(run: AgentRun, leg: Leg): Control | undefined {
  return run.controls.find(({ cuts, certainty }) => certainty === 'yes' && cuts.includes(leg));
}

const STRENGTH: readonly UntrustedSource['channel'][] = [
  'command-line',
  'prompt',
  'environment',
  'file',
  'output',
  'event',
  'fetched',
  'instructions',
  'tree',
  'tracker',
  'log',
  'artifact',
  'agent',
  'web',
];

const OUTSIDE: readonly UntrustedSource['who'][] = ['anyone', 'past-contributor', 'bot', 'other-pipeline'];

/** The source that most directly gives orders: those of outsiders before those of members, the prompt before the web. */
export function strongestSource(run: AgentRun): UntrustedSource | undefined {
  const weight = ({ who, channel }: UntrustedSource): number =>
    (OUTSIDE.includes(who) ? 0 : STRENGTH.length) + STRENGTH.indexOf(channel);
  return [...run.sources].sort((one, other) => weight(one) - weight(other))[0];
}

const WORTH: readonly Credential['class'][] = [
  'signing',
  'deploy',
  'cloud',
  'kubernetes',
  'registry',
  'personal-token',
  'forge-token',
  'other',
  'model-key',
];

/** Credentials the agent, or a program it starts, can read, the most valuable first. */
export function reachableCredentials(run: AgentRun): readonly Credential[] {
  return run.credentials
    .filter(({ reachable, scope }) => reachable === 'yes' || (reachable === 'unknown' && scope !== 'other-step'))
    .sort((one, other) => WORTH.indexOf(one.class) - WORTH.indexOf(other.class));
}
