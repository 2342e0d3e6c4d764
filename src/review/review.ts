import {
  completeFindings,
  type Finding,
  type FindingDraft,
  type RuleDescriptor,
  type Severity,
} from '../findings/index.ts';
import type { ReviewExclusion } from '../policy/index.ts';
import type { Gap, SourceFile, SourceTree } from '../syntax/index.ts';
import { isProgram } from '../taint/index.ts';
import type { TreeChange } from '../workspace/index.ts';
import { affectedFiles, withFiles } from './affected-files.ts';
import { type Coverage, type HunkCoverage, type ReviewState, stateOf, summariseCoverage } from './coverage.ts';
import { applyDecisions, type Decisions, decisionFaults } from './decisions.ts';
import { compareFindings } from './delta.ts';
import { analyseSides, type Engine, type EngineSides, NOTHING_ANALYSED } from './engine-stage.ts';
import { isForEngine } from './file-kind.ts';
import { joinAlike } from './joined-findings.ts';
import { measureCoverage } from './measure-coverage.ts';
import { draftFindings } from './model/model-findings.ts';
import { askModel, type ModelAccount, type ModelResult, type ModelSettings } from './model/model-stage.ts';
import { EMPTY_TREE, planReview, type ReviewPlan } from './plan.ts';
import { deterministicProbability, scannedProbability } from './probability.ts';
import { type ReviewProfile, type ShownDelta, selectShown } from './profile.ts';
import { REVIEW_RULES } from './rule-rows.ts';
import {
  NO_SCANS,
  type ScanAccount,
  type ScanFiles,
  type ScanSides,
  type ScanStageRequest,
  takeInScans,
  withoutSecrets,
} from './scan-stage.ts';
import { scanEntry, scanText } from './text-stage.ts';
import { type JudgedFinding, judge, type ReviewVerdict } from './verdict.ts';

export interface ReviewRequest {
  /** `undefined`: the whole of `head` is reviewed. */
  readonly base: SourceTree | undefined;
  readonly head: SourceTree;
  readonly engine: Engine;
  readonly threatModel: 'service' | 'library';
  /** From the policy of the base. */
  readonly exclusions: readonly ReviewExclusion[];
  readonly decisions: Decisions;
  /** What is shown and counts for the verdict (default: `standard`). */
  readonly profile?: ReviewProfile;
  /** The severity from which a finding counts for the verdict. */
  readonly failOn: Severity | 'never';
  /** Asked after the engine; without one the review is the engine's and the text stage's. */
  readonly model?: ModelSettings | undefined;
  /** Results of other scanners. */
  readonly scans?: ScanFiles | undefined;
}

/** What a review found, and what it is worth. */
export interface ReviewOutcome {
  readonly state: ReviewState;
  readonly verdict: ReviewVerdict;
  /** Commits that were compared; `nothing` for a whole repository, `worktree` for files as they are. */
  readonly base: string;
  readonly head: string;
  /** New findings, decided ones among them. */
  readonly findings: readonly JudgedFinding[];
  /** New findings that the profile leaves out. */
  readonly hidden: number;
  readonly fixed: readonly Finding[];
  readonly persisting: readonly Finding[];
  readonly rules: readonly RuleDescriptor[];
  readonly coverage: Coverage;
  /** What was not seen of the change, one a file. */
  readonly gaps: readonly Gap[];
  readonly filesRead: number;
  /** Files that import what changed, and are so many that the engine did not look at them. */
  readonly unreached: number;
  /** Sanitizers that the repository's own catalogue names and that made something harmless. */
  readonly believed: readonly string[];
  /** What a model was asked and what came of it; `undefined` when none was to be asked. */
  readonly model: ModelAccount | undefined;
  /** What other scanners brought; `undefined` when none was taken in. */
  readonly scans: ScanAccount | undefined;
  source(path: string): SourceFile | undefined;
}

