import type { Gap, Span } from './source.ts';

/** Caps of the Groovy reader: what is longer or deeper is a gap. */
export const GROOVY_LIMITS = { characters: 1_000_000, depth: 64, tokens: 400_000 } as const;

/** One `${…}` or `$name` in a string that Groovy fills in before anybody else sees the text. */
export interface GroovyInterpolation {
  /** First character and length in `GroovyString.text`, delimiters included. */
  readonly index: number;
  readonly length: number;
  /** As spelled between the delimiters. */
  readonly source: string;
}

export interface GroovyString {
  readonly kind: 'string';
  /** Quotes included. */
  readonly span: Span;
  /** After escapes; interpolations as spelled. */
  readonly text: string;
  readonly quote: "'" | '"' | "'''" | '"""' | '/' | '$/';
  readonly interpolations: readonly GroovyInterpolation[];
  /** Offset in the file of the character at `index` of `text`. */
  offsetOf(index: number): number;
}

export interface GroovyArgument {
  /** `script` in `sh script: 'make'`. */
  readonly name: string | undefined;
  readonly nameSpan: Span | undefined;
  readonly value: GroovyValue;
}

/** A call in any form: `sh 'x'`, `sh(script: 'x')`, `stage('x') { … }`, `steps { … }`, `if (x) { … }`, `@Library('x')`. */
export interface GroovyCall {
  readonly kind: 'call';
  /** Dotted name; a call on the result of another begins with a dot: `.trim`. */
  readonly name: string;
  readonly nameSpan: Span;
  readonly span: Span;
  readonly arguments: readonly GroovyArgument[];
  readonly body: GroovyBlock | undefined;
  readonly receiver: GroovyCall | undefined;
}

export interface GroovyReference {
  readonly kind: 'reference';
  /** `params.BRANCH`, `env.CHANGE_TITLE`, `scm`. */
  readonly name: string;
  readonly span: Span;
}

export interface GroovyList {
  readonly kind: 'list';
  readonly span: Span;
  /** Named ones make it a map. */
  readonly items: readonly GroovyArgument[];
}

export interface GroovyClosure {
  readonly kind: 'closure';
  readonly span: Span;
  readonly body: GroovyBlock;
}

export interface GroovyLiteral {
  readonly kind: 'literal';
  readonly text: string;
  readonly span: Span;
}

export type GroovyPart = GroovyString | GroovyCall | GroovyReference | GroovyList | GroovyClosure | GroovyLiteral;

/** An expression as the sequence of its parts; operators are left out. */
export interface GroovyValue {
  readonly parts: readonly GroovyPart[];
  readonly span: Span;
}

export interface GroovyStatement {
  /** Name on the left of `=`. */
  readonly target: { readonly name: string; readonly span: Span } | undefined;
  readonly value: GroovyValue;
  readonly span: Span;
}

export interface GroovyBlock {
  readonly statements: readonly GroovyStatement[];
  /** Braces included. */
  readonly span: Span;
}

/** What a Groovy file says, as far as calls, strings and blocks go. Never throws on content. */
export interface GroovyReading {
  readonly block: GroovyBlock;
  readonly gaps: readonly Gap[];
}

/** The argument of a name, or the first without one when `name` is undefined. */
export function argumentOf(call: GroovyCall, name?: string): GroovyValue | undefined {
  return call.arguments.find((argument) => argument.name === name)?.value;
}

/** The one string that a value is; undefined for anything else. */
export function stringOf(value: GroovyValue | undefined): GroovyString | undefined {
  const only = value?.parts.length === 1 ? value.parts[0] : undefined;
  return only?.kind === 'string' ? only : undefined;
}
