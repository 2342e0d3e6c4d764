import { completeFindings, type Finding, type FindingDraft } from '../findings/index.ts';
import { createLineIndex, type Place, type SourceTree } from '../syntax/index.ts';
import { isWrittenByMachine } from '../taint/index.ts';
import type { TreeChange } from '../workspace/index.ts';

/** What a change did to the findings. */
export interface ReviewDelta {
  readonly introduced: readonly Finding[];
  readonly fixed: readonly Finding[];
  readonly persisting: readonly Finding[];
}

/** Both sides of a comparison. */
export interface ComparedTrees {
  readonly changes: readonly TreeChange[];
  readonly base: SourceTree;
  readonly head: SourceTree;
}

/**
 * Head minus base. Each finding of the base accounts for one of the head: the same rule and subject in the same file
 * (also under its new name), then the same in a file that is new where the old one is gone, then the same flow in a
 * bundle that was built again, then the same statement moved to another place. Of several alike, those on untouched
 * lines are the old ones. A finding none of whose lines changed is reported at the change that causes it: a removed
 * check is the line to look at, not the sink it protected.
 */
export function compareFindings(
  base: readonly FindingDraft[],
  head: readonly FindingDraft[],
  trees: ComparedTrees,
): ReviewDelta {
  const { changes } = trees;
  const renamed = new Map(
    changes.flatMap(({ previousPath, path }) => (previousPath ? [[previousPath, path] as const] : [])),
  );
  const origin = new Map<Finding, string>();
  const before = completeFindings(base.map((draft) => moved(draft, renamed)));
  for (const finding of before) origin.set(finding, statementOf(finding.place, trees.base, renamed));
  const after = completeFindings(head).toSorted((a, b) => touchRank(a, trees) - touchRank(b, trees));
  const gone = new Set(changes.flatMap(({ kind, path }) => (kind === 'removed' ? [path] : [])));
  const added = new Set(changes.flatMap(({ kind, path }) => (kind === 'added' ? [path] : [])));
  const open = { before: new Set(before), after: new Set(after) };
  settle(open, (finding) => JSON.stringify([keyOf(finding), finding.place.file]));
  settle(open, (finding, side) =>
    (side === 'before' ? gone : added).has(finding.place.file) ? keyOf(finding) : undefined,
  );
  // A bundler writes everything in its file anew and names it after the content: only what flows where stays.
  settle(open, ({ rule, message, place: { file } }) =>
    isBundle(file, trees) ? JSON.stringify([rule, message, bundleName(file)]) : undefined,
  );
  settle(open, (finding, side) => {
    const statement = side === 'before' ? origin.get(finding) : statementOf(finding.place, trees.head, new Map());
    return statement ? JSON.stringify([keyOf(finding), statement]) : undefined;
  });
  const ordered = completeFindings(head);
  const introduced = new Set([...open.after].map(({ fingerprint }) => fingerprint));
  return {
    introduced: ordered
      .filter(({ fingerprint }) => introduced.has(fingerprint))
      .map((finding) => atCause(finding, changes, trees.head)),
    fixed: before.filter((finding) => open.before.has(finding)),
    persisting: ordered.filter(({ fingerprint }) => !introduced.has(fingerprint)),
  };
}

type Side = 'before' | 'after';

/** Whether a minifier wrote a file; one that was renamed is known by its new name. */
function isBundle(file: string, { base, head }: ComparedTrees): boolean {
  return [base.read(file), head.read(file)].some(
    (source) => source !== undefined && 'text' in source && isWrittenByMachine(source.text),
  );
}

/** `assets/index.993fb568.js` and `assets/index-Biw_uG98.js` are `assets/index.js`. */
function bundleName(file: string): string {
  return file.replace(/[.-][\w-]{6,20}(?=\.[cm]?js$)/, '');
}

/** Takes out pairs with one key, each finding once, in the order of the sets. */
function settle(
  open: { readonly [side in Side]: Set<Finding> },
  key: (finding: Finding, side: Side) => string | undefined,
): void {
  const waiting = new Map<string, Finding[]>();
  for (const finding of open.before) {
    const name = key(finding, 'before');
    if (name !== undefined) waiting.set(name, [...(waiting.get(name) ?? []), finding]);
  }
  for (const finding of open.after) {
    const name = key(finding, 'after');
    const twin = name === undefined ? undefined : waiting.get(name)?.shift();
    if (!twin) continue;
    open.before.delete(twin);
    open.after.delete(finding);
  }
}

