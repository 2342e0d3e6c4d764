/** What an attacker does to a log, with and without its key. */
import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalize, parseCanonical } from '../../../src/ledger/canonical.ts';
import { hashLeaf, MerkleTree } from '../../../src/ledger/merkle.ts';
import {
  cosignedText,
  ED25519_COSIGNATURE,
  formatNote,
  formatVerifierKey,
  keyId,
  parseNote,
} from '../../../src/ledger/note.ts';
import { RunKey } from '../../../src/ledger/run-key.ts';
import type { JsonObject } from '../../../src/system/index.ts';
import { seededRandom } from './sample.ts';

export function readLog(directory: string): string[] {
  return readFileSync(join(directory, 'events.ndjson'), 'utf8').split('\n').slice(0, -1);
}

export function writeLog(directory: string, lines: readonly string[]): void {
  writeFileSync(join(directory, 'events.ndjson'), lines.map((line) => `${line}\n`).join(''));
}

export function edit(line: string, change: (record: JsonObject) => JsonObject): string {
  return canonicalize(change(parseCanonical(line)));
}

/** Number and chain the lines anew, so that every record follows from the one before. */
export function rechain(lines: readonly string[], origin?: string): string[] {
  let prev = '0'.repeat(64);
  return lines.map((line, seq) => {
    const chained = edit(line, (record) => ({
      ...record,
      seq,
      prev,
      ...(origin === undefined ? {} : { log: origin }),
    }));
    prev = hashLeaf(Buffer.from(chained));
    return chained;
  });
}

/** The key that `writeSample` used for this run: what a thief with access to the process would hold. */
export function stolenKey(runId: string): RunKey {
  return RunKey.create(`sallyport/run/${runId}`, seededRandom(runId));
}

/** A key of the attacker's own under the name of the run. */
export function ownKey(runId: string): RunKey {
  return RunKey.create(`sallyport/run/${runId}`, seededRandom('attacker'));
}

/** Replace the whole log: records, checkpoints, latest checkpoint, key; drop the tiles, which are derived. */
export function resign(directory: string, lines: readonly string[], key: RunKey, every = 20): void {
  const tree = new MerkleTree();
  const notes: string[] = [];
  for (const [index, line] of lines.entries()) {
    tree.append(hashLeaf(Buffer.from(line)));
    if ((index + 1) % every === 0 || index === lines.length - 1)
      notes.push(key.sign({ origin: key.origin, size: tree.size, root: tree.root() }));
  }
  writeLog(directory, lines);
  writeFileSync(join(directory, 'checkpoints.ndjson'), notes.map((note) => `${canonicalize({ note })}\n`).join(''));
  writeFileSync(join(directory, 'checkpoint'), notes.at(-1) ?? '');
  writeFileSync(join(directory, 'log.vkey'), `${key.verifierKey}\n`);
  rmSync(join(directory, 'tile'), { recursive: true, force: true });
}

/** A witness with a key of its own. */
export class TestWitness {
  readonly verifierKey: string;
  readonly #name: string;
  readonly #material: Buffer;
  readonly #key: ReturnType<typeof createPrivateKey>;

  constructor(name: string) {
    const seed = seededRandom(name)(32);
    const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
    this.#name = name;
    this.#key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
    this.#material = createPublicKey(this.#key).export({ format: 'der', type: 'spki' }).subarray(-32);
    this.verifierKey = formatVerifierKey(name, ED25519_COSIGNATURE, this.#material);
  }

  /** The note with this witness's cosignature added. */
  cosign(source: string, time = 1_767_323_045n): string {
    const note = parseNote(source);
    const stamp = Buffer.alloc(8);
    stamp.writeBigUInt64BE(time);
    const bytes = Buffer.concat([stamp, sign(null, Buffer.from(cosignedText(note.text, time)), this.#key)]);
    const id = keyId(this.#name, ED25519_COSIGNATURE, this.#material);
    return formatNote({ text: note.text, signatures: [...note.signatures, { name: this.#name, id, bytes }] });
  }
}
