import type { Place } from '../syntax/index.ts';
import type { Statement } from './ir.ts';

/**
 * What stands behind a label: its loop gets the label, also where it stands in a block with what its head declares;
 * other statements become a block that `break` leaves by its label.
 */
export function labelled(statements: readonly Statement[], label: string, place: Place): readonly Statement[] {
  const last = statements.at(-1);
  if (last?.kind === 'loop') return [...statements.slice(0, -1), { ...last, label }];
  if (last?.kind === 'block' && last.body.at(-1)?.kind === 'loop')
    return [...statements.slice(0, -1), { ...last, body: labelled(last.body, label, place) }];
  return [{ kind: 'block', body: statements, label, place }];
}
