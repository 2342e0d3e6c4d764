import type { ControlDiff } from '../../controls/index.ts';
import { type FileChange, type Finding, type FindingDraft, SEVERITIES, type Severity } from '../../findings/index.ts';
import { createClassifier, type PathClass } from '../../policy/index.ts';
import type { SourceTree } from '../../syntax/index.ts';
import { compareTrees } from '../../workspace/index.ts';
import { affectedFiles, withFiles } from '../affected-files.ts';
import { compareFindings, type ReviewDelta, statementOf } from '../delta.ts';
import { analyseSides, type Engine, type EngineSides } from '../engine-stage.ts';
import { isForEngine } from '../file-kind.ts';
import { scanText } from '../text-stage.ts';
import { addedCode, onlyTakesAway } from './added-code.ts';
import { computedSwitch } from './computed-switch.ts';
import { isWholeData } from './data-standing.ts';
import { deniedWordsIn } from './denied-words.ts';
import { openFolder } from './folder-beginning.ts';
import { isGuardedNow } from './guarded-address.ts';
import {
  type CompareControls,
  type PatchCheck,
  type PatchJudgement,
  type RunTests,
  type SecondLook,
  stateOfPatch,
} from './judgement.ts';
import { secretAmongSettings } from './kept-secret.ts';
import { unknownCall } from './loose-names.ts';
import { isOfWeakness } from './mended-controls.ts';
import { patchedTree } from './patched-tree.ts';
import { halfMended, type ReadCode, type Residue } from './residue.ts';
import { putsCounterpart } from './strong-counterpart.ts';
import { type Judged, judgeUnseen, standingBeside } from './unseen-target.ts';
import { weakMendingIn } from './weak-mendings.ts';

export interface PatchRequest {
  /** What the patch is made for. */
  readonly tree: SourceTree;
  readonly files: readonly FileChange[];
  /** The finding that it is to mend, as the engine or somebody else reported it. */
  readonly target: Finding;
  readonly engine: Engine;
  readonly threatModel: 'service' | 'library';
  /** Looks closer at what is left of a query; without it that is not looked at. */
  readonly readCode?: ReadCode | undefined;
  readonly compareControls?: CompareControls | undefined;
  readonly runTests?: RunTests | undefined;
  readonly secondLook?: SecondLook | undefined;
}

type Check = (request: PatchRequest, compared: Compared) => PatchCheck | Promise<PatchCheck>;

/**
 * What a patch must pass once its scope is known, the cheap checks first: it can be read, the finding is gone, by means
 * that protect, nothing new is there, no control is weaker, the tests pass, somebody else agrees.
 */
const CHECKS: readonly Check[] = [
  checkParse,
  checkTarget,
  checkMeans,
  checkFindings,
  checkControls,
  checkTests,
  checkSecondLook,
];

/** Judges a patch without applying it. The checks are made in a fixed order and stop at the first that fails. */
export async function verifyPatch(request: PatchRequest): Promise<PatchJudgement> {
  const scope = checkScope(request.files);
  if (scope.outcome === 'failed') return { state: stateOfPatch([scope]), checks: [scope] };
  const compared = await compare(request);
  const checks = [scope];
  for (const check of CHECKS) {
    const made = await check(request, compared);
    checks.push(made);
    if (made.outcome === 'failed') break;
  }
  return { state: stateOfPatch(checks), checks };
}

/** A patch that mends code has no business here: these decide what runs, or what is checked. */
const OUT_OF_SCOPE: ReadonlySet<PathClass> = new Set<PathClass>([
  'git-internals',
  'agent-config',
  'instruction',
  'ci',
  'execution-bearing',
  'environment',
  'test',
  'lock-file',
]);
const classify = createClassifier();

function checkScope(files: readonly FileChange[]): PatchCheck {
  const check = 'scope';
  const outside = files.find(({ path }) => OUT_OF_SCOPE.has(classify(path).class));
  if (outside)
    return { check, outcome: 'failed', reason: `it changes ${outside.path}: ${classify(outside.path).reason}` };
  if (files.every(({ before, after }) => before === after))
    return { check, outcome: 'failed', reason: 'it changes nothing' };
  return { check, outcome: 'passed', reason: `it changes ${files.map(({ path }) => path).join(', ')}` };
}

interface Compared {
  readonly head: SourceTree;
  readonly files: readonly FileChange[];
  readonly engine: EngineSides;
  readonly delta: ReviewDelta;
}

