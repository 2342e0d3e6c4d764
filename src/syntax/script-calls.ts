import type { Script, ScriptCommand, ScriptLanguage, ScriptWord } from './readers.ts';
import { SCRIPT_LIMITS } from './script-limits.ts';
import { flatCommand } from './script-tokens.ts';

/**
 * Calls that start a program. `words`: the argument is a list or the arguments are words; `shell`: the argument is one
 * command line.
 */
const CALLS: readonly {
  readonly name: string;
  readonly language: ScriptLanguage;
  readonly takes: 'words' | 'shell';
}[] = [
  ...[
    'subprocess.run',
    'subprocess.call',
    'subprocess.check_call',
    'subprocess.check_output',
    'subprocess.Popen',
    'asyncio.create_subprocess_exec',
  ].map((name) => ({ name, language: 'python' as const, takes: 'words' as const })),
  ...['os.system', 'os.popen', 'subprocess.getoutput', 'asyncio.create_subprocess_shell'].map((name) => ({
    name,
    language: 'python' as const,
    takes: 'shell' as const,
  })),
  ...['execSync', 'exec'].map((name) => ({ name, language: 'javascript' as const, takes: 'shell' as const })),
  ...[
    'spawn',
    'spawnSync',
    'execFile',
    'execFileSync',
    'execa',
    'execaSync',
    'exec.exec',
    'exec.getExecOutput',
    'Bun.spawn',
    'Bun.spawnSync',
  ].map((name) => ({ name, language: 'javascript' as const, takes: 'words' as const })),
];

/** Reads the text of a command line; the shell's own reader. */
type ReadLine = (text: string) => Omit<Script, 'language'>;

/** Commands that a Python or JavaScript program starts with literal arguments. Other statements are not read. */
export function readCalls(
  text: string,
  language: 'python' | 'javascript',
  readLine: ReadLine,
): Omit<Script, 'language'> {
  const commands: ScriptCommand[] = [];
  for (const call of CALLS) {
    if (call.language !== language) continue;
    for (let at = text.indexOf(`${call.name}(`); at >= 0; at = text.indexOf(`${call.name}(`, at + 1)) {
      if (commands.length >= SCRIPT_LIMITS.commands) break;
      if (/[\w.]/.test(text[at - 1] ?? '') && !isMember(text, at)) continue;
      const words = readArguments(text, at + call.name.length + 1);
      const [first] = words;
      if (first === undefined) continue;
      const isLine = call.takes === 'shell' || (words.length === 1 && /\s/.test(first.literal ?? ''));
      if (isLine) commands.push(...lineCommands(first, readLine, commands.length));
      else commands.push(flatCommand({ words, pipeline: { id: commands.length, position: 0, length: 1 } }));
    }
  }
  return { commands: commands.toSorted((one, other) => one.span.start - other.span.start), functions: [], unread: [] };
}

