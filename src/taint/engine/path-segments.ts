import { maskOf } from './category-mask.ts';
import { type Facts, factsOf, type Refinement, refinement } from './facts.ts';
import { clearLabels, DOTS } from './label.ts';
import type { Machine } from './machine.ts';
import type { Store } from './store.ts';
import { type Relation, UNKNOWN, type Value, type View, withTaint } from './value.ts';

const PATH = maskOf(['path']);

/** What was split are parts of the whole, and at slashes the segments of a path. */
export function segmentViews({ views }: Value, separator: Value = UNKNOWN): readonly View[] {
  const { constant, name } = separator;
  const isPath = name === 'path.sep' || (typeof constant === 'string' && SLASHES.test(constant));
  return views.flatMap((seen): View[] => {
    if (seen.relation !== 'same') return [];
    const part: View = { ...seen, relation: 'element' };
    return isPath ? [part, { ...seen, relation: 'segment' }] : [part];
  });
}

/** A slash or a backslash, also as an expression: `[\\\\/]+`. */
const SLASHES = /^(?:[/\\]|\\[/\\]|\[(?:\\?[/\\]){1,2}\])\+?$/;

/** `segment === '..'`: a path of which no segment is that does not climb, and a segment that is none does not either. */
export function segmentFacts({ views }: Value, { constant }: Value): Facts | undefined {
  if (constant !== '..' || !views.some(({ relation }) => relation === 'segment')) return undefined;
  const stays = views.filter(({ relation }) => relation === 'segment' || relation === 'same');
  return factsOf(
    [],
    stays.map(({ cell }) => ({ ...refinement(cell, 0), quotes: DOTS })),
  );
}

/** A path does not climb when no segment of it can. */
export function provenBy({ cell, relation }: View, clears: number): readonly Refinement[] {
  if (relation === 'same') return [refinement(cell, clears)];
  return relation === 'segment' && (clears & PATH) !== 0 ? [{ ...refinement(cell, 0), quotes: DOTS }] : [];
}

/** Whether a test has shown of every segment that it does not climb. */
export function segmentsStay(list: Value, machine: Machine): boolean {
  return machine
    .elementOf(list, false)
    .views.some(({ cell, relation }) => relation === 'segment' && machine.store.mark(cell)?.quotes.includes(DOTS));
}

/** What holds of one part says nothing of the whole. */
export function ofOne(proven: readonly Refinement[] = [], { views }: Value): readonly Refinement[] {
  return proven.filter(({ cell }) => !views.some((seen) => PARTS.has(seen.relation) && seen.cell === cell));
}

const PARTS: ReadonlySet<Relation> = new Set(['segment', 'element']);

/** A part of what was shown to hold no key of a prototype, in none of its parts. */
export function partOfTested(part: Value, machine: Machine): Value {
  if (part.taint.length === 0) return part;
  const isTested = part.views.some(
    ({ cell, relation }) => PARTS.has(relation) && ((machine.store.mark(cell)?.clears ?? 0) & PROTOTYPE) !== 0,
  );
  return isTested ? withTaint(part, clearLabels(part.taint, PROTOTYPE)) : part;
}

/** A certain part: a test of it says nothing of the others. */
export function onePart(part: Value, machine: Machine): Value {
  const taken = partOfTested(part, machine);
  if (!taken.views.some(({ relation }) => PARTS.has(relation))) return taken;
  const views = taken.views.map((seen): View => (PARTS.has(seen.relation) ? { ...seen, relation: 'character' } : seen));
  return { ...taken, views };
}

/** What every one of these ways has shown of the whole that a value is a part of. */
export function provenOfParts(part: Value, ways: readonly Store[]): readonly Refinement[] {
  const wholes = new Set(part.views.flatMap(({ cell, relation }) => (PARTS.has(relation) ? cell : [])));
  return [...wholes].flatMap((cell) => {
    const marks = ways.map((way) => way.mark(cell));
    const clears = marks.every((mark) => ((mark?.clears ?? 0) & PROTOTYPE) !== 0) ? PROTOTYPE : 0;
    const quotes = marks.every((mark) => mark?.quotes.includes(DOTS)) ? DOTS : '';
    return clears === 0 && quotes === '' ? [] : [{ ...refinement(cell, clears), quotes }];
  });
}

const PROTOTYPE = maskOf(['prototype']);
