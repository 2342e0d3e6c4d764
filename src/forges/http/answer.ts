import type { z } from 'zod';
import { SallyportError } from '../../errors/index.ts';
import type { JsonValue } from '../../system/index.ts';
import { revealHidden } from '../../text/index.ts';
import type { HttpClient, HttpRequest } from './client.ts';
import { countedEntries, type HttpReply, nextPage } from './reply.ts';

/** Pages that are read of one list. */
const MAX_PAGES = 50;
const MAX_SAID = 200;

/**
 * A reply of success, or the error that its status stands for.
 * @param what what was asked for, for the message: `the comments of #12`
 * @throws SallyportError SP2403 without the right, SP2404 when it is not there, SP2406 for any other refusal
 */
export function requireSuccess(reply: HttpReply, what: string): HttpReply {
  if (isSuccess(reply)) return reply;
  const said = `${what}: the forge answers ${reply.status}${quote(reply)}`;
  if (reply.status === 401 || reply.status === 203)
    throw new SallyportError('SP2403', said, { advice: 'The token is wrong or has expired.' });
  if (reply.status === 403) throw new SallyportError('SP2403', said);
  if (reply.status === 404 || reply.status === 410) throw new SallyportError('SP2404', said);
  if (isPage(reply))
    throw new SallyportError('SP2406', `${said} and sends a page`, {
      advice: 'Look whether a proxy or a sign-in stands before the API.',
    });
  throw new SallyportError('SP2406', said);
}

/** Azure answers 203 with a page to sign in, a proxy before a forge 200: neither says that anything was done. */
export function isSuccess(reply: HttpReply): boolean {
  return reply.status >= 200 && reply.status < 300 && reply.status !== 203 && !isPage(reply);
}

function isPage({ headers }: HttpReply): boolean {
  return /^\s*(?:text\/html|application\/xhtml)/i.test(headers.get('content-type') ?? '');
}

/** What the forge says about a refusal, as one short line of plain text; empty when it says nothing readable. */
export function saidBy(reply: HttpReply): string {
  const json = readJson(reply.text);
  if (json === undefined || json === null || typeof json !== 'object' || Array.isArray(json)) return '';
  const { message, error, errors } = json as { readonly [key: string]: JsonValue | undefined }; // Neither null nor an array.
  const parts = [message, error, errors].filter((part) => part !== undefined && part !== null);
  const text = parts.map((part) => (typeof part === 'string' ? part : JSON.stringify(part))).join('; ');
  return revealHidden(text).replace(/\s+/g, ' ').slice(0, MAX_SAID);
}

function quote(reply: HttpReply): string {
  const said = saidBy(reply);
  return said === '' ? '' : ` (${said})`;
}

/** @throws SallyportError SP2406 when the text is not JSON of this form */
export function parseAnswer<T>(reply: HttpReply, schema: z.ZodType<T>, what: string): T {
  const json = readJson(reply.text);
  const parsed = json === undefined ? undefined : schema.safeParse(json);
  if (parsed?.success === true) return parsed.data;
  const where = parsed?.error.issues[0]?.path.join('.') ?? '';
  throw new SallyportError('SP2406', `${what}: the answer is not what the API documents${where && ` (${where})`}`);
}

/** The value of a JSON text; `undefined` when it is none. */
export function readJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Sends a request and reads its answer. */
export async function ask<T>(client: HttpClient, request: HttpRequest, schema: z.ZodType<T>, what: string): Promise<T> {
  return parseAnswer(requireSuccess(await client.send(request), what), schema, what);
}

/** Sends a request whose answer says nothing of use. */
export async function tell(client: HttpClient, request: HttpRequest, what: string): Promise<void> {
  requireSuccess(await client.send(request), what);
}

/**
 * Every entry of a list that comes in pages: as long as the forge gives the address of a next one, or counts more entries
 * than came (Gitea gives no address for most lists).
 * @throws SallyportError SP2406 when there are more than 50 pages: what is read in part could be answered in part
 */
export async function askAll<T>(
  client: HttpClient,
  path: string,
  entry: z.ZodType<T>,
  what: string,
): Promise<readonly T[]> {
  const found: T[] = [];
  const first = `${path}${path.includes('?') ? '&' : '?'}${client.paging}`;
  let target: string | undefined = first;
  let before: string | undefined;
  for (let page = 1; target !== undefined; page++) {
    if (page > MAX_PAGES) throw new SallyportError('SP2406', `${what}: there are more than ${MAX_PAGES} pages`);
    const reply: HttpReply = requireSuccess(await client.send({ method: 'GET', target }), what);
    const entries = parseAnswer(reply, entry.array(), what);
    const next = nextPage(reply);
    // A list that knows no pages says the same again.
    if (next === undefined && reply.text === before) break;
    found.push(...entries);
    const isCut = entries.length > 0 && (countedEntries(reply) ?? 0) > found.length;
    target = next ?? (isCut ? `${first}&page=${page + 1}` : undefined);
    before = reply.text;
  }
  return found;
}

/** What is wanted of a list that is not read whole. */
interface PartOfList<T> {
  readonly entry: z.ZodType<T>;
  /** For the message of an error. */
  readonly what: string;
  /** That are read at most. */
  readonly pages: number;
  /** Whether the forge gives no address of a next page, so that it is asked for by number. Default: no. */
  readonly isNumbered?: boolean;
}

/**
 * The first entries of a list, page after page until they are enough. Fewer than there are where the list ends, a page is
 * refused, or so many pages were read: for a fact that may stay unknown, of a list that may be of any length.
 */
export async function askUntil<T>(
  client: HttpClient,
  path: string,
  { entry, what, pages, isNumbered = false }: PartOfList<T>,
  isEnough: (found: readonly T[]) => boolean,
): Promise<readonly T[]> {
  const found: T[] = [];
  const first = `${path}${path.includes('?') ? '&' : '?'}${client.paging}`;
  let target: string | undefined = first;
  let before: string | undefined;
  for (let page = 1; target !== undefined && page <= pages && !isEnough(found); page++) {
    const reply: HttpReply = await client.send({ method: 'GET', target });
    if (!isSuccess(reply)) return found;
    const entries = parseAnswer(reply, entry.array(), what);
    // A list that knows no pages says the same again.
    if (entries.length === 0 || reply.text === before) return found;
    found.push(...entries);
    target = nextPage(reply) ?? (isNumbered ? `${first}&page=${page + 1}` : undefined);
    before = reply.text;
  }
  return found;
}

/**
 * Every entry of a list whose count is that of one page (the timeline of Gitea): page after page until one is empty.
 * @throws SallyportError SP2406 when there are more than 50 pages
 */
export async function askUntilEmpty<T>(
  client: HttpClient,
  path: string,
  entry: z.ZodType<T>,
  what: string,
): Promise<readonly T[]> {
  const found: T[] = [];
  let before: string | undefined;
  for (let page = 1; page <= MAX_PAGES; page++) {
    const target = `${path}?${client.paging}&page=${page}`;
    const reply = requireSuccess(await client.send({ method: 'GET', target }), what);
    const entries = parseAnswer(reply, entry.array(), what);
    // A list that knows no pages says the same again.
    if (entries.length === 0 || reply.text === before) return found;
    found.push(...entries);
    before = reply.text;
  }
  throw new SallyportError('SP2406', `${what}: there are more than ${MAX_PAGES} pages`);
}
