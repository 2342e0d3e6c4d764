import type { Expression } from '../../code/index.ts';
import { type AddedCode, type Call, calledName, literalText } from './added-code.ts';
import type { Placed } from './spot.ts';

/** Makers of limits by their names (express-rate-limit, rate-limiter-flexible, slowapi, @nestjs/throttler). */
const LIMIT = /rate_?limit|limiter|throttl|slow_?down/i;
/** Options that say how often something may be tried. */
const TIMES = /^(?:max|limit|points|tokens|requests|delayAfter)$/;
/** So many guesses are no limit for who tries passwords. */
const MANY = 1_000;

/** A limit that a patch sets and that stops nobody: it is skipped for all, or its number is never reached. */
export function idleLimit(code: AddedCode): Placed | undefined {
  return code.calls.filter((call) => LIMIT.test(calledName(call) ?? '')).find(stopsNobody);
}

function stopsNobody({ arguments: given }: Call): boolean {
  const [options] = given.map(({ value }) => value);
  if (options?.kind !== 'map') return false;
  return options.entries.some((entry) => {
    const name = entry.kind === 'entry' ? literalText(entry.key) : undefined;
    if (name === undefined) return false;
    if (name === 'skip') return alwaysTrue(entry.value);
    return TIMES.test(name) && entry.value.kind === 'literal' && Number(entry.value.value) >= MANY;
  });
}

function alwaysTrue(value: Expression): boolean {
  if (value.kind !== 'function') return false;
  const [only, ...others] = value.function.body.filter(({ kind }) => kind !== 'declare');
  return others.length === 0 && only?.kind === 'return' && only.value?.kind === 'literal' && only.value.value === true;
}
