import type { CodeLanguage } from '../../../src/code/index.ts';
import type { TaintCategory } from '../../../src/taint/catalogue.ts';

/** A row's name as a program writes it: what it imports, and the expression that has the name. */
export interface SpelledThing {
  readonly imports: readonly string[];
  readonly expression: string;
}

/** How programs of a language are written for the rows of the catalogue. */
export interface Dialect {
  readonly language: CodeLanguage;
  readonly ending: string;
  /** A handler of a request whose local `outside` holds outsiders' data, around some lines. */
  handler(imports: readonly string[], lines: readonly string[]): string;
  spell(match: string): SpelledThing;
  /** Something of a library's type, by the type's name. */
  typed(name: string): SpelledThing;
  construct(expression: string, positional: readonly string[], named: ReadonlyMap<string, string>): string;
  list(items: readonly string[]): string;
  map(key: string, value: string): string;
  /** Lines that go on only when the test holds. */
  guarded(test: string, lines: readonly string[]): readonly string[];
  /** Lines that go on only when the call gives no error. */
  checked(call: string, lines: readonly string[]): readonly string[];
  declare(name: string, value: string): string;
  /** A variable that a call can fill, and how it is passed. */
  empty(name: string): { readonly line: string; readonly passed: string };
  /** `§` is what flows there. */
  readonly sinks: Partial<Record<TaintCategory, string>>;
  /** Names of libraries and how they are written, for conditions on names. */
  readonly names: Readonly<Record<string, string>>;
  /** Types of things on which methods are called, for conditions on receivers. */
  readonly receivers: readonly string[];
}
