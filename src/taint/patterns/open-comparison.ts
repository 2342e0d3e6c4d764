import type { Expression, FunctionNode } from '../../code/index.ts';
import type { FindingDraft } from '../../findings/index.ts';
import { isTestFile } from '../test-file.ts';
import { functionsBelow, ownName } from './functions.ts';
import { literalText } from './spelled-name.ts';
import { expressionsBelow, expressionsIn } from './traversal.ts';
import { type FindWeaknesses, maySpell, weakness } from './weakness.ts';

/** What only somebody who knows it may send. A bare `token` or `key` is as often a word of a language or of a map. */
const SECRET =
  /^(?:.*_)?(?:api_?key|secret(?:_?key)?|(?:access|auth|api|bearer|csrf|xsrf|session|reset|admin|webhook|refresh|bot|verification|invite|service|internal|shared)_?(?:token|secret|key)|webhook_?secret|client_?secret)$/;
/** What is worked out with a secret; the words have other meanings where no such thing is. */
const CODE = /^(?:.*_)?(?:signature|sig|hmac|mac|expected(?:_\w+)?)$/;
const SOUGHT = /token|key|secret|sig|mac|auth|expected|computed|digest/;
const HEADERS = /^(?:headers?|getheader|gethttpheader|get_header|http_\w+)$/;

/** Names of kinds, fields and states: `type === TokenType.ACCESS_TOKEN`. */
const NAMING = /(?:type|kind|scope|name|field|status|state|event|enum|code|param)s?$/i;

/**
 * CODE72: a secret is compared with what somebody sent by `==`. Certain only where both sides are named so, or one of them
 * is a header of the request.
 */
export const findOpenComparison: FindWeaknesses = ({ module }) => {
  const { path } = module.file;
  if (isTestFile(path) || /\.[jt]sx$/.test(path) || !maySpell(module, /secret|token|api_?key|hmac|signature/i))
    return [];
  const found = new Map<number, FindingDraft>();
  for (const node of functionsBelow(module.body)) {
    const text = module.file.text.slice(node.place.span.start, node.place.span.end);
    const signs = /hmac|\bMac\b|createSign/i.test(text);
    for (const finding of comparisonsIn(node, signs)) found.set(finding.place.span.start, finding);
  }
  return [...found.values()];
};

function comparisonsIn({ body }: FunctionNode, signs: boolean): readonly FindingDraft[] {
  return [...expressionsBelow(body)].flatMap((expression) => {
    const sides = sidesOf(expression);
    if (!sides) return [];
    const [left, right] = sides.map((side) => wordOf(side));
    if (left === undefined || right === undefined) return [];
    const secret = [left, right].find((word) => SECRET.test(word) || (signs && CODE.test(word)));
    if (secret === undefined || left === right || NAMING.test(left) || NAMING.test(right)) return [];
    const other = secret === left ? right : left;
    const certain = SOUGHT.test(other) || sides.some(isHeader);
    const message = `\`${secret}\` is compared in a time that says how much of it is right`;
    const { place } = expression;
    const tier = certain ? 'regular' : 'pedantic';
    return weakness('CODE72', { message, place, subject: `${left} ${right}`, tier });
  });
}

function sidesOf(expression: Expression): readonly [Expression, Expression] | undefined {
  if (expression.kind === 'binary' && /^[!=]==?$/.test(expression.operator)) return [expression.left, expression.right];
  if (expression.kind !== 'call' || expression.callee.kind !== 'member' || expression.callee.name !== 'equals')
    return undefined;
  const [given] = expression.arguments;
  return given && expression.arguments.length === 1 ? [expression.callee.object, given.value] : undefined;
}

/** The word for a side, in small letters with underscores; `undefined`: a constant, or nothing that has a name. */
function wordOf(side: Expression): string | undefined {
  if (side.kind === 'typed' || side.kind === 'await') return side.value && wordOf(side.value);
  if (side.kind === 'index') return snake(literalText(side.key) ?? '') || undefined;
  if (side.kind === 'logical') return wordOf(side.left);
  if (side.kind === 'call') {
    const named = side.arguments.map(({ value }) => literalText(value)).find((text) => text !== undefined);
    if (named !== undefined) return snake(named);
    return side.callee.kind === 'member' ? wordOf(side.callee.object) : undefined;
  }
  if (side.kind === 'member' && /^[A-Z]/.test(ownName(side.object)) && NAMING.test(ownName(side.object)))
    return undefined;
  return snake(ownName(side)) || undefined;
}

function snake(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z\d]+/g, '_')
    .toLowerCase();
}

function isHeader(side: Expression): boolean {
  for (const inner of expressionsIn(side)) if (HEADERS.test(ownName(inner).toLowerCase())) return true;
  return false;
}
