import type { Place } from '../../syntax/index.ts';
import type { FactClass } from './compare-facts.ts';
import type { ControlFact, FactSheet } from './fact.ts';

/** Apart what may stand in another file of the same change, from what belongs to its own. */
export function splitMovable(
  sheet: FactSheet,
  classes: ReadonlyMap<string, FactClass>,
): readonly [movable: FactSheet, own: FactSheet] {
  const isMovable = ({ control, scope }: ControlFact): boolean =>
    classes.get(control)?.movable === true || sheet.movableScopes?.has(scope) === true;
  return [
    { ...sheet, facts: sheet.facts.filter(isMovable), values: [] },
    { ...sheet, facts: sheet.facts.filter((fact) => !isMovable(fact)) },
  ];
}

/** The sheets of several files as one. */
export function joinSheets(sheets: readonly FactSheet[]): FactSheet {
  const scopes = new Map<string, Place>();
  for (const sheet of sheets)
    for (const [scope, place] of sheet.scopes) if (!scopes.has(scope)) scopes.set(scope, place);
  return { facts: sheets.flatMap(({ facts }) => facts), scopes, gaps: [] };
}
