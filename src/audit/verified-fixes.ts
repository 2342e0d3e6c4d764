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
import { type Bench, type Culprit, filesInTrouble, findCulprits, type Trial, tryPlan } from './fix-trial.ts';
import { narrowBench } from './narrow-bench.ts';
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
  const findingsLeft = (now: Audit): readonly Finding[] =>
    now.findings.filter(({ fingerprint }) => wanted.has(fingerprint) || !before.has(fingerprint));
  let latest = proveRound({ audit, readers: again, context }, findings, safety);
  let done = latest.plan;
  for (let round = 1; round < MAX_ROUNDS && latest.after !== undefined; round++) {
    latest = proveRound({ audit: latest.after, readers: again, context }, findingsLeft(latest.after), safety);
    done = inSequence(done, latest.plan);
  }
  return done;
}

interface Round {
  readonly plan: VerifiedPlan;
  /** The tree after the plan, audited; undefined where nothing changes. */
  readonly after: Audit | undefined;
}

type Refusals = Map<string, Culprit>;

/** The largest part of the fixes that can be made at once and holds. */
function proveRound(bench: Bench, findings: readonly Finding[], safety: Fix['safety']): Round {
  const refused: Refusals = new Map();
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const plan = planWithout(bench, findings, safety, refused);
    if (plan.files.length === 0) return { plan: { ...plan, dropped: [...refused.values()] }, after: undefined };
    const trial = tryPlan(bench, plan);
    const nearby = findNearby(bench, findings, { safety, plan, trial }, refused);
    const culprits = nearby.length > 0 ? nearby : findCulprits(bench, plan, trial);
    if (culprits.length === 0) return { plan: { ...plan, dropped: [...refused.values()] }, after: trial.after };
    for (const culprit of culprits) refused.set(keyOf(culprit), culprit);
  }
  return { plan: { files: [], applied: [], skipped: [], dropped: [...refused.values()] }, after: undefined };
}

function planWithout(
  { audit }: Bench,
  findings: readonly Finding[],
  safety: Fix['safety'],
  refused: ReadonlyMap<string, Culprit>,
): FixPlan {
  const candidates = findings.map((finding) => ({
    ...finding,
    fixes: finding.fixes.filter((fix) => !refused.has(keyOf({ finding, fix }))),
  }));
  return planFixes({ findings: candidates, source: audit.facts.source }, { safety });
}

interface Failure {
  readonly safety: Fix['safety'];
  readonly plan: FixPlan;
  readonly trial: Trial;
}

/**
 * What fails in a few files is looked for in them alone, until it fails there no more: each trial on the whole tree would
 * be an audit of everything. Nothing where the trouble shows only beside other files.
 */
function findNearby(
  bench: Bench,
  findings: readonly Finding[],
  { safety, plan, trial }: Failure,
  refused: ReadonlyMap<string, Culprit>,
): readonly Culprit[] {
  const files = filesInTrouble(plan, trial);
  const narrow = trial.troubles.length === 0 ? undefined : narrowBench(bench, files);
  if (narrow === undefined) return [];
  const near = findings.filter(({ fixes }) =>
    fixes.some(({ edits, creates }) => [...edits, ...creates].some(({ file }) => files.has(file))),
  );
  const sought = new Set(trial.troubles.map(({ key }) => key));
  const found: Refusals = new Map(trial.useless.map((one) => [keyOf(one), one]));
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const smaller = planWithout(narrow, near, safety, new Map([...refused, ...found]));
    const { troubles } = tryPlan({ ...narrow, sought }, smaller);
    if (troubles.length === 0) break;
    for (const culprit of findCulprits({ ...narrow, sought }, smaller, { useless: [], troubles }))
      found.set(keyOf(culprit), culprit);
  }
  return [...found.values()];
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
