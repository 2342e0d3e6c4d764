import { HIDDEN } from './hidden.ts';
import { classifyHidden, type HiddenClass } from './hidden-class.ts';
import { FLAG_SEQUENCE, isBenign, type LineDirection, readDirection } from './hidden-context.ts';
import { decodeHidden } from './hidden-decoding.ts';

/** Hidden characters that belong together. */
export interface HiddenRun {
  /** From the first to behind the last one, in UTF-16 code units; visible characters may stand between. */
  readonly span: { readonly start: number; readonly end: number };
  /** Of most of them. */
  readonly hiddenClass: HiddenClass;
  /** How many hidden characters it holds. */
  readonly count: number;
  /** What they say to whoever reads code points, where a known channel yields readable text. */
  readonly decoded: string | undefined;
}

interface Found {
  readonly start: number;
  readonly end: number;
  readonly character: string;
  readonly hiddenClass: HiddenClass;
}

/** Visible characters between two hidden ones of a run: a message may be spread over a word. */
const SPREAD = 2;
/** Fonts for icons use private characters, one or a few at a time; a message takes more. */
const ICONS = 3;

/**
 * Characters that cannot be seen and are not needed where they stand, with what they say. Let through: a byte order
 * mark at the start, joiners and selectors in emoji and in scripts that need them, flags, a soft hyphen between
 * letters, marks of direction in right-to-left lines, up to three private characters (icons), form feeds.
 * Takes time linear in the text.
 */
export function findHiddenText(text: string): readonly HiddenRun[] {
  const found = listHidden(text);
  const runs: Found[][] = [];
  for (const one of found) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (run !== undefined && last !== undefined && belongs(last, one)) run.push(one);
    else runs.push([one]);
  }
  return runs.filter((run) => !isIcons(run)).map(describe);
}

function belongs(last: Found, next: Found): boolean {
  if (next.start === last.end) return true;
  return next.start - last.end <= SPREAD && next.hiddenClass === last.hiddenClass && next.hiddenClass !== 'private-use';
}

function isIcons(run: readonly Found[]): boolean {
  return run.length <= ICONS && run.every(({ hiddenClass }) => hiddenClass === 'private-use');
}

function describe(run: readonly Found[]): HiddenRun {
  const counts = new Map<HiddenClass, number>();
  for (const { hiddenClass } of run) counts.set(hiddenClass, (counts.get(hiddenClass) ?? 0) + 1);
  const [most] = [...counts].sort(([, left], [, right]) => right - left);
  return {
    span: { start: run[0]?.start ?? 0, end: run.at(-1)?.end ?? 0 },
    hiddenClass: most?.[0] ?? 'format',
    count: run.length,
    decoded: decodeHidden(run.map(({ character }) => character)),
  };
}

function listHidden(text: string): readonly Found[] {
  const flags = [...text.matchAll(FLAG_SEQUENCE)];
  const found: Found[] = [];
  const lines = createLineReader(text);
  let flag = 0;
  for (const { 0: character, index } of text.matchAll(HIDDEN)) {
    for (let next = flags[flag]; next && next.index + next[0].length <= index; next = flags[flag]) flag++;
    const current = flags[flag];
    if (current && index > current.index) continue;
    const around = {
      index,
      before: characterBefore(text, index),
      after: characterAt(text, index + character.length),
      base: characterBefore(text, text[index - 1] === '\ufe0f' ? index - 1 : index),
      line: () => lines(index),
    };
    if (isBenign(character, around)) continue;
    const hiddenClass = classifyHidden(character.codePointAt(0) ?? 0);
    found.push({ start: index, end: index + character.length, character, hiddenClass });
  }
  return found;
}

function characterAt(text: string, index: number): string {
  const code = text.codePointAt(index);
  return code === undefined ? '' : String.fromCodePoint(code);
}

function characterBefore(text: string, index: number): string {
  if (index <= 0) return '';
  const isPair = index >= 2 && (text.codePointAt(index - 2) ?? 0) > 0xffff;
  return text.slice(isPair ? index - 2 : index - 1, index);
}

/** A line is judged once for all characters on it; a very long one piece by piece, so that the time stays linear. */
const LONGEST_LINE = 10_000;

function createLineReader(text: string): (index: number) => LineDirection {
  let start = 0;
  let end = -1;
  let direction: LineDirection = { rightToLeft: false, balanced: false };
  return (index) => {
    if (index >= start && index < end) return direction;
    start = index;
    while (start > 0 && index - start < LONGEST_LINE && text[start - 1] !== '\n') start--;
    end = index + 1;
    while (end < text.length && end - index < LONGEST_LINE && text[end] !== '\n') end++;
    direction = readDirection(text.slice(start, end));
    return direction;
  };
}
