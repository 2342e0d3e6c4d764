import { z } from 'zod';
import { SallyportError } from '../../errors/index.ts';
import type { JsonObject } from '../../system/index.ts';
import { type Diff, diffOf, readHunks } from '../diff/lines.ts';
import { type PlacedRemark, placeRemark } from '../diff/placement.ts';
import { askAll, isSuccess, requireSuccess, saidBy, tell } from '../http/answer.ts';
import { remarkFingerprint } from '../markup/marker.ts';
import type { ChangeReference } from '../model.ts';
import type { LookUp, PostedRemark, RefusedRemark, RemarkBoard } from '../remarks/board.ts';
import { remarkBody } from '../remarks/body.ts';
import { type MergeRequest, readMergeRequest } from './change.ts';
import { type GitlabConnection, mergeRequestPath } from './connection.ts';

const Note = z.object({
  id: z.number(),
  type: z.string().nullish(),
  body: z.string(),
  system: z.boolean(),
  author: z.object({ id: z.number() }),
  resolved: z.boolean().optional(),
  resolved_by: z.object({ id: z.number() }).nullish(),
});
type Note = z.infer<typeof Note>;
const Discussion = z.object({ id: z.string(), notes: z.array(Note) });
const FileDiff = z.object({ old_path: z.string(), new_path: z.string(), diff: z.string() });

/** Discussions at lines of a merge request; only those that our own account began. */
export function gitlabRemarks(connection: GitlabConnection, reference: ChangeReference): RemarkBoard {
  const { client, account } = connection;
  const path = `${mergeRequestPath(reference)}/discussions`;
  const what = `the discussions of merge request ${reference.number}`;
  let diff: Promise<Diff> | undefined;
  return {
    list: async () => {
      const own = await account();
      const discussions = own === undefined ? [] : await askAll(client, path, Discussion, what);
      return discussions
        .flatMap(({ id, notes: [first] }) => (first === undefined ? [] : postedOf(id, first, own)))
        .toSorted((one, other) => noteOf(one.id) - noteOf(other.id));
    },
    place: async (remark) => {
      diff ??= readDiff(connection, reference);
      return placeRemark(remark, await diff);
    },
    render: (placed) => remarkBody(placed, 'gitlab'),
    create: (placed, areThere) => createDiscussions(connection, reference, placed, areThere),
    edit: (id, body) => tell(client, { method: 'PUT', target: notePath(path, id), body: { body } }, what),
    resolve: (id) => setResolved(connection, path, id, true),
    reopen: (id) => setResolved(connection, path, id, false),
    remove: async (id) => {
      const reply = await client.send({ method: 'DELETE', target: notePath(path, id) });
      if (reply.status !== 404) requireSuccess(reply, what);
    },
  };
}

function postedOf(discussion: string, note: Note, own: number | undefined): readonly PostedRemark[] {
  const fingerprint = remarkFingerprint(note.body);
  if (note.author.id !== own || note.system || note.type !== 'DiffNote' || fingerprint === undefined) return [];
  const byUs = note.resolved_by?.id === own;
  const state = note.resolved !== true ? 'open' : byUs ? 'resolved-by-us' : 'resolved-by-others';
  return [{ id: `${discussion} ${note.id}`, fingerprint, body: note.body, state }];
}

function noteOf(id: string): number {
  return Number(id.split(' ')[1]);
}

function notePath(path: string, id: string): string {
  const [discussion = '', note = ''] = id.split(' ');
  return `${path}/${encodeURIComponent(discussion)}/notes/${note}`;
}

/** Who may not resolve has said in the text that it is mended. */
async function setResolved({ client }: GitlabConnection, path: string, id: string, resolved: boolean): Promise<void> {
  const [discussion = ''] = id.split(' ');
  const target = `${path}/${encodeURIComponent(discussion)}?resolved=${resolved}`;
  const reply = await client.send({ method: 'PUT', target });
  if (reply.status !== 403 && reply.status !== 404) requireSuccess(reply, 'the discussion');
}

/** GitLab leaves the diff of a large or folded file empty: its remarks stand in the summary. */
async function readDiff({ client }: GitlabConnection, reference: ChangeReference): Promise<Diff> {
  const files = await askAll(client, `${mergeRequestPath(reference)}/diffs`, FileDiff, 'the changed files');
  return diffOf(files.map(({ new_path, old_path, diff }) => readHunks(new_path, old_path, diff)));
}

async function createDiscussions(
  { client }: GitlabConnection,
  reference: ChangeReference,
  placed: readonly PlacedRemark[],
  areThere: LookUp,
): Promise<readonly RefusedRemark[]> {
  const { diff_refs: refs, sha } = await readMergeRequest(client, reference);
  if (refs === null || sha !== reference.headCommit || refs.head_sha !== sha)
    throw new SallyportError('SP2407', `merge request ${reference.number} is not at ${reference.headCommit} any more`);
  const target = `${mergeRequestPath(reference)}/discussions`;
  const refused: RefusedRemark[] = [];
  for (const one of placed) {
    const body = { body: remarkBody(one, 'gitlab'), position: positionOf(one, refs) };
    const reply = await client.send({ method: 'POST', target, body, wasDone: () => areThere([one]) });
    if (isSuccess(reply)) continue;
    if (reply.status !== 400 && reply.status !== 422) requireSuccess(reply, 'the discussion');
    refused.push({ remark: one.remark, reason: saidBy(reply) || 'the forge gives no reason' });
  }
  return refused;
}

/** An unchanged line is named on both sides, a changed one on its own. */
function positionOf(
  { remark, file, endLine, line }: PlacedRemark,
  refs: NonNullable<MergeRequest['diff_refs']>,
): JsonObject {
  const other = line.other === undefined ? {} : { [remark.side === 'head' ? 'old_line' : 'new_line']: line.other };
  return {
    position_type: 'text',
    base_sha: refs.base_sha,
    start_sha: refs.start_sha,
    head_sha: refs.head_sha,
    old_path: file.previousPath,
    new_path: file.path,
    [remark.side === 'head' ? 'new_line' : 'old_line']: endLine,
    ...other,
  };
}
