import type { DottedPattern } from '../catalogue.ts';

/**
 * Whether a dotted name has the form of a pattern; see `DottedPattern`. Only the first and the last segment can be `*`.
 */
export function matchesDotted(pattern: DottedPattern, name: string): boolean {
  if (pattern === '*') return true;
  if (pattern.startsWith('*.')) return endsWithSegments(pattern.slice(1), name);
  if (pattern.endsWith('.*')) {
    const cut = name.lastIndexOf('.');
    return cut > 0 && name.slice(0, cut) === pattern.slice(0, -2);
  }
  return pattern === name;
}

/** `.a.b` or `.a.*` at the end of the name, with something before. */
function endsWithSegments(ending: string, name: string): boolean {
  if (!ending.endsWith('.*')) return name.length > ending.length && name.endsWith(ending);
  const cut = name.lastIndexOf('.');
  const fixed = ending.slice(0, -2);
  return cut > fixed.length && name.slice(0, cut).endsWith(fixed);
}