/** What stands on untouched lines was there before what stands on changed ones. */
function touchRank({ place }: Finding, { changes, head }: ComparedTrees): number {
  return touches(place, changes, head) ? 1 : 0;
}

/** The lines of a place without their blanks: moving or indenting them makes no other statement. */
export function statementOf(
  { file, span }: Place,
  tree: SourceTree,
  renamed: ReadonlyMap<string, string> = new Map(),
): string {
  const path = [...renamed].find(([, now]) => now === file)?.[0] ?? file;
  const source = tree.read(path);
  if (!source || !('text' in source)) return '';
  const start = source.text.lastIndexOf('\n', Math.max(0, span.start - 1)) + 1;
  const end = source.text.indexOf('\n', Math.max(span.start, span.end - 1));
  return source.text.slice(start, end < 0 ? undefined : end).replace(/\s+/g, '');
}

function moved(draft: FindingDraft, renamed: ReadonlyMap<string, string>): FindingDraft {
  const at = (place: Place): Place => ({ ...place, file: renamed.get(place.file) ?? place.file });
  return {
    ...draft,
    place: at(draft.place),
    flow: (draft.flow ?? []).map((step) => ({ ...step, place: at(step.place) })),
  };
}

function keyOf({ rule, subject }: Pick<Finding, 'rule' | 'subject'>): string {
  return `${rule} ${subject}`;
}

/** A finding on changed lines stays where it is; another moves to the nearest change in a file of its flow. */
function atCause(finding: Finding, changes: readonly TreeChange[], tree: SourceTree): Finding {
  const places = [finding.place, ...finding.flow.map(({ place }) => place)];
  if (places.some((place) => touches(place, changes, tree))) return finding;
  const cause = nearestChange(places, changes, tree);
  if (!cause) return finding;
  const was = { place: finding.place, message: finding.message };
  return { ...finding, place: cause, detail: joinDetail(finding.detail), related: [was, ...finding.related] };
}

function joinDetail(detail: string | undefined): string {
  const cause = 'None of its own lines changed: this change removed or altered what kept it from happening.';
  return detail ? `${detail} ${cause}` : cause;
}

/** Whether a place of the head lies on lines that the change wrote. */
export function touches(place: Place, changes: readonly TreeChange[], tree: SourceTree): boolean {
  const lines = linesOf(place, tree);
  const change = changes.find(({ path }) => path === place.file);
  if (!change || !lines) return false;
  return change.hunks.some(({ to, added }) => added > 0 && lines.first < to + added && lines.last >= to);
}

/** The changed stretch closest to a line of the flow; only files that the flow passes through. */
function nearestChange(places: readonly Place[], changes: readonly TreeChange[], tree: SourceTree): Place | undefined {
  let best: { readonly distance: number; readonly place: Place } | undefined;
  for (const place of places) {
    const change = changes.find(({ path }) => path === place.file);
    const lines = linesOf(place, tree);
    if (!change || !lines) continue;
    for (const { to, added } of change.hunks) {
      const distance = Math.abs(lines.first - to);
      if (best && best.distance <= distance) continue;
      best = { distance, place: placeOfLines(change.path, to, Math.max(added, 1), tree) };
    }
  }
  return best?.place;
}

/** Lines from 0, both inclusive. */
function linesOf(place: Place, tree: SourceTree): { readonly first: number; readonly last: number } | undefined {
  const source = tree.read(place.file);
  if (!source || !('text' in source)) return undefined;
  const index = createLineIndex(source.text);
  return { first: index.position(place.span.start).line - 1, last: index.position(place.span.end).line - 1 };
}

function placeOfLines(file: string, line: number, count: number, tree: SourceTree): Place {
  const source = tree.read(file);
  if (!source || !('text' in source)) return { file, span: { start: 0, end: 0 } };
  const index = createLineIndex(source.text);
  const first = Math.min(line + 1, index.lines);
  const last = Math.min(line + count, index.lines);
  const start = index.offset(first, 1);
  const end = last < index.lines ? index.offset(last + 1, 1) - 1 : source.text.length;
  return { file, span: { start, end: Math.max(start, end) } };
}
