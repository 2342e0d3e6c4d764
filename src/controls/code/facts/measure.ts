import { argumentsOf, lastName, namesOf, type Term } from '../terms/index.ts';

/** Seconds of a unit of time, as the languages and their libraries write it. */
const SECONDS: readonly { readonly unit: RegExp; readonly seconds: number }[] = [
  { unit: /^(?:ms|milli(?:s|seconds?)?)$/i, seconds: 0.001 },
  { unit: /^(?:s|secs?|seconds?)$/i, seconds: 1 },
  { unit: /^(?:m|mins?|minutes?)$/i, seconds: 60 },
  { unit: /^(?:h|hrs?|hours?)$/i, seconds: 3600 },
  { unit: /^(?:d|days?)$/i, seconds: 86_400 },
  { unit: /^(?:w|weeks?)$/i, seconds: 604_800 },
  { unit: /^(?:months?)$/i, seconds: 2_592_000 },
  { unit: /^(?:y|years?)$/i, seconds: 31_536_000 },
];

/** Costs of a library that have a name. Source: golang.org/x/crypto/bcrypt. */
const NAMED: { readonly [name: string]: number } = { MinCost: 4, DefaultCost: 10, MaxCost: 31 };

/** `5/min`, `10 per hour`: so many in so long. */
export const RATE = /^(\d{1,12}) {0,2}(?:\/|per) {0,2}(\d{0,6}) {0,2}([a-z]{1,7})$/i;
const SPAN = /^(\d{1,12}(?:\.\d{1,6})?) {0,2}([a-z]{1,12})$/i;
const SIZE = /^(\d{1,12}(?:\.\d{1,6})?) {0,2}([kmg])i?b$/i;

/**
 * The size of a value that is written as a number with a unit: durations in seconds, sizes in bytes, rates per second.
 * Values of one setting are compared with each other only, so plain numbers keep their own unit.
 */
export function measureOf(term: Term): number | undefined {
  switch (term.kind) {
    case 'number':
      return plain(term.text);
    case 'string':
      return ofText(term.text);
    case 'member':
      return ofName(term);
    case 'call':
    case 'new':
      return ofCall(term);
    case 'operation':
      return ofOperation(term);
    default:
      return undefined;
  }
}

function plain(text: string): number | undefined {
  const value = Number(text.replace(/_|[nlL]$/g, ''));
  return Number.isFinite(value) ? value : undefined;
}

function secondsOf(unit: string): number | undefined {
  return SECONDS.find((row) => row.unit.test(unit))?.seconds;
}

function ofText(text: string): number | undefined {
  if (text.length > 40) return undefined;
  const rate = RATE.exec(text);
  if (rate) {
    const seconds = secondsOf(rate[3] ?? '');
    return seconds === undefined ? undefined : Number(rate[1]) / (seconds * Number(rate[2] || '1'));
  }
  const size = SIZE.exec(text);
  if (size) return Number(size[1]) * 1024 ** ('kmg'.indexOf((size[2] ?? '').toLowerCase()) + 1);
  const span = SPAN.exec(text);
  const seconds = span ? secondsOf(span[2] ?? '') : undefined;
  return span && seconds !== undefined ? Number(span[1]) * seconds : undefined;
}

/** `time.Hour`, `bcrypt.MinCost`. */
function ofName(term: Term): number | undefined {
  const names = namesOf(term);
  const last = names.at(-1) ?? '';
  if (Object.hasOwn(NAMED, last)) return NAMED[last];
  return names.length === 2 && /^(?:time|TimeUnit|ChronoUnit)$/.test(names[0] ?? '') ? secondsOf(last) : undefined;
}

/** `timedelta(days=1, hours=2)`, `Duration.ofMinutes(10)`, `int64(8)`. */
function ofCall(term: Term): number | undefined {
  const name = lastName(term);
  const args = argumentsOf(term);
  const [first] = args;
  const span = /^(?:of|from)([A-Z][a-z]{3,7})$/.exec(name);
  if (span && args.length === 1 && first !== undefined) {
    const [seconds, count] = [secondsOf(span[1] ?? ''), measureOf(first)];
    return seconds === undefined || count === undefined ? undefined : seconds * count;
  }
  if (name !== 'timedelta') return undefined;
  let sum = 0;
  for (const arg of args) {
    const [key, value] = arg.kind === 'pair' ? arg.parts : [undefined, arg];
    const [seconds, count] = [key === undefined ? 86_400 : secondsOf(lastName(key)), value && measureOf(value)];
    if (seconds === undefined || count === undefined) return undefined;
    sum += seconds * count;
  }
  return sum;
}

function ofOperation(term: Term): number | undefined {
  const [left, right, ...more] = term.parts.map(measureOf);
  if (left === undefined || right === undefined || more.length > 0) return undefined;
  if (term.text === '*') return left * right;
  if (term.text === '+') return left + right;
  return term.text === '-' ? left - right : undefined;
}
