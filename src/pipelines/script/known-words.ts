import type { Script, ScriptCommand, ScriptWord, Span } from '../../syntax/index.ts';
import { programName, readCommandLine } from './command-line.ts';
import { textOfWords } from './word-text.ts';

type Assignment = ScriptCommand['assignments'][number];

/** Words that one variable holds, and words that are put in for variables in one script: lists of lists would multiply. */
const MOST_HELD = 500;
const MOST_PUT_IN = 20_000;

/** A word that is one variable: `$C`, `"${C}"`, `${C:-claude}`, `"${C[@]}"`, `"$@"`. */
const VARIABLE = /^("?)\$(?:([A-Za-z_]\w*|@)|\{([A-Za-z_]\w*|@)(\[[@*]\])?(?::?[-=]([^{}$`"']*))?\})("?)$/;
/** A word that is the answer where a program stands: `$(command -v claude)`. */
const WHEREABOUTS =
  /^"?(?:\$\(|`)\s*(?:which|command\s+-v|type\s+-[pP])\s+([\w./+-]+)(?:\s+2>\s*\/dev\/null|\s*\|\|\s*true)*\s*(?:\)|`)"?$/;
/** Commands whose arguments assign for the rest of the script. */
const DECLARING: ReadonlySet<string> = new Set(['export', 'local', 'declare', 'typeset', 'readonly']);
/** What a dry run starts instead of the program. */
const IDLE: ReadonlySet<string> = new Set(['echo', 'printf', 'true', ':', '/bin/true', 'cat']);

/**
 * The script with what a maintainer keeps in a variable put back where it runs: `C=claude; $C -p x`, `cmd=(claude -p x);
 * "${cmd[@]}"`, `set -- claude -p x; "$@"`, `$(command -v claude) -p x`, an alias. Only the program's own word and whole
 * lists are replaced; the words then stand where they were written. One pass in the order of the text, the last
 * assignment holds; a variable that the script never assigns stays as it is.
 */
export function putInKnownWords(script: Script): Script {
  if (script.language !== 'bash' && script.language !== 'sh' && script.language !== 'powershell') return script;
  const known = new KnownWords(passingFunctions(script), script.language === 'powershell');
  const commands = script.commands.map((command) => known.follow(command));
  return known.changed ? { ...script, commands } : script;
}

/** The word that a variable was given last, for each command that hands its text on: `eval "$CMD"`. */
export function lastValue(word: ScriptWord, script: Script): ScriptWord | undefined {
  const [, , bare, braced] = VARIABLE.exec(word.source) ?? [];
  const name = bare ?? braced;
  if (name === undefined) return undefined;
  return script.commands
    .filter(({ span, words }) => span.start < word.span.start && words.length === 0)
    .flatMap(({ assignments }) => assignments)
    .findLast((one) => one.name === name)?.value;
}

/**
 * Functions that start what they are given, and how many words they take away first: `run() { "$@"; }` none,
 * `retry() { local n=$1; shift; "$@"; }` and `log_to() { "${@:2}"; }` one.
 */
function passingFunctions({ commands, bodies = [] }: Script): ReadonlyMap<string, number> {
  const passing = new Map<string, number>();
  for (const { name, span } of bodies.slice(0, MOST_HELD)) {
    let taken = 0;
    for (const { words, nesting } of commandsWithin(commands, span)) {
      if (words[0]?.literal === 'shift' && !nesting.includes('loop')) taken += Number(words[1]?.literal ?? 1) || 0;
      const [, from] = words.map(({ source }) => GIVEN.exec(source)).find((match) => match !== null) ?? [];
      const program = words.find(({ literal }) => literal === undefined || !PREFIXES.has(literal));
      if (program === undefined || !GIVEN.test(program.source)) continue;
      passing.set(name, taken + Math.max(0, Number(from ?? 1) - 1));
      break;
    }
  }
  return passing;
}

/** `"$@"`, `"${@}"`, `"${@:2}"`. */
const GIVEN = /^"?\$(?:@|\{@(?::(\d{1,3}))?\})"?$/;
/** Words that may stand before the program. */
const PREFIXES: ReadonlySet<string> = new Set(['command', 'exec', 'time', 'nohup', 'sudo']);

/** Commands stand in the order of their start. */
function commandsWithin(commands: readonly ScriptCommand[], { start, end }: Span): readonly ScriptCommand[] {
  const first = commands.findIndex(({ span }) => span.start > start);
  const rest = first < 0 ? [] : commands.slice(first, first + MOST_HELD);
  return rest.filter(({ span }) => span.end <= end);
}

class KnownWords {
  readonly #passing: ReadonlyMap<string, number>;
  readonly #isPowershell: boolean;
  readonly #held = new Map<string, readonly ScriptWord[]>();
  readonly #aliases = new Map<string, readonly ScriptWord[]>();
  #expandsAliases = false;
  #left = MOST_PUT_IN;
  changed = false;

  constructor(passing: ReadonlyMap<string, number>, isPowershell: boolean) {
    this.#passing = passing;
    this.#isPowershell = isPowershell;
  }

  follow(command: ScriptCommand): ScriptCommand {
    const resolved = this.#resolve(command);
    const program = resolved.words[0]?.literal ?? '';
    if (resolved.words.length === 0 || DECLARING.has(program)) {
      for (const assignment of resolved.assignments) this.#assign(assignment, resolved);
    }
    const isOwn = !command.nesting.includes('function');
    if (program === 'set' && isOwn && resolved.words[1]?.literal === '--') this.#hold('@', resolved.words.slice(2));
    if (program === 'shopt' && resolved.words.some(({ literal }) => literal === 'expand_aliases'))
      this.#expandsAliases = true;
    if (program === 'alias') for (const assignment of resolved.assignments) this.#alias(assignment);
    return resolved;
  }

  #resolve(command: ScriptCommand): ScriptCommand {
    const { nesting } = command;
    const words = this.#isPowershell ? startedProcess(command.words) : splitString(command.words);
    const program = words === command.words ? readCommandLine(command).words[0] : words[0];
    const put = words.flatMap((word) => {
      const isProgram = word === program;
      const isList = /^"?\$\{[A-Za-z_]\w*\[[@*]\]\}"?$/.test(word.source);
      const splatted = this.#isPowershell && !isProgram ? this.#splatted(word) : undefined;
      if (splatted) return splatted;
      if (!isProgram && !isList) return [word];
      // Inside a function `$@` is what the function was given.
      if (nesting.includes('function') && /^"?\$\{?@/.test(word.source)) return [word];
      return this.#wordsOf(word) ?? (isProgram ? this.#aliased(word) : undefined) ?? [word];
    });
    const taken = this.#passing.get(put[0]?.literal ?? '');
    if (taken !== undefined && put.length > taken + 1) {
      this.changed = true;
      return { ...command, words: put.slice(taken + 1) };
    }
    if (put.length === command.words.length && put.every((word, index) => word === command.words[index]))
      return command;
    this.changed = true;
    return { ...command, words: put };
  }

  /** `undefined` where the word is no variable that this script knows. */
  #wordsOf(word: ScriptWord): readonly ScriptWord[] | undefined {
    const [, whereabouts] = WHEREABOUTS.exec(word.source) ?? [];
    if (whereabouts !== undefined) return [literalAt(word, whereabouts)];
    const [, quote, bare, braced, list, fallback] = VARIABLE.exec(word.source) ?? [];
    const name = bare ?? braced;
    if (name === undefined) return undefined;
    const held = this.#held.get(name) ?? (fallback ? [literalAt(word, fallback)] : undefined);
    if (held === undefined || held.length > this.#left) return undefined;
    const isWhole = list !== undefined || name === '@';
    const words = quote === '"' ? held : held.flatMap(splitWord);
    this.#left -= words.length;
    return isWhole ? words : quote === '"' ? words.slice(0, 1) : words;
  }

  /** PowerShell hands `@opts`, and a `$opts` that holds a list, to a program as the words of the list. */
  #splatted({ source }: ScriptWord): readonly ScriptWord[] | undefined {
    const [, sign, name = ''] = /^([@$])([A-Za-z_]\w*)$/.exec(source) ?? [];
    const held = sign === undefined ? undefined : this.#held.get(name);
    if (held === undefined || held.length > this.#left || (sign === '$' && held.length < 2)) return undefined;
    this.#left -= held.length;
    return held;
  }

  #aliased(word: ScriptWord): readonly ScriptWord[] | undefined {
    return this.#expandsAliases && word.literal !== undefined ? this.#aliases.get(word.literal) : undefined;
  }

  #alias({ name, value }: Assignment): void {
    if (value) this.#aliases.set(name, splitWord(value));
  }

  #assign({ name, value, elements, appends }: Assignment, { nesting }: ScriptCommand): void {
    const given = elements ?? (value ? [value] : undefined);
    const words = given?.flatMap((word) => this.#wordsOf(word) ?? [word]);
    const before = this.#held.get(name);
    // `if dry; then RUN=echo; fi`: the other way runs the program.
    const isDryRun = before !== undefined && nesting.includes('condition') && IDLE.has(words?.[0]?.literal ?? '');
    if (words === undefined) this.#held.delete(name);
    else if (appends === true) this.#hold(name, elements || this.#isPowershell ? [...(before ?? []), ...words] : []);
    else if (!isDryRun) this.#hold(name, words);
  }

  #hold(name: string, words: readonly ScriptWord[]): void {
    if (words.length > 0 && words.length <= MOST_HELD) this.#held.set(name, words);
    else this.#held.delete(name);
  }
}

