import type { ScriptLanguage, ScriptWord, Span } from '../../syntax/index.ts';

/** Text that a word hands on, and where each of its characters stands. */
export interface MappedText {
  readonly text: string;
  readonly language: ScriptLanguage;
  readonly offsets: readonly number[];
  /** Just behind the last character. */
  readonly end: number;
}

/**
 * Words after quote removal, joined by blanks as `eval` and `ssh` do. Expansions stay as they are spelled: whoever reads
 * the text sees a variable where there is one.
 */
export function textOfWords(words: readonly ScriptWord[], language: ScriptLanguage): MappedText {
  const out = new CharacterCollector();
  words.forEach((word, index) => {
    if (index > 0) out.add(' ', word.span.start - 1);
    collectWord(word, out);
  });
  return { ...out.result(), language, end: words.at(-1)?.span.end ?? 0 };
}

/** A part of the script as it stands, such as the body of a here-document. */
export function textOfSpan(script: string, span: Span, language: ScriptLanguage): MappedText {
  const out = new CharacterCollector();
  for (let index = span.start; index < span.end; index++) out.add(script[index] ?? '', index);
  return { ...out.result(), language, end: span.end };
}

/** Moves spans of the text to where they stand in the script. */
export function spanMapper({ offsets, end }: MappedText): (span: Span) => Span {
  const at = (index: number) => offsets[index] ?? end;
  return (span) => ({ start: at(span.start), end: span.end > span.start ? at(span.end - 1) + 1 : at(span.start) });
}

class CharacterCollector {
  #text = '';
  readonly #offsets: number[] = [];

  add(character: string, offset: number): void {
    this.#text += character;
    this.#offsets.push(offset);
  }

  result(): { readonly text: string; readonly offsets: readonly number[] } {
    return { text: this.#text, offsets: this.#offsets };
  }
}

const ANSI_C: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

/** Quote removal, Bash manual §3.5.9, character by character. */
function collectWord(word: ScriptWord, out: CharacterCollector): void {
  const { source, span } = word;
  const expansions = new Map(word.expansions.map((one) => [one.span.start - span.start, one.span.end - span.start]));
  let quote: '' | "'" | '"' | '$' = '';
  for (let index = 0; index < source.length; index++) {
    const character = source[index] ?? '';
    const next = source[index + 1];
    const skipTo = quote === "'" || quote === '$' ? undefined : expansions.get(index);
    if (skipTo !== undefined && skipTo > index) {
      for (; index < skipTo; index++) out.add(source[index] ?? '', span.start + index);
      index--;
    } else if (quote === '' && character === '$' && (next === "'" || next === '"')) {
      quote = next === "'" ? '$' : '"';
      index++;
    } else if (quote === '' && (character === "'" || character === '"')) quote = character;
    else if (character === (quote === '$' ? "'" : quote)) quote = '';
    else if (character === '\\' && next !== undefined && escapes(quote, next)) {
      index++;
      if (next !== '\n') out.add(quote === '$' ? (ANSI_C[next] ?? next) : next, span.start + index);
    } else out.add(character, span.start + index);
  }
}

function escapes(quote: string, next: string): boolean {
  if (quote === '"') return next === '"' || next === '\\' || next === '$' || next === '`' || next === '\n';
  return quote !== "'";
}
