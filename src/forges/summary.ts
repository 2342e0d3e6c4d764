import { SallyportError } from '../errors/index.ts';
import { endsWithMarker, isSameBody } from './markup/marker.ts';
import type { PostReport, SummaryPost } from './model.ts';

/** A comment of our own account. */
export interface OwnComment {
  readonly id: string;
  readonly body: string;
}

/** Whether this text stands there: what a write whose answer was lost may have done. */
export function isPosted(comments: readonly OwnComment[], body: string): boolean {
  return comments.some((comment) => isSameBody(comment.body, body));
}

/** What one forge can do with the comments of a request. */
export interface CommentBoard {
  /** Those of our own account, oldest first. */
  list(): Promise<readonly OwnComment[]>;
  create(body: string): Promise<void>;
  edit(id: string, body: string): Promise<void>;
  remove(id: string): Promise<void>;
}

const UNKNOWN_ACCOUNT = 'the forge does not tell which account is ours: the comment cannot be updated later';

/**
 * Writes or updates the one summary. Two postings at the same time end with one comment: each looks again after it
 * wrote, and all but the oldest go.
 * @throws SallyportError SP2406 when the text does not end with its marker: it could never be found again
 */
export async function postSummaryComment(board: CommentBoard, post: SummaryPost): Promise<PostReport> {
  if (!endsWithMarker(post.markdown, post.marker))
    throw new SallyportError('SP2406', 'the summary does not end with its marker');
  const ours = async () => (await board.list()).filter(({ body }) => endsWithMarker(body, post.marker));
  const found = await ours();
  const report = { created: 0, updated: 0, resolved: 0, unchanged: 0, refused: [] };
  if (found.length === 0 && post.quiet === true) return report;
  if (found.length === 0) await board.create(post.markdown);
  const [oldest, ...repeats] = found.length === 0 ? await ours() : found;
  for (const { id } of repeats) await board.remove(id);
  if (oldest === undefined) return { ...report, created: 1, refused: [UNKNOWN_ACCOUNT] };
  if (found.length === 0) {
    // Who posted at the same time may have been first, with an older verdict.
    if (!isSameBody(oldest.body, post.markdown)) await board.edit(oldest.id, post.markdown);
    return { ...report, created: 1 };
  }
  if (isSameBody(oldest.body, post.markdown)) return { ...report, unchanged: 1 };
  await board.edit(oldest.id, post.markdown);
  return { ...report, updated: 1 };
}
