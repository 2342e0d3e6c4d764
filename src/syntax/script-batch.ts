import type { Script, ScriptCommand, ScriptRedirect, ScriptWord } from './readers.ts';
import { SCRIPT_LIMITS } from './script-limits.ts';
import { flatCommand, WordBuilder } from './script-tokens.ts';

/** Words of a batch file behind which a command begins. */
const KEYWORDS: ReadonlySet<string> = new Set(['call', 'else', 'do']);

/**
 * Read a batch file of `cmd`: a tolerant tokenizer. Commands are found at a line's start, behind `&`, `|`, `(` and the
 * words `call`, `do` and `else`, and behind the condition of `if`.
 */
export function readBatchScript(text: string): Omit<Script, 'language'> {
  const commands: ScriptCommand[] = [];
  const unread: Script['unread'][number][] = [];
  let pipeline = 0;
  for (let at = 0; at < text.length; ) {
    const end = endOfLine(text, at);
    if (commands.length >= SCRIPT_LIMITS.commands) {
      unread.push({ message: `more than ${SCRIPT_LIMITS.commands} commands`, span: { start: at, end: text.length } });
      break;
    }
    if (!/^[ \t@]*(?:rem\b|::)/i.test(text.slice(at, at + 100))) {
      const line = readLine(text, at, end, pipeline);
      commands.push(...line.commands);
      pipeline += line.commands.length;
      if (line.stopped < end)
        unread.push({
          message: 'a line with more commands or words than are read',
          span: { start: line.stopped, end },
        });
    }
    at = end + 1;
  }
  return { commands, functions: [], unread };
}

/** A `^` at the end of a line joins the next one to it. */
function endOfLine(text: string, from: number): number {
  for (let at = text.indexOf('\n', from); at >= 0; at = text.indexOf('\n', at + 1)) {
    const last = text[at - 1] === '\r' ? text[at - 2] : text[at - 1];
    if (last !== '^') return at;
  }
  return text.length;
}

/** Commands of one line, and words and redirects of one command; more are not read. */
const MOST_ON_A_LINE = 300;
const MOST_WORDS = 500;

interface BatchLine {
  readonly commands: readonly ScriptCommand[];
  /** Where reading stopped. */
  readonly stopped: number;
}

function readLine(text: string, from: number, end: number, pipelines: number): BatchLine {
  const commands: ScriptCommand[] = [];
  let words: ScriptWord[] = [];
  let redirects: ScriptRedirect[] = [];
  let id = pipelines;
  let position = 0;
  const finish = (pipes: boolean) => {
    const kept = withoutKeywords(words);
    const pipeline = { id, position, length: position + 1 };
    if (kept.length > 0 || redirects.length > 0)
      commands.push(flatCommand({ ...assignmentOf(kept), redirects, pipeline }));
    words = [];
    redirects = [];
    if (pipes) position++;
    else {
      position = 0;
      id++;
    }
  };
  let at = from;
  while (at < end && commands.length < MOST_ON_A_LINE && words.length + redirects.length < MOST_WORDS) {
    const character = text[at] ?? '';
    const next = text[at + 1];
    if (/[\s,;@]/.test(character) && !(character === '@' && words.length > 0)) at++;
    else if (character === '^' && (next === '\r' || next === '\n')) at += 2;
    else if (character === '(' && words.at(-1)?.literal?.toLowerCase() === 'in') {
      words = [];
      at = endOfList(text, at, end);
    } else if (character === '&' || character === '|' || character === '(' || character === ')') {
      finish(character === '|' && next !== '|');
      at += next === character ? 2 : 1;
    } else if (character === '>' || character === '<') {
      const start = at;
      while (text[at] === '>' || text[at] === '<' || text[at] === '&') at++;
      const operator = text.slice(start, at);
      while (text[at] === ' ') at++;
      const target = readBatchWord(text, at, end);
      at = target.span.end;
      redirects.push({ operator, target, hereDocument: undefined, span: { start, end: at } });
    } else {
      const word = readBatchWord(text, at, end);
      words.push(word);
      at = word.span.end;
    }
  }
  finish(false);
  return { commands: withLengths(commands), stopped: at };
}

