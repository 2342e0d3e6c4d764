import { completeFinding, type Finding } from '../findings/index.ts';
import type { ShownDelta } from './profile.ts';

/** Rules whose findings come in dozens: a word list holds a hidden character in every other word. */
const JOINED: ReadonlySet<string> = new Set(['REV02']);

/** Other places that a joined finding names. */
const MOST_PLACES = 20;

/**
 * One finding a file and kind, with how many there are, where each of many says the same. It is done after the
 * comparison with the base, which needs each by itself: one more of a kind that was there before is still a new one.
 */
export function joinAlike(delta: ShownDelta): ShownDelta {
  return { ...delta, introduced: join(delta.introduced), fixed: join(delta.fixed), persisting: join(delta.persisting) };
}

function join(findings: readonly Finding[]): readonly Finding[] {
  const alike = Map.groupBy(findings, (finding) =>
    JOINED.has(finding.rule) ? JSON.stringify([finding.rule, finding.subject, finding.place.file]) : finding,
  );
  return [...alike.values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : others.length === 0 ? [first] : [joined(first, others)],
  );
}

/** Its fingerprint tells how many they are: who accepted three of them did not accept a fourth. */
function joined(first: Finding, others: readonly Finding[]): Finding {
  const places = others.length === 1 ? 'place' : 'places';
  const related = others.slice(0, MOST_PLACES).map(({ place, message }) => ({ place, message }));
  return completeFinding({
    ...first,
    message: `${first.message}; the same kind stands at ${others.length} more ${places} of this file`,
    subject: `${first.subject} ×${others.length + 1}`,
    related: [...first.related, ...related],
  });
}