/** `env -S "claude -p" "$TASK"`: `env` takes the text apart. GNU coreutils, "env invocation". */
function splitString(words: readonly ScriptWord[]): readonly ScriptWord[] {
  const at = programName(words[0]) === 'env' ? words.findIndex(({ pieces }) => SPLITTING.test(pieces[0] ?? '')) : -1;
  const [option, next, ...rest] = at < 0 ? [] : words.slice(at);
  if (option === undefined) return words;
  const joined = option.pieces[0]?.replace(SPLITTING, '') ?? '';
  const isOwnWord = joined === '' && option.pieces.length === 1;
  if (isOwnWord) return next ? [...words.slice(0, at), ...splitWord(next), ...rest] : words;
  const given = option.literal === undefined ? undefined : literalAt(option, joined);
  return given ? [...words.slice(0, at), ...splitWord(given), ...(next ? [next] : []), ...rest] : words;
}

const SPLITTING = /^(?:-[iv0]*S|--split-string=?)/;

/** `Start-Process claude -ArgumentList "-p", $prompt` starts the program with these words. */
function startedProcess(words: readonly ScriptWord[]): readonly ScriptWord[] {
  if (!/^(?:start-process|saps|start)$/i.test(words[0]?.literal ?? '')) return words;
  const behind = (name: RegExp) => words.findIndex(({ source }) => name.test(source)) + 1;
  const isOption = ({ source }: ScriptWord) => source.startsWith('-');
  const file = words[behind(/^-f(?:ilepath)?$/i)] === words[0] ? words[1] : words[behind(/^-f(?:ilepath)?$/i)];
  const first = behind(/^-(?:a|args|argumentlist)$/i);
  if (file === undefined || isOption(file)) return words;
  const given = first === 0 ? words.slice(words.indexOf(file) + 1) : words.slice(first);
  const last = given.findIndex(isOption);
  return [file, ...(last < 0 ? given : given.slice(0, last))];
}

