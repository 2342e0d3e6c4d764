import type { Gap, SourceFile, TreeEntry } from '../syntax/index.ts';
import type { TreeChange } from '../workspace/index.ts';
import type { HunkCoverage } from './coverage.ts';
import type { EngineSides } from './engine-stage.ts';
import { fileKind, isForEngine } from './file-kind.ts';

/** What a model finished with, by path and first line of the stretch (`path:line`); why not, where it did not. */
export interface ModelCoverage {
  /** What a model was to be asked about. */
  readonly asked: ReadonlySet<string>;
  readonly finished: ReadonlySet<string>;
  readonly reasons: ReadonlyMap<string, string>;
}

type Sight = Pick<HunkCoverage, 'seenBy' | 'missing'>;

/** A stretch of a change, as coverage and requests name it. */
export interface Stretch {
  readonly file: string;
  /** From 1, in the new text; in the old one where nothing is left of it. */
  readonly line: number;
  readonly lines: number;
}

/** The stretches of a change; one without lines for what has none (a mode, a link, a binary, a rename). */
export function stretchesOf({ path, kind, hunks }: TreeChange): readonly Stretch[] {
  if (hunks.length === 0) return [{ file: path, line: 1, lines: 0 }];
  return hunks.map(({ from, removed, to, added }) =>
    kind === 'removed' ? { file: path, line: from + 1, lines: removed } : { file: path, line: to + 1, lines: added },
  );
}

export function stretchKey({ file, line }: Pick<Stretch, 'file' | 'line'>): string {
  return `${file}:${line}`;
}

/** What was seen of each changed stretch, derived from what finished: nobody's word counts. */
export function measureCoverage(
  changes: readonly TreeChange[],
  engine: EngineSides,
  model: ModelCoverage | undefined,
): readonly HunkCoverage[] {
  const broken = { base: gapsByFile(engine.gaps.base), head: gapsByFile(engine.gaps.head) };
  return changes.flatMap((change) => {
    const sight = sightOf(change, engine, broken);
    return stretchesOf(change).map((stretch): HunkCoverage => {
      return { ...stretch, change: change.kind, ...withModel(sight, stretch, model) };
    });
  });
}

type Broken = { readonly base: ReadonlyMap<string, Gap>; readonly head: ReadonlyMap<string, Gap> };

function sightOf(change: TreeChange, engine: EngineSides, broken: Broken): Sight {
  const entry = change.after ?? change.before;
  if (entry?.kind === 'submodule') return unseen('what a submodule holds is not in this repository');
  if (entry?.kind === 'link') return { seenBy: ['text'], missing: undefined };
  const lost = unreadSide(change);
  if (lost) return isInert(change) ? { seenBy: [], missing: undefined } : unseen(lost.message);
  const kind = fileKind(change.path);
  if (kind === 'other-code' && change.hunks.length > 0)
    return { seenBy: ['text'], missing: 'the engine does not know this language: only a model can review it' };
  const isOwn = isForEngine(change.path);
  // A program without an ending counts as text, unless its first line told the engine more.
  if (!isOwn && !engine.analysed.head.has(change.path)) {
    const missing = isUnreadProgram(change)
      ? 'its first line (`#!`) makes it a program, and no engine reads it'
      : undefined;
    return { seenBy: ['text'], missing };
  }
  const unread = isOwn ? unanalysed(change, engine) : undefined;
  const missing = engine.failure ?? gapOf(change, broken)?.message ?? unread;
  return missing === undefined ? { seenBy: ['text', 'engine'], missing } : { seenBy: ['text'], missing };
}

/** A first line that names an interpreter makes a program of any text, whatever the file is called. */
function isUnreadProgram({ new: now, hunks }: TreeChange): boolean {
  return hunks.length > 0 && now !== undefined && 'text' in now && /^\uFEFF?#!\s*\/\S/.test(now.text);
}

function unseen(missing: string): Sight {
  return { seenBy: [], missing };
}

/** A removed binary leaves nothing that would have to be read. */
function unreadSide({ old, new: now, kind }: TreeChange): Gap | undefined {
  return [now, kind === 'removed' ? undefined : old].find(isGap);
}

function isGap(side: SourceFile | Gap | undefined): side is Gap {
  return side !== undefined && !('text' in side);
}

/** Pictures and the like do nothing by themselves, unless they can be started. */
function isInert({ path, after }: TreeChange): boolean {
  return fileKind(path) === 'media' && !isExecutable(after);
}

function isExecutable(entry: TreeEntry | undefined): boolean {
  return entry?.kind === 'file' && entry.executable;
}

/** A file that no front end took is not analysed, whatever its name says. */
function unanalysed({ path, previousPath, after, before }: TreeChange, { analysed }: EngineSides): string | undefined {
  const isMissing = (after && !analysed.head.has(path)) || (before && !analysed.base.has(previousPath ?? path));
  return isMissing ? 'the engine did not read this file' : undefined;
}

function gapOf({ path, previousPath, after, before }: TreeChange, broken: Broken): Gap | undefined {
  const head = after ? broken.head.get(path) : undefined;
  return head ?? (before ? broken.base.get(previousPath ?? path) : undefined);
}

/** The first gap of each file that can hide something; what lies elsewhere by nature does not. */
function gapsByFile(gaps: readonly Gap[]): ReadonlyMap<string, Gap> {
  const hiding = gaps.filter(({ kind }) => kind !== 'unresolved');
  return new Map(hiding.toReversed().map((gap) => [gap.place.file, gap]));
}

/** Where a model was asked, it must have finished: what was in no completed request is not reviewed. */
function withModel(sight: Sight, stretch: Stretch, model: ModelCoverage | undefined): Sight {
  const key = stretchKey(stretch);
  if (!model?.asked.has(key)) return sight;
  if (model.finished.has(key)) return { seenBy: [...sight.seenBy, 'model'], missing: undefined };
  return { ...sight, missing: model.reasons.get(key) ?? 'it was in no completed request' };
}

/** What a model is asked about: changed text, other than what a package manager wrote. */
export function isForModel(change: TreeChange): boolean {
  return change.hunks.length > 0 && unreadSide(change) === undefined && fileKind(change.path) !== 'lock';
}
