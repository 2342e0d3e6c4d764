/**
 * The Merkle tree of RFC 6962 §2.1 over SHA-256, grown one leaf at a time in memory of logarithmic size.
 *
 * Hashes are hexadecimal strings: the runtime makes such a digest in less than half the time of one in a buffer.
 */
import { hash } from 'node:crypto';

/** Length of every hash here, in bytes. */
export const HASH_BYTES = 32;
/** Domain separation (RFC 6962 §2.1): without it an inner node could be presented as a leaf. */
const LEAF_PREFIX = 0x00;
const NODE_PREFIX = 0x01;
const NODE_BYTES = 1 + 2 * HASH_BYTES;

/** Called for each complete subtree whose height is a multiple of eight: exactly the hashes that C2SP tiles hold. */
export type TileSink = (level: number, hash: string) => void;

/** Hash of a leaf that stands behind a byte reserved for the prefix: `SHA-256(0x00 ‖ leaf)` without a copy. */
export function hashPrefixedLeaf(prefixed: Uint8Array): string {
  prefixed[0] = LEAF_PREFIX;
  return hash('sha256', prefixed);
}

/** `SHA-256(0x00 ‖ leaf)`. */
export function hashLeaf(leaf: Uint8Array): string {
  const prefixed = new Uint8Array(leaf.length + 1);
  prefixed.set(leaf, 1);
  return hashPrefixedLeaf(prefixed);
}

/** `SHA-256(0x01 ‖ left ‖ right)`. */
export function hashNode(left: string, right: string, scratch = Buffer.allocUnsafe(NODE_BYTES)): string {
  scratch[0] = NODE_PREFIX;
  scratch.write(left, 1, 'hex');
  scratch.write(right, 1 + HASH_BYTES, 'hex');
  return hash('sha256', scratch);
}

/** An append-only tree that keeps only the roots of its complete subtrees, one for each bit set in its size. */
export class MerkleTree {
  readonly #sink: TileSink | undefined;
  /** Roots of the complete subtrees, largest first. */
  readonly #peaks: string[] = [];
  readonly #scratch = Buffer.alloc(NODE_BYTES);
  #size = 0;

  constructor(sink?: TileSink) {
    this.#sink = sink;
  }

  /** How many leaves there are. */
  get size(): number {
    return this.#size;
  }

  append(leafHash: string): void {
    this.#sink?.(0, leafHash);
    let node = leafHash;
    let height = 0;
    for (let rest = this.#size; rest % 2 === 1; rest = Math.floor(rest / 2)) {
      node = hashNode(this.#peaks.pop() ?? node, node, this.#scratch);
      height += 1;
      if (height % 8 === 0) this.#sink?.(height / 8, node);
    }
    this.#peaks.push(node);
    this.#size += 1;
  }

  /** The tree's root at its present size; `SHA-256('')` when empty. */
  root(): string {
    const last = this.#peaks.at(-1);
    if (last === undefined) return hash('sha256', '');
    let root = last;
    for (let index = this.#peaks.length - 2; index >= 0; index--)
      root = hashNode(this.#peaks[index] ?? root, root, this.#scratch);
    return root;
  }
}
