import type { Node, ScalarNode } from '../../syntax/index.ts';
import type { Entry } from '../model.ts';
import type { Interpolation, TemplateText, ValueReference } from '../value.ts';
import { parseExpression } from './expression.ts';
import { type ValueScope, valuesOf, wordsAsValues } from './value-flow.ts';

/** A template expression of a text: the range of `${{ … }}` and what stands inside. */
export interface ExpressionRange {
  readonly index: number;
  readonly length: number;
  readonly source: string;
}

/** Find every `${{ … }}`. A `}}` inside a quoted text of the expression does not end it. */
export function findExpressions(text: string): readonly ExpressionRange[] {
  const found: ExpressionRange[] = [];
  let from = text.indexOf('${{');
  while (from !== -1) {
    const end = endOfExpression(text, from + 3);
    if (end === undefined) break;
    found.push({ index: from, length: end + 2 - from, source: text.slice(from + 3, end).trim() });
    from = text.indexOf('${{', end + 2);
  }
  return found;
}

function endOfExpression(text: string, from: number): number | undefined {
  let quoted = false;
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (character === "'") quoted = !quoted;
    else if (!quoted && character === '}' && text[at + 1] === '}') return at;
  }
  return undefined;
}

/** Every value an expression's source can yield, parsed or found by words. */
export function readValues(source: string, scope: ValueScope): readonly ValueReference[] {
  const expression = parseExpression(source);
  return expression ? valuesOf(expression, scope) : wordsAsValues(source, scope);
}

/** A scalar of a workflow as text with its template expressions. */
export function readTemplate(node: ScalarNode, file: string, scope: ValueScope): TemplateText {
  const { text } = node;
  const place = { file, span: node.span };
  const interpolations = text.includes('${{') ? readInterpolations(node, file, scope) : NONE;
  return { text, place, interpolations, offsetOf: node.offsetOf };
}

const NONE: readonly Interpolation[] = [];

function readInterpolations(node: ScalarNode, file: string, scope: ValueScope): readonly Interpolation[] {
  return findExpressions(node.text).map((range): Interpolation => {
    const start = node.offsetOf(range.index);
    const end = node.offsetOf(range.index + range.length - 1) + 1;
    return {
      place: { file, span: { start, end } },
      index: range.index,
      length: range.length,
      source: range.source,
      expanded: 'before',
      values: readValues(range.source, scope),
    };
  });
}

/** A list or map as one text, for places where a scalar is usual: the source as it stands. */
function readAnyTemplate(node: Node, source: string, file: string, scope: ValueScope): TemplateText {
  if (node.kind === 'scalar') return readTemplate(node, file, scope);
  const { start, end } = node.span;
  const scalar: ScalarNode = {
    kind: 'scalar',
    span: node.span,
    value: null,
    text: source.slice(start, end),
    style: 'plain',
    offsetOf: (index) => start + index,
  };
  return readTemplate(scalar, file, scope);
}

/** The entries of `env:`, `with:`, `secrets:` or `outputs:`. `env: ${{ … }}` as a whole is one entry without a name. */
export function readEntries(node: Node | undefined, source: string, file: string, scope: ValueScope): readonly Entry[] {
  if (node?.kind === 'scalar') {
    if (node.text === '') return [];
    const value = readTemplate(node, file, scope);
    return [{ name: '', keyPlace: value.place, value, node }];
  }
  if (node?.kind !== 'map') return [];
  return node.entries.map((entry) => ({
    name: entry.key.text,
    keyPlace: { file, span: entry.key.span },
    value: readAnyTemplate(entry.value, source, file, scope),
    node: entry.value,
  }));
}
