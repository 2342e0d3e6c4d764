import type { CallFact, CheckFact } from '../facts/index.ts';
import { wordsOf } from '../lexicon.ts';
import type { Sides } from '../match.ts';
import { inScope, type Judgement } from '../report.ts';
import { clip } from '../terms/index.ts';
import { severityOf, weighCheck } from './weigh.ts';

/** Verbs of calls that cannot be taken back: a check behind them comes too late. */
const ACTS =
  /^(?:delete|remove|destroy|drop|save|update|insert|create|write|put|post|send|set|add|grant|assign|exec|execute|run|spawn|charge|pay|transfer|publish|upload|move|rename|reset|revoke|apply|store|render|redirect|respond|reply|json|serve|download|change|edit)$/;

const PAIRS = 200;

/** A check that stands behind what it stood before: it refuses when the thing is done. */
export function judgeOrder(sides: Sides): readonly Judgement[] {
  const checks = sides
    .match('check')
    .same.filter(([before]) => before.exit === 'deny' && before.errorOf === undefined)
    .slice(0, PAIRS);
  if (checks.length === 0) return [];
  const acts = sides
    .match('call')
    .same.filter(([before]) => before.alone && before.meaning !== 'check' && actsOn(before))
    .slice(0, PAIRS);
  return checks.flatMap(([before, after]): readonly Judgement[] => {
    const late = acts.find(([old, now]) => isOvertaken(before, after, old, now));
    if (late === undefined) return [];
    const message = `The check \`${clip(before.key, 70)}\`${inScope(after.scope)} stands behind \`${clip(late[1].key, 60)}\` now: it refuses when that is done.`;
    return [
      {
        control: 'guard-moved-behind',
        group: 'guard',
        direction: 'weakened',
        severity: severityOf(weighCheck(before, sides)),
        message,
        subject: before.key,
        before,
        after,
      },
    ];
  });
}

function actsOn({ names }: CallFact): boolean {
  return wordsOf(names.at(-1) ?? '').some((word) => ACTS.test(word));
}

/** The check stood before the call and stands behind it, in the same function and on the same branch. */
function isOvertaken(before: CheckFact, after: CheckFact, old: CallFact, now: CallFact): boolean {
  const together = old.scope === before.scope && now.scope === after.scope;
  const follows = before.under.every((key) => old.under.includes(key));
  return together && follows && before.term.end <= old.term.start && now.term.end <= after.term.start && !now.spawned;
}
