import { overlaps } from './character-set.ts';
import { readExpression } from './expression.ts';
import { type Positions, positionsOf } from './positions.ts';

/** Pairs of places beyond which an expression is not looked at. */
const MOST_PAIRS = 30_000;

/** Answers by pattern: a program uses few. */
const ANSWERS = new Map<string, boolean>();
const MOST_ANSWERS = 5_000;

/**
 * Whether a backtracking search with the expression can take a time exponential in the length of the text: some loop can
 * read the same text in two ways, and what follows can fail (CWE-1333; Weideman et al., "Analyzing matching time
 * behavior of backtracking regular expression matchers", 2016). False for what is not understood.
 */
export function isExponential(pattern: string): boolean {
  const known = ANSWERS.get(pattern);
  if (known !== undefined) return known;
  const expression = readExpression(pattern);
  const positions = expression && positionsOf(expression);
  const answer = positions !== undefined && hasAmbiguousLoop(positions);
  if (ANSWERS.size < MOST_ANSWERS) ANSWERS.set(pattern, answer);
  return answer;
}

/**
 * Two readings of one text as pairs of places: a loop is ambiguous when from `(p, p)` and back there is a way past two
 * different places, or along an edge that can be taken twice.
 */
function hasAmbiguousLoop(positions: Positions): boolean {
  const { sets, follow, openEnds } = positions;
  const size = sets.length;
  if (size * size > MOST_PAIRS) return false;
  const compatible = sets.map((left) => sets.map((right) => overlaps(left, right)));
  const successors = (pair: number): readonly number[] => {
    const found: number[] = [];
    for (const left of follow[Math.floor(pair / size)]?.keys() ?? [])
      for (const right of follow[pair % size]?.keys() ?? [])
        if (compatible[left]?.[right]) found.push(left * size + right);
    return found;
  };
  for (const component of components(size * size, successors)) {
    const members = new Set(component);
    const same = component.filter((pair) => Math.floor(pair / size) === pair % size).map((pair) => pair % size);
    if (same.length === 0 || same.some((place) => openEnds.has(place))) continue;
    if (same.length < component.length && component.length > 1) return true;
    const doubled = same.some((from) =>
      [...(follow[from] ?? [])].some(([to, ways]) => ways > 1 && members.has(to * size + to)),
    );
    if (doubled) return true;
  }
  return false;
}

/** Strongly connected components that hold a loop (Tarjan 1972), without recursion. */
function components(count: number, successors: (node: number) => readonly number[]): readonly (readonly number[])[] {
  const index = new Int32Array(count).fill(-1);
  const low = new Int32Array(count);
  const onStack = new Uint8Array(count);
  const stack: number[] = [];
  const found: (readonly number[])[] = [];
  let next = 0;
  const visit = (start: number): void => {
    const work = [{ node: start, edges: successors(start), at: 0 }];
    open(start);
    for (let top = work.at(-1); top !== undefined; top = work.at(-1)) {
      const target = top.edges[top.at++];
      if (target === undefined) {
        close(top.node, top.edges);
        work.pop();
        const parent = work.at(-1);
        if (parent) low[parent.node] = Math.min(low[parent.node] ?? 0, low[top.node] ?? 0);
      } else if ((index[target] ?? 0) < 0) {
        open(target);
        work.push({ node: target, edges: successors(target), at: 0 });
      } else if (onStack[target] === 1) {
        low[top.node] = Math.min(low[top.node] ?? 0, index[target] ?? 0);
      }
    }
  };
  const open = (node: number): void => {
    index[node] = next;
    low[node] = next++;
    onStack[node] = 1;
    stack.push(node);
  };
  const close = (node: number, edges: readonly number[]): void => {
    if (low[node] !== index[node]) return;
    const members = stack.splice(stack.lastIndexOf(node));
    for (const member of members) onStack[member] = 0;
    if (members.length > 1 || edges.includes(node)) found.push(members);
  };
  for (let node = 0; node < count; node++) if ((index[node] ?? 0) < 0) visit(node);
  return found;
}
