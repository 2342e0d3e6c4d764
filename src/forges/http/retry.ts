import type { HttpReply } from './reply.ts';

/** GitHub asks for a minute at least when it limits without saying for how long. */
const UNSAID_LIMIT = 60_000;
const FIRST_WAIT = 1_000;
/** GitHub says 403 for its limits, too; only its words tell them from a missing right. */
const LIMIT_WORDS = /secondary rate limit|abuse detection|rate limit exceeded/i;

/**
 * How long to wait before the same request is worth another try, milliseconds; `undefined` when the reply is final.
 * @param tries how often it was sent already, from 1
 * @see https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api
 */
export function waitBeforeRetry(reply: HttpReply, tries: number, now: number): number | undefined {
  if (isLimited(reply)) return saidWait(reply, now) ?? UNSAID_LIMIT * 2 ** (tries - 1);
  // Also the statuses above 511 that proxies before a forge have of their own (520 to 530).
  return reply.status >= 500 ? (retryAfter(reply, now) ?? waitAfterFault(tries)) : undefined;
}

/** After a fault of the line: one second, two, four. */
export function waitAfterFault(tries: number): number {
  return FIRST_WAIT * 2 ** (tries - 1);
}

/** Whether a reply says that there were too many requests, and not that something is forbidden. */
function isLimited(reply: HttpReply): boolean {
  if (reply.status === 429) return true;
  if (reply.status !== 403) return false;
  const exhausted = reply.headers.get('x-ratelimit-remaining') === '0';
  return exhausted || reply.headers.has('retry-after') || LIMIT_WORDS.test(reply.text);
}

function saidWait(reply: HttpReply, now: number): number | undefined {
  return (
    retryAfter(reply, now) ?? untilReset(reply, 'x-ratelimit-reset', now) ?? untilReset(reply, 'ratelimit-reset', now)
  );
}

/** Seconds or an HTTP date (RFC 9110 §10.2.3). */
function retryAfter({ headers }: HttpReply, now: number): number | undefined {
  const text = headers.get('retry-after')?.trim();
  if (text === undefined || text === '') return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** Seconds since the epoch; one more, because clocks differ. */
function untilReset({ headers }: HttpReply, name: string, now: number): number | undefined {
  const text = headers.get(name)?.trim() ?? '';
  return /^\d{1,12}$/.test(text) ? Math.max(0, Number(text) * 1000 - now) + 1000 : undefined;
}
