import { createLineIndex, type Place } from '../../syntax/index.ts';
import type { FindingDraft } from '../finding.ts';
import type { RuleDescriptor } from '../rule.ts';
import type { ReadSource } from './ingest-scan.ts';

/** Numbers that different tools use for one weakness; each group by its first. */
const SAME_WEAKNESS: readonly (readonly number[])[] = [
  [22, 23, 24, 36, 73, 99],
  [78, 77, 88],
  [79, 80, 83, 87, 116],
  [89, 564, 943],
  [94, 95, 96, 1336],
  [327, 326, 328, 916],
  [330, 331, 335, 338],
  [295, 297],
  [798, 259, 321, 522],
  [400, 730, 1333],
  [915, 1321],
];
const FIRST_OF = new Map(SAME_WEAKNESS.flatMap((group) => group.map((cwe) => [cwe, group[0] ?? cwe] as const)));

export interface SortedScans {
  readonly distinct: readonly FindingDraft[];
  /** What somebody else said already, with who. */
  readonly known: readonly { readonly draft: FindingDraft; readonly by: string }[];
}

/**
 * Leaves out what our own findings say already, and what two scanners both say: the same weakness on lines that touch.
 * The first that says it stays.
 *
 * @param rules of both: a finding's weaknesses are the `CWE-n` tags of its rule
 */
export function withoutDuplicates(
  scanned: readonly FindingDraft[],
  own: readonly FindingDraft[],
  rules: readonly RuleDescriptor[],
  source: ReadSource,
): SortedScans {
  const weaknesses = new Map(rules.map(({ id, tags }) => [id, tags.flatMap(weaknessOf)]));
  const linesOf = createLineReader(source);
  const said = new Map<string, string>();
  const keysOf = ({ rule, place }: FindingDraft): readonly string[] =>
    (weaknesses.get(rule) ?? []).flatMap((cwe) => linesOf(place).map((line) => `${cwe} ${line} ${place.file}`));
  const keep = (draft: FindingDraft): void => {
    for (const key of keysOf(draft)) if (!said.has(key)) said.set(key, draft.rule);
  };
  for (const draft of own) keep(draft);
  const distinct: FindingDraft[] = [];
  const known: { draft: FindingDraft; by: string }[] = [];
  for (const draft of scanned) {
    const by = keysOf(draft)
      .map((key) => said.get(key))
      .find((rule) => rule !== undefined && rule !== draft.rule);
    if (by !== undefined) known.push({ draft, by });
    else {
      distinct.push(draft);
      keep(draft);
    }
  }
  return { distinct, known };
}

function weaknessOf(tag: string): readonly number[] {
  const number = Number(/^CWE-(\d+)$/.exec(tag)?.[1] ?? Number.NaN);
  return Number.isNaN(number) ? [] : [FIRST_OF.get(number) ?? number];
}

/** Of one finding; a longer one is told by its first lines. */
const MOST_LINES = 200;

function createLineReader(source: ReadSource): (place: Place) => readonly number[] {
  const indexes = new Map<string, ReturnType<typeof createLineIndex> | undefined>();
  return ({ file, span }) => {
    if (!indexes.has(file)) {
      const text = source(file)?.text;
      indexes.set(file, text === undefined ? undefined : createLineIndex(text));
    }
    const index = indexes.get(file);
    if (!index) return [];
    const first = index.position(span.start).line;
    const last = index.position(span.end).line;
    return Array.from({ length: Math.min(MOST_LINES, last - first + 1) }, (_, offset) => first + offset);
  };
}
