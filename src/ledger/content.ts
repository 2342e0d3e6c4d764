/** The contents that a record commits to: gathered when it is written, opened when somebody has the salt. */
import { join } from 'node:path';
import { SallyportError } from '../errors/index.ts';
import { objectOf, type RandomBytes, readFileNoFollow, textOf } from '../system/index.ts';
import type { SideFile } from './batch.ts';
import { blobPath, commit, isCommitted, SALT_BYTES, seal, unseal } from './commitment.ts';
import { FILES } from './journal.ts';
import type { Commitment, EventText } from './leaf.ts';
import { readLines } from './lines.ts';
import { readRecords } from './read.ts';
import type { LedgerEvent } from './record.ts';

/** Everything that belongs to the contents of one record. */
export interface RecordContent {
  readonly salt: Buffer;
  readonly commitments: ReadonlyMap<string, Commitment>;
  readonly blobs: readonly SideFile[];
}

/** Commit to what the caller named and to the fields that were too long; the latter are kept, sealed. */
export function commitContent(event: LedgerEvent, text: EventText, random: RandomBytes): RecordContent | undefined {
  if (event.committed === undefined && text.offloaded.size === 0) return undefined;
  const salt = random(SALT_BYTES);
  const commitments = new Map<string, Commitment>();
  const blobs: SideFile[] = [];
  for (const [name, content] of Object.entries(event.committed ?? {})) {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    commitments.set(name, { hmac: commit(salt, name, bytes), bytes: bytes.length, stored: false });
  }
  for (const [name, content] of text.offloaded) {
    const bytes = Buffer.from(content);
    const hmac = commit(salt, name, bytes);
    commitments.set(name, { hmac, bytes: bytes.length, stored: true });
    blobs.push({ path: blobPath(hmac), bytes: seal(salt, name, bytes), derived: false });
  }
  return { salt, commitments, blobs };
}

/**
 * Open a content that a record keeps under `blobs/`.
 *
 * @param name the content's name in the record's `committed`.
 * @throws SallyportError SP1508 when the record keeps no such content, or its salt or blob are gone or were changed.
 */
export async function openContent(directory: string, sequence: number, name: string): Promise<Buffer> {
  const hmac = findCommitment(directory, sequence, name);
  const salt = findSalt(directory, sequence);
  if (salt === undefined) throw cannotOpen(sequence, name, 'its salt is not there');
  let content: Buffer;
  try {
    content = unseal(salt, name, await readFileNoFollow(join(directory, blobPath(hmac))));
  } catch (cause) {
    throw cannotOpen(sequence, name, 'its blob is gone, or was changed', cause);
  }
  if (!isCommitted(hmac, salt, name, content)) throw cannotOpen(sequence, name, 'its blob was changed');
  return content;
}

/** What the record says it keeps under this name. A hostile one must not name a path. */
function findCommitment(directory: string, sequence: number, name: string): string {
  const stored = readRecords(directory).find((entry) => entry.sequence === sequence);
  if (stored?.record === undefined) throw cannotOpen(sequence, name, 'there is no such record');
  const committed = objectOf(stored.record['committed']);
  const kept = Object.keys(committed).filter((key) => objectOf(committed[key])['stored'] === true);
  if (!kept.includes(name)) throw cannotOpen(sequence, name, `the record keeps ${kept.join(', ') || 'no content'}`);
  const hmac = textOf(objectOf(committed[name])['hmac']);
  if (!/^[0-9a-f]{64}$/.test(hmac)) throw cannotOpen(sequence, name, 'the record is damaged');
  return hmac;
}

function cannotOpen(sequence: number, name: string, reason: string, cause?: unknown): SallyportError {
  return new SallyportError('SP1508', `'${name}' of record ${sequence} cannot be opened: ${reason}`, { cause });
}

/** The salt of a record, unless it was erased. */
export function findSalt(directory: string, sequence: number): Buffer | undefined {
  const wanted = new RegExp(`^\\{"salt":"([0-9a-f]{${2 * SALT_BYTES}})","seq":${sequence}\\}$`);
  for (const line of readLines(join(directory, FILES.salts))) {
    const match = wanted.exec(line.bytes.toString());
    if (match?.[1] !== undefined) return Buffer.from(match[1], 'hex');
  }
  return undefined;
}
