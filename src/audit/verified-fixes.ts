import { type AppliedFix, type Finding, type Fix, type FixPlan, planFixes } from '../findings/index.ts';
import type { Readers } from '../syntax/index.ts';
import { type Audit, auditTree } from './audit.ts';
import { overlayTree } from './overlay-tree.ts';
import type { RuleContext } from './rule.ts';

/** A plan of fixes that was tried: applied to a copy in memory, read again and audited again. */
export interface VerifiedPlan extends FixPlan {
  /** Fixes that were dropped because they broke a file or made another finding. */
  readonly dropped: readonly { readonly fix: Fix; readonly finding: Finding; readonly why: string }[];
}

/** One pass drops one fix; more passes than this mean that the fixes fight each other. */
const MAX_PASSES = 50;

/**
 * Plans the fixes of the findings and proves them: a fix after which a file no longer parses, or after which a finding
 * appears that was not there, is left out.
 */
export function planVerifiedFixes(
  audit: Audit,
  findings: readonly Finding[],
  safety: Fix['safety'],
  readers: Readers,
  context: RuleContext,
): VerifiedPlan {
  const dropped: VerifiedPlan['dropped'][number][] = [];
  let candidates = findings;
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const plan = planFixes({ findings: candidates, source: audit.facts.source }, { safety });
    const trouble = plan.files.length === 0 ? undefined : troubleOf(audit, plan, readers, context);
    const culprit = trouble && culpritOf(plan, trouble.file);
    if (!trouble || !culprit) return { ...plan, dropped };
    dropped.push({ fix: culprit.fix, finding: culprit.finding, why: trouble.why });
    candidates = candidates.map((finding) =>
      finding.fingerprint === culprit.finding.fingerprint
        ? { ...finding, fixes: finding.fixes.filter((fix) => fix !== culprit.fix) }
        : finding,
    );
  }
  return { files: [], applied: [], skipped: [], dropped };
}

interface Trouble {
  readonly file: string;
  readonly why: string;
}

/** The first thing that is worse after the plan than before. */
function troubleOf(audit: Audit, plan: FixPlan, readers: Readers, context: RuleContext): Trouble | undefined {
  const after = auditTree(overlayTree(audit.facts.tree, plan.files), readers, context);
  const gapsBefore = new Set(audit.facts.gaps.map(({ kind, message, place }) => `${kind} ${place.file} ${message}`));
  const gap = after.facts.gaps.find(({ kind, message, place }) => !gapsBefore.has(`${kind} ${place.file} ${message}`));
  if (gap) return { file: gap.place.file, why: `the file would not be read whole any more: ${gap.message}` };
  const before = new Set(audit.findings.map(({ fingerprint }) => fingerprint));
  const created = plan.files.map(({ path }) => path);
  const finding = after.findings.find(
    ({ fingerprint, rule, place }) =>
      !before.has(fingerprint) && !rule.startsWith('META') && created.includes(place.file),
  );
  return (
    finding && { file: finding.place.file, why: `it would make another finding: ${finding.rule} ${finding.message}` }
  );
}

/** The last fix in the file: the least severe of those that could be the cause. */
function culpritOf(plan: FixPlan, file: string): AppliedFix | undefined {
  return plan.applied.findLast(
    ({ fix }) => fix.edits.some((edit) => edit.file === file) || fix.creates.some((one) => one.file === file),
  );
}
