import type { CommandWord } from './invocation.ts';
import type { PlacedText } from './placed-text.ts';

/** Beyond this nobody writes a command line by hand. */
const MOST_WORDS = 2_000;

interface Scan {
  readonly placed: PlacedText;
  readonly groups: CommandWord[][];
  at: number;
}

/**
 * The words of a command line that stands in an input: quotes and backslashes as in a shell, lines whose first
 * character is `#` left out, no operators (`Bash(gh:*)` is one word).
 */
export function splitArguments(placed: PlacedText): readonly CommandWord[] {
  return splitText(placed, false).flat();
}

/** The simple commands of shell text: like `splitArguments`, ended by newline, `;`, `&` and `|`. */
export function splitCommands(placed: PlacedText): readonly (readonly CommandWord[])[] {
  return splitText(placed, true);
}

function splitText(placed: PlacedText, operators: boolean): readonly (readonly CommandWord[])[] {
  const scan: Scan = { placed, groups: [[]], at: 0 };
  const { text } = placed;
  let words = 0;
  while (scan.at < text.length && words < MOST_WORDS) {
    const character = text[scan.at] ?? '';
    if (operators && isOperator(character)) {
      scan.groups.push([]);
      scan.at += 1;
    } else if (isBlank(character)) scan.at += 1;
    else if (character === '#' && startsLine(text, scan.at)) scan.at = endOfLine(text, scan.at);
    else if (character === '\\' && text[scan.at + 1] === '\n') scan.at += 2;
    else {
      scan.groups.at(-1)?.push(readWord(scan, operators));
      words += 1;
    }
  }
  return scan.groups.filter((group) => group.length > 0);
}

function readWord(scan: Scan, operators: boolean): CommandWord {
  const { text } = scan.placed;
  const start = scan.at;
  let value = '';
  let quote: string | undefined;
  let expression = 0;
  for (; scan.at < text.length; scan.at += 1) {
    const character = text[scan.at] ?? '';
    if (text.startsWith('${{', scan.at)) expression += 1;
    if (expression > 0) {
      value += character;
      if (text.startsWith('}}', scan.at - 1) && text[scan.at - 2] !== '}') expression = 0;
    } else if (quote === undefined) {
      if (isBlank(character) || (operators && isOperator(character))) break;
      if (character === '"' || character === "'") quote = character;
      else if (character === '\\') {
        scan.at += 1;
        if (text[scan.at] !== '\n') value += text[scan.at] ?? '';
      } else value += character;
    } else if (character === quote) quote = undefined;
    else if (quote === '"' && character === '\\' && /["\\$`]/.test(text[scan.at + 1] ?? '')) {
      scan.at += 1;
      value += text[scan.at] ?? '';
    } else value += character;
  }
  return { text: value, complete: !isTemplate(text.slice(start, scan.at)), place: scan.placed.part(start, scan.at) };
}

function isTemplate(source: string): boolean {
  return source.includes('${') || source.includes('$(') || /\$[A-Za-z_]/.test(source) || source.includes('`');
}

function isBlank(character: string): boolean {
  return character === ' ' || character === '\t' || character === '\n' || character === '\r';
}

function isOperator(character: string): boolean {
  return character === '\n' || character === ';' || character === '&' || character === '|';
}

function startsLine(text: string, at: number): boolean {
  for (let index = at - 1; index >= 0; index -= 1) {
    const character = text[index];
    if (character === '\n') return true;
    if (character !== ' ' && character !== '\t' && character !== '\r') return false;
  }
  return true;
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}