function literalAt(word: ScriptWord, text: string): ScriptWord {
  return { ...word, source: text, literal: text, pieces: [text], expansions: [] };
}

/** Word splitting of an unquoted variable, Bash manual §3.5.7: quotes inside its value mean nothing. */
function splitWord(word: ScriptWord): readonly ScriptWord[] {
  if (word.literal !== undefined && /^\S+$/.test(word.literal)) return [word];
  const { text, offsets } = word.expansions.length === 0 && word.literal === word.source ? plain(word) : mapped(word);
  return [...text.matchAll(/\S+/g)].map(({ 0: part, index }) => {
    const start = offsets[index] ?? word.span.start;
    const last = offsets[index + part.length - 1] ?? start;
    const isKnown = word.literal !== undefined || !/[$`\uE000]/.test(part);
    return {
      span: { start, end: Math.max(start, last) + 1 },
      source: part,
      literal: isKnown ? part : undefined,
      pieces: [isKnown ? part : undefined],
      expansions: word.expansions.filter(({ span }) => span.start >= start && span.end <= last + 1),
    };
  });
}

interface Placed {
  readonly text: string;
  readonly offsets: readonly number[];
}

function mapped(word: ScriptWord): Placed {
  return textOfWords([word], 'bash');
}

/** Text that stands for the whole word: each of its parts stands where the word does. */
function plain({ source, span }: ScriptWord): Placed {
  const isSpelled = span.end - span.start === source.length;
  return { text: source, offsets: [...source].map((_, index) => (isSpelled ? span.start + index : span.start)) };
}
