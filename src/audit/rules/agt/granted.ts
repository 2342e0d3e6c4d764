import { analyseRule, type RuleMeaning, type WrittenRule } from '../../../agents/index.ts';
import type { AgentRun } from '../../../facts/index.ts';

/** A rule in force, with what it means. */
export interface Granted {
  readonly rule: WrittenRule;
  readonly meaning: RuleMeaning;
}

/** Products whose restricting list names what runs without a question. */
const LIST_APPROVES: ReadonlySet<string> = new Set(['gemini', 'qwen']);

/** Most rules of this family ask it of every agent. */
const GRANTED = new WeakMap<AgentRun, readonly Granted[]>();

/** Every rule by which this agent may act without a question; those that an action adds by itself left out. */
export function grantedRules(run: AgentRun): readonly Granted[] {
  const known = GRANTED.get(run) ?? readGranted(run);
  GRANTED.set(run, known);
  return known;
}

function readGranted(run: AgentRun): readonly Granted[] {
  const { invocation } = run;
  const listed = LIST_APPROVES.has(invocation.product) ? (invocation.restrictTo ?? []) : [];
  const written = [...invocation.allow, ...listed].filter(({ place }) => !samePlace(place, invocation.place));
  const effective = run.effective
    .filter(
      ({ kind, inForce, place }) =>
        kind === 'allow' && inForce === 'yes' && !written.some((rule) => samePlace(rule.place, place)),
    )
    .map(({ subject, place }) => ({ text: subject.replace(/^allow\s+/, ''), place }))
    .filter(({ place }) => !samePlace(place, invocation.place));
  const seen = new Set<string>();
  return [...written, ...effective].flatMap((rule) => {
    if (seen.has(rule.text)) return [];
    seen.add(rule.text);
    return [{ rule, meaning: analyseRule(invocation.product, rule.text) }];
  });
}

/** Rules that refuse, on the command line and in settings that count. */
export function denyRules(run: AgentRun): readonly WrittenRule[] {
  const effective = run.effective
    .filter(({ kind, inForce }) => kind === 'deny' && inForce === 'yes')
    .map(({ subject, place }) => ({ text: subject.replace(/^deny\s+/, ''), place }));
  const all = [...run.invocation.deny, ...effective];
  return [...new Map(all.map((rule) => [rule.text, rule])).values()];
}

function samePlace(one: WrittenRule['place'], other: WrittenRule['place']): boolean {
  return one.file === other.file && one.span.start === other.span.start && one.span.end === other.span.end;
}
