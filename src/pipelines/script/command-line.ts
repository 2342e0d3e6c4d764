import type { ScriptCommand, ScriptWord } from '../../syntax/index.ts';
import { VALUE_OPTIONS, WRAPPERS } from './option-table.ts';

/** A command as the program sees it: wrappers such as `sudo` and `timeout 5m` taken away. */
export interface CommandLine {
  readonly command: ScriptCommand;
  /** Last part of the program's path, without `.exe` and the like; `undefined` when only the running shell knows it. */
  readonly program: string | undefined;
  /** The program and its arguments. */
  readonly words: readonly ScriptWord[];
  /** Arguments that are neither options nor values of options that are known to take one. */
  readonly operands: readonly ScriptWord[];
}

export function readCommandLine(command: ScriptCommand): CommandLine {
  const known = LINES.get(command);
  if (known !== undefined) return known;
  const line = workOut(command);
  LINES.set(command, line);
  return line;
}

/** A command never changes, and every look at a script asks for the same line. */
const LINES = new WeakMap<ScriptCommand, CommandLine>();

function workOut(command: ScriptCommand): CommandLine {
  const words = unwrapWords(command.words);
  const program = programName(words[0]);
  return { command, program, words, operands: operandsOf(program, words.slice(1)) };
}

/** `/usr/bin/git` and `git.exe` are git. */
export function programName(word: ScriptWord | undefined): string | undefined {
  const last = word?.pieces.at(-1);
  if (word === undefined || last === undefined) return undefined;
  if (word.literal === undefined && !last.includes('/')) return undefined;
  const name = last.slice(Math.max(last.lastIndexOf('/'), last.lastIndexOf('\\')) + 1);
  return name.replace(/\.(exe|cmd|bat|ps1)$/i, '');
}

/** `sudo sudo sudo …`: bounds the work. */
const MOST_WRAPPERS = 16;

/** The words of the command that runs in the end: `sudo -E timeout 5m git push` is `git push`. */
function unwrapWords(words: readonly ScriptWord[]): readonly ScriptWord[] {
  let rest = words;
  for (let level = 0; level < MOST_WRAPPERS; level++) {
    const wrapper = wrapperOf(rest);
    if (wrapper === undefined) return rest;
    let index = 1;
    for (; index < rest.length; index++) {
      const text = rest[index]?.literal;
      if (text === undefined || !(text.startsWith('-') || isAssignment(text))) break;
      if (text === '--') {
        index++;
        break;
      }
      if (wrapper.valueOptions.includes(text)) index++;
    }
    index += wrapper.operands;
    if (index >= rest.length) return rest;
    rest = rest.slice(index);
  }
  return rest;
}

function wrapperOf(words: readonly ScriptWord[]): (typeof WRAPPERS)[string] | undefined {
  const name = programName(words[0]) ?? '';
  return Object.hasOwn(WRAPPERS, name) ? WRAPPERS[name] : undefined;
}

function isAssignment(text: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*=/.test(text);
}

function operandsOf(program: string | undefined, words: readonly ScriptWord[]): readonly ScriptWord[] {
  const name = program ?? '';
  const taking = Object.hasOwn(VALUE_OPTIONS, name) ? VALUE_OPTIONS[name] : undefined;
  const operands: ScriptWord[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    const start = word?.pieces[0] ?? '';
    if (word === undefined) continue;
    if (start === '--') operands.push(...words.slice(index + 1));
    if (start === '--') break;
    if (!start.startsWith('-') || start === '-') operands.push(word);
    else if (taking?.has(start)) index++;
  }
  return operands;
}

/** Whether one of these options is given; short ones also bundled (`-xzf`), long ones also with `=value`. */
export function hasOption(line: CommandLine, ...names: readonly string[]): boolean {
  return line.words.slice(1).some((word) => {
    const text = word.pieces[0] ?? '';
    return names.some((name) => text === name || text.startsWith(`${name}=`) || isBundled(text, name));
  });
}

function isBundled(text: string, name: string): boolean {
  return /^-[A-Za-z]$/.test(name) && /^-[A-Za-z]{2,}$/.test(text) && text.includes(name.slice(1));
}

/** `-Lo` with `-o` takes the next word too. */
function endsBundle(text: string, name: string): boolean {
  return isBundled(text, name) && text.endsWith(name.slice(1));
}

/** The values of an option, in both spellings (`--name value`, `--name=value`, `-nvalue`). */
export function optionValues(line: CommandLine, ...names: readonly string[]): readonly ScriptWord[] {
  const values: ScriptWord[] = [];
  line.words.forEach((word, index) => {
    const text = word.pieces[0] ?? '';
    const next = line.words[index + 1];
    if (index === 0) return;
    for (const name of names) {
      if ((word.literal === name || endsBundle(text, name)) && next) values.push(next);
      else if (text.startsWith(`${name}=`)) values.push(withoutStart(word, name.length + 1));
      else if (/^-[A-Za-z]$/.test(name) && text.startsWith(name) && text.length > 2) values.push(withoutStart(word, 2));
    }
  });
  return values;
}

/** The word behind its first characters, which are known and not quoted. */
function withoutStart(word: ScriptWord, length: number): ScriptWord {
  const [first = '', ...others] = word.pieces;
  const known = (first ?? '').slice(length);
  const pieces = known === '' && others.length > 0 ? others : [known, ...others];
  const start = word.source.startsWith((first ?? '').slice(0, length)) ? word.span.start + length : word.span.start;
  return {
    ...word,
    span: { start, end: word.span.end },
    source: word.source.slice(start - word.span.start),
    pieces,
    literal: word.literal?.slice(length),
  };
}
