import type { Node } from 'web-tree-sitter';

/** What the shell takes as it is written. */
const RAW = new Set(['raw_string', 'ansi_c_string', 'comment']);
/**
 * Within double quotes, an open here-document and arithmetic single quotes are characters like any other, and so they are
 * in subscripts, which are arithmetic (Bash manual, 6.5).
 */
const QUOTING = new Set([
  'string',
  'translated_string',
  'heredoc_body',
  'arithmetic_expansion',
  'subscript',
  'c_style_for_statement',
]);
/** Commands of their own within one of these. */
const ENDS_QUOTING = new Set(['command_substitution', 'process_substitution', 'do_group']);

interface Stretch {
  readonly start: number;
  readonly end: number;
}

/**
 * Whether the shell would run a substitution for which the grammar has no node: backquotes in a here-document, `$(` behind
 * the tabs of `<<-`, single quotes inside of `"${x:-'$(a)'}"` or of arithmetic, and what is escaped inside of backquotes. The commands in
 * it would be seen by nobody.
 */
export function hidesSubstitution(root: Node, text: string): boolean {
  if (!text.includes('`') && !text.includes('$(')) return false;
  const known = new Set<number>();
  const raw: Stretch[] = [];
  const queue: { readonly node: Node; readonly quoted: boolean }[] = [{ node: root, quoted: false }];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const { node, quoted } = next;
    const { type, startIndex: start, endIndex: end } = node;
    if (type === 'command_substitution' || type === 'arithmetic_expansion') {
      const backquoted = text[start] === '`';
      if (backquoted && ESCAPED_IN_BACKQUOTES.test(text.slice(start, end))) return true;
      known.add(start);
      if (backquoted) known.add(end - 1);
    }
    if ((RAW.has(type) && !(quoted && type !== 'comment')) || isClosedDocument(node)) raw.push({ start, end });
    const inner = ENDS_QUOTING.has(type) ? false : quoted || QUOTING.has(type) || isArithmetic(node, text);
    for (const child of node.children) if (child) queue.push({ node: child, quoted: inner });
  }
  return holdsOther(text, known, raw);
}

/** Inside of backquotes a backslash in front of these is taken away before the text is read (Bash manual, 3.5.4). */
const ESCAPED_IN_BACKQUOTES = /\\[`$\\"]/;

/** `((…))`, and the place of an element of a list: `([…]=x)`. */
function isArithmetic({ type, startIndex, parent }: Node, text: string): boolean {
  if (type === 'compound_statement') return text.startsWith('((', startIndex);
  return type === 'concatenation' && parent?.type === 'array' && text[startIndex] === '[';
}

/** The body of a here-document whose delimiter is quoted. */
function isClosedDocument({ type, parent }: Node): boolean {
  if (type !== 'heredoc_body') return false;
  const start = parent?.children.find((child) => child?.type === 'heredoc_start');
  return start ? /["'\\]/.test(start.text) : false;
}

/** An opening of a substitution that is neither known, nor escaped, nor in a raw stretch. */
function holdsOther(text: string, known: ReadonlySet<number>, raw: readonly Stretch[]): boolean {
  const ordered = raw.toSorted((one, other) => one.start - other.start);
  let at = 0;
  for (let index = 0; index < text.length; index++) {
    while ((ordered[at]?.end ?? text.length + 1) <= index) at++;
    const stretch = ordered[at];
    if (stretch && stretch.start <= index) index = stretch.end - 1;
    else if (text[index] === '\\') index++;
    else if (known.has(index)) continue;
    else if (text[index] === '`' || text.startsWith('$(', index)) return true;
  }
  return false;
}
