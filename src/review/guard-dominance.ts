import type { FunctionNode, Module, Statement } from '../code/index.ts';
import { createLineIndex, type LineIndex, type Place } from '../syntax/index.ts';
import { bodiesOf, functionsOf } from './code-walk.ts';

/**
 * Whether every way to a line of a function passes a guard on an earlier one: a check whose other side leaves, a check
 * around the line, or a statement that stands before it without a condition. What stands in another function, in a branch
 * beside it, or in a check that goes on either way does not count.
 *
 * @param guardLine and `line` from 1
 */
export function dominates(module: Module, guardLine: number, line: number): boolean {
  const index = createLineIndex(module.file.text);
  const home = innermost(module, index, line);
  if (home !== innermost(module, index, guardLine)) return false;
  return passes(home ? home.body : module.body, guardLine, line, index);
}

function innermost(module: Module, index: LineIndex, line: number): FunctionNode | undefined {
  let best: FunctionNode | undefined;
  for (const node of functionsOf(module)) {
    if (!holds(node.place, line, index)) continue;
    if (!best || node.place.span.end - node.place.span.start < best.place.span.end - best.place.span.start) best = node;
  }
  return best;
}

function holds({ span }: Place, line: number, index: LineIndex): boolean {
  return index.position(span.start).line <= line && line <= index.position(Math.max(span.start, span.end - 1)).line;
}

function passes(statements: readonly Statement[], guardLine: number, line: number, index: LineIndex): boolean {
  // A declaration of names has the place of the whole scope and does nothing.
  const body = statements.filter(({ kind }) => kind !== 'declare');
  const at = body.findIndex(({ place }) => holds(place, line, index));
  const target = body[at];
  if (!target) return false;
  const guard = body.slice(0, at).find(({ place }) => holds(place, guardLine, index));
  if (guard) return alwaysGuards(guard, guardLine, index);
  if (!holds(target.place, guardLine, index)) return false;
  const inner = bodiesOf(target).find((one) => one.some(({ place }) => holds(place, line, index)));
  if (!inner) return false;
  const sharesBody = inner.some(({ place }) => holds(place, guardLine, index));
  if (sharesBody) return passes(inner, guardLine, line, index);
  return target.kind === 'branch' && isTest(target, guardLine, index);
}

/** The line has the condition, whatever else stands on it. */
function isTest({ test }: Extract<Statement, { kind: 'branch' }>, line: number, index: LineIndex): boolean {
  return holds(test.place, line, index);
}

function alwaysGuards(statement: Statement, guardLine: number, index: LineIndex): boolean {
  switch (statement.kind) {
    case 'branch':
      return isTest(statement, guardLine, index) && (leaves(statement.then) || leaves(statement.otherwise));
    case 'expression':
    case 'assign':
    case 'assert':
      return true;
    case 'block':
    case 'with': {
      const inner = statement.body.find(({ place }) => holds(place, guardLine, index));
      return inner !== undefined && alwaysGuards(inner, guardLine, index);
    }
    default:
      return false;
  }
}

function leaves(body: readonly Statement[]): boolean {
  const last = body.at(-1);
  if (!last) return false;
  if (last.kind === 'block') return leaves(last.body);
  if (last.kind === 'branch') return leaves(last.then) && leaves(last.otherwise);
  return last.kind === 'return' || last.kind === 'throw' || last.kind === 'continue' || last.kind === 'break';
}