/** Reviews what head adds to base. Deterministic: the same trees, policy and day give the same outcome. */
export async function review(request: ReviewRequest): Promise<ReviewOutcome> {
  const trees = { base: request.base ?? EMPTY_TREE, head: request.head };
  const plan = planReview(trees.base, trees.head, request.exclusions);
  const engine = await runEngine(request, trees, plan);
  const text = scanChanges(plan.changes);
  const own = {
    base: [...reviewed(engine.base, plan), ...text.base],
    head: [...reviewed(engine.head, plan), ...text.head],
  };
  const scans = scanSides(request, trees, plan, own, engine.rules);
  const compared = compareFindings(
    [...own.base, ...reviewed(scans.base, plan)],
    [...own.head, ...reviewed(scans.head, plan)],
    { ...trees, changes: plan.changes },
  );
  const delta = joinAlike(selectShown(compared, engine.rules, request.profile ?? 'standard'));
  const model = request.model && (await askModel(plan.changes, request.model));
  const coverage = summariseCoverage(
    [...measureCoverage(plan.changes, engine, model?.coverage), ...unlisted(trees), ...openScans(scans)],
    plan.excluded,
  );
  return conclude(request, { trees, engine, delta, coverage, plan, model, scans });
}

interface Trees {
  readonly base: SourceTree;
  readonly head: SourceTree;
}

interface EngineRun extends EngineSides {
  readonly unreached: number;
}

async function runEngine(
  { engine, threatModel }: ReviewRequest,
  trees: Trees,
  { changes }: ReviewPlan,
): Promise<EngineRun> {
  const changed = new Set(changes.flatMap(({ path, previousPath }) => (previousPath ? [path, previousPath] : [path])));
  // The engine has something to say about code and recipes alone.
  const isSeen = [...changed].some(isForEngine) || changes.some(({ after }) => after !== undefined && isProgram(after));
  if (!isSeen) return { ...NOTHING_ANALYSED, unreached: 0 };
  const affected = affectedFiles(changed, [trees.base, trees.head]);
  const read = (tree: SourceTree): SourceTree => (affected ? withFiles(tree, affected.read) : tree);
  const sides = await analyseSides({
    engine,
    base: read(trees.base),
    head: read(trees.head),
    only: affected?.report,
    threatModel,
  });
  return { ...sides, unreached: affected?.unreached ?? 0 };
}

/** Without those in files that the policy leaves out. */
function reviewed(drafts: readonly FindingDraft[], { excluded }: ReviewPlan): readonly FindingDraft[] {
  const out = new Set(excluded.map(({ path }) => path));
  return drafts.filter(({ place }) => !out.has(place.file));
}

function scanChanges(changes: readonly TreeChange[]): {
  readonly base: readonly FindingDraft[];
  readonly head: readonly FindingDraft[];
} {
  const scanSide = (side: SourceFile | Gap | undefined): readonly FindingDraft[] =>
    side && 'text' in side ? scanText(side) : [];
  return {
    base: changes.flatMap(({ old, before }) => [...scanSide(old), ...(before ? scanEntry(before) : [])]),
    head: changes.flatMap(({ new: now, after }) => [...scanSide(now), ...(after ? scanEntry(after) : [])]),
  };
}

/** What could not even be listed may be part of the change: too many files, content that this clone does not hold. */
function unlisted({ base, head }: Trees): readonly HunkCoverage[] {
  const cut = [...base.gaps, ...head.gaps].filter(({ kind }) => kind === 'cap' || kind === 'unreadable');
  return cut.map(({ place, message }): HunkCoverage => {
    return { file: place.file, line: 1, lines: 0, change: 'modified', seenBy: [], missing: message };
  });
}

function scanSides(
  { scans = NO_SCANS, base }: ReviewRequest,
  trees: Trees,
  { changes }: ReviewPlan,
  own: ScanStageRequest['own'],
  engineRules: readonly RuleDescriptor[],
): ScanSides {
  const ownRules = [...engineRules, ...REVIEW_RULES];
  return takeInScans({ files: scans, trees, changes, whole: base === undefined, own, ownRules });
}

