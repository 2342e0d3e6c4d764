import {
  GROOVY_LIMITS,
  type GroovyArgument,
  type GroovyBlock,
  type GroovyCall,
  type GroovyPart,
  type GroovyReading,
  type GroovyStatement,
  type GroovyValue,
} from './groovy.ts';
import { type GroovyToken, type GroovyTokens, readGroovyTokens } from './groovy-token.ts';
import type { Gap, SourceFile, Span } from './source.ts';

/** Words that stand before a statement or value and say nothing about what is called. */
const FILLERS = new Set(['def', 'final', 'return', 'new', 'import', 'package', 'static', 'private', 'public', 'throw']);
/** Words that join values, and so never begin the argument of a call without parentheses. */
const JOINERS = new Set(['in', 'instanceof', 'as', 'else', 'catch', 'finally', 'while']);
const CONTROLS = new Set(['if', 'while', 'for', 'switch', 'catch', 'synchronized', 'else', 'try', 'finally', 'do']);

/**
 * Read a Groovy file as blocks, calls and strings: enough for a Jenkinsfile, tolerant of everything else. It never
 * throws, and what it did not understand is a gap.
 */
export function readGroovy(file: SourceFile): GroovyReading {
  const whole: Span = { start: 0, end: file.text.length };
  if (file.text.length > GROOVY_LIMITS.characters) {
    const message = `more than ${GROOVY_LIMITS.characters} characters`;
    return {
      block: { statements: [], span: whole },
      gaps: [{ kind: 'cap', message, place: { file: file.path, span: whole } }],
    };
  }
  const read = readGroovyTokens(file.text);
  const parser = new Parser(read, file.path);
  const statements = parser.statements(0, read.tokens.length, 0);
  const faults: Gap[] = read.faults.map(({ message, span }) => ({
    kind: 'syntax',
    message,
    place: { file: file.path, span },
  }));
  return { block: { statements, span: whole }, gaps: [...faults, ...parser.gaps] };
}

/** Walks the tokens once, from left to right; brackets are already paired, so that damage stays inside its bracket. */
class Parser {
  readonly gaps: Gap[] = [];
  readonly #tokens: readonly GroovyToken[];
  readonly #partners: ReadonlyMap<number, number>;
  readonly #path: string;
  /** The next token to read. */
  #at = 0;

  constructor(read: GroovyTokens, path: string) {
    this.#tokens = read.tokens;
    this.#partners = read.partners;
    this.#path = path;
  }

