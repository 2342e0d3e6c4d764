import { CONFIDENCES, type Edit, type Finding, type Fix, SEVERITIES } from '../finding.ts';
import type { Report } from '../report.ts';
import { applyEdits, checkEdits, collide, isSameEdit } from './edits.ts';

/** What becomes of one file; `before` is undefined for a new one. */
export interface FileChange {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string;
}

export interface AppliedFix {
  readonly finding: Finding;
  readonly fix: Fix;
}

/** A finding whose fixes were all left out, and why the first of them was. */
export interface SkippedFix {
  readonly finding: Finding;
  readonly fix: Fix;
  readonly reason: 'unsafe' | 'conflict' | 'unreadable' | 'exists' | 'path' | 'outside' | 'split' | 'overlap';
  /** A sentence without an end mark. */
  readonly message: string;
}

export interface FixPlan {
  /** Sorted by path. */
  readonly files: readonly FileChange[];
  readonly applied: readonly AppliedFix[];
  readonly skipped: readonly SkippedFix[];
}

export interface FixPlanOptions {
  /** `safe` takes safe fixes only, `unsafe` both. */
  readonly safety: Fix['safety'];
}

const REASONS: Readonly<Record<SkippedFix['reason'], string>> = {
  unsafe: 'the fix may change what the file does for honest use; ask for unsafe fixes to apply it',
  conflict: 'another fix changes the same place; run again after it is applied',
  unreadable: 'the file to change cannot be read',
  exists: 'the file to create exists already',
  path: 'the fix names a path outside of the tree',
  outside: 'the fix does not fit the file',
  split: 'the fix does not fit the file',
  overlap: 'the fix changes the same characters twice',
};

/** What has been accepted so far. */
interface Draft {
  readonly edits: Edit[];
  readonly creates: Map<string, string>;
}

/**
 * Chooses fixes that can be made together: the most severe finding first, of each finding the first fix that fits.
 * Suppressed findings are not mended. A fix is made whole or not at all.
 */
export function planFixes(report: Pick<Report, 'findings' | 'source'>, options: FixPlanOptions): FixPlan {
  const draft: Draft = { edits: [], creates: new Map() };
  const applied: AppliedFix[] = [];
  const skipped: SkippedFix[] = [];
  for (const finding of inOrderOfWeight(report.findings)) {
    const tried = finding.fixes.map((fix) => ({ fix, reason: obstacleOf(fix, draft, report, options) }));
    const chosen = tried.find(({ reason }) => reason === undefined);
    const [first] = tried;
    if (chosen !== undefined) {
      accept(chosen.fix, draft);
      applied.push({ finding, fix: chosen.fix });
    } else if (first?.reason !== undefined) {
      skipped.push({ finding, fix: first.fix, reason: first.reason, message: REASONS[first.reason] });
    }
  }
  return { files: changesOf(draft, report), applied, skipped };
}

function inOrderOfWeight(findings: readonly Finding[]): readonly Finding[] {
  const weight = ({ severity, confidence }: Finding) =>
    SEVERITIES.indexOf(severity) * CONFIDENCES.length + CONFIDENCES.indexOf(confidence);
  return findings.filter(({ suppression }) => suppression === undefined).toSorted((a, b) => weight(a) - weight(b));
}

function obstacleOf(
  fix: Fix,
  draft: Draft,
  report: Pick<Report, 'source'>,
  options: FixPlanOptions,
): SkippedFix['reason'] | undefined {
  if (fix.safety === 'unsafe' && options.safety === 'safe') return 'unsafe';
  if ([...fix.edits, ...fix.creates].some(({ file }) => !isInside(file))) return 'path';
  for (const { file, content } of fix.creates) {
    const other = draft.creates.get(file);
    if (other !== undefined && other !== content) return 'conflict';
    if (report.source(file) !== undefined) return 'exists';
  }
  for (const file of new Set(fix.edits.map((edit) => edit.file))) {
    const source = report.source(file);
    if (source === undefined) return 'unreadable';
    const rejected = checkEdits(
      source.text,
      fix.edits.filter((edit) => edit.file === file),
    );
    if (rejected !== undefined) return rejected.reason;
  }
  return fix.edits.some((edit) => draft.edits.some((other) => collide(edit, other))) ? 'conflict' : undefined;
}

/** Two findings may want the same edit; it is made once. */
function accept(fix: Fix, draft: Draft): void {
  const added = fix.edits.filter((edit) => !draft.edits.some((other) => isSameEdit(edit, other)));
  draft.edits.push(...added);
  for (const { file, content } of fix.creates) draft.creates.set(file, content);
}

function changesOf(draft: Draft, report: Pick<Report, 'source'>): readonly FileChange[] {
  const created = [...draft.creates].map(([path, after]): FileChange => ({ path, before: undefined, after }));
  const changed = [...Map.groupBy(draft.edits, ({ file }) => file)].flatMap(([path, edits]): FileChange[] => {
    const before = report.source(path)?.text;
    const outcome = before === undefined ? undefined : applyEdits(before, edits);
    return outcome?.kind === 'applied' && outcome.text !== before ? [{ path, before, after: outcome.text }] : [];
  });
  return [...changed, ...created].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** A relative path with `/` that stays in the tree and out of git's own directory. */
function isInside(path: string): boolean {
  return path.split('/').every((part) => !['', '.', '..'].includes(part) && part.toLowerCase() !== '.git');
}
