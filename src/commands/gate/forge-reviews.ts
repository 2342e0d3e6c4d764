import { setTimeout } from 'node:timers/promises';
import { type ChangeIdentity, type ForgeReviewRecord, readForgeReview } from '../../attest/index.ts';
import { SallyportError } from '../../errors/index.ts';
import { type Environment, openForge } from '../../forges/index.ts';
import { systemClock } from '../../system/index.ts';
import { requireJob } from '../post/job.ts';
import { chooseAccess, chooseTarget } from '../post/target.ts';
import { readNamedFile } from './input.ts';

/**
 * Asks the forge of this job who reviewed the request and who pushed it. The only thing of the gate that needs a
 * network; the token may be one that can only read.
 * @throws SallyportError SP2402 where job, request or token are not known, SP24xx when the forge refuses
 */
export async function askForge(environment: Environment): Promise<ForgeReviewRecord> {
  const context = await requireJob(environment, '--ask-forge');
  const { forge: name, repository, number } = chooseTarget({}, context);
  const { headCommit } = context;
  if (number === undefined || headCommit === undefined)
    throw new SallyportError('SP2402', 'this job is for no pull or merge request', {
      advice: 'Run it for a request, or leave out --ask-forge.',
    });
  const time = { clock: systemClock, sleep: (milliseconds: number) => setTimeout(milliseconds) };
  const forge = openForge(chooseAccess(name, {}, context, environment), time);
  const reference = { repository, number, headCommit, baseCommit: undefined };
  const reviews = await forge.readReviews(reference);
  // The head last: a push between the two questions must not pass for what was reviewed.
  const change = await forge.readChange(reference);
  return {
    forge: name,
    repository,
    number,
    headCommit: change.reference.headCommit,
    author: change.author,
    lastPusher: change.lastPusher ?? null,
    pushers: [...new Set(change.pushers.logins)].sort(),
    pushersComplete: change.pushers.complete,
    readAt: new Date(systemClock.now()).toISOString(),
    reviews: reviews.map(({ login, accountId, state, commit, at, bot }) => ({
      ...{ login, accountId: accountId ?? null, state, commit: commit ?? null, at, bot },
    })),
  };
}

/**
 * What the forge said when an earlier gate asked it: `forgeReviews` of what `gate --ask-forge --format json` wrote.
 * @throws SallyportError SP2703
 */
export async function readForgeReviews(path: string): Promise<ForgeReviewRecord> {
  const text = (await readNamedFile(path)).toString('utf8');
  const record = readForgeReview(reviewsIn(text));
  if (record !== undefined) return record;
  throw new SallyportError('SP2703', `${path} holds no reviews of a forge`, {
    advice: 'Hand in what `sallyport gate --ask-forge --format json` wrote.',
  });
}

function reviewsIn(text: string): unknown {
  try {
    const report: unknown = JSON.parse(text);
    const gate = fieldOf(report, 'gate') ?? report;
    return fieldOf(gate, 'forgeReviews') ?? gate;
  } catch (error) {
    // The caller says what the file is not.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  // Sound: an object that has the field.
  return (value as { readonly [field: string]: unknown })[name];
}

/** @throws SallyportError SP2407 when the request is at another commit than the change */
export function checkReviewed(record: ForgeReviewRecord, { headCommit }: ChangeIdentity): void {
  if (record.headCommit === headCommit) return;
  const { number, headCommit: other } = record;
  throw new SallyportError('SP2407', `request ${number} is at ${other}, and the change is ${headCommit}`);
}