async function compare({ tree, files, target, engine, threatModel }: PatchRequest): Promise<Compared> {
  const head = patchedTree(tree, files);
  const touched = new Set([...files.map(({ path }) => path), ...placesOf(target).map(({ file }) => file)]);
  const affected = affectedFiles(touched, [tree, head]);
  const read = (side: SourceTree): SourceTree => (affected ? withFiles(side, affected.read) : side);
  const sides = await analyseSides({ engine, base: read(tree), head: read(head), only: affected?.report, threatModel });
  const text = (side: 'before' | 'after'): readonly FindingDraft[] =>
    files.flatMap((file) => (file[side] === undefined ? [] : scanText({ path: file.path, text: file[side] })));
  const delta = compareFindings([...sides.base, ...text('before')], [...sides.head, ...text('after')], {
    base: tree,
    head,
    changes: compareTrees(tree, head),
  });
  return { head, files, engine: sides, delta };
}

function placesOf({ place, flow, related }: Finding) {
  return [place, ...flow.map((step) => step.place), ...related.map((one) => one.place)];
}

/** A patch that blinds the engine would look like one that mends. */
async function checkParse({ target }: PatchRequest, { files, engine }: Compared): Promise<PatchCheck> {
  const check = 'parse';
  if (engine.failure !== undefined) return { check, outcome: 'open', reason: engine.failure };
  const changed = new Set(files.map(({ path }) => path));
  const gapsIn = (side: 'base' | 'head'): number =>
    engine.gaps[side].filter(({ kind, place }) => kind !== 'unresolved' && changed.has(place.file)).length;
  if (gapsIn('head') > gapsIn('base'))
    return { check, outcome: 'failed', reason: 'what it leaves cannot be read whole' };
  const foreign = files.find(({ path }) => !isForEngine(path));
  const isData = files.length === 1 && foreign?.path === target.place.file && (await isWholeData(foreign));
  if (foreign && !isData) return { check, outcome: 'open', reason: `the engine does not read ${foreign.path}` };
  return { check, outcome: 'passed', reason: 'every file that it changes can be read' };
}

/**
 * Findings of one kind in one file are counted: there must be one less, and none on the statement of the target. A patch
 * that mends its neighbour, or only writes the same thing in other words, does not pass.
 */
async function checkTarget({ target, tree, readCode }: PatchRequest, compared: Compared): Promise<PatchCheck> {
  const check = 'target';
  const { engine, head, files } = compared;
  const before = engine.base.filter((draft) => isSameKind(draft, target));
  const after = engine.head.filter((draft) => isSameKind(draft, target));
  const there = statementOf(target.place, tree);
  const count = (drafts: readonly FindingDraft[], side: SourceTree): number =>
    drafts.filter(({ place }) => statementOf(place, side) === there).length;
  if (count(before, tree) === 0) return { check, ...(await judgeUnseen(target, files, readCode)) };
  // Two rows of one rule on one call, `secure` and `httpOnly`, are two weaknesses.
  const alike = (drafts: readonly FindingDraft[]): number =>
    drafts.filter(({ message }) => message === target.message).length;
  const isLess = after.length < before.length && count(after, head) < count(before, tree);
  const isThere = !isLess || (alike(before) > 0 && alike(after) >= alike(before));
  if (isThere && readCode && isGuardedNow(target, files, readCode))
    return { check, outcome: 'open', reason: 'what is shown is shown as before, and something asks in front of it' };
  if (isThere) return { check, outcome: 'failed', reason: 'the finding is still there' };
  const file = files.find(({ path }) => path === target.place.file);
  const [old, now] = [tree, head].map((side) => side.read(target.place.file));
  if (file && readCode && old && now && 'text' in old && 'text' in now) {
    const left = halfMended(target, engine.rules, old, now, readCode);
    if (left !== undefined) return { check, ...judgeResidue(left, files, readCode) };
  }
  const beside = readCode && standingBeside(target, files, readCode);
  if (beside !== undefined)
    return { check, outcome: 'open', reason: `line ${beside}, which the finding names, is as it was` };
  const computed = target.flow.length === 0 && readCode ? computedSwitch(files, readCode) : undefined;
  if (computed !== undefined)
    return {
      check,
      outcome: 'open',
      reason: `line ${computed} works out a switch, and what it gives is not known here`,
    };
  if (isFilledAsItIs(target, engine.head, head, there))
    return { check, outcome: 'failed', reason: 'what the template is given still reaches the page as it is' };
  const isWarning = target.flow.length === 0 && target.confidence === 'low';
  const isAnswered = readCode && (onlyTakesAway(files, readCode) || putsCounterpart(target.rule, files, readCode));
  if (isWarning && !isAnswered)
    return { check, outcome: 'open', reason: 'what is gone is a warning about an interface, not a way that was seen' };
  return { check, outcome: 'passed', reason: 'the finding is gone' };
}

/** A template that outsiders no longer write can still say that what fills it is safe: `{{ name|safe }}`. */
function isFilledAsItIs(target: Finding, drafts: readonly FindingDraft[], side: SourceTree, there: string): boolean {
  const isPage = ({ rule, place }: FindingDraft) => rule === 'CODE09' && place.file === target.place.file;
  return target.rule === 'CODE05' && drafts.some((draft) => isPage(draft) && fillsTemplate(draft, side, there));
}

