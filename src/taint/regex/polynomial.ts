import { ANY, type CharacterSet, intersection, overlaps } from './character-set.ts';
import { readExpression } from './expression.ts';
import { type Positions, positionsOf } from './positions.ts';

/** Places beyond which an expression is not looked at: three readings are followed at once. */
const MOST_PLACES = 48;
/** Steps of three readings at once that are tried for one expression. */
const MOST_STEPS = 60_000;

const ANSWERS = new Map<string, boolean>();
const MOST_ANSWERS = 5_000;

/**
 * Whether a backtracking search with the expression can take a time that grows with the square of the text's length or
 * faster (CWE-1333): two loops one after the other can share the same text in as many ways as it has characters, and
 * what follows can fail. The search itself is such a first loop where nothing binds it to the beginning: it starts again
 * at every character. The condition on the automaton is (IDA) of A. Weber and H. Seidl, "On the degree of ambiguity of
 * finite automata", 1991. False for what is not understood, or too large.
 */
export function isPolynomial(pattern: string): boolean {
  const known = ANSWERS.get(pattern);
  if (known !== undefined) return known;
  const expression = readExpression(pattern);
  const positions = expression && positionsOf(expression);
  const answer = positions !== undefined && positions.sets.length <= MOST_PLACES && hasTwoLoops(positions);
  if (ANSWERS.size < MOST_ANSWERS) ANSWERS.set(pattern, answer);
  return answer;
}

interface Automaton {
  readonly size: number;
  readonly sets: readonly CharacterSet[];
  readonly follow: readonly (readonly number[])[];
}

function hasTwoLoops(positions: Positions): boolean {
  const automaton = withSearch(positions);
  const reach = automaton.follow.map((_, from) => reachable(automaton, from));
  const inLoop = (place: number): boolean => reach[place]?.has(place) === true;
  // A loop after which the whole may be over never has to give anything back.
  const canFail = (place: number): boolean =>
    ![...(reach[place] ?? [])].some((next) => reach[next]?.has(place) && positions.openEnds.has(next));
  const budget = { left: MOST_STEPS };
  for (let first = 0; first < automaton.size; first++)
    for (let second = 0; second < automaton.size; second++) {
      if (first === second || !inLoop(first) || !inLoop(second) || !canFail(second)) continue;
      if (reach[first]?.has(second) && sharesText(first, second, automaton, budget)) return true;
      if (budget.left <= 0) return false;
    }
  return false;
}

/** With the search as one more place, which takes anything and goes on to where a match may begin anywhere. */
function withSearch({ sets, follow, freeStarts }: Positions): Automaton {
  const search = sets.length;
  return {
    size: search + 1,
    sets: [...sets, ANY],
    follow: [...follow.map((ways) => [...ways.keys()]), [search, ...freeStarts]],
  };
}

/** Places that can follow one, after one character or more. */
function reachable({ follow }: Automaton, from: number): ReadonlySet<number> {
  const found = new Set<number>();
  const open = [...(follow[from] ?? [])];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    if (found.has(place)) continue;
    found.add(place);
    open.push(...(follow[place] ?? []));
  }
  return found;
}

/** Whether one text leads from the first loop to itself, from the first to the second, and from the second to itself. */
function sharesText(first: number, second: number, automaton: Automaton, budget: { left: number }): boolean {
  const { size, sets, follow } = automaton;
  const number = (a: number, b: number, c: number): number => (a * size + b) * size + c;
  const goal = number(first, second, second);
  const seen = new Set<number>([number(first, first, second)]);
  const open: (readonly [number, number, number])[] = [[first, first, second]];
  for (let at = open.pop(); at; at = open.pop()) {
    for (const a of follow[at[0]] ?? [])
      for (const b of follow[at[1]] ?? []) {
        if (--budget.left <= 0) return false;
        const both = intersection(sets[a] ?? [], sets[b] ?? []);
        if (both.length === 0) continue;
        for (const c of follow[at[2]] ?? []) {
          if (--budget.left <= 0) return false;
          const next = number(a, b, c);
          if (seen.has(next) || !overlaps(both, sets[c] ?? [])) continue;
          if (next === goal) return true;
          seen.add(next);
          open.push([a, b, c]);
        }
      }
  }
  return false;
}
