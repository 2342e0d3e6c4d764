import type { OptionFact } from '../facts/index.ts';
import { wordsOf } from '../lexicon.ts';
import type { Sides } from '../match.ts';
import type { Judgement } from '../report.ts';
import { clip } from '../terms/index.ts';

/** What enumerations are called whose members are compared by size. */
const RANKS = /^(?:roles?|permissions?|privileges?|clearances?|ranks?|level|levels)$/;
const ACCESS = /^(?:roles?|permissions?|privileges?|clearances?|access|trust|security|user|member|auth)$/;

/** Numbers by which the members of an enumeration of roles or permissions are ranked: code compares them by size. */
export function judgeRanks(sides: Sides): readonly Judgement[] {
  const { gone, come } = sides.match('option');
  return gone.flatMap((before): readonly Judgement[] => {
    const scope = sides.successorOf(before.scope)?.name;
    if (!isRank(before)) return [];
    const after = come.find((fact) => fact.scope === scope && fact.name === before.name && isRank(fact));
    if (after === undefined || after.measure === before.measure) return [];
    const message = `\`${clip(after.name, 40)}\` of ${clip(before.scope, 60)} was ${clip(before.value, 20)} and is ${clip(after.value, 20)} now: whoever is compared with it is ranked otherwise.`;
    const subject = `${before.scope}.${before.name}`;
    return [
      {
        control: 'rank-changed',
        group: 'option',
        direction: 'weakened',
        severity: 'high',
        message,
        subject,
        before,
        after,
      },
    ];
  });
}

function isRank({ scope, name, literal }: OptionFact): boolean {
  const words = wordsOf(scope.slice(scope.lastIndexOf('.') + 1));
  return (
    literal === 'number' &&
    words.some((word) => RANKS.test(word)) &&
    words.some((word) => ACCESS.test(word)) &&
    /^[A-Z]\w*$/.test(name)
  );
}
