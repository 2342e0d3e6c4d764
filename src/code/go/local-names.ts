/**
 * The variables of a block. Go declares in the middle of a block and lets a block hide what is outside, also a package:
 * `path := path.Clean(p)`. What a name means is therefore decided here, while the block is read from top to bottom.
 */
export class LocalNames {
  readonly #outer: LocalNames | undefined;
  readonly #own = new Set<string>();

  constructor(outer: LocalNames | undefined) {
    this.#outer = outer;
  }

  declare(name: string): void {
    this.#own.add(name);
  }

  /** Whether this very block declares it. */
  hasOwn(name: string): boolean {
    return this.#own.has(name);
  }

  /** Whether the block or one around it declares it. */
  has(name: string): boolean {
    for (let scope: LocalNames | undefined = this; scope; scope = scope.#outer) if (scope.#own.has(name)) return true;
    return false;
  }
}
