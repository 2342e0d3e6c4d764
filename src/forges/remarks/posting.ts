import type { PlacedRemark } from '../diff/placement.ts';
import { isSameBody, remarkMarker } from '../markup/marker.ts';
import type { LineRemark, PostReport, RemarkRules } from '../model.ts';
import type { PostedRemark, RefusedRemark, RemarkBoard } from './board.ts';

/** What stands where a finding was. Whether it is mended or a decision of the base accepts it, its report says. */
export function mendedBody(fingerprint: string): string {
  return `**Settled.** This is not found any more, or was accepted.\n\n${remarkMarker(fingerprint)}`;
}

interface Counts {
  created: number;
  updated: number;
  resolved: number;
  unchanged: number;
  readonly refused: string[];
}

/**
 * Brings the remarks at lines up to date: what is new is written, what stands there is updated, what is mended is
 * settled, nothing is said twice. Two postings at the same time end with one remark each: both keep the oldest.
 */
export async function postRemarks(
  board: RemarkBoard,
  remarks: readonly LineRemark[],
  { limit, complete }: RemarkRules,
): Promise<PostReport> {
  const counts: Counts = { created: 0, updated: 0, resolved: 0, unchanged: 0, refused: [] };
  const distinct = [...new Map(remarks.map((remark) => [remark.fingerprint, remark])).values()];
  const posted = await withoutRepeats(board);
  const fresh: PlacedRemark[] = [];
  for (const remark of distinct.slice(0, limit)) {
    const placed = await board.place(remark);
    const ours = posted.find(({ fingerprint }) => fingerprint === remark.fingerprint);
    if (ours !== undefined) await refresh(board, ours, remark, placed, counts);
    else if (placed !== undefined) fresh.push(placed);
    else counts.refused.push(`${nameOf(remark)} is not in the diff; it stands in the summary`);
  }
  if (distinct.length > limit) counts.refused.push(`${distinct.length - limit} more stand in the summary alone`);
  if (complete) await settle(board, posted, distinct, counts);
  await create(board, fresh, counts);
  return counts;
}

/** Ours by age, after repeats of the same finding were taken away. */
async function withoutRepeats(board: RemarkBoard): Promise<readonly PostedRemark[]> {
  const kept = new Map<string, PostedRemark>();
  for (const posted of await board.list()) {
    if (kept.has(posted.fingerprint)) await board.remove(posted.id);
    else kept.set(posted.fingerprint, posted);
  }
  return [...kept.values()];
}

async function refresh(
  board: RemarkBoard,
  ours: PostedRemark,
  remark: LineRemark,
  placed: PlacedRemark | undefined,
  counts: Counts,
): Promise<void> {
  const wasMended = isSameBody(ours.body, mendedBody(remark.fingerprint));
  // The diff moved away from under it: its text is still true, its suggestion may not be.
  const body = board.render(placed ?? unplaced(remark));
  if (ours.state === 'resolved-by-others' || isSameBody(ours.body, body)) counts.unchanged += 1;
  else {
    await board.edit(ours.id, body);
    counts.updated += 1;
  }
  // Open, too: where a thread cannot be resolved, its remark was only folded away.
  if (wasMended && ours.state !== 'resolved-by-others') await board.reopen(ours.id);
}

function unplaced(remark: LineRemark): PlacedRemark {
  const file = { path: remark.path, previousPath: remark.path, head: new Map(), base: new Map() };
  const { startLine, endLine } = remark;
  return { remark, file, startLine, endLine, line: { hunk: 0, other: undefined }, suggestion: undefined };
}

async function settle(
  board: RemarkBoard,
  posted: readonly PostedRemark[],
  remarks: readonly LineRemark[],
  counts: Counts,
): Promise<void> {
  const present = new Set(remarks.map(({ fingerprint }) => fingerprint));
  for (const ours of posted.filter(({ fingerprint }) => !present.has(fingerprint))) {
    const body = mendedBody(ours.fingerprint);
    if (ours.state !== 'open' || isSameBody(ours.body, body)) continue;
    await board.edit(ours.id, body);
    await board.resolve(ours.id);
    counts.resolved += 1;
  }
}

async function create(board: RemarkBoard, fresh: readonly PlacedRemark[], counts: Counts): Promise<void> {
  if (fresh.length === 0) return;
  const refused = await board.create(fresh, (placed) => standAlready(board, placed));
  counts.created += fresh.length - refused.length;
  counts.refused.push(...refused.map(sentenceOf));
  await withoutRepeats(board);
}

async function standAlready(board: RemarkBoard, placed: readonly PlacedRemark[]): Promise<boolean> {
  const there = new Set((await board.list()).map(({ fingerprint }) => fingerprint));
  return placed.every(({ remark }) => there.has(remark.fingerprint));
}

function sentenceOf({ remark, reason }: RefusedRemark): string {
  return `${nameOf(remark)} was not taken: ${reason}; it stands in the summary`;
}

function nameOf({ path, startLine }: LineRemark): string {
  return `the remark at ${path}:${startLine}`;
}
