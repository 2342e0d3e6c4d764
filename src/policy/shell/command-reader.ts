import type { ShellCommand, ShellGrammar, ShellRedirect, ShellScript, ShellWord } from '../../syntax/index.ts';
import type { CommandReader, EffectiveCommand, Unreadable } from './effective-command.ts';
import { baseName, opaqueOption } from './interpreter.ts';
import { INTERPRETER_TEXT, LAUNCHERS, type Launcher, SHELLS } from './launchers.ts';
import { evaluatedSubscript } from './subscripts.ts';

/** Shell text inside shell text inside … — deeper than this nobody honest goes. */
const MOST_NESTED = 8;
/** Most commands that one text may stand for. */
const MOST_COMMANDS = 2_000;

/** Places in one argument list at which an inner command is looked for. */
const MOST_SUFFIXES = 64;

class UnreadableError extends Error {}

/** Reads commands with a loaded grammar and takes every known wrapper off. */
export function createCommandReader(grammar: ShellGrammar): CommandReader {
  return {
    read: (text) => {
      try {
        const reading = new Reading(grammar);
        reading.addText(text, 0, true);
        return reading.commands;
      } catch (cause) {
        return unreadable(cause);
      }
    },
  };
}

function unreadable(cause: unknown): Unreadable {
  return { unreadable: cause instanceof Error ? cause.message : 'the reader failed' };
}

/** What one word list adds to the reading: how it was reached decides whether it needs a grant. */
interface Candidate {
  readonly words: readonly ShellWord[];
  readonly command: ShellCommand;
  readonly depth: number;
  readonly needsGrant: boolean;
}

class Reading {
  readonly commands: EffectiveCommand[] = [];
  readonly #grammar: ShellGrammar;
  /** Functions of the text: calling one starts nothing that is not in its body, which is listed. */
  readonly #functions = new Set<string>();

  constructor(grammar: ShellGrammar) {
    this.#grammar = grammar;
  }

  addText(text: string, depth: number, needsGrant: boolean): void {
    if (depth > MOST_NESTED) throw new UnreadableError('it is nested too deeply');
    const script = this.#grammar.parse(text);
    if ('unparsable' in script) throw new UnreadableError(script.unparsable);
    this.#addScript(script, depth, needsGrant);
  }

