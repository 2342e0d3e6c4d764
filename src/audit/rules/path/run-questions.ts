import { analyseRule, type Grant } from '../../../agents/index.ts';
import type { AgentRun, Control, Credential, Facts, UntrustedSource } from '../../../facts/index.ts';
import type { Place } from '../../../syntax/index.ts';
import { isAmongMembers, isOpen, isOpenStart } from '../../paths/path-finding.ts';
import { titleOf } from '../agent-rule.ts';
import { isPublicName } from '../credential-name.ts';
import { spell } from '../inp/source-finding.ts';
import { mintedTokens } from './minted-tokens.ts';

type CutLeg = Control['cuts'][number];

/** Agents of pipelines that people wrote. A compiled one is judged at its source, and runs behind a firewall. */
export function abusableRuns(facts: Facts): readonly AgentRun[] {
  return facts.runs.filter(({ pipeline }) => pipeline.role !== 'agentic-lock');
}

/** Does a control that certainly works cut this leg? */
export function cutBy(run: AgentRun, leg: CutLeg): Control | undefined {
  return run.controls.find(({ cuts, certainty }) => certainty === 'yes' && cuts.includes(leg));
}

/** The job has another token than its own, whose rights its `permissions` do not bound. */
export function holdsOtherToken({ credentials, effectsBefore, effectsAfter }: AgentRun): boolean {
  return (
    credentials.some(({ class: kind }) => kind === 'personal-token') ||
    [...effectsBefore, ...effectsAfter].some(({ kind }) => kind === 'mint-token')
  );
}

/** Can nothing that this job does change the repository? That its own token only reads says nothing of another one. */
export function writesNothing(run: AgentRun): boolean {
  return run.controls.some(
    ({ kind, cuts, certainty }) =>
      certainty === 'yes' && cuts.includes('write') && !(kind === 'read-only-token' && holdsOtherToken(run)),
  );
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
  // What the clock has it read needs nobody; beside a gated start that is the easier way.
  const byClock = (source: UntrustedSource): boolean => source.unattended === true && !isOpenStart(run);
  const weight = (source: UntrustedSource): number =>
    (byClock(source) ? -STRENGTH.length : 0) +
    (OUTSIDE.includes(source.who) ? 0 : STRENGTH.length) +
    STRENGTH.indexOf(source.channel);
  const strongest = [...run.sources].sort((one, other) => weight(one) - weight(other))[0];
  return strongest && { ...strongest, what: spell(strongest.what) };
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
  const worth = ({ class: kind, scope, name }: Credential): number =>
    scope === 'mintable' || isPublicName(name) ? WORTH.length : WORTH.indexOf(kind);
  return [...run.credentials, ...mintedTokens(run)]
    .filter(({ reachable, scope }) => reachable === 'yes' || (reachable === 'unknown' && scope !== 'other-step'))
    .sort((one, other) => worth(one) - worth(other));
}

/** Names for a message: the most valuable few, and how many more. */
export function namesOfCredentials(all: readonly Credential[]): string {
  const names = all.slice(0, 4).map(({ name }) => name);
  const more = all.length > names.length ? ` and ${all.length - names.length} more` : '';
  return `${names.join(', ')}${more}`;
}

const WITH_A_MEMBER = 'Whoever writes the text that a member has the agent read';

/** `Claude Code agent`, for the middle of a sentence. */
export function agentOf(run: AgentRun): string {
  return run.invocation.product === 'unknown' ? 'agent' : `${titleOf(run)} agent`;
}

/** The beginning of a path's sentence: who does it. */
export function who(run: AgentRun): string {
  if (isOpen(run)) return 'Anyone';
  if (isAmongMembers(run)) return 'Whoever may push a branch';
  const byItself = run.startedBy === 'schedule' || run.startedBy === 'bot' || run.startedBy === 'other-pipeline';
  return byItself ? 'Whoever writes the text that the agent reads' : WITH_A_MEMBER;
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
