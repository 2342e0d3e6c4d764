/** A stretch of lines that differs: `removed` lines of the old text from `from`, `added` lines of the new from `to`. */
export interface LineChange {
  readonly from: number;
  readonly removed: number;
  readonly to: number;
  readonly added: number;
}

/** Beyond this many differing lines the middle is replaced whole: still right, only not the shortest. */
const MAX_COST = 1000;

/**
 * Where two lists of lines differ, in order: the shortest edit script (E. W. Myers, "An O(ND) difference algorithm and
 * its variations", Algorithmica 1, 1986) between the common head and the common tail.
 */
export function differenceOf(before: readonly string[], after: readonly string[]): readonly LineChange[] {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const a = before.slice(head, before.length - tail);
  const b = after.slice(head, after.length - tail);
  if (a.length === 0 && b.length === 0) return [];
  const whole: LineChange = { from: head, removed: a.length, to: head, added: b.length };
  if (a.length === 0 || b.length === 0) return [whole];
  const steps = shortestScript(a, b);
  return steps === undefined ? [whole] : mergeSteps(steps, head);
}

interface Step {
  readonly kind: 'remove' | 'add';
  readonly from: number;
  readonly to: number;
}

/** Forward search with the frontier of every round kept for the way back. */
function shortestScript(a: readonly string[], b: readonly string[]): readonly Step[] | undefined {
  const limit = Math.min(MAX_COST, a.length + b.length);
  const frontiers: Int32Array[] = [];
  const frontier = new Int32Array(2 * limit + 3);
  const middle = limit + 1;
  for (let cost = 0; cost <= limit; cost++) {
    frontiers.push(frontier.slice(middle - cost - 1, middle + cost + 2));
    for (let diagonal = -cost; diagonal <= cost; diagonal += 2) {
      const right = frontier[middle + diagonal - 1] ?? 0;
      const down = frontier[middle + diagonal + 1] ?? 0;
      let x = diagonal === -cost || (diagonal !== cost && right < down) ? down : right + 1;
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x++;
      frontier[middle + diagonal] = x;
      if (x >= a.length && x - diagonal >= b.length) return walkBack(frontiers, a.length, b.length);
    }
  }
  return undefined;
}

/** `frontiers[cost]` is the state before round `cost`; its entry `cost + 1 + diagonal` belongs to `diagonal`. */
function walkBack(frontiers: readonly Int32Array[], width: number, height: number): readonly Step[] {
  const steps: Step[] = [];
  let x = width;
  let y = height;
  for (let cost = frontiers.length - 1; cost > 0; cost--) {
    const at = (diagonal: number) => frontiers[cost]?.[cost + 1 + diagonal] ?? 0;
    const diagonal = x - y;
    const down = diagonal === -cost || (diagonal !== cost && at(diagonal - 1) < at(diagonal + 1));
    const previous = down ? diagonal + 1 : diagonal - 1;
    x = at(previous);
    y = x - previous;
    steps.push({ kind: down ? 'add' : 'remove', from: x, to: y });
  }
  return steps.reverse();
}

function mergeSteps(steps: readonly Step[], head: number): readonly LineChange[] {
  const changes: LineChange[] = [];
  for (const { kind, from, to } of steps) {
    const last = changes.at(-1);
    const one = { removed: kind === 'remove' ? 1 : 0, added: kind === 'add' ? 1 : 0 };
    if (last && last.from + last.removed === head + from && last.to + last.added === head + to) {
      changes[changes.length - 1] = { ...last, removed: last.removed + one.removed, added: last.added + one.added };
    } else changes.push({ from: head + from, to: head + to, ...one });
  }
  return changes;
}
