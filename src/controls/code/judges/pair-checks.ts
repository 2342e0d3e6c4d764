import type { CheckFact } from '../facts/index.ts';
import { leavesOf, type Matching, type Sides, shareOf } from '../match.ts';
import { findLoosened } from './exactness.ts';
import { isHollow } from './hollow.ts';
import { weighCheck } from './weigh.ts';

const SIMILAR = 0.34;
/** Enough when both let through in the same way: the condition is what changed. */
const ALIKE = 0.15;

/** Checks that belong together, and those that stand alone. */
export interface Pairing {
  readonly pairs: readonly (readonly [CheckFact, CheckFact])[];
  readonly gone: readonly CheckFact[];
  readonly come: readonly CheckFact[];
}

/** Each check that is gone with the most similar one that came; the scope counts. */
export function pairSimilar({ gone, come }: Matching<CheckFact>, sides: Sides): Pairing {
  const candidates: { readonly before: CheckFact; readonly after: CheckFact; readonly share: number }[] = [];
  const words = new Map([...gone, ...come].map((check) => [check, wordsOf(check)]));
  for (const before of gone.slice(0, 300)) {
    for (const after of come.slice(0, 300)) {
      const near = sides.successorOf(before.scope)?.name === after.scope ? 1 : 0.75;
      const sameError = before.errorOf !== undefined && before.errorOf === after.errorOf;
      const own = sameError ? near : shareOf(words.get(before) ?? [], words.get(after) ?? []) * near;
      const least = leavesAlike(before, after) && near === 1 ? ALIKE : SIMILAR;
      if (own < least && near === 1 && own > 0 && refusesAlike(before, after, sides)) {
        candidates.push({ before, after, share: ALIKE });
        continue;
      }
      const isLoosened = own < least && near === 1 && before.exit === after.exit && isLooser(before, after);
      if (isLoosened) candidates.push({ before, after, share: SIMILAR });
      else if (own >= least && !isHollow(after, before, sides)) candidates.push({ before, after, share: own });
    }
  }
  candidates.sort((one, other) => other.share - one.share);
  const used = new Set<CheckFact>();
  const pairs: [CheckFact, CheckFact][] = [];
  for (const { before, after } of candidates) {
    if (used.has(before) || used.has(after)) continue;
    used.add(before).add(after);
    pairs.push([before, after]);
  }
  return { pairs, gone: gone.filter((check) => !used.has(check)), come: come.filter((check) => !used.has(check)) };
}

/** The same comparison of a value, with less of it. */
function isLooser(before: CheckFact, after: CheckFact): boolean {
  return findLoosened(before.formula, after.formula) !== undefined;
}

/** The same refusal in words, of a condition that is as much about access and asks for something in common. */
function refusesAlike(before: CheckFact, after: CheckFact, sides: Sides): boolean {
  return (
    before.exit === 'deny' &&
    after.exit === 'deny' &&
    before.answer === after.answer &&
    /['`].{8}/.test(before.answer) &&
    weighCheck(after, sides) >= weighCheck(before, sides) &&
    !isHollow(after, before, sides)
  );
}

function leavesAlike(one: CheckFact, other: CheckFact): boolean {
  return one.exit === 'accept' && other.exit === 'accept' && one.answer === other.answer;
}

function wordsOf(check: CheckFact): readonly string[] {
  return check.formula.flatMap((atoms) => atoms.flatMap(({ term }) => leavesOf(term)));
}
