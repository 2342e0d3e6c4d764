import { isDay } from '../../text/index.ts';
import type { Finding, Suppression } from '../finding.ts';
import type { SuppressionComment } from './comment.ts';
import type { SuppressionEntry, SuppressionFault } from './suppression.ts';

/** Everything that may hide a finding, read by the caller from the protected base. */
export interface SuppressionSources {
  readonly comments: readonly SuppressionComment[];
  /** Entries of the policy. */
  readonly policy: readonly SuppressionEntry[];
  readonly baseline: readonly SuppressionEntry[];
  /** The ids that exist: a comment for another one is reported. */
  readonly rules: ReadonlySet<string>;
  /** YYYY-MM-DD. */
  readonly today: string;
}

export interface SuppressedFindings {
  /** All of them, in the same order; the suppressed ones carry who said so. */
  readonly findings: readonly Finding[];
  readonly faults: readonly SuppressionFault[];
}

/** One thing that can suppress: what it covers, and what is said when it covers nothing. */
interface Suppressor {
  readonly suppression: Suppression;
  readonly subject: string;
  covers(finding: Finding): boolean;
}

/**
 * Marks what is suppressed. A comment comes before the policy, the policy before the baseline; all that match count as
 * used. An expired suppression hides nothing. Give the findings of every rule, also those that a profile will not show:
 * a suppression that matches none of them is reported as unused.
 */
export function applySuppressions(findings: readonly Finding[], sources: SuppressionSources): SuppressedFindings {
  const all = listSuppressors(sources);
  const faults = [...unknownRules(sources), ...all.flatMap((suppressor) => dateFaults(suppressor, sources.today))];
  const valid = all.filter((suppressor) => dateFaults(suppressor, sources.today).length === 0);
  const used = new Set<Suppressor>();
  const marked = findings.map((finding) => {
    const matching = valid.filter((suppressor) => suppressor.covers(finding));
    for (const suppressor of matching) used.add(suppressor);
    return { ...finding, suppression: matching[0]?.suppression };
  });
  const unused = valid.filter((suppressor) => !used.has(suppressor));
  return { findings: marked, faults: [...faults, ...unused.map(unusedFault)] };
}

function listSuppressors(sources: SuppressionSources): readonly Suppressor[] {
  return [
    ...sources.comments.flatMap((comment) =>
      comment.rules.filter((rule) => sources.rules.has(rule)).map((rule) => fromComment(comment, rule)),
    ),
    ...sources.policy.map((entry) => fromEntry(entry, 'policy')),
    ...sources.baseline.map((entry) => fromEntry(entry, 'baseline')),
  ];
}

function fromComment({ place, reason, until, covers }: SuppressionComment, rule: string): Suppressor {
  return {
    suppression: { by: 'comment', reason, until, place },
    subject: `the suppression of ${rule}`,
    covers: (finding) =>
      finding.rule === rule &&
      finding.place.file === place.file &&
      covers.some(({ start, end }) => finding.place.span.start >= start && finding.place.span.start < end),
  };
}

function fromEntry({ fingerprint, reason, until, place }: SuppressionEntry, by: Suppression['by']): Suppressor {
  return {
    suppression: { by, reason, until, place },
    subject: `the suppression of ${fingerprint.slice(0, 12)}`,
    covers: (finding) => finding.fingerprint === fingerprint,
  };
}

function unknownRules({ comments, rules }: SuppressionSources): readonly SuppressionFault[] {
  return comments.flatMap((comment) =>
    comment.rules
      .filter((rule) => !rules.has(rule))
      .map((rule): SuppressionFault => {
        return { kind: 'unknown-rule', by: 'comment', message: `there is no rule ${rule}`, place: comment.place };
      }),
  );
}

function dateFaults({ suppression, subject }: Suppressor, today: string): readonly SuppressionFault[] {
  const { by, place, until } = suppression;
  if (until === undefined) return [];
  if (!isDay(until))
    return [{ kind: 'bad-date', by, message: `${subject}: ${until} is not a day as YYYY-MM-DD`, place }];
  return until < today ? [{ kind: 'expired', by, message: `${subject} held until ${until}`, place }] : [];
}

function unusedFault({ suppression, subject }: Suppressor): SuppressionFault {
  const { by, place } = suppression;
  return { kind: 'unused', by, message: `${subject} matches nothing`, place };
}
