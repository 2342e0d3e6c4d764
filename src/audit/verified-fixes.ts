import {
  type AppliedFix,
  type FileChange,
  type Finding,
  type Fix,
  type FixPlan,
  planFixes,
} from '../findings/index.ts';
import type { Readers } from '../syntax/index.ts';
import type { Audit } from './audit.ts';
import { auditAfter, type Bench, type Culprit, tryPlan } from './fix-trial.ts';
import { rememberYaml } from './remembered-readings.ts';
import type { RuleContext } from './rule.ts';

/** A plan of fixes that was tried: applied to a copy in memory, read again and audited again. */
export interface VerifiedPlan extends FixPlan {
  /** Fixes that were dropped because they broke a file, made another finding or mended nothing. */
  readonly dropped: readonly { readonly fix: Fix; readonly finding: Finding; readonly why: string }[];
}

/** One pass drops at least one fix of each troubled file; more passes than this mean that the fixes fight each other. */
const MAX_PASSES = 50;

/** Fixes that collide, and those of what a fix left, are made one after the other: a second start has nothing to do. */
const MAX_ROUNDS = 12;

/**
 * Plans the fixes of the findings and proves them: a fix after which a file no longer parses, after which a finding
 * appears that was not there, or which leaves its own finding as it was, is left out.
 */
export function planVerifiedFixes(
  audit: Audit,
  findings: readonly Finding[],
  safety: Fix['safety'],
  readers: Readers,
  context: RuleContext,
): VerifiedPlan {
  const wanted = new Set(
    findings.filter(({ suppression }) => suppression === undefined).map(({ fingerprint }) => fingerprint),
  );
  const before = new Set(audit.findings.map(({ fingerprint }) => fingerprint));
  // Every trial is an audit of the whole tree, of which a fix changes a file or two.
  const again = rememberYaml(readers);
  let now = audit;
  let latest = proveRound({ audit, readers: again, context }, findings, safety);
  let done = latest;
  for (let round = 1; round < MAX_ROUNDS && latest.files.length > 0; round++) {
    now = auditAfter({ audit: now, readers: again, context }, latest);
    const left = now.findings.filter(({ fingerprint }) => wanted.has(fingerprint) || !before.has(fingerprint));
    latest = proveRound({ audit: now, readers: again, context }, left, safety);
    done = inSequence(done, latest);
  }
  return done;
}

/** The largest part of the fixes that can be made at once and holds. */
function proveRound(bench: Bench, findings: readonly Finding[], safety: Fix['safety']): VerifiedPlan {
  const refused = new Map<string, Culprit>();
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const candidates = findings.map((finding) => ({
      ...finding,
      fixes: finding.fixes.filter((fix) => !refused.has(keyOf({ finding, fix }))),
    }));
    const plan = planFixes({ findings: candidates, source: bench.audit.facts.source }, { safety });
    const culprits = tryPlan(bench, plan);
    if (culprits.length === 0) return { ...plan, dropped: [...refused.values()] };
    for (const culprit of culprits) refused.set(keyOf(culprit), culprit);
  }
  return { files: [], applied: [], skipped: [], dropped: [...refused.values()] };
}

function keyOf({ finding, fix }: AppliedFix): string {
  return JSON.stringify([finding.fingerprint, fix.title]);
}

/** What two rounds come to: a fix that could not be made at first may have been made later. */
function inSequence(first: VerifiedPlan, second: VerifiedPlan): VerifiedPlan {
  const applied = [...first.applied, ...second.applied];
  const made = new Set(applied.map(keyOf));
  const dropped = new Map([...first.dropped, ...second.dropped].map((one) => [keyOf(one), one]));
  return {
    files: changesInSequence(first.files, second.files),
    applied,
    skipped: second.skipped,
    dropped: [...dropped].flatMap(([key, one]) => (made.has(key) ? [] : [one])),
  };
}

function changesInSequence(first: readonly FileChange[], second: readonly FileChange[]): readonly FileChange[] {
  const changes = new Map(first.map((change) => [change.path, change]));
  for (const { path, before, after } of second) {
    const earlier = changes.get(path);
    changes.set(path, { path, before: earlier === undefined ? before : earlier.before, after });
  }
  return [...changes.values()].sort((one, other) => (one.path < other.path ? -1 : 1));
}
