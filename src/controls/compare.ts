import type { Grammars } from '../code/index.ts';
import { createClassifier } from '../policy/index.ts';
import type { Gap, Readers, SourceFile, SourceTree } from '../syntax/index.ts';
import { compareTrees, type TreeChange } from '../workspace/index.ts';
import { compareCode, isComparedCode, reconcileMoves, type Trail, type Turnover } from './code/index.ts';
import { type ConfigurationReader, createConfigurationReader } from './configuration/index.ts';
import { compareFacts } from './facts/compare-facts.ts';
import { type FactSheet, NOTHING_READ } from './facts/fact.ts';
import { joinSheets, splitMovable } from './facts/movable.ts';
import { createStandIns, type StandIns } from './facts/stand-in-place.ts';
import {
  compareEntries,
  compareLocks,
  compareSnapshots,
  createMetaReader,
  isLock,
  isTestCode,
  joinGoneFiles,
  type MetaReader,
} from './meta/index.ts';
import type { ControlChange, ControlDiff } from './model.ts';
import { findMovedOut } from './moved-out.ts';
import { comparePlainCode } from './plain/index.ts';
import { assessChange } from './risk.ts';
import { FACT_CLASSES, TREE_CLASSES } from './rule-table/index.ts';
import { joinSimilar } from './similar-files.ts';

/** Two versions of a repository, and what reads their files. */
export interface ControlComparison {
  readonly base: SourceTree;
  readonly head: SourceTree;
  readonly readers: Readers;
  /** With every grammar of `GRAMMARS` whose files may come. */
  readonly grammars: Grammars;
}

/** Classes that speak of one function; of a whole file nothing can be said by what left it. */
const LOST_ON_THE_WAY: ReadonlySet<string> = new Set([
  ...['guard-removed', 'guard-no-longer-exits', 'guard-operand-dropped', 'guard-operator-weakened', 'guard-negated'],
  ...['guard-made-conditional', 'guard-exception-added', 'comparison-loosened', 'pattern-loosened', 'await-removed'],
  ...['security-call-removed', 'decorator-removed', 'query-interpolated', 'scope-argument-dropped', 'error-ignored'],
]);

/** Files of one change that are compared; the rest is a gap. */
const MOST_FILES = 5_000;

/**
 * What a change does to security controls: in code, in configuration, and to the checks themselves. Only files that
 * differ are read. Deterministic; never throws on content: what could not be compared is a gap.
 */
export function compareControls({ base, head, readers, grammars }: ControlComparison): ControlDiff {
  const changes = compareTrees(base, head);
  const session = new Session({ base, head, readers, grammars });
  for (const change of changes.slice(0, MOST_FILES)) session.compareEntry(change);
  const joined = joinSimilar(changes.slice(0, MOST_FILES));
  for (const change of joined) session.compare(change);
  for (const change of findMovedOut(joined)) session.compareMoved(change);
  for (const change of includingPipelines(base, head, changes)) session.compareConfiguration(change);
  const cut = changes[MOST_FILES];
  if (cut) session.gaps.push(gapAt(cut.path, `more than ${MOST_FILES} files differ: the rest was not compared`));
  const plain = comparePlainCode(joined, TREE_CLASSES);
  const found = [...session.finish(), ...compareSnapshots(changes, TREE_CLASSES), ...plain.changes];
  const { score, row } = assessChange(found, session.turnovers);
  return {
    changes: [...found, ...(row === undefined ? [] : [row])].sort(byPlace),
    score,
    gaps: distinct([...treeGaps(base, head), ...session.gaps, ...plain.gaps]),
    compared: session.compared,
  };
}

/** One comparison while it goes through the files. */
class Session {
  readonly gaps: Gap[] = [];
  readonly turnovers: Turnover[] = [];
  readonly #trails: Trail[] = [];
  compared = 0;
  readonly #comparison: ControlComparison;
  readonly #configuration: ConfigurationReader;
  readonly #meta: MetaReader;
  readonly #classify = createClassifier();
  readonly #changes: ControlChange[] = [];
  readonly #code: ControlChange[] = [];
  readonly #movable: { readonly before: FactSheet[]; readonly after: FactSheet[] } = { before: [], after: [] };
  /** By the file's path, in the base and in the head. */
  readonly #standIns = new Map<string, StandIns>();

  constructor(comparison: ControlComparison) {
    this.#comparison = comparison;
    this.#configuration = createConfigurationReader(comparison.readers);
    this.#meta = createMetaReader(comparison.readers, comparison.grammars);
  }

  compareEntry(change: TreeChange): void {
    this.#changes.push(...compareEntries(change, this.#classify, TREE_CLASSES));
  }

