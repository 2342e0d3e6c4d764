import { describeHidden, type MarkdownChannel, type MarkdownHidden } from './markdown-channel.ts';
import { findMarkdownCode } from './markdown-code.ts';
import { findHiddenElements } from './markdown-element.ts';
import { findReferenceComments } from './markdown-reference.ts';

/**
 * Text in Markdown that a rendered view hides. What stands in code is shown, so it is left out. Most of it is honest
 * (hints in templates, texts of images): whoever reports it looks at what it says. Takes time linear in the text.
 */
export function findMarkdownComments(text: string): readonly MarkdownHidden[] {
  const code = findMarkdownCode(text);
  const shown = mask(text, code);
  const comments = findComments(shown, text);
  const rest = mask(
    shown,
    comments.map(({ span }) => span),
  );
  const fences = code.flatMap(({ start, end, info }): MarkdownHidden[] =>
    info === undefined ? [] : [describeHidden(text, 'fence', { start, end }, info)],
  );
  const found = [...comments, ...findHiddenElements(rest, text), ...findReferenceComments(rest, text), ...fences];
  return found.filter((one) => one.text.trim() !== '').sort((left, right) => left.span.start - right.span.start);
}

/** Blanks, as many as there were characters; line breaks stay. */
function mask(text: string, spans: readonly { readonly start: number; readonly end: number }[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const { start, end } of spans) {
    if (start < from) continue;
    parts.push(text.slice(from, start), text.slice(start, end).replace(/[^\n]/g, ' '));
    from = end;
  }
  return parts.join('') + text.slice(from);
}

const FORMS: readonly {
  readonly channel: MarkdownChannel;
  readonly open: RegExp;
  readonly close: RegExp;
}[] = [
  { channel: 'comment', open: /<!--/y, close: /--!?>/g },
  { channel: 'declaration', open: /<!\[CDATA\[/y, close: /\]\]>/g },
  { channel: 'declaration', open: /<\?/y, close: /\?>/g },
  { channel: 'declaration', open: /<!(?=[A-Za-z])/y, close: />/g },
];

function findComments(shown: string, text: string): readonly MarkdownHidden[] {
  const found: MarkdownHidden[] = [];
  for (let at = shown.indexOf('<'); at >= 0; at = shown.indexOf('<', at)) {
    const form = FORMS.find(({ open }) => startsAt(open, shown, at));
    if (form === undefined) {
      at++;
      continue;
    }
    const start = form.open.lastIndex;
    // `<!-->` and `<!--->` are whole comments (HTML Living Standard §13.2.5.43).
    form.close.lastIndex = form.channel === 'comment' ? start - 2 : start;
    const closing = form.close.exec(shown);
    const end = closing === null ? shown.length : form.close.lastIndex;
    const content = { start, end: Math.max(start, closing?.index ?? shown.length) };
    found.push(describeHidden(text, form.channel, { start: at, end }, content));
    at = end;
  }
  return found;
}

function startsAt(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(text);
}
