import { escapeMarkdown, findLiteralKeys } from '../../text/index.ts';

/**
 * Text from outside for one line of a comment: no markup, link, image, mention, reference, closing keyword, quick
 * action or HTML, nothing hidden, no key, cut to a length. What it says stays readable.
 */
export function inert(text: string, length = 1000): string {
  const bare = withoutKeys(text);
  return escapeMarkdown(bare.length > length ? `${bare.slice(0, length)}…` : bare).trim();
}

/** Text with its keys blanked: how each begins stays, so that it can be recognised. */
export function withoutKeys(text: string): string {
  let done = 0;
  const pieces = findLiteralKeys(text).flatMap(({ start, end, name, shown }) => {
    const before = text.slice(done, start);
    done = end;
    return [before, `(${name}, ${shown})`];
  });
  return [...pieces, text.slice(done)].join('');
}
