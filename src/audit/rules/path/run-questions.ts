import { analyseRule, type Grant } from '../../../agents/index.ts';
import type { AgentRun, Control, Credential, Facts, UntrustedSource } from '../../../facts/index.ts';
import type { Place } from '../../../syntax/index.ts';
import { isOpen } from '../../paths/path-finding.ts';

type CutLeg = Control['cuts'][number];

/** Agents of pipelines that people wrote. A compiled one is judged at its source, and runs behind a firewall. */
export function abusableRuns(facts: Facts): readonly AgentRun[] {
  return facts.runs.filter(({ pipeline }) => pipeline.role !== 'agentic-lock');
}

/** Does a control that certainly works cut this leg? */
export function cutBy(run: AgentRun, leg: CutLeg): Control | undefined {
  return run.controls.find(({ cuts, certainty }) => certainty === 'yes' && cuts.includes(leg));
}

/** The whole agent is inside a sandbox that takes keys and network: nothing it does counts. */
export function isContained(run: AgentRun): boolean {
  return run.controls.some(
    ({ kind, cuts, certainty }) => kind === 'sandbox' && certainty === 'yes' && cuts.includes('credential'),
  );
}

/** Somebody without rights can bring text or code into a run that has the repository's rights. */
export function meetsOutsiders(run: AgentRun): boolean {
  return run.triggers.some(({ untrusted, privileged }) => untrusted && privileged);
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

/** What is found in every job counts less than what somebody put there. */
const WORTH: readonly Credential['class'][] = [
  'signing',
  'deploy',
  'kubernetes',
  'registry',
  'cloud',
  'personal-token',
  'other',
  'forge-token',
  'model-key',
];

/** Credentials the agent, or a program it starts, can read, the most valuable first. */
export function reachableCredentials(run: AgentRun): readonly Credential[] {
  // An identity token is worth what trusts it, which the repository rarely says.
  const worth = ({ class: kind, scope }: Credential): number =>
    scope === 'mintable' ? WORTH.length : WORTH.indexOf(kind);
  return run.credentials
    .filter(({ reachable, scope }) => reachable === 'yes' || (reachable === 'unknown' && scope !== 'other-step'))
    .sort((one, other) => worth(one) - worth(other));
}

/** Names for a message: the most valuable few, and how many more. */
export function namesOfCredentials(all: readonly Credential[]): string {
  const names = all.slice(0, 4).map(({ name }) => name);
  const more = all.length > names.length ? ` and ${all.length - names.length} more` : '';
  return `${names.join(', ')}${more}`;
}

/** The beginning of a path's sentence: who does it. */
export function who(run: AgentRun): string {
  return isOpen(run) ? 'Anyone' : 'Whoever writes the text that a member has the agent read';
}

/** A rule in force that lets the agent do this, when it may not simply do everything. */
export function grantOf(
  run: AgentRun,
  grants: readonly Grant[],
): { readonly text: string; readonly place: Place } | undefined {
  return allowedRules(run).find(({ text }) => {
    const meaning = analyseRule(run.invocation.product, text);
    return meaning.dead === undefined && meaning.grants.some((grant) => grants.includes(grant));
  });
}

/** Rules that allow without asking and are in force: of the command line, and of files that are really loaded. */
export function allowedRules(run: AgentRun): readonly { readonly text: string; readonly place: Place }[] {
  const loaded = run.effective
    .filter(
      ({ kind, inForce, subject }) =>
        inForce !== 'no' && (kind === 'allow' || kind === 'skill') && subject.startsWith('allow '),
    )
    .map(({ subject, place }) => ({ text: subject.slice('allow '.length), place }));
  return [...run.invocation.allow, ...loaded];
}
