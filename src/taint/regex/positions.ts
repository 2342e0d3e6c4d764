import type { CharacterSet } from './character-set.ts';
import type { Expression } from './expression.ts';

/**
 * The automaton whose states are the places of an expression at which a character is taken (Glushkov 1961). An edge that
 * can be taken in two ways counts twice: how often a text can be read is what matters here.
 */
export interface Positions {
  readonly sets: readonly CharacterSet[];
  /** For each place those that may follow, with in how many ways: 1, or 2 for more. */
  readonly follow: readonly ReadonlyMap<number, number>[];
  /** Places after which the whole may be over, whatever follows in the text. */
  readonly openEnds: ReadonlySet<number>;
  /** Places with which a match may begin anywhere in the text. */
  readonly freeStarts: ReadonlySet<number>;
}

/** Places beyond which an expression is not looked at. */
const MOST_PLACES = 150;

/** Copies that are made of a body that is repeated a known number of times; more are taken for any number. */
const MOST_COPIES = 8;

/** Of what may be left out. */
const FREE = { closed: false, opened: false } as const;

/** Places with the number of ways in which each is reached. */
type Ways = ReadonlyMap<number, number>;

interface Part {
  readonly first: Ways;
  readonly last: Ways;
  /** In how many ways it takes nothing: 0, 1, or 2 for more. */
  readonly empty: number;
  /** Whether taking nothing demands that the text ends here. */
  readonly closed: boolean;
  /** Those of `last` that do not demand it. */
  readonly loose: ReadonlySet<number>;
  /** Whether taking nothing demands that the text begins here. */
  readonly opened: boolean;
  /** Those of `first` that do not demand it. */
  readonly free: ReadonlySet<number>;
}

const NONE: ReadonlySet<number> = new Set();
const NOTHING: Part = {
  first: new Map(),
  last: new Map(),
  empty: 1,
  closed: false,
  loose: NONE,
  opened: false,
  free: NONE,
};

/** Builds the automaton; `undefined` when it would have too many places. */
export function positionsOf(expression: Expression): Positions | undefined {
  const builder = new Builder();
  const whole = builder.build(expression);
  if (!whole) return undefined;
  return { sets: builder.sets, follow: builder.follow, openEnds: whole.loose, freeStarts: whole.free };
}

class Builder {
  readonly sets: CharacterSet[] = [];
  readonly follow: Map<number, number>[] = [];

  build(expression: Expression): Part | undefined {
    switch (expression.kind) {
      case 'empty':
        return NOTHING;
      case 'start':
        return { ...NOTHING, opened: true };
      case 'end':
        return { ...NOTHING, closed: true };
      case 'characters':
        return this.#place(expression.set);
      case 'sequence':
        return this.#inOrder(expression.parts.map((part) => () => this.build(part)));
      case 'choice':
        return this.#oneOf(expression.parts);
      case 'repeat':
        return this.#repeat(expression.body, expression.least, expression.most);
    }
  }

  #place(set: CharacterSet): Part | undefined {
    if (this.sets.length >= MOST_PLACES) return undefined;
    const place = this.sets.push(set) - 1;
    this.follow.push(new Map());
    const only = new Map([[place, 1]]);
    return { ...NOTHING, first: only, last: only, empty: 0, loose: new Set(only.keys()), free: new Set(only.keys()) };
  }

  #inOrder(parts: readonly (() => Part | undefined)[]): Part | undefined {
    let whole: Part = NOTHING;
    for (const make of parts) {
      const part = make();
      if (!part) return undefined;
      this.#connect(whole.last, part.first);
      whole = {
        first: join(whole.first, times(part.first, whole.empty)),
        last: join(part.last, times(whole.last, part.empty)),
        empty: Math.min(2, whole.empty * part.empty),
        closed: part.closed || whole.closed,
        loose: part.empty === 0 || part.closed ? part.loose : part.loose.union(whole.loose),
        opened: whole.opened || part.opened,
        free: whole.empty === 0 || whole.opened ? whole.free : whole.free.union(part.free),
      };
    }
    return whole;
  }

  #oneOf(parts: readonly Expression[]): Part | undefined {
    let whole: Part | undefined;
    for (const alternative of parts) {
      const part = this.build(alternative);
      if (!part) return undefined;
      whole = whole
        ? {
            first: join(whole.first, part.first),
            last: join(whole.last, part.last),
            empty: Math.min(2, whole.empty + part.empty),
            closed: (whole.closed || whole.empty === 0) && (part.closed || part.empty === 0),
            loose: whole.loose.union(part.loose),
            opened: (whole.opened || whole.empty === 0) && (part.opened || part.empty === 0),
            free: whole.free.union(part.free),
          }
        : part;
    }
    return whole;
  }

  #repeat(body: Expression, least: number, most: number): Part | undefined {
    if (most === 0) return NOTHING;
    if (most === Number.POSITIVE_INFINITY) return least <= 1 ? this.#loop(body, least) : this.#atLeast(body, least);
    if (most > MOST_COPIES) return this.#loop(body, Math.min(least, 1));
    const copies = Array.from({ length: most }, (_, index) => () => {
      const part = this.build(body);
      return part && (index < least ? part : { ...part, empty: Math.min(2, part.empty + 1), ...FREE });
    });
    return this.#inOrder(copies);
  }

  #atLeast(body: Expression, least: number): Part | undefined {
    const needed = Array.from({ length: Math.min(least, MOST_COPIES) - 1 }, () => () => this.build(body));
    return this.#inOrder([...needed, () => this.#loop(body, 1)]);
  }

  #loop(body: Expression, least: number): Part | undefined {
    const part = this.build(body);
    if (!part) return undefined;
    // An engine does not go round again for nothing, but it may stop and start again between any two characters.
    this.#connect(part.last, part.first);
    const empty = least === 0 ? 1 : Math.min(1, part.empty);
    return least > 0 ? { ...part, empty } : { ...part, empty, ...FREE };
  }

  #connect(last: Ways, first: Ways): void {
    for (const [from, out] of last)
      for (const [to, into] of first) {
        const ways = this.follow[from];
        ways?.set(to, Math.min(2, (ways.get(to) ?? 0) + out * into));
      }
  }
}

function join(left: Ways, right: Ways): Ways {
  if (left.size === 0) return right;
  const joined = new Map(left);
  for (const [place, ways] of right) joined.set(place, Math.min(2, (joined.get(place) ?? 0) + ways));
  return joined;
}

function times(ways: Ways, factor: number): Ways {
  return factor === 1 ? ways : factor === 0 ? new Map() : new Map([...ways.keys()].map((place) => [place, 2]));
}
