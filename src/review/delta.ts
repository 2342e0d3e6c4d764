import { completeFindings, type Finding, type FindingDraft } from '../findings/index.ts';
import { createLineIndex, type Place, type SourceTree } from '../syntax/index.ts';
import type { TreeChange } from '../workspace/index.ts';

/** What a change did to the findings. */
export interface ReviewDelta {
  readonly introduced: readonly Finding[];
  readonly fixed: readonly Finding[];
  readonly persisting: readonly Finding[];
}

/**
 * Head minus base. A file that moved keeps its findings: what stood in a removed file and stands in an added one with
 * the same rule and subject is the same finding. A finding none of whose lines changed is reported at the change that
 * causes it: a removed check is the line to look at, not the sink it protected.
 */
export function compareFindings(
  base: readonly FindingDraft[],
  head: readonly FindingDraft[],
  changes: readonly TreeChange[],
  tree: SourceTree,
): ReviewDelta {
  const renamed = new Map(
    changes.flatMap(({ previousPath, path }) => (previousPath ? [[previousPath, path] as const] : [])),
  );
  const before = completeFindings(base.map((draft) => moved(draft, renamed)));
  const after = completeFindings(head);
  const known = new Set(before.map(({ fingerprint }) => fingerprint));
  const relocated = relocatedKeys(before, changes);
  const isKnown = (finding: Finding): boolean => known.has(finding.fingerprint) || relocated.has(keyOf(finding));
  const still = new Set(after.map(({ fingerprint }) => fingerprint));
  return {
    introduced: after.filter((finding) => !isKnown(finding)).map((finding) => atCause(finding, changes, tree)),
    fixed: before.filter(
      (finding) =>
        !still.has(finding.fingerprint) &&
        !after.some((one) => relocated.has(keyOf(one)) && keyOf(one) === keyOf(finding)),
    ),
    persisting: after.filter(isKnown),
  };
}

function moved(draft: FindingDraft, renamed: ReadonlyMap<string, string>): FindingDraft {
  const at = (place: Place): Place => ({ ...place, file: renamed.get(place.file) ?? place.file });
  return {
    ...draft,
    place: at(draft.place),
    flow: (draft.flow ?? []).map((step) => ({ ...step, place: at(step.place) })),
  };
}

/** Findings of files that are gone, where some file is new. */
function relocatedKeys(before: readonly Finding[], changes: readonly TreeChange[]): ReadonlySet<string> {
  const removed = new Set(changes.flatMap(({ kind, path }) => (kind === 'removed' ? [path] : [])));
  const added = changes.some(({ kind }) => kind === 'added');
  return new Set(added ? before.filter(({ place }) => removed.has(place.file)).map(keyOf) : []);
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

function touches(place: Place, changes: readonly TreeChange[], tree: SourceTree): boolean {
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
