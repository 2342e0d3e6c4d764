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
  let mapped: OffsetMap | undefined;
  return {
    kind: 'scalar',
    span,
    value,
    text,
    style,
    tag,
    offsetOf(index) {
      mapped ??= map();
      return mapped.offsetOf(Math.min(index, text.length));
    },
  };
}

/** A scalar whose text stands in the source as it is, from `start` on. */
export function createPlainScalar(source: string, span: Span, value: ScalarNode['value']): ScalarNode {
  const text = value === null ? '' : source.slice(span.start, span.end);
  const offsetOf = (index: number) => span.start + Math.min(Math.max(index, 0), text.length);
  return { kind: 'scalar', span, value, text, style: 'plain', tag: undefined, offsetOf };
}

/** Where a value would stand and none is written. */
export function createEmptyScalar(offset: number): ScalarNode {
  return createPlainScalar('', { start: offset, end: offset }, null);
}
