import { EVERYTHING, maskOf } from './category-mask.ts';
import { NO_MARKUP, SCHEME } from './label.ts';

/** What a passed test says about the value of a variable. */
export interface Refinement {
  readonly cell: number;
  readonly clears: number;
  /** Quotation marks that it does not hold. */
  readonly quotes: string;
  /** It begins with this quotation mark or slash. */
  readonly opens: string;
  /** It holds none of these marks inside, and no slash in the second place. */
  readonly lacksInside: string;
}

export interface Facts {
  readonly whenTrue: readonly Refinement[];
  readonly whenFalse: readonly Refinement[];
}

export function refinement(cell: number, clears: number): Refinement {
  return { cell, clears, quotes: '', opens: '', lacksInside: '' };
}

export function factsOf(whenTrue: readonly Refinement[], whenFalse: readonly Refinement[]): Facts | undefined {
  return whenTrue.length === 0 && whenFalse.length === 0 ? undefined : { whenTrue, whenFalse };
}

export function negateFacts(facts: Facts | undefined): Facts | undefined {
  return facts && { whenTrue: facts.whenFalse, whenFalse: facts.whenTrue };
}

/** Facts of `a and b`: both when true; only what either says when false. */
export function conjoinFacts(left: Facts | undefined, right: Facts | undefined): Facts | undefined {
  return factsOf(
    both(left?.whenTrue ?? [], right?.whenTrue ?? []),
    eitherOf(left?.whenFalse ?? [], right?.whenFalse ?? []),
  );
}

/** Facts of `a or b`. */
export function disjoinFacts(left: Facts | undefined, right: Facts | undefined): Facts | undefined {
  return factsOf(
    eitherOf(left?.whenTrue ?? [], right?.whenTrue ?? []),
    both(left?.whenFalse ?? [], right?.whenFalse ?? []),
  );
}

function both(left: readonly Refinement[], right: readonly Refinement[]): readonly Refinement[] {
  return mergeByCell([...left, ...right]);
}

function mergeByCell(all: readonly Refinement[]): readonly Refinement[] {
  const merged = new Map<number, Refinement>();
  for (const next of all) {
    const known = merged.get(next.cell);
    merged.set(next.cell, known ? strengthen(known, next) : next);
  }
  return [...merged.values()];
}

function strengthen(left: Refinement, right: Refinement): Refinement {
  return {
    cell: left.cell,
    clears: left.clears | right.clears,
    quotes: left.quotes + right.quotes,
    opens: left.opens + right.opens,
    lacksInside: left.lacksInside + right.lacksInside,
  };
}

/** What cannot be markup at all is none at its beginning either. */
function marksHeld({ clears, quotes }: Refinement): string {
  return (clears & MARKUP) === 0 ? quotes : quotes + NO_MARKUP + SCHEME;
}

const MARKUP = maskOf(['xss']);

/** What both say of the same variable. */
export function eitherOf(left: readonly Refinement[], right: readonly Refinement[]): readonly Refinement[] {
  return mergeByCell(left).flatMap((one) => {
    const other = mergeByCell(right).find((candidate) => candidate.cell === one.cell);
    if (!other) return [];
    const common = (a: string, b: string) => [...a].filter((character) => b.includes(character)).join('');
    return {
      cell: one.cell,
      clears: one.clears & other.clears & EVERYTHING,
      quotes: common(marksHeld(one), marksHeld(other)),
      opens: common(one.opens, other.opens),
      lacksInside: common(one.lacksInside, other.lacksInside),
    };
  });
}
