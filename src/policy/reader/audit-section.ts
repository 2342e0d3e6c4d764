import type { SourceLocation } from '../../errors/index.ts';
import { isDay } from '../../text/index.ts';
import type { AuditIgnore } from '../document.ts';
import { EntryError } from './entry-error.ts';
import type { AuditInput } from './schema.ts';

/** One accepted finding. @throws EntryError for an end that is no day */
export function readIgnore(entry: NonNullable<AuditInput['ignore']>[number], at: SourceLocation): AuditIgnore {
  const { fingerprint, reason, until } = entry;
  if (until !== undefined && !isDay(until)) throw new EntryError(`'${until}' is not a day`, 'Write `2027-01-31`.');
  return { fingerprint, reason, until, at };
}
