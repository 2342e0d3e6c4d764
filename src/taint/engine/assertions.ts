import { compareFacts } from './comparison.ts';
import type { Facts } from './facts.ts';
import type { Made } from './made-call.ts';
import { applyRefinements } from './refine.ts';
import { regexResult } from './text-methods.ts';
import { UNKNOWN } from './value.ts';

type Claim = (made: Made) => Facts | undefined;

const truth: Claim = ({ given }) => given.positional[0]?.facts;

const equality: Claim = ({ given, machine }) => {
  const [left = UNKNOWN, right = UNKNOWN] = given.positional;
  return compareFacts('===', left, right, machine);
};

const likeness: Claim = ({ callee, given, place, machine, frame }) => {
  const [text = UNKNOWN, expression = UNKNOWN] = given.positional;
  const call = { name: callee.name, receiver: UNKNOWN, given, place, machine, frame };
  return expression.name === 'RegExp' ? regexResult(expression, text, false, false, call).facts : undefined;
};

/** What the functions of `assert` claim (nodejs.org/api/assert.html). */
const NODE: Readonly<Record<string, Claim>> = {
  '': truth,
  '.ok': truth,
  '.equal': equality,
  '.strictEqual': equality,
  '.match': likeness,
};

/** Functions that throw unless what they are told holds. `console.assert` only writes a line. */
const CLAIMS: ReadonlyMap<string, Claim> = new Map([
  ...['assert', 'assert.strict', 'assert/strict'].flatMap((module) =>
    Object.entries(NODE).map(([name, claim]) => [`${module}${name}`, claim] as const),
  ),
  ...[
    ...['tiny-invariant', 'invariant', 'ts-invariant', 'ts-invariant.invariant', 'http-assert', 'power-assert'],
    ...['koa.Context.assert', 'outvariant.invariant'],
  ].map((name) => [name, truth] as const),
]);

/** What comes after an assertion may believe it. */
export function applyAssertion(made: Made): void {
  const { callee, machine } = made;
  const claim = callee.target.callables.length === 0 ? CLAIMS.get(callee.name) : undefined;
  if (claim) applyRefinements(claim(made)?.whenTrue ?? [], machine);
}
