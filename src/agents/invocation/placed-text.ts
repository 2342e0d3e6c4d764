import type { Place } from '../../syntax/index.ts';
import type { CommandWord, GivenEntry, GivenText } from './invocation.ts';

/** Text that knows where each of its parts stands in the file. */
export interface PlacedText {
  readonly text: string;
  readonly complete: boolean;
  readonly place: Place;
  readonly from: GivenText['from'];
  /** Where the characters from `start` to `end` stand; the whole text where quoting hides it. */
  part(start: number, end: number): Place;
}

/** A word of a command line. Inside quotes or without any the characters stand one behind the other. */
export function placedWord(word: CommandWord, index: number): PlacedText {
  const { place, text } = word;
  return {
    text,
    complete: word.complete,
    place,
    from: { kind: 'word', index },
    part: word.part ?? ((start, end) => partOfSpan(place, text.length, start, end)),
  };
}

/** The value of an input or variable. */
export function placedEntry(entry: GivenEntry, kind: 'input' | 'environment'): PlacedText {
  const { node, place, text } = entry;
  const scalar = node?.kind === 'scalar' && node.text === text ? node : undefined;
  return {
    text,
    complete: !text.includes('${{'),
    place,
    from: { kind, name: entry.name },
    part: (start, end) =>
      scalar === undefined
        ? partOfSpan(place, text.length, start, end)
        : {
            file: place.file,
            span: { start: scalar.offsetOf(start), end: scalar.offsetOf(Math.max(start, end - 1)) + 1 },
          },
  };
}

/** A part of a text, as a text of its own. */
export function slicePlaced(outer: PlacedText, start: number, end: number): PlacedText {
  return {
    text: outer.text.slice(start, end),
    complete: outer.complete,
    place: outer.part(start, end),
    from: outer.from,
    part: (from, to) => outer.part(start + from, start + to),
  };
}

/** What the contract shows of it. */
export function givenText({ text, place, from, complete }: PlacedText): GivenText {
  return { text, place, from, complete };
}

function partOfSpan(place: Place, length: number, start: number, end: number): Place {
  const spare = place.span.end - place.span.start - length;
  if (spare !== 0 && spare !== 2) return place;
  const first = place.span.start + spare / 2;
  return { file: place.file, span: { start: first + start, end: first + end } };
}
