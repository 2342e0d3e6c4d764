import type { Expression, Module, Statement } from '../../code/index.ts';
import type { FileChange } from '../../findings/index.ts';
import { createLineIndex, type Place } from '../../syntax/index.ts';
import { differenceOf } from '../../text/index.ts';
import { allStatementsOf, bodiesOf, callsOf, functionsOf } from '../code-walk.ts';
import type { ReadCode } from './residue.ts';
import { codeOf, namesIn, type Placed, partsIn, plainCode } from './spot.ts';

export type Call = Extract<Expression, { kind: 'call' }>;

type Assignment = Extract<Statement, { kind: 'assign' }>;

/** Something that a patch wrote, that looks like a protection and is none. */
export interface WeakMending {
  /** What is wrong with it, as the end of a sentence that begins with the line. */
  readonly reason: string;
  /** Where it stands in what the patch wrote, if it does. */
  readonly find: (code: AddedCode) => Placed | undefined;
}

/** What a patch wrote into one file. */
export interface AddedCode {
  readonly before: Module;
  readonly after: Module;
  /** The old text of every file that changes, this one included. */
  readonly befores: readonly Module[];
  /** Names that stand anywhere in the old text. */
  readonly knownNames: ReadonlySet<string>;
  /** Every word of the old text. */
  readonly knownWords: ReadonlySet<string>;
  /** Every list of statements of the new text. */
  readonly bodies: readonly (readonly Statement[])[];
  /** Every assignment of the new text. */
  readonly assignments: readonly Assignment[];
  /** No other file changes. */
  readonly alone: boolean;
  /** Calls on lines that the patch wrote. */
  readonly calls: readonly Call[];
  isNew(place: Place): boolean;
  /** Of the new text, from 1. */
  lineOf(place: Place): number;
}

/** What a patch wrote, file by file; without those that have no front end or cannot be read whole. */
export function addedCode(files: readonly FileChange[], read: ReadCode): readonly AddedCode[] {
  const pairs = files.flatMap(({ path, before, after }) => {
    const old = read({ path, text: before ?? '' });
    const now = read({ path, text: after });
    return old && now ? [{ old, now }] : [];
  });
  const befores = pairs.map(({ old }) => old);
  return pairs.map(({ old, now }) => addedTo(old, now, befores, files.length === 1));
}

/** Whether a patch calls nothing that was not called before, word for word: what it mends, it mends by leaving it out. */
export function onlyTakesAway(files: readonly FileChange[], read: ReadCode): boolean {
  const codes = addedCode(files, read);
  return (
    codes.length === files.length &&
    codes.every(({ before, after, calls }) => {
      const called = new Set(callsOf(before).map((call) => codeOf(call, before.file)));
      return calls.every((call) => called.has(codeOf(call, after.file)));
    })
  );
}

/** Tells of a place in the new text whether its line is one that the old text does not have; blank ones are none. */
export function writtenIn(before: Module, after: Module): (place: Place) => boolean {
  const index = createLineIndex(after.file.text);
  const [old, now] = [before, after].map(({ file }) => file.text.split('\n').map(plainCode));
  const written = differenceOf(old ?? [], now ?? []);
  return ({ span }) => {
    const at = index.position(span.start).line - 1;
    return now?.[at] !== '' && written.some(({ to, added }) => at >= to && at < to + added);
  };
}

function addedTo(before: Module, after: Module, befores: readonly Module[], alone: boolean): AddedCode {
  const index = createLineIndex(after.file.text);
  const lineOf = ({ span }: Place): number => index.position(span.start).line;
  const isNew = writtenIn(before, after);
  return {
    before,
    after,
    befores,
    knownNames: namesIn(partsIn(before.body)),
    knownWords: new Set(before.file.text.match(/[A-Za-z_$][\w$]*/g) ?? []),
    bodies: listsIn([after.body, ...functionsOf(after).map(({ body }) => body)]),
    assignments: allStatementsOf(after).filter((statement) => statement.kind === 'assign'),
    alone,
    calls: callsOf(after).filter(({ place, callee }) => isNew(place) || isNew(callee.place)),
    isNew,
    lineOf,
  };
}

function listsIn(bodies: readonly (readonly Statement[])[]): readonly (readonly Statement[])[] {
  const found: (readonly Statement[])[] = [];
  const open = [...bodies];
  for (let body = open.pop(); body; body = open.pop()) {
    found.push(body);
    open.push(...body.flatMap(bodiesOf));
  }
  return found;
}

/** The last word of what is called: of `res.status(400)` it is `status`. */
export function calledName({ callee }: Call): string | undefined {
  return callee.kind === 'member' || callee.kind === 'name' ? callee.name : undefined;
}

/** A text that is written out. */
export function literalText(value: Expression | undefined): string | undefined {
  return value?.kind === 'literal' && typeof value.value === 'string' ? value.value : undefined;
}
