/** Fake addresses of allowed names. Nothing is ever resolved for the sandbox: a resolver is a way out. */
export class NameTable {
  readonly #patterns: readonly string[];
  readonly #addresses = new Map<string, string>();
  readonly #names = new Map<string, string>();

  /** @param patterns exact names, or `*.suffix` for names below it. */
  constructor(patterns: readonly string[]) {
    this.#patterns = patterns.map((pattern) => pattern.toLowerCase());
  }

  /** The address inside for an allowed name; undefined for any other, and when the pool is used up. */
  addressOf(name: string): string | undefined {
    const known = this.#addresses.get(name);
    if (known !== undefined) return known;
    if (name === 'localhost') return '127.0.0.1';
    if (!this.#isAllowed(name) || this.#addresses.size >= POOL_SIZE) return undefined;
    const slot = this.#addresses.size + 1;
    const address = `127.9.${slot >> 8}.${slot & 0xff}`;
    this.#addresses.set(name, address);
    this.#names.set(address, name);
    return address;
  }

  /** The name an address was handed out for; an address that is allowed itself stands for itself. */
  nameAt(address: string): string | undefined {
    const plain = address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
    return this.#names.get(plain) ?? (this.#patterns.includes(plain) ? plain : undefined);
  }

  #isAllowed(name: string): boolean {
    return this.#patterns.some((pattern) =>
      pattern.startsWith('*.') ? name.endsWith(pattern.slice(1)) && name.length > pattern.length - 1 : name === pattern,
    );
  }
}

/** 127.9.0.1 to 127.9.255.0. A wildcard rule could otherwise be asked for names without end. */
const POOL_SIZE = 65_280;
