/** The run's signing key: made in memory, used for checkpoints, gone at the end. It is never written anywhere. */
import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import type { RandomBytes } from '../system/index.ts';
import { formatHead, type TreeHead } from './checkpoint.ts';
import { ED25519, formatNote, formatVerifierKey, keyId } from './note.ts';

const SEED_BYTES = 32;
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

export class RunKey {
  /** Name of the key and origin of the log (tlog-checkpoint wants them equal). */
  readonly origin: string;
  /** The public key as signed-note writes it. */
  readonly verifierKey: string;
  readonly #id: string;
  #key: KeyObject | undefined;

  private constructor(origin: string, key: KeyObject) {
    const material = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-SEED_BYTES);
    this.origin = origin;
    this.verifierKey = formatVerifierKey(origin, ED25519, material);
    this.#id = keyId(origin, ED25519, material);
    this.#key = key;
  }

  static create(origin: string, random: RandomBytes): RunKey {
    const seed = random(SEED_BYTES);
    const encoded = Buffer.concat([PKCS8_ED25519, seed]);
    const key = createPrivateKey({ key: encoded, format: 'der', type: 'pkcs8' });
    seed.fill(0);
    encoded.fill(0);
    return new RunKey(origin, key);
  }

  /** A signed checkpoint over this head. @throws Error after {@link destroy}. */
  sign(head: TreeHead): string {
    if (this.#key === undefined) throw new Error('the run key is destroyed');
    const text = formatHead(head);
    const bytes = sign(null, Buffer.from(text), this.#key);
    return formatNote({ text, signatures: [{ name: this.origin, id: this.#id, bytes }] });
  }

  /** Lets go of the key. The runtime's own copy is freed with it; no other was ever kept. */
  destroy(): void {
    this.#key = undefined;
  }
}
