import type { CommandWord } from './invocation.ts';
import { type PlacedText, placedWord, slicePlaced } from './placed-text.ts';
import type { OptionRow, ProductRow } from './product.ts';
import type { Written } from './tag.ts';

/** What stood behind the program's name. */
export interface ReadOptions {
  readonly written: readonly Written[];
  /** Words outside options: subcommands, then the prompt. */
  readonly operands: readonly PlacedText[];
}

interface Cursor {
  readonly row: ProductRow;
  readonly words: readonly CommandWord[];
  readonly first: number;
  readonly written: Written[];
  readonly operands: PlacedText[];
  at: number;
}

/**
 * Reads options the way the product's own parser would, and keeps going where that would stop: an unknown option is
 * written down by its name. `first` is the index of the first word in the whole command line.
 */
export function readOptions(row: ProductRow, words: readonly CommandWord[], first: number): ReadOptions {
  const cursor: Cursor = { row, words, first, written: [], operands: [], at: 0 };
  while (cursor.at < words.length) {
    const word = words[cursor.at];
    if (word === undefined) break;
    if (word.text === '--') {
      for (const [index, rest] of words.slice(cursor.at + 1).entries())
        cursor.operands.push(placedWord(rest, first + cursor.at + 1 + index));
      break;
    }
    if (word.text.startsWith('-') && word.text.length > 1) readOption(cursor, word);
    else {
      cursor.operands.push(placedWord(word, first + cursor.at));
      cursor.at += 1;
    }
  }
  return { written: cursor.written, operands: cursor.operands };
}

function readOption(cursor: Cursor, word: CommandWord): void {
  const placed = placedWord(word, cursor.first + cursor.at);
  cursor.at += 1;
  const equals = word.text.startsWith('--') ? word.text.indexOf('=') : -1;
  const spelled = equals < 0 ? word.text : word.text.slice(0, equals);
  const row = cursor.row.options.find(({ names }) => names.includes(spelled));
  if (equals >= 0) {
    const value = slicePlaced(placed, equals + 1, word.text.length);
    // `--yolo=false` says the opposite of what the option does.
    if (row?.arity === 'none' && value.text === 'false' && row.tag !== 'sandbox') return;
    write(cursor, row, spelled, placed, value);
  } else if (row === undefined && /^-[A-Za-z]{2,}$/.test(spelled) && readCluster(cursor, placed)) return;
  else {
    const values = takeValues(cursor, row);
    write(cursor, row, spelled, placed, values[0]);
    for (const value of values.slice(1)) write(cursor, row, spelled, placed, value);
  }
}

/** `-yp TEXT`: letters of which all but the last take no value. */
function readCluster(cursor: Cursor, placed: PlacedText): boolean {
  const letters = [...placed.text.slice(1)].map((letter) => `-${letter}`);
  const rows = letters.map((name) => cursor.row.options.find(({ names }) => names.includes(name)));
  if (rows.some((row, index) => row === undefined || (row.arity !== 'none' && index < rows.length - 1))) return false;
  for (const [index, row] of rows.entries()) {
    const value = index === rows.length - 1 ? takeValues(cursor, row)[0] : undefined;
    write(cursor, row, letters[index] ?? '', placed, value);
  }
  return true;
}

function takeValues(cursor: Cursor, row: OptionRow | undefined): readonly PlacedText[] {
  const rest = cursor.words.slice(cursor.at);
  const isOption = (word: CommandWord | undefined) => word === undefined || word.text.startsWith('-');
  const length = valueCount(cursor, row, rest, isOption);
  const values = rest.slice(0, length).map((word, index) => placedWord(word, cursor.first + cursor.at + index));
  cursor.at += length;
  return values;
}

function valueCount(
  cursor: Cursor,
  row: OptionRow | undefined,
  rest: readonly CommandWord[],
  isOption: (word: CommandWord | undefined) => boolean,
): number {
  if (rest.length === 0) return 0;
  switch (row?.arity) {
    case 'none':
      return 0;
    case 'one':
      return 1;
    case 'optional':
      return isOption(rest[0]) ? 0 : 1;
    case 'many': {
      const end = rest.findIndex((word, index) => index > 0 && isOption(word));
      return end < 0 ? rest.length : end;
    }
    case undefined:
      // Nobody knows whether the next word belongs to it; the last word of a line is more often the prompt.
      return isOption(rest[0]) || (rest.length === 1 && cursor.operands.length === 0) ? 0 : 1;
  }
}

function write(
  cursor: Cursor,
  row: OptionRow | undefined,
  spelled: string,
  key: PlacedText,
  value: PlacedText | undefined,
): void {
  const tag = row?.tag ?? 'other';
  const entry: Written = { tag, spelled, keyPlace: key.place, value, builtIn: false };
  if (tag === 'config' && value !== undefined) cursor.written.push(configEntry(cursor.row, entry, value));
  else cursor.written.push(entry);
}

/** `-c sandbox_mode="x"` says what `--sandbox x` says. */
function configEntry(row: ProductRow, entry: Written, value: PlacedText): Written {
  const equals = value.text.indexOf('=');
  const key = (equals < 0 ? value.text : value.text.slice(0, equals)).trim();
  const meaning = row.configKeys.find(
    (candidate) =>
      (candidate.key.endsWith('*') ? key.startsWith(candidate.key.slice(0, -1)) : candidate.key === key) &&
      candidate.holds?.test(value.text) !== false,
  );
  if (meaning === undefined || equals < 0) return entry;
  const raw = value.text.slice(equals + 1);
  const quoted = /^(["']).*\1$/s.test(raw) ? 1 : 0;
  const setting = slicePlaced(value, equals + 1 + quoted, value.text.length - quoted);
  return { ...entry, tag: meaning.tag, spelled: `${entry.spelled} ${key}`, value: setting };
}
