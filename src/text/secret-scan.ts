import type { Automaton, Cursor } from './automaton.ts';
import { symbolAt } from './reading.ts';
import type { Core, WatchedForm } from './watch-list.ts';

/** A known secret seen in a stream. Offsets count from the start of the stream. */
export interface Sighting {
  readonly form: WatchedForm;
  readonly start: number;
  end: number;
  /** Symbol of the form expected next, while the secret may still go on; the form's length when it is complete. */
  expected: number;
}

/** A window on the stream: the bytes that are held, where they begin, and the byte before them (-1 at the start). */
export interface Window {
  readonly bytes: Uint8Array;
  readonly base: number;
  readonly before: number;
}

interface Lane {
  readonly automaton: Automaton<Core>;
  readonly cursor: Cursor;
}

/** One pass over one stream, in as many pieces as it comes. */
export class SecretScan {
  readonly #lanes: readonly Lane[];
  #growing: Sighting[] = [];

  constructor(automata: readonly Automaton<Core>[]) {
    this.#lanes = automata.map((automaton) => ({ automaton, cursor: { state: 0, previous: -1 } }));
  }

  /** Reads the window from index `from`, where the pass before stopped; returns what came to light in it. */
  read(window: Window, from: number): readonly Sighting[] {
    for (const sighting of this.#growing) growRight(sighting, window, from);
    const found: Sighting[] = [];
    const known = [...this.#growing];
    for (const { automaton, cursor } of this.#lanes) {
      const advance = (index: number) => automaton.advance(cursor, window.bytes, index);
      for (let index = advance(from); index >= 0; index = advance(index)) {
        for (const core of automaton.reports(cursor)) {
          if (isCovered(known, core.form, window.base + index)) continue;
          const sighting = sight(core, window, index);
          if (!sighting) continue;
          found.push(sighting);
          known.push(sighting);
        }
      }
    }
    this.#growing = known.filter(mayGrow);
    return found;
  }

  /** Index in the window from which on bytes may belong to a secret that is not complete yet. */
  undecidedFrom(window: Window): number {
    const partial = this.#lanes.map((lane) => startOfPartial(lane, window));
    const growing = this.#growing.map((sighting) => Math.max(0, sighting.end - window.base));
    return Math.min(window.bytes.length, ...partial, ...growing);
  }

  /** How many symbols, at most, stand for the undecided bytes. */
  undecidedSymbols(): number {
    return Math.max(this.#growing.length > 0 ? Number.MAX_SAFE_INTEGER : 0, ...this.#lanes.map(pendingOf));
  }

  /** Stop waiting for secrets that were cut short. */
  settle(): void {
    for (const sighting of this.#growing) sighting.expected = sighting.form.symbols.length;
    this.#growing = [];
  }
}

function pendingOf({ automaton, cursor }: Lane): number {
  return automaton.pending(cursor);
}

/** Whether more of the secret may follow. */
export function mayGrow(sighting: Sighting): boolean {
  return sighting.expected < sighting.form.symbols.length;
}

function isCovered(known: readonly Sighting[], form: WatchedForm, end: number): boolean {
  return known.some((sighting) => sighting.form.name === form.name && sighting.start < end && end <= sighting.end);
}

function sight(core: Core, window: Window, index: number): Sighting | undefined {
  const start = growLeft(core, window, index);
  if (start === undefined) return undefined;
  const sighting = { form: core.form, start: window.base + start, end: window.base + index, expected: core.end };
  growRight(sighting, window, index);
  return sighting;
}

/** Where the secret whose core ends before `index` begins; undefined when a short one differs in letter case. */
function growLeft(core: Core, { bytes, before }: Window, index: number): number | undefined {
  const { reading, symbols, letters } = core.form;
  let start = index;
  let expected = core.end - 1;
  for (let at = index - 1; at >= 0 && expected >= 0; at--) {
    const symbol = symbolAt(reading, bytes, at, before);
    if (symbol === reading.separator) continue;
    if (symbol !== symbols[expected]) break;
    if (letters.length > 0 && letters[expected] !== bytes[at]) return undefined;
    start = at;
    expected--;
  }
  return start;
}

function growRight(sighting: Sighting, { bytes, base, before }: Window, from: number): void {
  const { reading, symbols } = sighting.form;
  for (let at = from; at < bytes.length && sighting.expected < symbols.length; at++) {
    const symbol = symbolAt(reading, bytes, at, before);
    if (symbol === reading.separator) continue;
    if (symbol !== symbols[sighting.expected]) {
      sighting.expected = symbols.length;
      return;
    }
    sighting.end = base + at + 1;
    sighting.expected++;
  }
}

/** Where the first symbol of the partial secret is; separators before it tell nothing and need not be held. */
function startOfPartial({ automaton, cursor }: Lane, { bytes, before }: Window): number {
  let left = automaton.pending(cursor);
  let start = bytes.length;
  for (let at = bytes.length - 1; at >= 0 && left > 0; at--) {
    if (symbolAt(automaton.reading, bytes, at, before) === automaton.reading.separator) continue;
    start = at;
    left--;
  }
  return start;
}
