/** Names to cells, as written in the source. Values of cells are in the store. */
export class Scope {
  readonly parent: Scope | undefined;
  /** The scope to which undeclared assignments go: a function's or a module's. */
  readonly function: Scope;
  readonly #cells = new Map<string, number>();

  constructor(parent: Scope | undefined, kind: 'function' | 'block') {
    this.parent = parent;
    this.function = kind === 'block' && parent ? parent.function : this;
  }

  /** The cell that a name means here. */
  find(name: string): number | undefined {
    for (let scope: Scope | undefined = this; scope; scope = scope.parent) {
      const cell = scope.#cells.get(name);
      if (cell !== undefined) return cell;
    }
    return undefined;
  }

  /** The cell of a name in this scope alone. */
  own(name: string): number | undefined {
    return this.#cells.get(name);
  }

  declare(name: string, cell: number): void {
    this.#cells.set(name, cell);
  }

  names(): IterableIterator<string> {
    return this.#cells.keys();
  }
}
