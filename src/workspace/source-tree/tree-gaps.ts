import type { Gap } from '../../syntax/index.ts';

/** A gap that concerns a whole file. */
export function createTreeGap(kind: Gap['kind'], path: string, message: string): Gap {
  return { kind, message, place: { file: path, span: { start: 0, end: 0 } } };
}

/** The gaps of one tree, each once; grows while files are read. */
export class TreeGaps {
  readonly gaps: Gap[] = [];
  readonly #most: number;
  readonly #seen = new Set<string>();

  constructor(most: number) {
    this.#most = most;
  }

  note(kind: Gap['kind'], path: string, message: string): void {
    const name = `${kind}:${path}`;
    if (this.#seen.has(name) || this.gaps.length >= this.#most) return;
    this.#seen.add(name);
    const last = this.gaps.length === this.#most - 1;
    this.gaps.push(
      last ? createTreeGap('cap', path, `more than ${this.#most - 1} gaps`) : createTreeGap(kind, path, message),
    );
  }
}
