import type { SourceLocation } from '../../errors/index.ts';
import { isDay } from '../../text/index.ts';
import type { ReviewDecision, ReviewExclusion } from '../document.ts';
import { compileGlobs } from '../glob.ts';
import { EntryError } from './entry-error.ts';
import type { ReviewInput } from './schema.ts';

/** One decision. @throws EntryError for an end that is no day, and for an accepted risk without an end */
export function readDecision(entry: NonNullable<ReviewInput['decisions']>[number], at: SourceLocation): ReviewDecision {
  const { fingerprint, decision, reason, author, until } = entry;
  if (until !== undefined && !isDay(until)) throw new EntryError(`'${until}' is not a day`, 'Write `2027-01-31`.');
  if (until === undefined && decision === 'accepted-risk')
    throw new EntryError('an accepted risk needs `until`', 'Name the last day on which somebody lives with it.');
  return { fingerprint, decision, reason, author, until, at };
}

/** Paths that are left out. @throws GlobError for a pattern that cannot mean what it says */
export function readExclusion({ paths, reason }: NonNullable<ReviewInput['exclude']>[number]): ReviewExclusion {
  compileGlobs(paths, { fold: false });
  return { paths, reason };
}