/** `child_process.execSync`, `require('child_process').execSync`, `cp.spawn`; not `regexp.exec`. */
function isMember(text: string, at: number): boolean {
  return /(?:child_process|childProcess|\bcp|\bexec|process["'`]?\))\.$/.test(text.slice(Math.max(0, at - 40), at));
}

/** The literal strings at the start of the arguments, in lists or alone; one that is no literal is an unknown word. */
function readArguments(text: string, from: number): readonly ScriptWord[] {
  const words: ScriptWord[] = [];
  let depth = 0;
  for (let at = from; at < text.length && words.length < 200; ) {
    const character = text[at] ?? '';
    if (/[\s,]/.test(character)) at++;
    else if (character === '[') {
      depth++;
      at++;
    } else if (character === ']') {
      return words;
    } else if (character === ')') return words;
    else if (/[A-Za-z_$]/.test(character) && !isPrefixed(text, at)) {
      const end = endOfName(text, at);
      if (depth === 0 || /^\s*[=(:]/.test(text.slice(end, end + 3))) return words;
      words.push(unknownWord(text, at, Math.max(end, endOfElement(text, end))));
      at = words.at(-1)?.span.end ?? end;
    } else {
      const word = readString(text, at);
      if (word === undefined) return words;
      words.push(withRest(text, word));
      at = words.at(-1)?.span.end ?? word.span.end;
    }
  }
  return words;
}

/** `"Do " + title`, `"{}".format(title)`: what is joined to a literal is not known. */
function withRest(text: string, word: ScriptWord): ScriptWord {
  const end = endOfElement(text, word.span.end);
  if (text.slice(word.span.end, end).trim() === '') return word;
  const span = { start: word.span.start, end };
  return {
    ...word,
    span,
    source: text.slice(span.start, end),
    literal: undefined,
    pieces: [...word.pieces, undefined],
  };
}

const MOST_OF_ELEMENT = 2000;

/** The comma or bracket that ends an element of a list, or where the reader gives up. */
function endOfElement(text: string, from: number): number {
  let depth = 0;
  const last = Math.min(text.length, from + MOST_OF_ELEMENT);
  for (let at = from; at < last; at++) {
    const character = text[at] ?? '';
    if (character === '"' || character === "'" || character === '`') {
      const string = readString(text, at);
      if (string === undefined) return from;
      at = string.span.end - 1;
    } else if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character)) {
      if (depth === 0) return at;
      depth--;
    } else if (character === ',' && depth === 0) return at;
    else if (character === '\n' && depth === 0) return at;
  }
  return from;
}

/** `f"…"`, `r'…'`. */
function isPrefixed(text: string, at: number): boolean {
  return /^[frbFRB]{1,2}["']/.test(text.slice(at, at + 3));
}

function endOfName(text: string, from: number): number {
  let at = from;
  while (at < text.length && /[\w.$]/.test(text[at] ?? '')) at++;
  return Math.max(at, from + 1);
}

function unknownWord(text: string, start: number, end: number): ScriptWord {
  return {
    span: { start, end },
    source: text.slice(start, end),
    literal: undefined,
    pieces: [undefined],
    expansions: [],
  };
}

const MOST_CHARACTERS = 20_000;

/** A string literal; parts in braces of f-strings and templates are not known. */
function readString(text: string, start: number): ScriptWord | undefined {
  let at = start;
  let isTemplate = false;
  for (; /[frbFRB]/.test(text[at] ?? ''); at++) isTemplate ||= /[fF]/.test(text[at] ?? '');
  const quote = text[at] ?? '';
  if (quote !== '"' && quote !== "'" && quote !== '`') return undefined;
  const mark = text.startsWith(quote.repeat(3), at) && quote !== '`' ? quote.repeat(3) : quote;
  isTemplate ||= quote === '`';
  const pieces: (string | undefined)[] = [''];
  const add = (character: string) => {
    const last = pieces.at(-1);
    if (last === undefined) pieces.push(character);
    else pieces[pieces.length - 1] = last + character;
  };
  for (at += mark.length; at < Math.min(text.length, start + MOST_CHARACTERS); ) {
    const character = text[at] ?? '';
    const next = text[at + 1] ?? '';
    const opens = isTemplate && (quote === '`' ? text.startsWith('${', at) : character === '{' && next !== '{');
    const close = opens ? text.indexOf('}', at) : -1;
    if (text.startsWith(mark, at)) {
      const literal = pieces.includes(undefined) ? undefined : pieces.join('');
      const end = at + mark.length;
      return { span: { start, end }, source: text.slice(start, end), literal, pieces, expansions: [] };
    }
    if (close >= 0 && close < start + MOST_CHARACTERS) {
      if (pieces.at(-1) !== undefined) pieces.push(undefined);
      at = close + 1;
    } else if (character === '\\') {
      add(next === 'n' ? '\n' : next);
      at += 2;
    } else {
      add(character);
      at++;
    }
  }
  return undefined;
}

/** Commands of a command line in a string. Spans are those of the string where it holds no escapes. */
function lineCommands(word: ScriptWord, readLine: ReadLine, pipelines: number): readonly ScriptCommand[] {
  const known = word.pieces.map((piece) => piece ?? UNKNOWN).join('');
  const start = word.source.indexOf(known);
  const shift = (span: { readonly start: number; readonly end: number }) =>
    start < 0 ? word.span : { start: word.span.start + start + span.start, end: word.span.start + start + span.end };
  return readLine(known).commands.map((command) => ({
    ...command,
    span: shift(command.span),
    assignments: command.assignments.map((one) => ({ ...one, span: shift(one.span) })),
    words: command.words.map((one) => ({ ...hideUnknown(one), span: shift(one.span), expansions: [] })),
    redirects: command.redirects.map((one) => ({ ...one, span: shift(one.span) })),
    pipeline: { ...command.pipeline, id: command.pipeline.id + pipelines },
    nesting: ['text', ...command.nesting],
  }));
}

/** Stands for the part of a string that is not known. */
const UNKNOWN = '\uE001';

function hideUnknown(word: ScriptWord): ScriptWord {
  if (!word.source.includes(UNKNOWN)) return word;
  const pieces = word.pieces.flatMap((piece) =>
    piece === undefined
      ? [undefined]
      : piece.split(UNKNOWN).flatMap((part, index) => (index === 0 ? [part] : [undefined, part])),
  );
  return { ...word, literal: undefined, pieces: pieces.filter((piece) => piece !== '') };
}
