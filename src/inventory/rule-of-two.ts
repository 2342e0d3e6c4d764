import type { AgentRun, Certainty } from '../facts/index.ts';
import { isBrokered, strongest } from './credentials.ts';
import type { Bit, CredentialEntry, RuleOfTwo } from './model.ts';
import { shownText } from './shown-text.ts';

/** More reasons than these are summed up. */
const MOST_REASONS = 6;

/** What comes together in one agent, as the audit's facts have it, with the reasons. */
export function ruleOfTwo(run: AgentRun, credentials: readonly CredentialEntry[]): RuleOfTwo {
  return { untrusted: untrusted(run), privateData: privateData(run, credentials), wayOut: wayOut(run) };
}

function untrusted({ sources, trifecta }: AgentRun): Bit {
  const reasons = sources.map(({ what, channel, who }) => `${shownText(what)} (${channel}), written by ${who}`);
  const unread = 'its prompt names a command that is not in the repository';
  const known = trifecta.untrusted === 'unknown' ? [unread] : reasons;
  return bit(trifecta.untrusted, known, 'nothing that an outsider writes reaches it');
}

function privateData(run: AgentRun, credentials: readonly CredentialEntry[]): Bit {
  if (isBrokered(run)) return bit('no', [], 'a sandbox around the whole agent keeps every credential outside');
  const near = credentials.filter(({ reachable }) => reachable !== 'no');
  const reasons = near.map(({ name, class: kind, reachable }) =>
    reachable === 'yes' ? `${name} (${kind})` : `possibly ${name} (${kind})`,
  );
  const none = credentials.length === 0 ? 'it is given no credential' : 'no credential can be reached from its tools';
  return bit(run.trifecta.privateData, reasons, none);
}

function wayOut(run: AgentRun): Bit {
  const open = isBrokered(run) ? run.exits.filter(({ by }) => by !== 'agent') : run.exits;
  const reasons = open.map(({ kind, by }) => (by === 'agent' ? kind : `${kind}, by ${by.replace('-', ' ')}`));
  return bit(run.trifecta.wayOut, reasons, 'it can send nothing away and change nothing outside');
}

function bit(is: Certainty, reasons: readonly string[], none: string): Bit {
  return { is, why: is === 'no' ? [none] : summed([...new Set(reasons)]) };
}

function summed(reasons: readonly string[]): readonly string[] {
  if (reasons.length <= MOST_REASONS) return reasons;
  return [...reasons.slice(0, MOST_REASONS), `and ${reasons.length - MOST_REASONS} more`];
}

/** Of all agents of a job: they share its machine. */
export function joinRules(rules: readonly RuleOfTwo[]): RuleOfTwo {
  const join = (of: (rule: RuleOfTwo) => Bit): Bit => {
    const bits = rules.map(of);
    const is = strongest(bits.map((one) => one.is));
    return { is, why: summed([...new Set(bits.filter((one) => one.is === is).flatMap(({ why }) => why))]) };
  };
  return {
    untrusted: join(({ untrusted }) => untrusted),
    privateData: join(({ privateData }) => privateData),
    wayOut: join(({ wayOut }) => wayOut),
  };
}

/** Legs that are certain, and legs that are not excluded. */
export function countLegs({ untrusted, privateData, wayOut }: RuleOfTwo): {
  readonly certain: number;
  readonly possible: number;
} {
  const bits = [untrusted.is, privateData.is, wayOut.is];
  return {
    certain: bits.filter((one) => one === 'yes').length,
    possible: bits.filter((one) => one !== 'no').length,
  };
}