  #addScript(script: ShellScript, depth: number, needsGrant: boolean): void {
    for (const name of script.functions) this.#functions.add(name);
    for (const command of script.commands) this.#addWords({ words: command.words, command, depth, needsGrant });
    const { sets: assignments } = script;
    const nothing = { source: '', words: [], redirects: [], background: false };
    if (assignments.length > 0) this.#add({ words: [], command: { ...nothing, assignments }, depth, needsGrant });
  }

  #add(candidate: Candidate, change: Partial<EffectiveCommand> = {}): void {
    if (this.commands.length >= MOST_COMMANDS) throw new UnreadableError('it stands for too many commands');
    const { words, command, needsGrant } = candidate;
    this.commands.push({
      words,
      assignments: command.assignments,
      writes: command.redirects.filter(isOutput).flatMap(({ target }) => (target ? [target] : [])),
      background: command.background,
      needsGrant,
      ...change,
    });
  }

  #addWords(candidate: Candidate): void {
    const [program, ...rest] = candidate.words;
    const name = program?.literal === undefined ? undefined : baseName(program.literal);
    const launcher = name === undefined ? undefined : launcherOf(name, rest);
    // Behind a wrapper this is a program of that name; a rule that refuses sees it as the variable it looks like.
    if (program && assignmentOf(program).length > 0) this.#addWords({ ...candidate, words: rest, needsGrant: false });
    // The name may turn out empty, or be the end of a launcher's: `$X bash -c …` is looked at like any launch.
    if (name === undefined) this.#addUnknownLaunch(candidate, rest, undefined);
    else if (this.#functions.has(name)) this.#add({ ...candidate, needsGrant: false });
    else if (SHELLS.has(name)) this.#addShell(candidate, rest);
    else if (name === 'trap' || name === 'alias') this.#addStoredText(candidate, name, rest);
    else if (name === 'source' || name === '.') this.#addScriptFile(candidate, rest);
    else if (name === 'find' || name === 'fd' || name === 'fdfind') this.#addFind(candidate, rest);
    else if (launcher) this.#addLaunched(candidate, launcher, rest);
    else this.#add(candidate, opaqueBy(opaqueOption(name, rest) ?? evaluatedSubscript(name, rest)));
  }

  /** `sh -c TEXT`: the parts of the text are judged in its place. */
  #addShell(candidate: Candidate, args: readonly ShellWord[]): void {
    const option = args.findIndex(({ literal }) => literal !== undefined && /^-[a-zA-Z]*c[a-zA-Z]*$/.test(literal));
    const operand = args.findIndex((word, index) => isOperand(word) && !isOptionValue(args, index));
    if (option < 0 || (operand >= 0 && operand < option)) {
      const readsInput = operand < 0 || args.some(({ literal }) => literal === '-s' || literal === '-');
      if (readsInput) this.#add(candidate, opaqueBy(INTERPRETER_TEXT));
      else this.#addScriptFile(candidate, args.slice(operand));
      return;
    }
    const text = args[operand]?.literal;
    if (text === undefined) this.#add(candidate, { opaque: '-c' });
    else {
      this.#add({ ...candidate, needsGrant: false });
      this.addText(text, candidate.depth + 1, candidate.needsGrant);
    }
  }

  /** `sh FILE …`, `. FILE …`: granted as what it is, denied also as what it runs. */
  #addScriptFile(candidate: Candidate, script: readonly ShellWord[]): void {
    this.#add(candidate);
    if (script.length > 0) this.#add({ ...candidate, words: script, needsGrant: false });
  }

  /** Text that runs later: a trap's action, an alias's meaning. */
  #addStoredText(candidate: Candidate, name: string, args: readonly ShellWord[]): void {
    const texts = (name === 'trap' ? args.slice(0, 1) : args).map(({ literal }) => literal);
    const known = texts.filter((text) => text !== undefined);
    this.#add({ ...candidate, needsGrant: false }, opaqueBy(known.length < texts.length ? name : undefined));
    for (const literal of known) {
      const text = name === 'alias' ? literal.replace(/^[^=]*=?/, '') : literal;
      if (text !== '' && !text.startsWith('-')) this.addText(text, candidate.depth + 1, candidate.needsGrant);
    }
  }

  #addFind(candidate: Candidate, args: readonly ShellWord[]): void {
    this.#add(candidate);
    const starts = args.flatMap(({ literal }, index) => (isExecOption(literal) ? [index + 1] : []));
    for (const start of starts) {
      const length = args.slice(start).findIndex(({ literal }) => literal === ';' || literal === '+');
      const words = length < 0 ? args.slice(start) : args.slice(start, start + length);
      if (words.length > 0) this.#addWords({ ...candidate, words: words.map(unknownPlaceholder) });
    }
  }

  #addLaunched(candidate: Candidate, launcher: Launcher, args: readonly ShellWord[]): void {
    const start = launcher.flags.includes('*') ? 'unknown' : innerStart(launcher, args);
    if (start === 'unknown') {
      this.#addUnknownLaunch(candidate, args, launcher.flags.includes('*') ? undefined : 'option');
      return;
    }
    const inner = args.slice(start);
    const assigned = launcher.assigns ? args.slice(0, start).flatMap(assignmentOf) : [];
    const command = { ...candidate.command, assignments: [...candidate.command.assignments, ...assigned] };
    const outer = { ...candidate, command };
    const opens = launcher.transparent && inner.length > 0;
    this.#add({ ...outer, needsGrant: candidate.needsGrant && !opens });
    if (inner.length === 0) return;
    const needsGrant = candidate.needsGrant && launcher.transparent;
    const words = launcher.appends ? [...inner.map(unknownPlaceholder), UNKNOWN_WORD] : inner;
    if (launcher.inner === 'text') this.#addJoinedText({ ...outer, needsGrant }, inner);
    else this.#addWords({ ...outer, words, needsGrant });
  }

  #addJoinedText(candidate: Candidate, words: readonly ShellWord[]): void {
    const texts = words.map(({ literal }) => literal);
    if (texts.includes(undefined)) this.#add({ ...candidate, words: [UNKNOWN_WORD] }, { opaque: 'eval' });
    else this.addText(texts.join(' '), candidate.depth + 1, candidate.needsGrant);
  }

  /** Where the inner command begins is not known: deny rules look at every place where it could. */
  #addUnknownLaunch(candidate: Candidate, args: readonly ShellWord[], opaque: string | undefined): void {
    this.#add(candidate, opaqueBy(opaque));
    const inner = { ...candidate, needsGrant: false };
    args.forEach(({ literal }, index) => {
      if (index < MOST_SUFFIXES) this.#add({ ...inner, words: args.slice(index) });
      if (literal !== undefined && /\s/.test(literal)) this.#addPossibleText(literal, candidate.depth + 1);
    });
  }

  /** An argument that may or may not be shell text; when it is none there is nothing to find in it. */
  #addPossibleText(text: string, depth: number): void {
    const script = depth > MOST_NESTED ? { unparsable: 'too deep' } : this.#grammar.parse(text);
    if ('commands' in script) this.#addScript(script, depth, false);
  }
}