/** `for %%f in (a b) do …`: the list holds no commands. */
function endOfList(text: string, open: number, end: number): number {
  const close = text.indexOf(')', open);
  return close < 0 || close >= end ? end : close + 1;
}

function withLengths(commands: readonly ScriptCommand[]): readonly ScriptCommand[] {
  const lengths = new Map<number, number>();
  for (const { pipeline } of commands) lengths.set(pipeline.id, (lengths.get(pipeline.id) ?? 0) + 1);
  return commands.map((command) => ({
    ...command,
    pipeline: { ...command.pipeline, length: lengths.get(command.pipeline.id) ?? 1 },
  }));
}

function readBatchWord(text: string, start: number, end: number): ScriptWord {
  const word = new WordBuilder(start);
  let quoted = false;
  let at = start;
  for (; at < end; ) {
    const character = text[at] ?? '';
    const next = text[at + 1];
    const variable = character === '%' || character === '!' ? variableAt(text, at, end) : undefined;
    if (variable) {
      const span = { start: at, end: at + variable.length };
      word.addExpansion({ kind: 'variable', name: variable.name, span, quoted });
      at = span.end;
    } else if (character === '"') {
      quoted = !quoted;
      word.add('');
      at++;
    } else if (!quoted && character === '^' && next !== undefined && next !== '\n' && next !== '\r') {
      word.add(next);
      at += 2;
    } else if (!quoted && /[\s&|<>()]/.test(character)) break;
    else {
      word.add(character);
      at++;
    }
  }
  return word.build(text, Math.max(at, Math.min(start + 1, end)));
}

/** `%NAME%`, `!NAME!`, `%1`. */
function variableAt(
  text: string,
  at: number,
  end: number,
): { readonly name: string; readonly length: number } | undefined {
  const part = text.slice(at, Math.min(end, at + 200));
  const match = /^(?:%([A-Za-z_]\w*)(?::[^%]*)?%|!([A-Za-z_]\w*)!|%~?([0-9*]))/.exec(part);
  const name = match?.[1] ?? match?.[2] ?? match?.[3];
  return match && name !== undefined ? { name, length: match[0].length } : undefined;
}

/** `if a if b if c …`: bounds the work. */
const MOST_KEYWORDS = 20;

/** `if exist x`, `if "%A%"=="b"`, `call x`, `do x`: what is left is the command. */
function withoutKeywords(words: readonly ScriptWord[]): readonly ScriptWord[] {
  let rest = words;
  for (let level = 0; level < MOST_KEYWORDS; level++) {
    const first = rest[0]?.literal?.toLowerCase() ?? '';
    if (KEYWORDS.has(first)) rest = rest.slice(1);
    else if (first === 'if') rest = rest.slice(conditionLength(rest));
    else return rest;
  }
  return rest;
}

function conditionLength(words: readonly ScriptWord[]): number {
  const lower = (index: number) => words[index]?.literal?.toLowerCase() ?? '';
  let index = 1;
  while (lower(index) === 'not' || lower(index) === '/i') index++;
  if (['exist', 'defined', 'errorlevel'].includes(lower(index))) return index + 2;
  const isOne = words[index]?.source.includes('==') === true && !words[index]?.source.endsWith('==');
  return isOne ? index + 1 : index + (words[index]?.source.endsWith('==') ? 2 : 3);
}

/** `set NAME=value`. */
function assignmentOf(words: readonly ScriptWord[]): {
  readonly words: readonly ScriptWord[];
  readonly assignments?: ScriptCommand['assignments'];
} {
  const [program, given] = words;
  const match = /^"?([A-Za-z_]\w*)=/.exec(given?.source ?? '');
  if (program?.literal?.toLowerCase() !== 'set' || given === undefined || match === null) return { words };
  const start = given.span.start + match[0].length;
  const value: ScriptWord = {
    ...given,
    span: { start, end: given.span.end },
    source: given.source.slice(match[0].length),
    literal: given.literal?.slice((match[1]?.length ?? 0) + 1),
    pieces: given.pieces.map((piece, index) => (index === 0 ? piece?.slice((match[1]?.length ?? 0) + 1) : piece)),
  };
  return { words, assignments: [{ name: match[1] ?? '', value, span: given.span }] };
}
