import type { Module } from '../../code/index.ts';
import type { Place, SourceFile, Span } from '../../syntax/index.ts';

/** Any part of a module that knows where it stands. */
export interface Placed {
  readonly place: Place;
  readonly kind?: unknown;
}

/** The parts of a module around a stretch of its text, from the outside in; each holds the next. */
export function partsAround(module: Module, span: Span): readonly Placed[] {
  const path: Placed[] = [];
  for (let inside = partsIn(module.body); ; ) {
    const next = inside.find((part) => part.kind !== 'declare' && covers(part.place.span, span));
    if (!next) return path;
    path.push(next);
    inside = partsIn(next);
  }
}

/** The nearest parts inside a value: those of entries, arguments and cases, which have no place of their own, too. */
export function partsIn(value: unknown): Placed[] {
  const found: Placed[] = [];
  const open: unknown[] = childrenOf(value).reverse();
  while (open.length > 0) {
    const child = open.pop();
    if (isPlaced(child)) found.push(child);
    else open.push(...childrenOf(child).reverse());
  }
  return found;
}

/** Every part inside some parts, those themselves included. */
export function partsBelow(parts: readonly Placed[]): readonly Placed[] {
  const found: Placed[] = [];
  const open: Placed[] = [...parts];
  for (let part = open.pop(); part; part = open.pop()) {
    found.push(part);
    open.push(...partsIn(part));
  }
  return found;
}

function childrenOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return [...value];
  return typeof value === 'object' && value !== null ? Object.values(value) : [];
}

function isPlaced(value: unknown): value is Placed {
  return typeof value === 'object' && value !== null && 'place' in value && isPlace(value.place);
}

function isPlace(value: unknown): value is Place {
  return typeof value === 'object' && value !== null && 'span' in value && 'file' in value;
}

/** Whether a stretch lies in another. */
export function covers(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** The code of a part without its blanks and remarks, and without what one part in it says. */
export function codeOf(part: Placed, { text }: SourceFile, without?: Placed): string {
  const { start, end } = part.place.span;
  const hole = without && covers(part.place.span, without.place.span) ? without.place.span : { start: end, end };
  return plainCode(`${text.slice(start, hole.start)}${hole.start < end ? '…' : ''}${text.slice(hole.end, end)}`);
}

const REMARK_BEHIND = /[ \t]+(?:\/\/|#)[ \t][^'"`\n]*$/;
/** Longer lines are made by tools, which write no remarks; a search through them would take long. */
const LONGEST_LINE = 1_000;

/** A line without the remark behind its code. With a quotation mark in it, that may as well be the end of a text. */
export function withoutRemarkBehind(line: string): string {
  return line.length > LONGEST_LINE ? line : line.replace(REMARK_BEHIND, '');
}

/** Code without blanks, without lines that are only a remark, and without commas that nothing follows. */
export function plainCode(text: string): string {
  const lines = text.split('\n').filter((line) => !/^\s*(?:\/\/|\/\*|\*|#(?![\w!]))/.test(line));
  return lines
    .join('')
    .replace(/\s+/g, '')
    .replace(/[,;]+(?=[)\]}]|$)/g, '');
}

/** Names that a part reads, calls or binds; of the receiver's own fields and methods with `this.` before them. */
export function namesIn(parts: readonly Placed[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const part of partsBelow(parts)) {
    if (!('name' in part) || typeof part.name !== 'string') continue;
    if (part.kind === 'name') names.add(part.name);
    if (part.kind === 'member' && 'object' in part && isSelf(part.object)) names.add(`this.${part.name}`);
  }
  return names;
}

function isSelf(value: unknown): boolean {
  return isPlaced(value) && value.kind === 'self';
}

/** Names that a part gives a meaning, functions inside it left out. */
export function namesBoundBy(part: Placed): ReadonlySet<string> {
  const names = new Set<string>();
  const open: Placed[] = [part];
  for (let next = open.pop(); next; next = open.pop()) {
    for (const name of namesGivenBy(next)) names.add(name);
    if (!isFunction(next)) open.push(...partsIn(next));
  }
  return names;
}

/** Names that one part gives a meaning by itself. */
export function namesGivenBy(part: Placed): readonly string[] {
  if (part.kind === 'assign' && 'target' in part && isPlaced(part.target)) return [...namesIn([part.target])];
  if (part.kind === 'import' && 'names' in part && Array.isArray(part.names))
    return part.names.flatMap((name: unknown) => textAt(name, 'local'));
  return isFunction(part) || 'members' in part ? textAt(part, 'name') : [];
}

function textAt(value: unknown, name: string): string[] {
  const text = fieldOf(value, name);
  return typeof text === 'string' ? [text] : [];
}

/** A field of something of which nothing is known. */
export function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, name)?.value;
}

/** What a text that is written out says. */
export function writtenText(part: Placed): string | undefined {
  const value = part.kind === 'literal' ? fieldOf(part, 'value') : undefined;
  return typeof value === 'string' ? value : undefined;
}

export function isFunction(part: Placed): boolean {
  return 'parameters' in part;
}

/** Whether something in a part, functions inside it left out, may leave the function around it. */
export function mayLeave(part: Placed): boolean {
  const open: Placed[] = [part];
  for (let next = open.pop(); next; next = open.pop()) {
    if (next.kind === 'return' || next.kind === 'throw' || next.kind === 'assert') return true;
    if (!isFunction(next)) open.push(...partsIn(next));
  }
  return false;
}

/** The statements or members around a part, directly inside another: the list that holds it. */
export function listAround(outer: Placed, inner: Placed): readonly Placed[] {
  const open: unknown[] = childrenOf(outer);
  while (open.length > 0) {
    const value = open.pop();
    if (Array.isArray(value) && value.some((one) => one === inner || fieldOf(one, 'function') === inner))
      return value.flatMap((one: unknown) => (isPlaced(one) ? [one] : partsIn(one)));
    if (!isPlaced(value)) open.push(...childrenOf(value));
  }
  return [];
}
