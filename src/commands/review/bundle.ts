import { SallyportError } from '../../errors/index.ts';
import { bundleReport, type PostingBundle } from '../../forges/index.ts';
import { type ReviewOutcome, type ReviewVerdict, reportReview } from '../../review/index.ts';
import { VERSION } from '../version.ts';

const STATEMENTS: Readonly<Record<ReviewVerdict, string>> = {
  pass: 'Everything that changed was looked at, and no new finding blocks.',
  'needs-approval': 'A person has to look at what is not certain.',
  blocked: 'This change brings something serious.',
  incomplete: 'A part of the change was not looked at, so this is no pass.',
};

const MOST_GAPS = 20;

/**
 * A review for the job that posts it.
 * @throws SallyportError SP1001 for files that are no commit: a forge knows only commits
 */
export function bundleReview(outcome: ReviewOutcome, createdAt: string, onIncomplete: 'block' | 'warn'): PostingBundle {
  const { verdict, state, coverage, fixed, gaps, head, base } = outcome;
  if (!isCommit(head))
    throw new SallyportError('SP1001', '--bundle needs a commit', { advice: 'Leave out --working-tree.' });
  const { reviewed, hunks, excluded } = coverage;
  return bundleReport(reportReview(outcome, VERSION), {
    command: 'review',
    headCommit: head,
    baseCommit: isCommit(base) ? base : undefined,
    createdAt,
    verdict,
    blocks: verdict === 'incomplete' ? onIncomplete === 'block' : verdict !== 'pass',
    complete: state === 'reviewed',
    statement: STATEMENTS[verdict],
    notes: [
      `${reviewed} of ${hunks.length} changed stretches were looked at.`,
      ...(excluded.length === 0 ? [] : [`${excluded.length} files are left out by the policy of the base.`]),
      ...(fixed.length === 0 ? [] : [`This change mends ${fixed.length} older findings.`]),
      ...gaps.slice(0, MOST_GAPS).map(({ place, message }) => `${place.file}: ${message}.`),
      ...(gaps.length > MOST_GAPS ? [`${gaps.length - MOST_GAPS} more files were not looked at.`] : []),
    ],
  });
}

function isCommit(revision: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(revision);
}
