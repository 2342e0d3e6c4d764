import type { Effect } from '../effect.ts';
import type { StepScript } from '../model.ts';
import { isTracker } from './downloads.ts';
import { forgeCallEffect } from './forge-call.ts';
import { placeOf } from './template-slice.ts';

/** An address in a string of a program. */
const ADDRESS = /https?:\/\/[^\s"'`<>]{4,300}/g;
const FORGE =
  /^https?:\/\/(?:api\.github\.com|[^/]{1,100}\/api\/v[134]|api\.bitbucket\.org\/2\.0|.{0,200}\/_apis)(\/.*)$/;
/** In front of the address or behind it: the program sends something there. */
const SENDS_BEFORE = /\.(?:post|put|patch|delete)\s*\(\s*[frbFRB]?["'`]?$/;
const SENDS_BEHIND = /^["'`]?[^;]{0,160}?\bmethod\s*[:=]\s*["'](?:POST|PUT|PATCH|DELETE)/i;
const MOST_ADDRESSES = 100;

/**
 * Text that a program in Python or JavaScript fetches from a forge or a tracker: known by the addresses that stand in its
 * strings. What it does with the answer is not followed.
 */
export function programRequests({ language, text }: StepScript): readonly Effect[] {
  if (language !== 'python' && language !== 'javascript') return [];
  return [...text.text.matchAll(ADDRESS)]
    .slice(0, MOST_ADDRESSES)
    .flatMap(({ 0: address, index }): readonly Effect[] => {
      const end = index + address.length;
      const sends =
        SENDS_BEFORE.test(text.text.slice(Math.max(0, index - 40), index)) ||
        SENDS_BEHIND.test(text.text.slice(end, end + 200));
      const [, path] = FORGE.exec(address) ?? [];
      const call = path === undefined ? undefined : forgeCallEffect({ path, method: 'GET', body: '', program: '' });
      const fetched = isTracker(address) ? ({ kind: 'fetch-text', what: 'tracker', to: undefined } as const) : call;
      if (sends || fetched?.kind !== 'fetch-text') return [];
      return [{ ...fetched, place: placeOf(text, { start: index, end }), certainty: 'possible' }];
    });
}
