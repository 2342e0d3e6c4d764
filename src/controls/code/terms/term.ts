/** What a part of a program does, whatever the language. */
export type TermKind =
  | 'name'
  | 'self'
  | 'member'
  | 'index'
  | 'string'
  | 'text'
  | 'number'
  | 'constant'
  | 'regex'
  | 'call'
  | 'new'
  | 'list'
  | 'map'
  | 'pair'
  | 'spread'
  | 'not'
  | 'and'
  | 'or'
  | 'compare'
  | 'operation'
  | 'conditional'
  | 'await'
  | 'assign'
  | 'function'
  | 'class'
  | 'parameter'
  | 'if'
  | 'loop'
  | 'choice'
  | 'case'
  | 'try'
  | 'catch'
  | 'finally'
  | 'return'
  | 'throw'
  | 'assert'
  | 'break'
  | 'continue'
  | 'block'
  | 'decorator'
  | 'import'
  | 'delete'
  | 'spawn'
  | 'defer'
  | 'field'
  | 'other';

/** What a child is to its parent. */
export type Role =
  | 'test'
  | 'then'
  | 'else'
  | 'callee'
  | 'arguments'
  | 'object'
  | 'property'
  | 'left'
  | 'right'
  | 'name'
  | 'value'
  | 'key'
  | 'body'
  | 'parameters'
  | 'receiver'
  | 'source'
  | 'tag'
  | 'flags'
  | 'decorator'
  | 'subject'
  | 'initializer'
  | 'handler';

/**
 * A part of a program in a form that all languages share: without comments, parentheses, types and spelling. What no
 * table knows is `other`, and its parts are kept.
 */
export interface Term {
  readonly kind: TermKind;
  readonly role: Role | undefined;
  /** A name, the content of a text, a number, an operator; empty for what has parts only. */
  readonly text: string;
  readonly parts: readonly Term[];
  readonly start: number;
  readonly end: number;
}

/** The part with this role. */
export function partOf(term: Term, role: Role): Term | undefined {
  for (const part of term.parts) if (part.role === role) return part;
  return undefined;
}

/** Every part with this role. */
export function partsOf(term: Term, role: Role): readonly Term[] {
  return term.parts.filter((part) => part.role === role);
}

/** The arguments of a call, without the list around them. */
export function argumentsOf(call: Term): readonly Term[] {
  return partOf(call, 'arguments')?.parts ?? [];
}

/** Every term below and including this one, in the order of the text. */
export function* termsIn(root: Term, enter: (term: Term) => boolean = () => true): Generator<Term> {
  const queue: Term[] = [root];
  for (let term = queue.pop(); term !== undefined; term = queue.pop()) {
    yield term;
    if (term !== root && !enter(term)) continue;
    for (let index = term.parts.length - 1; index >= 0; index--) {
      const part = term.parts[index];
      if (part) queue.push(part);
    }
  }
}

/** Does not enter functions and classes inside. */
export function staysOutside(term: Term): boolean {
  return term.kind !== 'function' && term.kind !== 'class';
}