/** A scan that somebody asked for and that is not whole leaves the review open. */
function openScans({ gaps }: ScanSides): readonly HunkCoverage[] {
  return gaps.map(({ place, message }): HunkCoverage => {
    return { file: place.file, line: 1, lines: 0, change: 'modified', seenBy: [], missing: message };
  });
}

interface Findings {
  readonly trees: Trees;
  readonly engine: EngineRun;
  readonly delta: ShownDelta;
  readonly coverage: Coverage;
  readonly plan: ReviewPlan;
  readonly model: ModelResult | undefined;
  readonly scans: ScanSides;
}

function conclude(request: ReviewRequest, found: Findings): ReviewOutcome {
  const { trees, engine, delta, coverage, plan, model, scans } = found;
  const known = {
    findings: [...delta.introduced, ...delta.persisting],
    rules: [...engine.rules, ...REVIEW_RULES, ...scans.rules],
  };
  const drafts = draftFindings(model?.findings ?? [], plan.changes, trees.head, known);
  const byModel = completeFindings(drafts.introduced.map(({ draft }) => draft));
  const chances = new Map(drafts.introduced.map(({ draft, probability }) => [identity(draft), probability]));
  const decided = applyDecisions([...delta.introduced, ...byModel], request.decisions);
  const scanned = new Set(scans.rules.map(({ id }) => id));
  const all = [...decided, ...decisionFaults(decided, request.decisions)];
  const findings = all.map((finding): JudgedFinding => {
    const chance = chances.get(identity(finding));
    if (chance !== undefined) return { finding, probability: chance, by: 'model' };
    if (scanned.has(finding.rule)) return { finding, probability: scannedProbability(finding), by: 'scanner' };
    const by = REVIEW_RULES.some(({ id }) => id === finding.rule) ? 'text' : 'engine';
    return { finding, probability: deterministicProbability(finding), by };
  });
  const state = stateOf(coverage);
  return {
    state,
    verdict: judge(findings, state, request.failOn),
    base: trees.base.revision,
    head: trees.head.revision,
    findings,
    hidden: delta.hidden,
    fixed: delta.fixed,
    persisting: [...delta.persisting, ...completeFindings([...drafts.older, ...reviewed(scans.undecided, plan)])],
    rules: [...known.rules, ...drafts.rules],
    coverage,
    gaps: missingByFile(coverage.hunks),
    // The engine also reads what a change touches only by importing it; other text is read by the text stage.
    filesRead: Math.max(engine.filesRead, filesSeen(coverage.hunks)),
    unreached: engine.unreached,
    believed: engine.believed,
    model: model?.account,
    scans: scans.account,
    source: (path) => {
      const file = textAt(trees.head, path) ?? textAt(trees.base, path);
      return file && withoutSecrets(file, scans.secrets);
    },
  };
}

function identity({ rule, subject, place }: FindingDraft): string {
  return JSON.stringify([rule, subject, place.file, place.span.start]);
}

function filesSeen(hunks: readonly HunkCoverage[]): number {
  return new Set(hunks.flatMap(({ file, missing }) => (missing === undefined ? [file] : []))).size;
}

function missingByFile(hunks: readonly HunkCoverage[]): readonly Gap[] {
  const gaps = new Map<string, Gap>();
  for (const { file, missing } of hunks) {
    if (missing === undefined || gaps.has(file)) continue;
    const message = `not reviewed: ${missing}`;
    gaps.set(file, { kind: 'unreadable', message, place: { file, span: { start: 0, end: 0 } } });
  }
  return [...gaps.values()];
}

function textAt(tree: SourceTree, path: string): SourceFile | undefined {
  const file = tree.read(path);
  return file && 'text' in file ? file : undefined;
}