function opaqueBy(option: string | undefined): Partial<EffectiveCommand> {
  return option === undefined ? {} : { opaque: option };
}

function isOperand({ literal }: ShellWord): boolean {
  return literal === undefined || !/^[-+]/.test(literal);
}

/** A word that only the running program knows. */
const UNKNOWN_WORD: ShellWord = { source: '…', pieces: [undefined], literal: undefined };

function unknownPlaceholder(word: ShellWord): ShellWord {
  if (word.literal === undefined || !word.literal.includes('{}')) return word;
  return { source: word.source, pieces: [undefined], literal: undefined };
}

function isExecOption(literal: string | undefined): boolean {
  return (
    literal !== undefined &&
    ['-exec', '-execdir', '-ok', '-okdir', '-x', '--exec', '-X', '--exec-batch'].includes(literal)
  );
}

/** `bash -o pipefail -c TEXT`: the word after `-o` or `+O` is no operand. */
function isOptionValue(args: readonly ShellWord[], index: number): boolean {
  return /^[-+][oO]$/.test(args[index - 1]?.literal ?? '');
}

/** `2>&1` copies a descriptor; everything else after an output operator is a file. */
function isOutput({ operator, target }: ShellRedirect): boolean {
  if (!/^(>|>>|>\||&>|&>>|<>|>&)$/.test(operator)) return false;
  return !(operator === '>&' && /^(\d+-?|-)$/.test(target?.literal ?? ''));
}

function assignmentOf(word: ShellWord) {
  const name = /^([A-Za-z_][A-Za-z0-9_]*)=/.exec(word.pieces[0] ?? '')?.[1];
  return name === undefined ? [] : [{ name, value: word }];
}

function launcherOf(name: string, args: readonly ShellWord[]): Launcher | undefined {
  return LAUNCHERS.find(
    ({ names, subcommands }) =>
      names.includes(name) &&
      (subcommands === undefined || args.some(({ literal }) => literal !== undefined && subcommands.includes(literal))),
  );
}

/** Index of the first word of the inner command. */
function innerStart(launcher: Launcher, args: readonly ShellWord[]): number | 'unknown' {
  let index = 0;
  for (; index < args.length; index++) {
    const literal = args[index]?.literal;
    if (literal === undefined || literal === '--') break;
    if (launcher.assigns && /^[A-Za-z_][A-Za-z0-9_]*=/.test(literal)) continue;
    if (!literal.startsWith('-') && literal !== '-') break;
    if (launcher.flags.includes(literal)) continue;
    if (launcher.valued?.includes(literal)) index++;
    else if (!launcher.valued?.some((option) => isAttached(option, literal))) return 'unknown';
  }
  if (args[index]?.literal === '--') index++;
  return index + (launcher.operands ?? 0);
}

/** `--signal=KILL`, `-n5`. */
function isAttached(option: string, literal: string): boolean {
  return option.startsWith('--')
    ? literal.startsWith(`${option}=`)
    : literal.startsWith(option) && !literal.startsWith('--');
}
