import type { Interpolation, TemplateText } from '../value.ts';
import { parseExpression } from './expression.ts';

/**
 * `const title = ${{ toJSON(github.event.issue.title) }};` in JavaScript: JSON is a literal of that language, so the
 * program gets the value as data, as it would from a variable. Inside quotes it would not.
 * Source: ECMA-262 2019, "JSON superset".
 */
export function withJsonLiterals(text: TemplateText): TemplateText {
  if (!text.interpolations.some((one) => isLiteral(text.text, one))) return text;
  return {
    ...text,
    interpolations: text.interpolations.map((one) => (isLiteral(text.text, one) ? { ...one, expanded: 'shell' } : one)),
  };
}

/** What a value may stand behind. */
const BEFORE_VALUE = /(?:[=(,:[{?&|+!]|\breturn)\s{0,40}$/;

function isLiteral(script: string, { index, source }: Interpolation): boolean {
  const expression = parseExpression(source);
  if (expression?.kind !== 'call' || expression.name !== 'tojson') return false;
  const before = script.slice(0, index);
  const line = before.slice(before.lastIndexOf('\n') + 1);
  return BEFORE_VALUE.test(line) && !isOpen(line, '"') && !isOpen(line, "'") && !isOpen(before, '`');
}

function isOpen(text: string, quote: string): boolean {
  return text.split(quote).length % 2 === 0;
}
