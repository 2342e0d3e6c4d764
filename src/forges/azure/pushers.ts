import { z } from 'zod';
import { isSuccess, parseAnswer } from '../http/answer.ts';
import type { HttpClient } from '../http/client.ts';
import { commitOf, PAGES_OF_PUSHES, type Push, type Pushers, tracePushers } from '../pushers.ts';
import { azurePath } from './connection.ts';

const RefUpdate = z.object({ name: z.string(), oldObjectId: z.string(), newObjectId: z.string() });
const AzurePush = z.object({
  pushedBy: z.object({ uniqueName: z.string() }).nullish(),
  refUpdates: z.array(RefUpdate).nullish(),
});
const Page = z.object({ value: z.array(AzurePush) });

const PER_PAGE = 100;

/** The branch that a request comes from. */
interface SourceBranch {
  /** `undefined`: a fork that cannot be seen. */
  readonly repository: string | undefined;
  /** `refs/heads/topic` */
  readonly ref: string;
  readonly head: string;
}

/**
 * Who pushed to the branch of a request, those before it was opened as well: its iterations begin only there.
 * @see https://learn.microsoft.com/rest/api/azure/devops/git/pushes/list
 */
export async function readAzurePushers(
  client: HttpClient,
  { repository, ref, head }: SourceBranch,
  mergeBase: string | undefined,
): Promise<Pushers> {
  const found: Push[] = [];
  if (repository === undefined) return tracePushers(found, head, mergeBase);
  for (let page = 0; page < PAGES_OF_PUSHES; page++) {
    const query = `searchCriteria.refName=${encodeURIComponent(ref)}&searchCriteria.includeRefUpdates=true`;
    const below = `/pushes?${query}&$top=${PER_PAGE}&$skip=${page * PER_PAGE}`;
    const reply = await client.send({ method: 'GET', target: azurePath({ repository }, below) });
    if (!isSuccess(reply)) break;
    const { value } = parseAnswer(reply, Page, 'the pushes to the branch');
    found.push(...value.flatMap((push) => pushesOf(push, ref)));
    const pushers = tracePushers(found, head, mergeBase);
    if (pushers.complete || value.length < PER_PAGE) return pushers;
  }
  return tracePushers(found, head, mergeBase);
}

function pushesOf({ pushedBy, refUpdates }: z.infer<typeof AzurePush>, ref: string): readonly Push[] {
  const by = pushedBy?.uniqueName;
  if (!refUpdates) return [{ by, before: undefined, after: undefined }];
  return refUpdates
    .filter(({ name, newObjectId }) => name === ref && commitOf(newObjectId) !== undefined)
    .map(({ oldObjectId, newObjectId }) => ({ by, before: commitOf(oldObjectId), after: newObjectId }));
}
