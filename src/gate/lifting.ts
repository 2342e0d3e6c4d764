import { isOwner } from '../attest/index.ts';
import type { PathOwners } from './model.ts';
import type { Lift, Occurrence, ReasonRow, View } from './reason.ts';

/**
 * Whether the approvals that are there take an occurrence away. Where its path has code owners at the base, those whom
 * each section of CODEOWNERS asks for must be among those who approved.
 */
export function lifts(row: ReasonRow, one: Occurrence, view: View): boolean {
  const { counted, breakGlass } = view.approvals;
  switch (one.lift) {
    case 'nobody':
    case 'evidence':
      return false;
    case 'approval':
      return isAgreed(one, view);
    case 'acceptance':
      if (breakGlass) return true;
      return counted.some(({ scope }) => accepts(scope, row, one)) && isAgreed(one, view);
  }
}

function accepts(scope: readonly string[], row: ReasonRow, one: Occurrence): boolean {
  return scope.some((name) => name !== '' && (name === row.code || name === row.name || one.names.includes(name)));
}

/** Somebody approved, and so did as many owners as each section wants, alone or as members of a team. */
function isAgreed(one: Occurrence, view: View): boolean {
  const { counted } = view.approvals;
  return (
    counted.length > 0 &&
    demandsOn(one, view).every(
      ({ owners, approvals = 1 }) => counted.filter((approval) => isOwner(approval, owners)).length >= approvals,
    )
  );
}

/** By the place, by a path that only the history has, and by the path that a file was renamed from. */
function demandsOn({ place, names }: Occurrence, { evidence }: View): readonly PathOwners[] {
  const file = place && evidence.files.find(({ path }) => path === place.file);
  const paths = [place?.file, file?.previousPath, ...names];
  return evidence.owners.filter(({ path }) => paths.includes(path));
}

/** `@acme/security`, or `2 of @ann, @ben`; what several sections want stands beside each other. */
function describeOwners(lines: readonly Occurrence[], view: View): string {
  const wanted = lines.flatMap((one) =>
    demandsOn(one, view).map(
      ({ owners, approvals = 1 }) => `${approvals > 1 ? `${approvals} of ` : ''}${owners.join(', ')}`,
    ),
  );
  return [...new Set(wanted)].sort().join('; ');
}

/** Who or what takes a reason away, for people. */
export function liftedBy(lift: Lift, row: ReasonRow, lines: readonly Occurrence[], view: View): string {
  const owners = describeOwners(lines, view);
  const person = owners === '' ? 'a human who has no part in the change' : `a code owner (${owners})`;
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
