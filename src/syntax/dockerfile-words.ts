import { type MappedText, sliceMapped, TextAssembly } from './mapped-text.ts';
import type { Span } from './source.ts';

/** One word of an instruction. */
export interface DockerWord {
  /** After quote removal; variables as spelled. */
  readonly value: MappedText;
  /** As written, quotes included. */
  readonly span: Span;
}

/** `--mount=type=secret,id=x` */
export interface DockerFlag {
  readonly name: string;
  readonly value: MappedText;
  readonly span: Span;
}

/** A name with a value in ENV, ARG or LABEL. */
export interface DockerPair {
  readonly name: string;
  readonly nameSpan: Span;
  /** Undefined where nothing is assigned: `ARG TOKEN`. */
  readonly value: DockerWord | undefined;
}

const WITH_FLAGS: ReadonlySet<string> = new Set(['RUN', 'COPY', 'ADD', 'FROM', 'HEALTHCHECK']);

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}

/** The `--name=value` words in front, for the instructions that have some. */
export function readFlags(
  keyword: string,
  whole: MappedText,
): { readonly flags: readonly DockerFlag[]; readonly body: MappedText } {
  const flags: DockerFlag[] = [];
  const { text } = whole;
  let index = 0;
  while (WITH_FLAGS.has(keyword) && text.startsWith('--', index)) {
    let end = index;
    while (end < text.length && !isBlank(text[end])) end++;
    const equals = text.indexOf('=', index);
    const split = equals >= 0 && equals < end ? equals : end;
    flags.push({
      name: text.slice(index + 2, split),
      value: sliceMapped(whole, Math.min(split + 1, end), end),
      span: spanOf(whole, index, end),
    });
    index = end;
    while (isBlank(text[index])) index++;
  }
  return { flags, body: sliceMapped(whole, index, text.length) };
}

/** The file's range of a part of a mapped text. */
function spanOf(whole: MappedText, start: number, end: number): Span {
  return { start: whole.offsetOf(start), end: end > start ? whole.offsetOf(end - 1) + 1 : whole.offsetOf(start) };
}

/** Words of an instruction's body: blanks part them, quotes and backslashes keep them together. */
export function splitWords(whole: MappedText): readonly DockerWord[] {
  const words: DockerWord[] = [];
  for (let index = 0; index < whole.text.length; ) {
    if (isBlank(whole.text[index])) {
      index++;
      continue;
    }
    const { word, behind } = readWord(whole, index);
    words.push(word);
    index = behind;
  }
  return words;
}

function readWord(
  whole: MappedText,
  start: number,
  endsAt?: string,
): { readonly word: DockerWord; readonly behind: number } {
  const { text } = whole;
  const value = new TextAssembly();
  let quote: string | undefined;
  let index = start;
  for (; index < text.length; index++) {
    const character = text[index];
    if (quote === undefined && (isBlank(character) || character === endsAt)) break;
    if (character === quote) quote = undefined;
    else if (quote === undefined && (character === '"' || character === "'")) quote = character;
    else {
      if (character === '\\' && quote !== "'" && index + 1 < text.length) index++;
      value.add(text.charAt(index), whole.offsetOf(index));
    }
  }
  const span = spanOf(whole, start, index);
  return { word: { value: value.finish(span.start), span }, behind: index };
}

/** The pairs of ENV, ARG and LABEL: `A=1 B="2 3"`, the old form `ENV A the rest`, and for ARG a bare name. */
export function readPairs(keyword: string, whole: MappedText): readonly DockerPair[] {
  const { text } = whole;
  const pairs: DockerPair[] = [];
  for (let index = 0; index < text.length; ) {
    if (isBlank(text[index])) {
      index++;
      continue;
    }
    const name = readWord(whole, index, '=');
    const pair = { name: name.word.value.text, nameSpan: name.word.span };
    if (text[name.behind] === '=') {
      const value = readWord(whole, name.behind + 1);
      pairs.push({ ...pair, value: value.word });
      index = value.behind;
    } else if (keyword !== 'ARG' && pairs.length === 0) {
      return [{ ...pair, value: restOf(whole, name.behind) }];
    } else {
      pairs.push({ ...pair, value: undefined });
      index = name.behind;
    }
  }
  return pairs;
}

function restOf(whole: MappedText, start: number): DockerWord {
  let from = start;
  while (isBlank(whole.text[from])) from++;
  const value = sliceMapped(whole, from, whole.text.length);
  return { value, span: spanOf(whole, from, whole.text.length) };
}

/** The strings of a JSON array that fills the whole body; `undefined` when it is anything else. */
export function readExecForm(whole: MappedText): readonly DockerWord[] | undefined {
  const { text } = whole;
  const end = text.trimEnd().length;
  if (text[0] !== '[' || text[end - 1] !== ']') return undefined;
  const words: DockerWord[] = [];
  let index = skipBlanks(text, 1);
  for (let expected = text[index] === '"'; expected; ) {
    const { word, behind } = text[index] === '"' ? readJsonString(whole, index) : { word: undefined, behind: index };
    if (word === undefined) return undefined;
    words.push(word);
    index = skipBlanks(text, behind);
    // Behind a comma one more must stand: JSON has no trailing one.
    expected = text[index] === ',';
    if (expected) index = skipBlanks(text, index + 1);
  }
  return index === end - 1 ? words : undefined;
}

function skipBlanks(text: string, start: number): number {
  let index = start;
  while (isBlank(text[index])) index++;
  return index;
}

const JSON_ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

function readJsonString(
  whole: MappedText,
  start: number,
): { readonly word: DockerWord | undefined; readonly behind: number } {
  const { text } = whole;
  const value = new TextAssembly();
  for (let index = start + 1; index < text.length; index++) {
    const character = text.charAt(index);
    const offset = whole.offsetOf(index);
    if (character === '"') {
      const span = spanOf(whole, start, index + 1);
      return { word: { value: value.finish(offset), span }, behind: index + 1 };
    }
    if (character !== '\\') {
      value.add(character, offset);
      continue;
    }
    const escaped = text.charAt(++index);
    if (escaped === 'u' && /^[0-9a-fA-F]{4}$/.test(text.slice(index + 1, index + 5))) {
      value.add(String.fromCharCode(Number.parseInt(text.slice(index + 1, index + 5), 16)), offset);
      index += 4;
    } else if (Object.hasOwn(JSON_ESCAPES, escaped)) value.add(JSON_ESCAPES[escaped] ?? '', offset);
    else return { word: undefined, behind: index };
  }
  return { word: undefined, behind: text.length };
}
