import type { Place } from '../../syntax/index.ts';

/** Does one place lie within another? */
export function contains(outer: Place, inner: Place): boolean {
  return outer.file === inner.file && outer.span.start <= inner.span.start && inner.span.end <= outer.span.end;
}

/** Do two places begin at the same character? */
export function startsTogether(one: Place, other: Place): boolean {
  return one.file === other.file && one.span.start === other.span.start;
}
