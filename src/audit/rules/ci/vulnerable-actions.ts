import type { FindingDraft, Severity } from '../../../findings/index.ts';
import type { Reference } from '../../../pipelines/index.ts';
import type { Rule } from '../../rule.ts';
import { ADVISORIES, ADVISORY_DATE, type AdvisoryRow } from './advisories.ts';
import { workflow } from './example-workflow.ts';
import { gitHubJobs, gitHubSteps, type JobScope, subjectOf } from './job-walk.ts';

/** CI017: an action with a published hole. */
export const vulnerableActions: Rule = {
  id: 'CI017',
  name: 'known-vulnerable-action',
  title: 'An action has a published hole',
  what: `The version of an action is older than the fix of an advisory (table of ${ADVISORY_DATE}).`,
  why: 'The hole and often the way to use it are public.',
  sources: ['GitHub Advisory Database', 'zizmor known-vulnerable-actions'],
  severity: 'high',
  confidence: 'high',
  tier: 'regular',
  family: 'CI',
  fix: 'none',
  advice: 'Move to the fixed version, pinned to its commit.',
  tags: ['CWE-1395', 'OWASP-CICD-SEC-3'],
  attack: workflow({ steps: '- uses: tj-actions/changed-files@v44' }),
  benign: workflow({ steps: '- uses: tj-actions/changed-files@v46.0.5' }),
  check: (facts) => [
    ...gitHubSteps(facts).flatMap((scope) => known(scope, scope.step.uses)),
    ...gitHubJobs(facts).flatMap((scope) => known(scope, scope.job.calls?.reference)),
  ],
};

function known(scope: JobScope, uses: Reference | undefined): readonly FindingDraft[] {
  const worst = uses?.kind === 'repository' ? advisoriesFor(uses)[0] : undefined;
  if (uses === undefined) return [];
  if (worst === undefined) return movingTag(scope, uses);
  return [
    {
      rule: 'CI017',
      message: `${uses.name} ${versionOf(uses)?.join('.') ?? ''} has a hole: ${worst.what} (${worst.id}, fixed in ${worst.fixed})`,
      severity: worst.severity,
      confidence: 'high',
      place: uses.place,
      subject: subjectOf(scope, uses.name, worst.id),
    },
  ];
}

/** A tag that somebody moved to other code once: it names sound code again, and nothing keeps it from being moved anew. */
function movingTag(scope: JobScope, uses: Reference): readonly FindingDraft[] {
  const version = uses.kind === 'repository' && uses.refKind !== 'digest' ? versionOf(uses) : undefined;
  const row = ADVISORIES.find(
    ({ action, fixed, movedTags }) =>
      movedTags === true &&
      version !== undefined &&
      version.length < 3 &&
      action === uses.name.toLowerCase() &&
      compare(version, fixed.split('.').map(Number)) === 0,
  );
  if (row === undefined) return [];
  return [
    {
      rule: 'CI017',
      message: `${uses.name} ${uses.ref ?? ''} is a tag like those that were moved once: ${row.what} (${row.id}), fixed in ${row.fixed}`,
      severity: 'low',
      confidence: 'low',
      place: uses.place,
      subject: subjectOf(scope, uses.name, row.id, 'tag'),
    },
  ];
}

/** Advisories that hold for a reference, the worst first. */
function advisoriesFor(uses: Reference): readonly AdvisoryRow[] {
  const version = versionOf(uses);
  if (version === undefined) return [];
  const order: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info'];
  return ADVISORIES.filter(
    ({ action, since, fixed, movedTags }) =>
      action === uses.name.toLowerCase() &&
      isBetween(version, since, fixed) &&
      !(movedTags && uses.refKind === 'digest'),
  ).toSorted((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
}

/** The numbers of `v4`, `4.1.2`, or of the comment behind a digest. */
function versionOf({ ref, refKind, comment }: Reference): readonly number[] | undefined {
  const text = refKind === 'digest' ? comment : ref;
  const numbers = /^(?:tag[=:]\s*)?v?(\d+(?:\.\d+){0,2})/.exec(text ?? '')?.[1];
  return numbers?.split('.').map(Number);
}

/** A version that names fewer numbers moves along with the newest that begins so. */
function isBetween(version: readonly number[], since: string | undefined, fixed: string): boolean {
  const before = compare(version, fixed.split('.').map(Number)) < 0;
  return before && (since === undefined || compare(version, since.split('.').map(Number)) >= 0);
}

function compare(version: readonly number[], other: readonly number[]): number {
  for (const [index, number] of version.entries()) {
    const difference = number - (other[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
