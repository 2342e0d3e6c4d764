import { type MappedText, type SourceFile, TextAssembly } from '../../syntax/index.ts';

const DEEPEST = 20;

interface Line {
  readonly start: number;
  readonly end: number;
}

/**
 * The commands of a Makefile: each recipe line with its continuations, and what stands behind `!=`. Variables of make
 * become variables of the shell of the same length, so that every character keeps its place (GNU make manual, "Writing
 * Recipes in Rules"). What `$(shell …)` runs is a substitution. One at a time, so that nobody reads more than they want.
 */
export function* readMakeScripts({ text }: SourceFile): Generator<MappedText> {
  const lines = splitLines(text);
  for (let index = 0; index < lines.length; ) {
    const first = lines[index];
    if (!first) break;
    let last = index;
    while (isContinued(text, lines[last]) && last + 1 < lines.length) last++;
    const end = lines[last]?.end ?? first.end;
    const start = commandStart(text, first, end);
    if (start !== undefined && start < end) yield readCommand(text, start, end);
    index = last + 1;
  }
}

function splitLines(text: string): readonly Line[] {
  const lines: Line[] = [];
  for (let start = 0; start < text.length; ) {
    const feed = text.indexOf('\n', start);
    const end = feed < 0 ? text.length : feed;
    lines.push({ start, end });
    start = end + 1;
  }
  return lines;
}

function isContinued(text: string, line: Line | undefined): boolean {
  if (!line) return false;
  let marks = 0;
  for (let at = line.end - 1; at >= line.start && text[at] === '\\'; at--) marks++;
  return marks % 2 === 1;
}

/** Behind the tab and the marks `@`, `-`, `+` of a recipe line; behind `!=`; at the first `$(shell` of another line. */
function commandStart(text: string, { start }: Line, end: number): number | undefined {
  if (text[start] === '\t') {
    let at = start;
    while (at < end && '\t @+-'.includes(text.charAt(at))) at++;
    return at;
  }
  if (text[start] === '#') return undefined;
  const whole = text.slice(start, Math.min(end, start + 4_000));
  const [assigned] = /^\s*[\w.-]+\s*!=/.exec(whole) ?? [];
  if (assigned !== undefined) return start + assigned.length;
  const called = whole.search(/\$[({]shell\s/);
  return called < 0 ? undefined : start + called;
}

function readCommand(text: string, start: number, end: number): MappedText {
  const assembly = new TextAssembly();
  // Outside of a recipe only what `$(shell …)` runs is for a shell; `:` does nothing with its words.
  const isRecipe = !/^\$[({]shell\s/.test(text.slice(start, start + 8));
  expand(text, start, isRecipe ? end : Math.min(end, closing(text, start + 1, end) + 1), assembly, 0);
  return assembly.finish(start);
}

function expand(text: string, start: number, end: number, assembly: TextAssembly, depth: number): void {
  let plain = start;
  const flush = (to: number): void => {
    if (to > plain) assembly.add(text.slice(plain, to), plain);
  };
  for (let at = start; at < end; ) {
    if (text[at] !== '$') {
      at++;
      continue;
    }
    flush(at);
    at = expandOne(text, at, end, assembly, depth);
    plain = at;
  }
  flush(end);
}

/** One `$…`; gives where the text goes on. */
function expandOne(text: string, at: number, end: number, assembly: TextAssembly, depth: number): number {
  const next = text[at + 1];
  if (next === '$') {
    assembly.add('$', at + 1);
    return at + 2;
  }
  if (next !== '(' && next !== '{') {
    assembly.add(next === undefined ? '' : '$M', at);
    return Math.min(end, at + 2);
  }
  const close = closing(text, at + 1, end);
  const inner = text.slice(at + 2, close);
  const [shell] = /^shell\s+/.exec(inner) ?? [];
  if (shell !== undefined && depth < DEEPEST) {
    assembly.add('$(', at);
    expand(text, at + 2 + shell.length, close, assembly, depth + 1);
    assembly.add(')', Math.min(close, end - 1));
  } else {
    const name = /^[A-Za-z_][\w.-]*$/.test(inner) ? inner.replace(/[.-]/g, '_') : 'M'.repeat(Math.max(1, inner.length));
    assembly.add(`\${${name}}`, at);
  }
  return Math.min(end, close + 1);
}

/** Where the bracket that stands at `open` is closed; the last character when it never is. */
function closing(text: string, open: number, end: number): number {
  const [opening, closed] = text[open] === '{' ? ['{', '}'] : ['(', ')'];
  let depth = 0;
  for (let at = open; at < end; at++) {
    if (text[at] === opening) depth++;
    else if (text[at] === closed && --depth === 0) return at;
  }
  return Math.max(open, end - 1);
}
