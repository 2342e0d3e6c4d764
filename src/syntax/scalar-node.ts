import type { ScalarNode } from './node.ts';
import type { OffsetMap } from './offset-map.ts';
import type { Span } from './source.ts';

/** What a reader knows of a scalar; the offsets are worked out on the first question, as most are never asked. */
export interface ScalarParts {
  readonly span: Span;
  readonly value: ScalarNode['value'];
  readonly text: string;
  readonly style: ScalarNode['style'];
  readonly tag?: string | undefined;
  readonly map: () => OffsetMap;
}

export function createScalar({ span, value, text, style, tag, map }: ScalarParts): ScalarNode {
  const find = askOnce(map, text.length);
  return { kind: 'scalar', span, value, text, style, tag, offsetOf: find };
}

/** Keeps of a map only what answers: its decoded text is that of the scalar. */
function askOnce(map: () => OffsetMap, length: number): ScalarNode['offsetOf'] {
  let answer: OffsetMap['offsetOf'] | undefined;
  return (index) => {
    answer ??= map().offsetOf;
    return answer(Math.min(index, length));
  };
}

/** A scalar whose text stands in the source as it is, from `start` on. */
export function createPlainScalar(source: string, span: Span, value: ScalarNode['value']): ScalarNode {
  const text = value === null ? '' : source.slice(span.start, span.end);
  return createDirectScalar({ span, value, text, style: 'plain' }, span.start);
}

/** A scalar whose text stands in the source character by character, from `start` on. Most do. */
export function createDirectScalar(
  { span, value, text, style, tag }: Omit<ScalarParts, 'map'>,
  start: number,
): ScalarNode {
  return { kind: 'scalar', span, value, text, style, tag, offsetOf: countFrom(start, text.length) };
}

/** On its own, so that what it remembers is two numbers. */
function countFrom(start: number, length: number): ScalarNode['offsetOf'] {
  return (index) => start + Math.min(Math.max(index, 0), length);
}

/** Where a value would stand and none is written. */
export function createEmptyScalar(offset: number): ScalarNode {
  return createPlainScalar('', { start: offset, end: offset }, null);
}