  statements(from: number, end: number, depth: number): readonly GroovyStatement[] {
    if (depth > GROOVY_LIMITS.depth) {
      const span = { start: this.#tokens[from]?.start ?? 0, end: this.#tokens[end - 1]?.end ?? 0 };
      const message = `nested deeper than ${GROOVY_LIMITS.depth} levels`;
      this.gaps.push({ kind: 'cap', message, place: { file: this.#path, span } });
      return [];
    }
    const statements: GroovyStatement[] = [];
    this.#at = from;
    while (this.#at < end) {
      const token = this.#tokens[this.#at];
      if (token === undefined || token.kind === 'newline' || token.text === ';' || isClosing(token)) this.#at++;
      else statements.push(this.#statement(end, depth));
    }
    return statements;
  }

  #statement(end: number, depth: number): GroovyStatement {
    const start = this.#at;
    const target = this.#target(end);
    const value = this.#value(end, depth, false);
    if (this.#at === start) this.#at++;
    return { target, value, span: this.#span(start, this.#at) };
  }

  /** `def x =`, `String x =`, `env.X =`; the tokens up to the `=` are consumed only when there is one. */
  #target(end: number): GroovyStatement['target'] {
    let last: number | undefined;
    let first = this.#at;
    for (let index = this.#at; index < end; index++) {
      const token = this.#tokens[index];
      if (token?.kind === 'name') {
        if (last !== undefined && this.#tokens[index - 1]?.text !== '.') first = index;
        last = index;
      } else if (token?.text === '=' || token?.text === '+=') {
        if (last === undefined) return undefined;
        const name = this.#spelling(first, last + 1);
        this.#at = index + 1;
        return { name, span: this.#span(first, last + 1) };
      } else if (token?.text !== '.' && token?.text !== '<' && token?.text !== '>' && token?.text !== ',') {
        return undefined;
      }
    }
    return undefined;
  }

  #spelling(from: number, end: number): string {
    return this.#tokens
      .slice(from, end)
      .map((token) => token.text)
      .join('');
  }

  /** Parts up to the end of the statement, or up to a comma inside brackets and argument lists. */
  #value(end: number, depth: number, enclosed: boolean, argument = false): GroovyValue {
    const start = this.#at;
    const parts: GroovyPart[] = [];
    let fresh = true;
    while (this.#at < end) {
      const token = this.#tokens[this.#at];
      if (token === undefined) break;
      if (token.kind === 'newline') {
        if (!enclosed && !this.#goesOn(start, end)) break;
        this.#at++;
      } else if (token.text === ';' && !enclosed) break;
      else if (token.text === ',' && (enclosed || argument)) break;
      else if (token.kind === 'name' && FILLERS.has(token.text)) this.#at++;
      else if (token.kind === 'mark' && token.text !== '@' && !'([{.'.includes(token.text) && token.text !== '?.') {
        fresh = true;
        this.#at++;
      } else {
        const part = this.#part(end, depth, fresh, parts.at(-1), enclosed);
        if (part === undefined) continue;
        if (part.kind === 'call' && part.receiver !== undefined) parts.pop();
        parts.push(part);
        fresh = part.kind === 'call' && CONTROLS.has(part.name) && part.body === undefined;
      }
    }
    return { parts, span: this.#span(start, this.#at) };
  }

  /** A statement goes on behind a line end when an operator or a dot says so. */
  #goesOn(start: number, end: number): boolean {
    const before = this.#tokens[this.#at - 1];
    if (
      this.#at > start &&
      before?.kind === 'mark' &&
      /^(\+|-|\*|\?|:|\?:|&&|\|\||==|!=|\.|,|->|=~)$/.test(before.text)
    ) {
      return before.text !== '->';
    }
    for (let index = this.#at; index < end; index++) {
      const token = this.#tokens[index];
      if (token?.kind !== 'newline')
        return token?.kind === 'mark' && /^(\.|\?\.|\+|\?|:|&&|\|\||\?:)$/.test(token.text);
    }
    return false;
  }

  #part(
    end: number,
    depth: number,
    fresh: boolean,
    before: GroovyPart | undefined,
    enclosed: boolean,
  ): GroovyPart | undefined {
    const start = this.#at;
    const token = this.#tokens[start];
    if (token === undefined) return undefined;
    if (token.string !== undefined) {
      this.#at++;
      return token.string;
    }
    if (token.kind === 'number') {
      this.#at++;
      return { kind: 'literal', text: token.text, span: this.#span(start, start + 1) };
    }
    if (token.text === '[') {
      const items = this.#bracketed(start, end, depth);
      return { kind: 'list', items, span: this.#span(start, this.#at) };
    }
    if (token.text === '(') return this.#group(start, end, depth);
    if (token.text === '{') {
      const body = this.#block(start, end, depth);
      return { kind: 'closure', body, span: body.span };
    }
    return this.#named(end, depth, fresh, before, enclosed);
  }

  #group(start: number, end: number, depth: number): GroovyPart {
    const items = this.#bracketed(start, end, depth);
    return { kind: 'list', items, span: this.#span(start, this.#at) };
  }

  /** A name, with what makes it a call: parentheses, a block, or arguments on the same line. */
  #named(
    end: number,
    depth: number,
    fresh: boolean,
    before: GroovyPart | undefined,
    enclosed: boolean,
  ): GroovyPart | undefined {
    const start = this.#at;
    const name = this.#dotted(end);
    if (name === '') {
      this.#at = Math.max(this.#at, start + 1);
      return undefined;
    }
    const nameSpan = this.#span(start, this.#at);
    const receiver = name.startsWith('.') && before?.kind === 'call' ? before : undefined;
    const next = this.#tokens[this.#at];
    let given: readonly GroovyArgument[] | undefined;
    if (next?.text === '(' && next.kind === 'mark') given = this.#bracketed(this.#at, end, depth);
    else if (fresh && !CONTROLS.has(name) && !enclosed && this.#beginsArgument(name))
      given = this.#arguments(end, depth, false);
    const brace = this.#tokens[this.#at];
    const body =
      brace?.kind === 'mark' && brace.text === '{' && this.#at < end ? this.#block(this.#at, end, depth) : undefined;
    const bare = given === undefined && body === undefined;
    if (bare && !name.startsWith('@')) return { kind: 'reference', name, span: nameSpan };
    const span = { start: receiver?.span.start ?? nameSpan.start, end: this.#span(start, this.#at).end };
    const call: GroovyCall = { kind: 'call', name, nameSpan, span, arguments: given ?? [], body, receiver };
    return call;
  }

  /** `a.b.c`, `.trim`, `@Library`. */
  #dotted(end: number): string {
    let name = '';
    while (this.#at < end) {
      const token = this.#tokens[this.#at];
      if (token === undefined) break;
      const expectsName = name === '' || name.endsWith('.') || name === '@';
      if (token.kind === 'name' && expectsName) name += token.text;
      else if (token.kind === 'mark' && token.text === '@' && name === '') name = '@';
      else if (token.kind === 'mark' && (token.text === '.' || token.text === '?.') && !name.endsWith('.')) name += '.';
      else break;
      this.#at++;
    }
    return name.endsWith('.') ? name.slice(0, -1) : name;
  }

  #beginsArgument(name: string): boolean {
    if (JOINERS.has(name)) return false;
    const next = this.#tokens[this.#at];
    if (next === undefined || next.kind === 'newline') return false;
    if (next.kind === 'name') return !JOINERS.has(next.text);
    return next.kind === 'string' || next.kind === 'number' || next.text === '[';
  }

  #bracketed(open: number, end: number, depth: number): readonly GroovyArgument[] {
    const close = Math.min(this.#partners.get(open) ?? end, end);
    this.#at = open + 1;
    const items = depth > GROOVY_LIMITS.depth ? [] : this.#arguments(close, depth + 1, true);
    this.#at = Math.min(close + 1, end);
    return items;
  }

  #block(open: number, end: number, depth: number): GroovyBlock {
    const close = Math.min(this.#partners.get(open) ?? end, end);
    const statements = this.statements(open + 1, close, depth + 1);
    this.#at = Math.min(close + 1, end);
    return { statements, span: this.#span(open, this.#at) };
  }

  #arguments(end: number, depth: number, enclosed: boolean): readonly GroovyArgument[] {
    const given: GroovyArgument[] = [];
    while (this.#at < end) {
      const token = this.#tokens[this.#at];
      if (token?.kind === 'newline' && (enclosed || this.#tokens[this.#at - 1]?.text === ',')) {
        this.#at++;
        continue;
      }
      if (token?.kind === 'newline' || token?.text === ';') break;
      if (token?.text === ',') {
        this.#at++;
        continue;
      }
      const start = this.#at;
      given.push(this.#argument(end, depth, enclosed));
      if (this.#at === start) this.#at++;
      if (!enclosed && this.#tokens[this.#at]?.text !== ',') break;
    }
    return given;
  }

  #argument(end: number, depth: number, enclosed: boolean): GroovyArgument {
    const token = this.#tokens[this.#at];
    const colon = this.#tokens[this.#at + 1];
    const named = (token?.kind === 'name' || token?.kind === 'string') && colon?.kind === 'mark' && colon.text === ':';
    const nameSpan = named ? this.#span(this.#at, this.#at + 1) : undefined;
    if (named) this.#at += 2;
    const value = this.#value(end, depth, enclosed, true);
    return { name: named ? token.text : undefined, nameSpan, value };
  }

  #span(from: number, end: number): Span {
    const first = this.#tokens[from];
    let last = end - 1;
    while (last > from && this.#tokens[last]?.kind === 'newline') last--;
    return { start: first?.start ?? 0, end: Math.max(first?.start ?? 0, this.#tokens[last]?.end ?? 0) };
  }
}

function isClosing(token: GroovyToken): boolean {
  return token.kind === 'mark' && (token.text === ')' || token.text === ']' || token.text === '}');
}
