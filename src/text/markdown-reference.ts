import { describeHidden, type MarkdownHidden } from './markdown-channel.ts';
import { countWords } from './markdown-element.ts';

/** `[label]: destination "title"` on one line (CommonMark §4.7); whatever is left is the title, so nothing is tried twice. */
const DEFINITION = /^ {0,3}\[([^[\]]{1,500})\]:[ \t]*(\S{1,2000})[ \t]*(.*)$/;
const USE = /\[([^[\]\n]{1,500})\](?!:)/g;
const FEWEST_WORDS = 4;

/** Link definitions that carry a text: a title behind a destination that leads nowhere, or a label that nothing uses. */
export function findReferenceComments(shown: string, text: string): readonly MarkdownHidden[] {
  if (!shown.includes(']:')) return [];
  const used = new Set([...shown.matchAll(USE)].map(([, label = '']) => label.toLowerCase().trim()));
  const found: MarkdownHidden[] = [];
  for (let start = 0; start < shown.length; ) {
    const next = shown.indexOf('\n', start);
    const end = next < 0 ? shown.length : next;
    const [line, label = '', destination = '', title = ''] =
      DEFINITION.exec(shown.slice(start, Math.min(end, start + 8000))) ?? [];
    if (line !== undefined && !label.startsWith('^')) {
      const span = { start, end };
      const nowhere = /^(?:#|<>|<#>)$/.test(destination);
      const unused = !used.has(label.toLowerCase().trim());
      const quoted = /^(?:"(.*)"|'(.*)'|\((.*)\))\s*$/.exec(title);
      if (quoted !== null && (nowhere || unused)) {
        const at = start + line.length - title.length + 1;
        const length = (quoted[1] ?? quoted[2] ?? quoted[3] ?? '').length;
        found.push(describeHidden(text, 'reference', span, { start: at, end: at + length }));
      }
      if (unused && countWords(label) >= FEWEST_WORDS) {
        const at = start + line.indexOf('[') + 1;
        found.push(describeHidden(text, 'reference', span, { start: at, end: at + label.length }));
      }
    }
    start = end + 1;
  }
  return found;
}
