import { type Approval, isOwner } from '../attest/index.ts';
import type { Lift, Occurrence, ReasonRow, View } from './reason.ts';

/**
 * Whether the approvals that are there take an occurrence away. Where its path has code owners at the base, one of them
 * must be among those who approved.
 */
export function lifts(row: ReasonRow, one: Occurrence, view: View): boolean {
  const { counted, breakGlass } = view.approvals;
  switch (one.lift) {
    case 'nobody':
    case 'evidence':
      return false;
    case 'approval':
      return counted.some((approval) => speaksFor(approval, one, view));
    case 'acceptance':
      if (breakGlass) return true;
      return (
        counted.some(({ scope }) => accepts(scope, row, one)) &&
        counted.some((approval) => speaksFor(approval, one, view))
      );
  }
}

function accepts(scope: readonly string[], row: ReasonRow, one: Occurrence): boolean {
  return scope.some((name) => name !== '' && (name === row.code || name === row.name || one.names.includes(name)));
}

/** Nobody owns the path, or this person does, alone or as a member of a team. */
function speaksFor(approval: Approval, { place }: Occurrence, view: View): boolean {
  const owners = ownersOf(place?.file, view);
  return owners.length === 0 || isOwner(approval, owners);
}

function ownersOf(path: string | undefined, { evidence }: View): readonly string[] {
  return evidence.owners.find((row) => row.path === path)?.owners ?? [];
}

/** Who or what takes a reason away, for people. */
export function liftedBy(lift: Lift, row: ReasonRow, lines: readonly Occurrence[], view: View): string {
  const owners = [...new Set(lines.flatMap(({ place }) => ownersOf(place?.file, view)))].sort();
  const person = owners.length === 0 ? 'a human who has no part in the change' : `a code owner (${owners.join(', ')})`;
  switch (lift) {
    case 'nobody':
      return row.code === 'GATE070' ? row.lifted : 'nobody; change the code';
    case 'evidence':
      return row.lifted;
    case 'approval':
      return person;
    case 'acceptance':
      return `${person}, in an approval whose scope names ${row.code}`;
  }
}
