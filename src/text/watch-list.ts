import { SallyportError } from '../errors/index.ts';
import { Automaton, type Pattern } from './automaton.ts';
import { type EncodedForm, listForms } from './encoded-form.ts';
import { EXACT, FOLDED, type Reading, readSymbols } from './reading.ts';
import type { KnownSecret } from './secret.ts';

/** A form of a secret as the scan compares it. */
export interface WatchedForm {
  readonly name: string;
  readonly encoding: string;
  readonly reading: Reading;
  readonly symbols: Uint8Array;
  /** The byte behind each symbol, when a short form must also agree in letter case; else empty. */
  readonly letters: Uint8Array;
}

/** A stretch of a form, in symbols, whose presence alone proves the secret. */
export interface Core {
  readonly form: WatchedForm;
  readonly start: number;
  readonly end: number;
}

/** Bytes a secret must have: a shorter one cannot be told from ordinary text. */
const MIN_SECRET_BYTES = 8;
/** Letters and digits a core must have to be found among separators; else the form is compared byte by byte. */
const MIN_CORE_SYMBOLS = 8;
/** From this length on letter case is ignored. */
const CASELESS_SYMBOLS = 16;

/** One automaton a reading; secrets that need no exact comparison cost one pass. */
export function compileWatchList(secrets: readonly KnownSecret[]): readonly Automaton<Core>[] {
  const patterns = new Map<Reading, Pattern<Core>[]>();
  for (const secret of secrets) {
    const seen = new Set<string>();
    for (const encoded of listForms(bytesOf(secret))) {
      const { form, cores } = watch(secret.name, encoded);
      const key = `${form.reading.stride}:${form.symbols.toString()}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const list = patterns.get(form.reading) ?? [];
      patterns.set(form.reading, list);
      list.push(...patternsOf(form, cores));
    }
  }
  return [...patterns].map(([reading, list]) => new Automaton(reading, list));
}

/** @throws SallyportError SP1804 for one that cannot be told from ordinary text. */
export function checkSecrets(secrets: readonly KnownSecret[]): void {
  for (const secret of secrets) bytesOf(secret);
}

function bytesOf(secret: KnownSecret): Buffer {
  const value = Buffer.from(secret.value, 'utf8');
  if (value.length >= MIN_SECRET_BYTES) return value;
  throw new SallyportError(
    'SP1804',
    `the secret ${secret.name} has ${value.length} bytes, fewer than ${MIN_SECRET_BYTES}`,
  );
}

function watch(name: string, encoded: EncodedForm): { form: WatchedForm; cores: readonly Core[] } {
  const folded = compile(name, encoded, FOLDED);
  const first = folded.cores[0];
  const weak = first === undefined || first.end - first.start < MIN_CORE_SYMBOLS;
  return weak ? compile(name, encoded, EXACT) : folded;
}

function compile(name: string, encoded: EncodedForm, reading: Reading): { form: WatchedForm; cores: readonly Core[] } {
  const { symbols, positions } = readSymbols(reading, encoded.text);
  const short = reading === FOLDED && symbols.length < CASELESS_SYMBOLS;
  const letters = short
    ? Uint8Array.from(positions, (position) => encoded.text.charCodeAt(position))
    : new Uint8Array();
  const form: WatchedForm = { name, encoding: encoded.encoding, reading, symbols, letters };
  const cores = encoded.cores.map(([start, end]) => ({
    form,
    start: countBelow(positions, start),
    end: countBelow(positions, end),
  }));
  return { form, cores };
}

function countBelow(positions: readonly number[], limit: number): number {
  const index = positions.findIndex((position) => position >= limit);
  return index < 0 ? positions.length : index;
}

/** The cores report. The stretch up to the first core only keeps depth, so that a stream holds the head back as well. */
function patternsOf(form: WatchedForm, cores: readonly Core[]): readonly Pattern<Core>[] {
  const minimum = form.reading === EXACT ? 1 : MIN_CORE_SYMBOLS;
  const strong = cores.filter((core, index) => index === 0 || core.end - core.start >= minimum);
  const head = strong.reduce((least, core) => (core.start < least.start ? core : least));
  return [
    ...strong.map((core) => ({ symbols: form.symbols.subarray(core.start, core.end), payload: core })),
    { symbols: form.symbols.subarray(0, head.end) },
  ];
}
