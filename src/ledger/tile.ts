/** C2SP tlog-tiles: the tree's hashes as static files of up to 256, from which any proof can be made. */
import { HASH_BYTES } from './merkle.ts';

const FULL_WIDTH = 256;

/** One file of hashes. `path` is relative to the log's directory. */
export interface Tile {
  readonly path: string;
  readonly bytes: Buffer;
  readonly derived: true;
}

interface OpenTile {
  readonly bytes: Buffer;
  index: number;
  width: number;
}

/** Collects hashes into tiles; hand its `add` to a `MerkleTree`. */
export class TileBuilder {
  readonly #levels: OpenTile[] = [];
  #full: Tile[] = [];

  add(level: number, hash: string): void {
    let open = this.#levels[level];
    if (open === undefined) {
      open = { bytes: Buffer.alloc(FULL_WIDTH * HASH_BYTES), index: 0, width: 0 };
      this.#levels[level] = open;
    }
    open.bytes.write(hash, open.width * HASH_BYTES, 'hex');
    open.width += 1;
    if (open.width < FULL_WIDTH) return;
    this.#full.push({ path: tilePath(level, open.index), bytes: Buffer.from(open.bytes), derived: true });
    open.index += 1;
    open.width = 0;
  }

  /** The tiles that became full since the last call. */
  takeFull(): readonly Tile[] {
    if (this.#full.length === 0) return [];
    const full = this.#full;
    this.#full = [];
    return full;
  }

  /** The partial tiles at the right edge of the tree as it stands. */
  partial(): readonly Tile[] {
    return this.#levels.flatMap((open, level) =>
      open.width === 0
        ? []
        : [
            {
              path: `${tilePath(level, open.index)}.p/${open.width}`,
              bytes: Buffer.from(open.bytes.subarray(0, open.width * HASH_BYTES)),
              derived: true as const,
            },
          ],
    );
  }
}

/** `tile/<L>/<N>` with N in groups of three digits, all but the last marked with `x` (tlog-tiles, "Merkle Tree"). */
export function tilePath(level: number, index: number): string {
  const groups: string[] = [];
  let rest = index;
  do {
    groups.unshift(String(rest % 1000).padStart(3, '0'));
    rest = Math.floor(rest / 1000);
  } while (rest > 0);
  const last = groups.pop() ?? '000';
  return ['tile', String(level), ...groups.map((group) => `x${group}`), last].join('/');
}
