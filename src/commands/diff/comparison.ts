import type { ControlChange, ControlDiff, Direction } from '../../controls/index.ts';
import { hidesSomething, SEVERITIES } from '../../findings/index.ts';
import type { SourceTree } from '../../syntax/index.ts';
import type { ReadLines } from './excerpt.ts';

/** A finished comparison, ready for any format. */
export interface Comparison {
  readonly diff: ControlDiff;
  readonly base: SourceTree;
  readonly head: SourceTree;
  readonly lines: ReadLines;
  /** Say why each class matters and what to do. */
  readonly explain: boolean;
  readonly version: string;
}

/** In the order in which a reviewer reads them. */
const DIRECTIONS: readonly { readonly direction: Direction; readonly title: string }[] = [
  { direction: 'weakened', title: 'Weakened' },
  { direction: 'changed', title: 'Changed, which way is a question for you' },
  { direction: 'added-capability', title: 'Added capability' },
  { direction: 'moved', title: 'Moved' },
  { direction: 'strengthened', title: 'Strengthened' },
];

/** Sections with something in them; the most severe first. */
export function sectionsOf({ changes }: ControlDiff): readonly {
  readonly direction: Direction;
  readonly title: string;
  readonly changes: readonly ControlChange[];
}[] {
  return DIRECTIONS.map(({ direction, title }) => ({
    direction,
    title,
    changes: changes.filter((change) => change.direction === direction).toSorted(bySeverity),
  })).filter((section) => section.changes.length > 0);
}

function bySeverity(one: ControlChange, other: ControlChange): number {
  return SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(other.severity);
}

/** `2 weakened (1 critical, 1 high), 1 strengthened; 12 files compared`. */
export function summarise(diff: ControlDiff): string {
  const parts = sectionsOf(diff).map(({ direction, changes }) => {
    const severe = (['critical', 'high'] as const).flatMap((severity) => {
      const count = changes.filter((change) => change.severity === severity).length;
      return count === 0 ? [] : [`${count} ${severity}`];
    });
    const name = direction === 'added-capability' ? 'added' : direction;
    return `${changes.length} ${name}${severe.length > 0 ? ` (${severe.join(', ')})` : ''}`;
  });
  const gaps = diff.gaps.filter(hidesSomething).length;
  return [
    parts.length === 0 ? 'no control changed' : parts.join(', '),
    `${diff.compared} ${diff.compared === 1 ? 'file' : 'files'} compared`,
    ...(gaps > 0 ? [`${gaps} ${gaps === 1 ? 'part' : 'parts'} could not be compared`] : []),
  ].join('; ');
}

/** 0 nothing weakened · 1 weakened at high, or a check disarmed · 3 a part could not be compared. */
export function exitOf({ changes, gaps }: ControlDiff): 0 | 1 | 3 {
  if (changes.some(isSerious)) return 1;
  return gaps.some(hidesSomething) ? 3 : 0;
}

function isSerious({ direction, severity, meta }: ControlChange): boolean {
  if (direction === 'strengthened' || direction === 'moved') return false;
  if (severity === 'critical' || severity === 'high') return true;
  return meta && direction === 'weakened' && severity === 'medium';
}
