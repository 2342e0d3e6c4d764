import type { Module } from '../../code/index.ts';
import type { FileChange, Finding } from '../../findings/index.ts';
import { createLineIndex } from '../../syntax/index.ts';
import type { ReadCode } from './residue.ts';
import { fieldOf, type Placed, partsBelow, writtenText } from './spot.ts';
import { CHOSEN_HEADER } from './weak-tests.ts';

/** Options of limiters that say by what is counted (express-rate-limit, slowapi, Flask-Limiter, tollbooth). */
const KEY = /^(?:keyGenerator|key_func|keyFunc|key_function)$/;

/** Headers of the client by which a limit counts, where they are written: whoever changes them starts anew. */
export function chosenKeysIn({ body }: Module): readonly Placed[] {
  return partsBelow(body).flatMap((part) => {
    const given = [fieldOf(part, 'entries'), fieldOf(part, 'arguments')].flat();
    const keys = given.flatMap((entry) => {
      const named = fieldOf(entry, 'name') ?? fieldOf(fieldOf(entry, 'key'), 'value');
      const value = fieldOf(entry, 'value');
      return typeof named === 'string' && KEY.test(named) && isPlaced(value) ? [value] : [];
    });
    return partsBelow(keys).filter((one) => CHOSEN_HEADER.test(writtenText(one) ?? ''));
  });
}

function isPlaced(value: unknown): value is Placed {
  return fieldOf(value, 'place') !== undefined;
}

/**
 * The line of the new text, from 1, where a limit still counts by a header of the client, when the finding names the line
 * where it did: another number of tries, or another time, is the same to whoever changes the header.
 */
export function countedByClient(target: Finding, files: readonly FileChange[], read: ReadCode): number | undefined {
  const file = files.find(({ path }) => path === target.place.file);
  const [old, now] = [file?.before, file?.after].map((text) =>
    file && text !== undefined ? read({ path: file.path, text }) : undefined,
  );
  if (!old || !now) return undefined;
  const lineIn = ({ file: { text } }: Module, { place }: Pick<Placed, 'place'>): number =>
    createLineIndex(text).position(place.span.start).line;
  const named = new Set([target, ...target.related].map((one) => lineIn(old, one)));
  const left = chosenKeysIn(now);
  const had = chosenKeysIn(old);
  if (!had.some((key) => named.has(lineIn(old, key))) || left.length < had.length) return undefined;
  const [first] = left;
  return first && lineIn(now, first);
}