  compare(change: TreeChange): void {
    if (change.kind === 'mode') return;
    const before = textOf(change.old);
    const after = textOf(change.new);
    for (const side of [change.old, change.new])
      if (side && !('text' in side) && side.kind === 'cap') this.gaps.push(side);
    if (before === undefined && after === undefined) return;
    this.compared += 1;
    const { readers, grammars } = this.#comparison;
    if (isLock(change.path)) this.#changes.push(...compareLocks(before, after, readers, TREE_CLASSES));
    this.#compareSheets(before, after, (file) => this.#meta.read(file));
    if (this.#configuration.reads(change.path)) this.compareConfiguration(change);
    if (!isComparedCode(change.path) || isTestCode(change.path)) return;
    const { changes, gaps, turnover, trail } = compareCode(
      { path: change.path, previousPath: change.previousPath, before, after },
      grammars,
    );
    this.#code.push(...changes);
    this.gaps.push(...gaps);
    if (turnover) this.turnovers.push(turnover);
    if (trail) this.#trails.push(trail);
  }

  /** Code that stands in another file now: only what its functions lost on the way, the rest was compared at home. */
  compareMoved({ path, previousPath, old, new: now }: TreeChange): void {
    if (!isComparedCode(path) || isTestCode(path)) return;
    const sides = { path, previousPath, before: textOf(old), after: textOf(now) };
    const { changes } = compareCode(sides, this.#comparison.grammars);
    const known = new Set(this.#code.map(({ control, subject }) => `${control} ${subject}`));
    const isLoss = ({ control, direction, scope, subject }: ControlChange): boolean =>
      direction === 'weakened' && scope !== '' && LOST_ON_THE_WAY.has(control) && !known.has(`${control} ${subject}`);
    this.#code.push(...changes.filter(isLoss));
  }

  compareConfiguration(change: TreeChange): void {
    const { base, head } = this.#comparison;
    const before = textOf(change.old);
    this.#compareSheets(before, textOf(change.new), (file) =>
      this.#configuration.read(file, file === before ? base : head),
    );
  }

  #compareSheets(
    before: SourceFile | undefined,
    after: SourceFile | undefined,
    read: (file: SourceFile) => FactSheet,
  ): void {
    const old = before ? read(before) : NOTHING_READ;
    const now = after ? read(after) : NOTHING_READ;
    this.gaps.push(...old.gaps, ...now.gaps);
    const [oldMovable, oldOwn] = splitMovable(old, FACT_CLASSES);
    const [newMovable, newOwn] = splitMovable(now, FACT_CLASSES);
    this.#movable.before.push(oldMovable);
    this.#movable.after.push(newMovable);
    const standIns = createStandIns(before, after);
    for (const file of [before, after]) if (file) this.#standIns.set(file.path, standIns);
    this.#changes.push(...compareFacts(oldOwn, newOwn, FACT_CLASSES, standIns));
  }

  /** What may stand in another file now is judged when every file was read. */
  finish(): ControlChange[] {
    const paths = new Set(this.#comparison.head.entries.map(({ path }) => path));
    const standIns: StandIns = {
      inNew: (old) => this.#standIns.get(old.file)?.inNew(old),
      inOld: (now) => this.#standIns.get(now.file)?.inOld(now),
      isGone: (file) => !paths.has(file),
    };
    const moved = compareFacts(
      joinSheets(this.#movable.before),
      joinSheets(this.#movable.after),
      FACT_CLASSES,
      standIns,
    );
    return [...this.#changes, ...joinGoneFiles(moved), ...reconcileMoves(this.#code, this.#trails)];
  }
}

function textOf(side: SourceFile | Gap | undefined): SourceFile | undefined {
  return side && 'text' in side ? side : undefined;
}

const GITLAB = '.gitlab-ci.yml';

/** GitLab reads one file, and what that includes: a change of an included file is a change of the pipeline. */
function includingPipelines(base: SourceTree, head: SourceTree, changes: readonly TreeChange[]): readonly TreeChange[] {
  const entry = head.entries.find(({ path }) => path === GITLAB);
  if (entry === undefined || changes.some(({ path }) => path === GITLAB)) return [];
  const old = base.read(GITLAB);
  const now = head.read(GITLAB);
  const text = textOf(now)?.text ?? '';
  if (!changes.some(({ path }) => /\.ya?ml$/.test(path) && text.includes(path))) return [];
  return [
    { path: GITLAB, kind: 'modified', previousPath: undefined, before: entry, after: entry, old, new: now, hunks: [] },
  ];
}

function gapAt(file: string, message: string): Gap {
  return { kind: 'cap', message, place: { file, span: { start: 0, end: 0 } } };
}

/** What was cut while listing hides files on either side. */
function treeGaps(base: SourceTree, head: SourceTree): readonly Gap[] {
  return [...base.gaps, ...head.gaps].filter(
    ({ kind, message }) => kind === 'cap' && /rest was not listed|folders deep/.test(message),
  );
}

/** What both sides lack is said once. */
function distinct(gaps: readonly Gap[]): readonly Gap[] {
  const seen = new Map(gaps.map((gap) => [JSON.stringify([gap.kind, gap.message, gap.place.file]), gap]));
  return [...seen.values()];
}

function byPlace(one: ControlChange, other: ControlChange): number {
  const key = ({ before, after, control, subject }: ControlChange): readonly [string, number, string] => {
    const place = after ?? before;
    return [place?.file ?? '', place?.span.start ?? 0, `${control} ${subject}`];
  };
  const [file, start, name] = key(one);
  const [otherFile, otherStart, otherName] = key(other);
  if (file !== otherFile) return file < otherFile ? -1 : 1;
  return start - otherStart || (name < otherName ? -1 : name > otherName ? 1 : 0);
}
