import type { Place, ScalarNode } from '../../syntax/index.ts';
import type { Condition, Gate, Way } from '../model.ts';
import { classifyContext } from './contexts.ts';
import { type Expression, parseExpression } from './expression.ts';
import { contextsOf, gateOf, type PermissionAsked } from './gates.ts';
import type { PermissionChecks } from './permission-checks.ts';
import { findExpressions, readTemplate } from './template.ts';
import { type ValueScope, wordsAsValues } from './value-flow.ts';

/** More ways than this through one condition are not told apart: then no gate is credited. */
const MOST_WAYS = 64;

/** Read an `if:`. `job` names the job whose steps `steps.X` means. */
export function readCondition(
  node: ScalarNode,
  file: string,
  scope: ValueScope,
  checks: PermissionChecks,
  job: string,
): Condition {
  const text = readTemplate(node, file, scope);
  const wrapped = findExpressions(node.text);
  const only = wrapped[0];
  const whole = only !== undefined && only.length === node.text.length;
  const expression = parseExpression(only === undefined ? node.text.trim() : only.source);
  const asText = only !== undefined && !whole;
  if (expression === undefined) {
    const references = wordsAsValues(node.text, scope);
    const runsAfterFailure = /\b(always|failure|cancelled)\(\)/.test(node.text);
    return { text, references, gates: [], ways: [{ gates: [] }], alwaysTrue: asText, runsAfterFailure };
  }
  const alwaysTrue = asText || hasTrueOperand(expression);
  const asked = (path: readonly string[]) => personChecked(path, checks, job);
  const ways = alwaysTrue ? [{ gates: [] }] : waysThrough(expression, true, asked, text.place);
  return {
    text,
    references: contextsOf(expression).map((path) => classifyContext(path.split('.'))),
    gates: weakestGates(ways),
    ways,
    alwaysTrue,
    runsAfterFailure: callsOf(expression).some((name) => ['always', 'failure', 'cancelled'].includes(name)),
  };
}

function personChecked(path: readonly string[], checks: PermissionChecks, job: string): string | undefined {
  const [root, name, part] = path;
  if (part !== 'outputs' || name === undefined) return undefined;
  if (root === 'needs') return checks.jobs.get(name);
  return root === 'steps' ? checks.steps.get(job)?.get(name) : undefined;
}

/** `x == 'a' || 'b'`: a text that is not empty is true. */
function hasTrueOperand(expression: Expression): boolean {
  if (expression.kind !== 'any') return false;
  return expression.operands.some(
    (operand) => operand.kind === 'literal' && typeof operand.value === 'string' && operand.value !== '',
  );
}

function callsOf(expression: Expression): readonly string[] {
  switch (expression.kind) {
    case 'call':
      return [expression.name, ...expression.arguments.flatMap(callsOf)];
    case 'not':
      return callsOf(expression.operand);
    case 'all':
    case 'any':
      return expression.operands.flatMap(callsOf);
    case 'compare':
      return [...callsOf(expression.left), ...callsOf(expression.right)];
    default:
      return [];
  }
}

function waysThrough(expression: Expression, positive: boolean, asked: PermissionAsked, place: Place): readonly Way[] {
  if (expression.kind === 'not') return waysThrough(expression.operand, !positive, asked, place);
  if (expression.kind === 'any' || expression.kind === 'all') {
    const branches = expression.operands.map((operand) => waysThrough(operand, positive, asked, place));
    const alternatives = (expression.kind === 'any') === positive;
    return limit(alternatives ? branches.flat() : branches.reduce(combine));
  }
  const events = eventsOf(expression, positive);
  if (events) return [{ ...events, gates: [] }];
  const gate = gateOf(expression, positive, asked, place);
  return [{ gates: gate === undefined ? [] : [gate] }];
}

function limit(ways: readonly Way[]): readonly Way[] {
  return ways.length > MOST_WAYS ? [{ gates: [] }] : ways;
}

function combine(left: readonly Way[], right: readonly Way[]): readonly Way[] {
  if (left.length * right.length > MOST_WAYS) return [{ gates: [] }];
  return left.flatMap((a) =>
    right.flatMap((b): readonly Way[] => {
      const events =
        a.events && b.events ? a.events.filter((event) => b.events?.includes(event)) : (a.events ?? b.events);
      if (events?.length === 0) return [];
      const except = [...(a.except ?? []), ...(b.except ?? [])];
      return [
        {
          ...(events === undefined ? {} : { events }),
          ...(except.length === 0 ? {} : { except }),
          gates: [...a.gates, ...b.gates],
        },
      ];
    }),
  );
}

/** `github.event_name == 'x'` and its kin say for which events a way is open. */
function eventsOf(test: Expression, positive: boolean): Pick<Way, 'events' | 'except'> | undefined {
  if (test.kind === 'compare' && test.operator !== 'order') {
    const [a, b] = test.left.kind === 'context' ? [test.left, test.right] : [test.right, test.left];
    if (!isEventName(a) || b.kind !== 'literal') return undefined;
    const equal = (test.operator === 'equal') === positive;
    return equal ? { events: [String(b.value)] } : { except: [String(b.value)] };
  }
  if (test.kind === 'call' && test.name === 'contains' && positive) {
    const [list, sought] = test.arguments;
    if (sought === undefined || !isEventName(sought) || list?.kind !== 'call') return undefined;
    const [literal] = list.arguments;
    return literal?.kind === 'literal' ? { events: String(literal.value).match(/\w+/g) ?? [] } : undefined;
  }
  return undefined;
}

function isEventName(expression: Expression): boolean {
  return expression.kind === 'context' && expression.path.join('.').toLowerCase() === 'github.event_name';
}

/** How strong a way's gates are together. */
function strengthOf(gates: readonly Gate[]): number {
  return Math.max(0, ...gates.map((gate) => gate.strength));
}

/** The gates of the way that is easiest to pass. */
function weakestGates(ways: readonly Way[]): readonly Gate[] {
  const [weakest] = ways.toSorted((a, b) => strengthOf(a.gates) - strengthOf(b.gates));
  return weakest?.gates ?? [];
}

/** The gates that somebody must pass who comes with this event; undefined when the condition keeps the event out. */
export function gatesForEvent(condition: Condition, event: string): readonly Gate[] | undefined {
  if (condition.ways === undefined) return condition.gates;
  const open = condition.ways.filter(
    (way) => (way.events === undefined || way.events.includes(event)) && !way.except?.includes(event),
  );
  return open.length === 0 ? undefined : weakestGates(open);
}
