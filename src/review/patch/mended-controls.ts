import type { ControlChange } from '../../controls/index.ts';
import type { Finding } from '../../findings/index.ts';
import { createLineIndex, type Place, type SourceTree } from '../../syntax/index.ts';

/**
 * Whether what looks like a lost control is the weakness itself: it stood on the lines that the finding names, or was the
 * function around them, and was only taken for a control by its name or by counting. Whoever mends a line takes something
 * away from it.
 */
export function isOfWeakness({ before, confidence }: ControlChange, target: Finding, tree: SourceTree): boolean {
  if (!before || confidence === 'high') return false;
  const places = [target.place, ...target.related.map(({ place }) => place)];
  const lost = linesOf(before, tree);
  return places.some((place) => {
    const named = place.file === before.file ? linesOf(place, tree) : undefined;
    return lost !== undefined && named !== undefined && (holds(named, lost) || isSmallAround(lost, named));
  });
}

/** From 1, both inclusive. */
interface Lines {
  readonly first: number;
  readonly last: number;
}

function holds(outer: Lines, inner: Lines): boolean {
  return outer.first <= inner.first && inner.last <= outer.last;
}

/** What is larger may protect more than it harms. */
const SMALL = 30;

function isSmallAround(outer: Lines, inner: Lines): boolean {
  return holds(outer, inner) && outer.last - outer.first < SMALL;
}

function linesOf({ file, span }: Place, tree: SourceTree): Lines | undefined {
  const source = tree.read(file);
  if (!source || !('text' in source)) return undefined;
  const index = createLineIndex(source.text);
  return {
    first: index.position(span.start).line,
    last: index.position(Math.max(span.start, span.end - 1)).line,
  };
}
