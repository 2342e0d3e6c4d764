import { ANY, type CharacterSet, complement, DIGITS, LINE, SPACE, single, union, WORD } from './character-set.ts';

/** A regular expression as a tree. What takes no character (anchors, lookarounds, `\b`) is `empty`, `start` or `end`. */
export type Expression =
  | { readonly kind: 'empty' }
  /** `^`, `\A`: what stands before must be the beginning. */
  | { readonly kind: 'start' }
  /** `$`, `\Z`, `\z`: what follows must be the end. */
  | { readonly kind: 'end' }
  | { readonly kind: 'characters'; readonly set: CharacterSet }
  | { readonly kind: 'sequence'; readonly parts: readonly Expression[] }
  | { readonly kind: 'choice'; readonly parts: readonly Expression[] }
  | { readonly kind: 'repeat'; readonly body: Expression; readonly least: number; readonly most: number };

const DEEPEST = 60;
const LONGEST = 2_000;
const EMPTY: Expression = { kind: 'empty' };

const CLASSES: Readonly<Record<string, CharacterSet>> = {
  d: DIGITS,
  D: complement(DIGITS),
  w: WORD,
  W: complement(WORD),
  s: SPACE,
  S: complement(SPACE),
};

const CONTROLS: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', f: '\f', v: '\v', 0: '\0' };

/**
 * Reads an expression as JavaScript and Python write it. `undefined` for what is not understood in full: references to
 * groups, conditions, and expressions of more than 2,000 characters or 60 levels.
 */
export function readExpression(pattern: string): Expression | undefined {
  if (pattern.length > LONGEST) return undefined;
  const reader = new Reader(pattern);
  const expression = reader.choice(0);
  return reader.failed || reader.at < pattern.length ? undefined : expression;
}

