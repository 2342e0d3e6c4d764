import { z } from 'zod';
import type { JsonObject } from '../../system/index.ts';
import type { PlacedRemark } from '../diff/placement.ts';
import { ask, isSuccess, requireSuccess, saidBy, tell } from '../http/answer.ts';
import { isSameBody, remarkFingerprint } from '../markup/marker.ts';
import type { ChangeReference, LineRemark } from '../model.ts';
import type { LookUp, PostedRemark, RefusedRemark, RemarkBoard } from '../remarks/board.ts';
import { remarkBody } from '../remarks/body.ts';
import { mendedBody } from '../remarks/posting.ts';
import { type AzureConnection, pullPath, requireIteration } from './connection.ts';
import { editThread, listThreads, type OwnThread, removeThread, threadPath } from './threads.ts';

/** Threads at lines of a pull request; only those that our own account began. */
export function azureRemarks(connection: AzureConnection, reference: ChangeReference): RemarkBoard {
  const { client } = connection;
  let changed: Promise<ReadonlySet<string>> | undefined;
  const setStatus = (id: string, status: string) =>
    tell(client, { method: 'PATCH', target: threadPath(reference, id), body: { status } }, 'the thread');
  return {
    list: async () => (await listThreads(connection, reference)).flatMap(postedOf),
    place: async (remark) => {
      changed ??= readChangedFiles(connection, reference);
      return (await changed).has(remark.path) ? placeOf(remark) : undefined;
    },
    render: (placed) => remarkBody(placed, 'azure'),
    create: (placed, areThere) => createThreads(connection, reference, placed, areThere),
    edit: (id, body) => editThread(connection, reference, id, body),
    resolve: (id) => setStatus(id, 'fixed'),
    reopen: (id) => setStatus(id, 'active'),
    remove: (id) => removeThread(connection, reference, id),
  };
}

/** Azure does not say who closed a thread; ours say in their text that they are settled. */
function postedOf({ id, body, status, hasPlace }: OwnThread): readonly PostedRemark[] {
  const fingerprint = remarkFingerprint(body);
  if (!hasPlace || fingerprint === undefined) return [];
  const isOpen = status === undefined || status === 'active' || status === 'pending';
  const state = isOpen ? 'open' : isSameBody(body, mendedBody(fingerprint)) ? 'resolved-by-us' : 'resolved-by-others';
  return [{ id, fingerprint, body, state }];
}

/** Azure takes any line of a changed file, and gives no diff to look lines up in. */
function placeOf(remark: LineRemark): PlacedRemark {
  const { path, startLine, endLine, side } = remark;
  const file = { path, previousPath: path, head: new Map(), base: new Map() };
  const suggestion = side === 'head' ? remark.suggestion : undefined;
  return { remark, file, startLine, endLine, line: { hunk: 1, other: undefined }, suggestion };
}

const Changes = z.object({
  changeEntries: z.array(z.object({ item: z.object({ path: z.string().nullish() }).nullish() })),
  nextSkip: z.number().nullish(),
});
const PAGE = 2000;
const MAX_PAGES = 10;

async function readChangedFiles({ client }: AzureConnection, reference: ChangeReference): Promise<ReadonlySet<string>> {
  const { id } = await requireIteration(client, reference);
  const paths = new Set<string>();
  for (let page = 0; page < MAX_PAGES; page++) {
    const target = pullPath(reference, `/iterations/${id}/changes?$top=${PAGE}&$skip=${page * PAGE}`);
    const { changeEntries, nextSkip } = await ask(client, { method: 'GET', target }, Changes, 'the changed files');
    for (const { item } of changeEntries) if (item?.path) paths.add(item.path.replace(/^\//, ''));
    if (!nextSkip) break;
  }
  return paths;
}

async function createThreads(
  { client }: AzureConnection,
  reference: ChangeReference,
  placed: readonly PlacedRemark[],
  areThere: LookUp,
): Promise<readonly RefusedRemark[]> {
  const { id } = await requireIteration(client, reference);
  const refused: RefusedRemark[] = [];
  for (const one of placed) {
    const body = {
      comments: [{ parentCommentId: 0, content: remarkBody(one, 'azure'), commentType: 'text' }],
      status: 'active',
      threadContext: contextOf(one),
      pullRequestThreadContext: { iterationContext: { firstComparingIteration: 1, secondComparingIteration: id } },
    };
    const target = pullPath(reference, '/threads');
    const reply = await client.send({ method: 'POST', target, body, wasDone: () => areThere([one]) });
    if (isSuccess(reply)) continue;
    if (reply.status !== 400) requireSuccess(reply, 'the thread');
    refused.push({ remark: one.remark, reason: saidBy(reply) || 'the forge gives no reason' });
  }
  return refused;
}

function contextOf({ remark, startLine, endLine }: PlacedRemark): JsonObject {
  const side = remark.side === 'head' ? 'right' : 'left';
  return {
    filePath: `/${remark.path}`,
    [`${side}FileStart`]: { line: startLine, offset: 1 },
    [`${side}FileEnd`]: { line: endLine, offset: 1 },
  };
}
