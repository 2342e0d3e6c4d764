/** How a language writes comments, by the ending of its files. */
interface CommentStyle {
  readonly endings: RegExp;
  readonly line: readonly string[];
  readonly block: readonly (readonly [string, string])[];
}

const STYLES: readonly CommentStyle[] = [
  { endings: /\.(?:pyi?|rb|sh|bash|ya?ml|toml|r|pl|nix|tf)$/i, line: ['#'], block: [] },
  {
    endings: /\.(?:[cm]?[jt]sx?|go|java|kts?|scala|c|h|cc|cpp|cxx|hpp|cs|swift|rs|dart|php|groovy|sol)$/i,
    line: ['//'],
    block: [['/*', '*/']],
  },
  { endings: /\.sql$/i, line: ['--'], block: [['/*', '*/']] },
  { endings: /\.(?:html?|xml|vue|svelte|md)$/i, line: [], block: [['<!--', '-->']] },
];

/**
 * The text with every comment blanked, lines and columns kept. By the shape of the language, not by its grammar: a
 * comment in a construct it does not know stays, which costs a second opinion nothing.
 */
export function blankComments(path: string, text: string): string {
  const style = STYLES.find(({ endings }) => endings.test(path));
  if (style === undefined) return text;
  let result = '';
  for (let at = 0; at < text.length; ) {
    const end = endOfComment(text, at, style);
    if (end !== undefined) {
      result += text.slice(at, end).replace(/[^\r\n]/g, ' ');
      at = end;
      continue;
    }
    const next = endOfString(text, at);
    result += text.slice(at, next);
    at = next;
  }
  return result;
}

function endOfComment(text: string, at: number, { line, block }: CommentStyle): number | undefined {
  for (const [open, close] of block) {
    if (!text.startsWith(open, at)) continue;
    const end = text.indexOf(close, at + open.length);
    return end < 0 ? text.length : end + close.length;
  }
  if (!line.some((mark) => text.startsWith(mark, at))) return undefined;
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

/** Behind a string that starts here, on one line; else behind this character. */
function endOfString(text: string, at: number): number {
  const quote = text[at];
  if (quote !== '"' && quote !== "'" && quote !== '`') return at + 1;
  for (let index = at + 1; index < text.length; index++) {
    const character = text[index];
    if (character === '\\') index++;
    else if (character === quote) return index + 1;
    else if (character === '\n' && quote !== '`') return index;
  }
  return text.length;
}
