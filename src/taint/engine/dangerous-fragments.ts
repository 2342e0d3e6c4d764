import type { TaintCategory } from '../catalogue.ts';
import { maskOf } from './category-mask.ts';
import { type Refinement, refinement } from './facts.ts';
import { DOTS } from './label.ts';
import type { Value } from './value.ts';

/** A text without the fragment is harmless for the categories. Sources: CWE-22, CWE-601, CWE-93, CWE-117. */
const FRAGMENTS: readonly { readonly fragment: string; readonly categories: readonly TaintCategory[] }[] = [
  { fragment: '/', categories: ['path'] },
  { fragment: '//', categories: ['redirect'] },
  { fragment: '://', categories: ['ssrf'] },
  { fragment: '\n', categories: ['header', 'log', 'email'] },
  { fragment: '\r\n', categories: ['header'] },
  { fragment: '<', categories: ['xss'] },
  { fragment: '__proto__', categories: ['prototype'] },
  { fragment: 'nan', categories: ['number'] },
];

/** Without these a path does not climb out of its folder; by itself it may still begin at the root. */
const CLIMBS = new Set(['..', '../']);

const QUOTES = new Set(["'", '"', '`']);

/** What is proven of the variables behind a value that does not hold a fragment. */
export function lackingFragment(value: Value, fragment: string): readonly Refinement[] {
  const clears = clearedWithout(fragment);
  return value.views.flatMap((view) => {
    if (view.relation === 'inside' && QUOTES.has(fragment))
      return { ...refinement(view.cell, 0), lacksInside: fragment };
    if (view.relation !== 'same') return [];
    if (CLIMBS.has(fragment)) return { ...refinement(view.cell, clears), quotes: DOTS };
    if (QUOTES.has(fragment)) return { ...refinement(view.cell, clears), quotes: fragment, lacksInside: fragment };
    return clears === 0 ? [] : refinement(view.cell, clears);
  });
}

/** Categories for which a text without the fragment is harmless. */
export function clearedWithout(fragment: string): number {
  const row = FRAGMENTS.find((candidate) => candidate.fragment === fragment);
  return row ? maskOf(row.categories) : 0;
}
