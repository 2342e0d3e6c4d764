/** From an event to the bytes of its record: one canonical line, always short enough for a tile's entry. */
import type { JsonObject, JsonValue } from '../system/index.ts';
import { CanonicalError, canonicalize, quote, toCarriable } from './canonical.ts';
import type { LedgerEvent } from './record.ts';

/** Version of the record format. A verifier that meets a greater one says UNVERIFIABLE. */
export const RECORD_VERSION = 1;
/** A record stays below this; an entry bundle has only two bytes for its length (tlog-tiles, "Log entries"). */
export const MAX_LEAF_BYTES = 60 * 1024;
/** `prev` of the first record. */
export const NO_PREVIOUS = '0'.repeat(64);

/** A field longer than this moves out when the record as a whole is too long. */
const LARGE_FIELD_BYTES = 4096;
const SUMMARY_ENTRIES = 32;
const SUMMARY_CHARACTERS = 200;
const REASON_CHARACTERS = 2000;

/** Where a record stands. */
export interface Position {
  readonly origin: string;
  readonly sequence: number;
  /** Leaf hash of the record before, in hexadecimal. */
  readonly previous: string;
  /** Wall clock, milliseconds since the epoch. */
  readonly wall: number;
  /** Nanoseconds since the log was opened, monotonic. */
  readonly elapsed: number;
}

/** What a record says of a content that does not stand in it. */
export interface Commitment {
  readonly hmac: string;
  readonly bytes: number;
  /** Whether the content is kept, encrypted, under `blobs/`. */
  readonly stored: boolean;
}

/** The event's parts as canonical text, in a size that fits, and what had to move out to make them fit. */
export interface EventText {
  readonly agreement: string | undefined;
  readonly decision: string | undefined;
  readonly kind: string;
  readonly observed: string | undefined;
  readonly reported: string | undefined;
  readonly subject: string;
  /** Whole fields that were too long, by the name of their commitment. */
  readonly offloaded: ReadonlyMap<string, string>;
}

/** Write the parts of an event. Fields that would make the record too long keep a summary; the whole moves out. */
export function writeEvent(event: LedgerEvent): EventText {
  const offloaded = new Map<string, string>();
  const text: EventText = {
    agreement: event.agreement,
    decision: writeDecision(event),
    kind: event.kind,
    observed: event.observed && writeCarriable(event.observed),
    reported: event.reported && writeCarriable(event.reported),
    subject: writeCarriable(event.subject),
    offloaded,
  };
  const length = byteLength(text.decision) + byteLength(text.observed) + byteLength(text.reported);
  // Half of the limit leaves room for the commitments of a record and everything of fixed size.
  if (length + byteLength(text.subject) < MAX_LEAF_BYTES / 2) return text;
  const moveOut = (name: string, value: JsonObject | undefined, whole: string | undefined): string | undefined => {
    if (value === undefined || whole === undefined || byteLength(whole) <= LARGE_FIELD_BYTES) return whole;
    offloaded.set(`record.${name}`, whole);
    return writeCarriable(summarize(value, `record.${name}`));
  };
  return {
    ...text,
    decision: writeDecision(event, REASON_CHARACTERS),
    observed: moveOut('observed', event.observed, text.observed),
    reported: moveOut('reported', event.reported, text.reported),
    subject: moveOut('subject', event.subject, text.subject) ?? text.subject,
  };
}

/** The record's one line, without its newline. The keys stand in canonical order because they are written so. */
export function writeLeaf(event: EventText, at: Position, commitments: ReadonlyMap<string, Commitment>): string {
  let leaf = '{';
  if (event.agreement !== undefined) leaf += `"agreement":${quote(event.agreement)},`;
  if (commitments.size > 0) leaf += `"committed":${writeCommitments(commitments)},`;
  if (event.decision !== undefined) leaf += `"decision":${event.decision},`;
  leaf += `"kind":${quote(event.kind)},"log":${quote(at.origin)},"mono":${at.elapsed},`;
  if (event.observed !== undefined) leaf += `"observed":${event.observed},`;
  leaf += `"prev":"${at.previous}",`;
  if (event.reported !== undefined) leaf += `"reported":${event.reported},`;
  leaf += `"seq":${at.sequence},"subject":${event.subject},`;
  return `${leaf}"time":"${new Date(at.wall).toISOString()}","v":${RECORD_VERSION}}`;
}

function writeDecision({ decision }: LedgerEvent, limit = Number.POSITIVE_INFINITY): string | undefined {
  if (decision === undefined) return undefined;
  const text = (value: string): string => quote(cut(value, limit).toWellFormed());
  return `{"policy":${text(decision.policy)},"reason":${text(decision.reason)},"rule":${text(decision.rule)},"verdict":${text(decision.verdict)}}`;
}

function writeCommitments(commitments: ReadonlyMap<string, Commitment>): string {
  const entries = [...commitments].map(([name, { hmac, bytes, stored }]) => [name, { hmac, bytes, stored }] as const);
  return writeCarriable(Object.fromEntries(entries));
}

function writeCarriable(value: JsonObject): string {
  try {
    return canonicalize(value);
  } catch (error) {
    if (error instanceof CanonicalError) return canonicalize(toCarriable(value));
    throw error;
  }
}

/** What still lets a person recognise the record: its short scalars and the head of its strings. */
function summarize(value: JsonObject, name: string): JsonObject {
  const short: Record<string, JsonValue> = Object.create(null);
  for (const key of Object.keys(value).slice(0, SUMMARY_ENTRIES)) {
    const item = value[key];
    if (key.length > SUMMARY_CHARACTERS || item === undefined) continue;
    if (typeof item === 'string') short[key] = cut(item, SUMMARY_CHARACTERS);
    else if (item === null || typeof item !== 'object') short[key] = item;
  }
  short['oversized'] = name;
  return short;
}

function cut(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit)}…`;
}

function byteLength(text: string | undefined): number {
  return text === undefined ? 0 : Buffer.byteLength(text);
}
