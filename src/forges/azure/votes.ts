import { z } from 'zod';
import { ask } from '../http/answer.ts';
import type { HttpClient } from '../http/client.ts';
import type { ChangeReference, ForgeReview } from '../model.ts';
import { Identity, type Iteration, listIterations, pullPath } from './connection.ts';

/** A reviewer of a pull request, with the vote that stands now. */
export const Reviewer = Identity.extend({ vote: z.number(), isContainer: z.boolean().nullish() });
export type Reviewer = z.infer<typeof Reviewer>;

const Property = z.object({ $value: z.unknown() }).nullish();
const Comment = z.object({
  commentType: z.string().nullish(),
  author: z.object({ id: z.string(), isContainer: z.boolean().nullish() }),
});
const Thread = z.object({
  publishedDate: z.string().nullish(),
  isDeleted: z.boolean().nullish(),
  properties: z
    .object({
      CodeReviewThreadType: Property,
      CodeReviewVoteResult: Property,
      CodeReviewVotedByTfId: Property,
      CodeReviewVotedByIdentity: Property,
    })
    .nullish(),
  identities: z.record(z.string(), z.object({ id: z.string() })).nullish(),
  comments: z.array(Comment).nullish(),
});
type Thread = z.infer<typeof Thread>;

const STATES: ReadonlyMap<number, ForgeReview['state']> = new Map([
  [10, 'approved'],
  [5, 'approved'],
  [-5, 'changes-requested'],
  [-10, 'changes-requested'],
]);

/**
 * The votes that stand. A vote names no commit; Azure writes a remark of its own for each vote, with its moment, and tells
 * when each push came: the commit is the one that the request was at then. Whoever may comment could write a thread that
 * looks so: it counts only from the voter's own account or from the service's, with the vote that stands. Undefined where
 * there is none, and then it is bound to nothing. The vote of a group stands for nobody.
 */
export async function readVotes(
  client: HttpClient,
  reference: ChangeReference,
  reviewers: readonly Reviewer[],
): Promise<readonly ForgeReview[]> {
  const voters = reviewers.filter(({ vote, isContainer }) => STATES.has(vote) && isContainer !== true);
  if (voters.length === 0) return [];
  const list = z.object({ value: z.array(Thread) });
  const what = `the votes of pull request ${reference.number}`;
  const { value } = await ask(client, { method: 'GET', target: pullPath(reference, '/threads') }, list, what);
  const iterations = await listIterations(client, reference);
  return voters.flatMap((voter): readonly ForgeReview[] => {
    const state = STATES.get(voter.vote);
    if (state === undefined) return [];
    const at = momentOf(voter, value);
    const { uniqueName: login, id: accountId } = voter;
    return [{ login, accountId, state, commit: headAt(iterations, at), at: at ?? '', bot: isService(voter) }];
  });
}

/** Build services and service principals. */
function isService({ descriptor }: Reviewer): boolean {
  return /^(?:svc|aadsp)\./.test(descriptor ?? '');
}

/** When the vote that stands was given: the last remark about this voter, if it is about this vote. */
function momentOf(voter: Reviewer, threads: readonly Thread[]): string | undefined {
  const own = threads.filter((thread) => voterOf(thread) === voter.id && isGenuine(thread, voter));
  const [last] = own.toSorted((one, other) => timeOf(other) - timeOf(one));
  const vote = Number(last?.properties?.CodeReviewVoteResult?.$value);
  return last !== undefined && vote === voter.vote && timeOf(last) > 0 ? (last.publishedDate ?? undefined) : undefined;
}

/** By id, or by a number that the thread's own list of identities explains. */
function voterOf({ properties, identities }: Thread): string | undefined {
  if (properties?.CodeReviewThreadType?.$value !== 'VoteUpdate') return undefined;
  const id = properties.CodeReviewVotedByTfId?.$value;
  if (typeof id === 'string') return id;
  const key = String(properties.CodeReviewVotedByIdentity?.$value ?? '');
  return identities && Object.hasOwn(identities, key) ? identities[key]?.id : undefined;
}

function isGenuine({ isDeleted, comments }: Thread, voter: Reviewer): boolean {
  const first = comments?.[0];
  if (isDeleted === true || first?.commentType !== 'system') return false;
  return first.author.id === voter.id || first.author.isContainer === true;
}

function timeOf({ publishedDate }: Thread): number {
  const time = Date.parse(publishedDate ?? '');
  return Number.isFinite(time) ? time : 0;
}

/**
 * The head of the newest push that was there before a moment: nobody has seen what came in the same one. Azure counts a
 * change of the target like a push: a later one with the same head is one against another target, and then undefined.
 */
function headAt(iterations: readonly Iteration[], at: string | undefined): string | undefined {
  const moment = Date.parse(at ?? '');
  const inOrder = iterations.toSorted((one, other) => other.id - one.id);
  const seen = inOrder.find(({ createdDate }) => Date.parse(createdDate ?? '') < moment);
  const head = seen?.sourceRefCommit?.commitId;
  return seen === inOrder[0] || head !== inOrder[0]?.sourceRefCommit?.commitId ? head : undefined;
}