function fillsTemplate({ place }: FindingDraft, side: SourceTree, there: string): boolean {
  const statement = statementOf(place, side);
  return /\|\s*safe\b|autoescape\s+false/.test(statement) && callee(statement) === callee(there);
}

/** What stands before the first bracket of a statement. */
function callee(statement: string): string {
  return statement.slice(0, Math.max(0, statement.indexOf('(')));
}

function judgeResidue({ line, sure }: Residue, files: readonly FileChange[], read: ReadCode): Judged {
  const reason = `the call in line ${line} still takes what is put together from pieces`;
  const denied = deniedWordsIn(files, read);
  if (denied === undefined) return { outcome: sure ? 'failed' : 'open', reason };
  return { outcome: 'failed', reason: `${reason}, and line ${denied} only looks for some words in it` };
}

function checkMeans({ files, readCode }: PatchRequest): PatchCheck {
  const check = 'means';
  if (!readCode) return { check, outcome: 'not-asked', reason: 'nothing reads the code of the patch' };
  const weak = weakMendingIn(files, readCode);
  if (weak) return { check, outcome: 'failed', reason: `line ${weak.line} ${weak.reason}` };
  const settings = secretAmongSettings(files, readCode);
  if (settings !== undefined)
    return {
      check,
      outcome: 'failed',
      reason: `it writes the secret into ${settings}, which is in the repository too`,
    };
  const added = addedCode(files, readCode);
  const folder = added.flatMap((code) => openFolder(code) ?? [])[0];
  if (folder) return { check, outcome: 'open', reason: 'a folder whose name only begins alike passes its test, too' };
  const unknown = added.flatMap((code) => unknownCall(code) ?? [])[0];
  if (unknown) return { check, outcome: 'open', reason: 'it calls something that the file does not know' };
  return { check, outcome: 'passed', reason: 'it adds nothing that only looks like a protection' };
}

function isSameKind({ rule, subject, place }: FindingDraft, target: Finding): boolean {
  return rule === target.rule && subject === target.subject && place.file === target.place.file;
}

/** About what a record is filled with: a patch that names the fields only says what was in the whole before. */
const OF_NAMED_FIELDS: ReadonlySet<string> = new Set(['CODE62']);

function checkFindings({ target, tree }: PatchRequest, { delta, head }: Compared): PatchCheck {
  const check = 'findings';
  const [worst] = delta.introduced.toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
  if (!worst) return { check, outcome: 'passed', reason: 'it brings no new finding' };
  const isSameCall = callee(statementOf(worst.place, head)) === callee(statementOf(target.place, tree));
  if (target.rule === 'CODE18' && OF_NAMED_FIELDS.has(worst.rule) && isSameCall)
    return { check, outcome: 'open', reason: `it shows what was not named before: ${worst.message}` };
  return { check, outcome: 'failed', reason: `it brings ${worst.rule} in ${worst.place.file}: ${worst.message}` };
}

const GRAVE: ReadonlySet<Severity> = new Set<Severity>(['critical', 'high']);

async function checkControls(
  { tree, files, target, compareControls, readCode }: PatchRequest,
  { head }: Compared,
): Promise<PatchCheck> {
  const check = 'controls';
  if (!compareControls) return { check, outcome: 'not-asked', reason: 'controls were not compared' };
  let diff: ControlDiff;
  try {
    diff = await compareControls(tree, head);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { check, outcome: 'open', reason: `the controls could not be compared: ${why}` };
  }
  const { changes, gaps } = diff;
  const weaker = changes.filter(
    (change) => change.direction === 'weakened' && !isOfWeakness(change, target, { tree, head, read: readCode }),
  );
  const surely = weaker.find(({ severity, confidence }) => confidence === 'high' && GRAVE.has(severity));
  if (surely) return { check, outcome: 'failed', reason: `it weakens a control: ${surely.message}` };
  // Mending may well take a call away; whether that call protected something is then a question for a person.
  if (weaker[0]) return { check, outcome: 'open', reason: `it may weaken a control: ${weaker[0].message}` };
  // What of the rest of the tree cannot be compared, the patch did not touch.
  const gap = gaps.find(({ place }) => files.some(({ path }) => path === place.file));
  if (gap) return { check, outcome: 'open', reason: gap.message };
  return { check, outcome: 'passed', reason: 'no control is weaker' };
}

async function checkTests({ files, runTests }: PatchRequest): Promise<PatchCheck> {
  const check = 'tests';
  if (!runTests) return { check, outcome: 'not-asked', reason: 'no test command was given' };
  return { check, ...(await runTests(files)) };
}

async function checkSecondLook({ target, files, secondLook }: PatchRequest): Promise<PatchCheck> {
  const check = 'second-look';
  if (!secondLook) return { check, outcome: 'not-asked', reason: 'no model was asked' };
  return { check, ...(await secondLook(target, files)) };
}
