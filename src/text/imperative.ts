import { IMPERATIVES, MENTIONS } from './imperative-patterns.ts';

/** Words that read as an order to a model. */
export interface Imperative {
  /** Id of the row in `IMPERATIVES`. */
  readonly id: string;
  /** What the words try to bring about. */
  readonly meaning: string;
  readonly span: { readonly start: number; readonly end: number };
  readonly text: string;
  /**
   * `order`: hardly ever honest where an outsider can write or a reader cannot see it. `hint`: usual in honest
   * instructions; it counts only where the text is hidden.
   */
  readonly strength: 'order' | 'hint';
  /** Quoted, in code, or told about (`attackers write …`, `never …`): a text about attacks rather than one. */
  readonly mentioned: boolean;
  /** The words right before it forbid it: `do not include secrets in comments`. */
  readonly forbidden: boolean;
}

/** Hits of one row that are listed; more tell nobody more. */
const MOST_HITS = 20;
/** How far before a hit the words that make it a mention may stand. */
const REACH = 120;
/** A prohibition with nothing between it and the act but an adverb. `don't forget to` is none. */
const FORBIDS =
  /\b(?:do\s{1,3}not|don['’]t|never|must\s{1,3}not|should\s{1,3}not)\s{1,3}(?:ever\s{1,3}|directly\s{1,3})?$/i;

/**
 * Wording that tries to steer a model: overriding instructions, secrecy, theft, forged frames, false ends, approvals.
 * Wording is a signal and no proof: judge it by who could write the text and whether a reader sees it. In order of
 * the text. Every pattern is bounded, so the time is linear.
 */
export function findImperative(text: string): readonly Imperative[] {
  const found: Imperative[] = [];
  for (const { id, meaning, strength, pattern } of IMPERATIVES) {
    let hits = 0;
    for (const { 0: words, index } of text.matchAll(pattern)) {
      const span = { start: index, end: index + words.length };
      const forbidden = FORBIDS.test(text.slice(Math.max(0, index - REACH), index));
      found.push({ id, meaning, strength, span, text: words, mentioned: isMentioned(text, span), forbidden });
      if (++hits === MOST_HITS) break;
    }
  }
  return found.sort((left, right) => left.span.start - right.span.start || left.span.end - right.span.end);
}

function isMentioned(text: string, { start, end }: Imperative['span']): boolean {
  const before = text.slice(Math.max(0, start - REACH), start);
  const sentence = before.slice(
    Math.max(before.lastIndexOf('. '), before.lastIndexOf('\n\n'), before.lastIndexOf('\n#')) + 1,
  );
  if (MENTIONS.test(sentence)) return true;
  const line = sentence.slice(sentence.lastIndexOf('\n') + 1);
  const behind = text.slice(end, end + REACH).split('\n', 1)[0] ?? '';
  return isOpen(line, '`') || ((isOpen(line, '"') || /["“”'‘]\s*$/.test(line)) && /["”'’]/.test(behind));
}

/** An odd number of quotes before: the hit stands between two. */
function isOpen(line: string, quote: string): boolean {
  return line.split(quote).length % 2 === 0;
}
