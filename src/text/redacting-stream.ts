import type { Automaton } from './automaton.ts';
import { cutOut } from './redaction.ts';
import type { RedactingStream, SecretHit } from './secret.ts';
import { mayGrow, SecretScan, type Sighting } from './secret-scan.ts';
import type { Core } from './watch-list.ts';

/** More than this is never held: a few letters between endless blanks are no secret. */
const MAX_HELD = 64 * 1024;
/** A piece that ends a line passes when fewer symbols than this could begin a secret: a message waits for its answer. */
const LOOSE_SYMBOLS = 4;
/** The same when the stream has fallen silent. */
const SILENT_SYMBOLS = 8;

/**
 * Redacts bytes that arrive in pieces. Held back is only what may be the start of a secret, so that text streams
 * through. A piece that ends in a line break passes whole unless four or more characters of a possible secret were
 * read; so at most three characters of a secret that is spread over lines and pieces get through, the rest is found.
 */
export function createRedactingStream(automata: readonly Automaton<Core>[]): RedactingStream {
  const scan = new SecretScan(automata);
  let held: Buffer = Buffer.alloc(0);
  let base = 0;
  let before = -1;
  let sightings: readonly Sighting[] = [];

  function release(bytes: Buffer, length: number): { bytes: Buffer; hits: readonly SecretHit[] } {
    const end = base + length;
    const clean = cutOut(bytes.subarray(0, length), base, sightings.map(hitOf));
    const complete = sightings.filter((sighting) => sighting.end <= end && !mayGrow(sighting));
    sightings = sightings.filter((sighting) => !complete.includes(sighting));
    if (length > 0) before = bytes[length - 1] ?? -1;
    held = Buffer.from(bytes.subarray(length));
    base = end;
    return { bytes: clean, hits: complete.map(hitOf) };
  }

  return {
    push(chunk) {
      const bytes = held.length > 0 ? Buffer.concat([held, chunk]) : Buffer.from(chunk);
      const window = { bytes, base, before };
      sightings = [...sightings, ...scan.read(window, held.length)];
      const undecided = scan.undecidedFrom(window);
      const loose = bytes.at(-1) === 0x0a && scan.undecidedSymbols() < LOOSE_SYMBOLS;
      return release(bytes, loose || bytes.length - undecided > MAX_HELD ? bytes.length : undecided);
    },
    flush() {
      return release(held, scan.undecidedSymbols() < SILENT_SYMBOLS ? held.length : 0);
    },
    end() {
      scan.settle();
      return release(held, held.length);
    },
  };
}

function hitOf({ form, start, end }: Sighting): SecretHit {
  return { name: form.name, encoding: form.encoding, start, end };
}