/** A descent through the pattern; `failed` once something was met that is not understood. */
class Reader {
  readonly #pattern: string;
  at = 0;
  failed = false;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  choice(depth: number): Expression {
    if (depth > DEEPEST) return this.#fail();
    const parts = [this.#sequence(depth)];
    while (this.#take('|')) parts.push(this.#sequence(depth));
    return parts.length === 1 && parts[0] ? parts[0] : { kind: 'choice', parts };
  }

  #sequence(depth: number): Expression {
    const parts: Expression[] = [];
    while (this.at < this.#pattern.length && !this.failed && !'|)'.includes(this.#peek()))
      parts.push(this.#repeated(this.#atom(depth)));
    return parts.length === 0 ? EMPTY : { kind: 'sequence', parts };
  }

  #repeated(body: Expression): Expression {
    const count = this.#count();
    if (!count) return body;
    // Lazy and possessive marks change the order of the search, not what it may try.
    if (this.#peek() === '?' || this.#peek() === '+') this.at++;
    return { kind: 'repeat', body, ...count };
  }

  #count(): { readonly least: number; readonly most: number } | undefined {
    if (this.#take('*')) return { least: 0, most: Number.POSITIVE_INFINITY };
    if (this.#take('+')) return { least: 1, most: Number.POSITIVE_INFINITY };
    if (this.#take('?')) return { least: 0, most: 1 };
    const [whole, least = '', comma, most = ''] = /^\{(\d{1,5})(,)?(\d{0,5})\}/.exec(this.#rest(16)) ?? [];
    if (whole === undefined) return undefined;
    this.at += whole.length;
    const top = comma === undefined ? Number(least) : most === '' ? Number.POSITIVE_INFINITY : Number(most);
    return { least: Number(least), most: top };
  }

  #atom(depth: number): Expression {
    const character = this.#next();
    switch (character) {
      case '(':
        return this.#group(depth);
      case '[':
        return { kind: 'characters', set: this.#class() };
      case '\\':
        return this.#escape();
      case '.':
        return { kind: 'characters', set: LINE };
      case '^':
        return { kind: 'start' };
      case '$':
        return { kind: 'end' };
      default:
        return { kind: 'characters', set: single(character) };
    }
  }

  #group(depth: number): Expression {
    const [mark] = /^\?(?::|<?[=!]|P?<[\w$]{1,64}>|#|[aiLmsux-]{1,8}[:)])/.exec(this.#rest(72)) ?? [];
    if (mark === undefined && this.#peek() === '?') return this.#fail();
    this.at += mark?.length ?? 0;
    if (mark === '?#') this.#skipTo(')');
    if (mark?.endsWith(')')) return EMPTY;
    const inner = this.choice(depth + 1);
    if (!this.#take(')')) return this.#fail();
    // A look ahead or behind takes nothing; that it narrows what follows is left out.
    return mark !== undefined && /[=!]$/.test(mark) ? EMPTY : inner;
  }

  #escape(): Expression {
    const character = this.#next();
    if (character === 'A' || character === 'G') return { kind: 'start' };
    if (character === 'b' || character === 'B') return EMPTY;
    if (character === 'Z' || character === 'z') return { kind: 'end' };
    if (/[1-9k]/.test(character)) return this.#fail();
    const set = this.#escaped(character);
    return set ? { kind: 'characters', set } : this.#fail();
  }

  /** The set behind a backslash; its letter was read. */
  #escaped(letter: string): CharacterSet | undefined {
    const known = CLASSES[letter];
    if (known) return known;
    if (letter === 'p' || letter === 'P') {
      this.#skipTo('}');
      return complement([[0, 0x7f]]);
    }
    const control = CONTROLS[letter];
    if (control !== undefined) return single(control);
    const [code] = /^(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|u\{[0-9a-fA-F]{1,6}\})/.exec(letter + this.#rest(8)) ?? [];
    if (code === undefined) return /[a-zA-Z]/.test(letter) ? undefined : single(letter);
    this.at += code.length - 1;
    const point = Number.parseInt(code.replace(/[xu{}]/g, ''), 16);
    return [[point, point]];
  }

  #class(): CharacterSet {
    const negated = this.#take('^');
    const sets: CharacterSet[] = [];
    // A bracket in the first place closes in JavaScript and is a character in Python; the empty class is rare.
    while (this.at < this.#pattern.length && this.#peek() !== ']' && !this.failed) sets.push(this.#classPart());
    if (!this.#take(']')) this.#fail();
    return negated ? complement(union(sets)) : union(sets);
  }

  #classPart(): CharacterSet {
    const from = this.#classCharacter();
    const [first] = from;
    const isPlain = from.length === 1 && first !== undefined && first[0] === first[1];
    if (!isPlain || this.#peek() !== '-' || this.#pattern[this.at + 1] === ']') return from;
    this.at++;
    const to = this.#classCharacter()[0]?.[1] ?? first[0];
    return to < first[0] ? from : [[first[0], to]];
  }

  #classCharacter(): CharacterSet {
    const character = this.#next();
    if (character !== '\\') return single(character);
    const letter = this.#next();
    return letter === 'b' ? single('\b') : (this.#escaped(letter) ?? this.#unknown());
  }

  #unknown(): CharacterSet {
    this.failed = true;
    return ANY;
  }

  #fail(): Expression {
    this.failed = true;
    return EMPTY;
  }

  #skipTo(end: string): void {
    const found = this.#pattern.indexOf(end, this.at);
    this.at = found < 0 ? this.#pattern.length : found + (end === ')' ? 0 : 1);
  }

  #peek(): string {
    return this.#pattern.charAt(this.at);
  }

  #rest(length: number): string {
    return this.#pattern.slice(this.at, this.at + length);
  }

  #take(character: string): boolean {
    if (this.#peek() !== character || character === '') return false;
    this.at++;
    return true;
  }

  #next(): string {
    const code = this.#pattern.codePointAt(this.at);
    if (code === undefined) {
      this.failed = true;
      return '';
    }
    const character = String.fromCodePoint(code);
    this.at += character.length;
    return character;
  }
}
