import type { Expression } from '../../code/index.ts';
import { evaluate } from './evaluate.ts';
import type { Frame, Machine } from './machine.ts';
import type { Value } from './value.ts';

/**
 * What stands in the decorators of a route besides its address: `response_class=HTMLResponse` by its name, the first
 * argument of `@Produces("text/html")` by the decorator's.
 */
export function wordsOfRoute(
  decorators: readonly Expression[],
  machine: Machine,
  frame: Frame,
): ReadonlyMap<string, Value> {
  const words = new Map<string, Value>();
  for (const decorator of decorators) {
    if (decorator.kind !== 'call') continue;
    for (const [position, { name, value, spread }] of decorator.arguments.entries()) {
      const key = name ?? (position === 0 ? lastName(decorator.callee) : undefined);
      if (key !== undefined && !spread) words.set(key, evaluate(value, machine, frame));
    }
  }
  return words;
}

function lastName(callee: Expression): string | undefined {
  return callee.kind === 'name' || callee.kind === 'member'
    ? callee.name.slice(callee.name.lastIndexOf('.') + 1)
    : undefined;
}
