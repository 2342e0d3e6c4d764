import type { SourceLocation } from '../../errors/index.ts';
import { isDate } from '../condition.ts';
import type { AuditIgnore } from '../document.ts';
import { EntryError } from './entry-error.ts';
import type { AuditInput } from './schema.ts';

/** One accepted finding. @throws EntryError for an end that is no date */
export function readIgnore(entry: NonNullable<AuditInput['ignore']>[number], at: SourceLocation): AuditIgnore {
  const { fingerprint, reason, until } = entry;
  if (until !== undefined && !isDate(until)) throw new EntryError(`'${until}' is not a date`, 'Write `2027-01-31`.');
  return { fingerprint, reason, until, at };
}
