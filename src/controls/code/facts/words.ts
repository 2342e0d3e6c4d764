import { type Term, termsIn } from '../terms/index.ts';

const WORD = 80;

/** Count the names, texts and numbers of a term into `words`: how often each stands there. */
export function countWords(term: Term, words: Map<string, number>): void {
  for (const { text, parts } of termsIn(term)) {
    if (text === '' || parts.length > 0) continue;
    const word = text.slice(0, WORD);
    words.set(word, (words.get(word) ?? 0) + 1);
  }
}
