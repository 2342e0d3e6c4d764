import type { Script, ScriptCommand, ScriptLanguage, ScriptWord } from '../../syntax/index.ts';
import { type CommandLine, programName, readCommandLine } from './command-line.ts';
import type { ProducedTexts } from './produced-text.ts';
import { type MappedText, textOfSpan, textOfWords } from './word-text.ts';

/** Programs that run text, and the language they read. */
export const SHELLS: Readonly<Record<string, ScriptLanguage>> = {
  bash: 'bash',
  sh: 'sh',
  dash: 'sh',
  ash: 'sh',
  ksh: 'sh',
  zsh: 'bash',
};

const INTERPRETERS: Readonly<
  Record<string, { readonly language: ScriptLanguage; readonly options: readonly string[] }>
> = {
  pwsh: { language: 'powershell', options: ['-c', '-command', '-Command', '-C'] },
  powershell: { language: 'powershell', options: ['-c', '-command', '-Command', '-C'] },
  cmd: { language: 'cmd', options: ['/c', '/C', '/k'] },
  python: { language: 'python', options: ['-c'] },
  python3: { language: 'python', options: ['-c'] },
  node: { language: 'javascript', options: ['-e', '--eval', '-p', '--print'] },
};

/** Programs that hand the value of `-c` to a shell. */
const HAND_ON: ReadonlySet<string> = new Set(['su', 'runuser', 'script', 'flock', 'nix-shell', 'wsl']);
/** Programs that print or search their arguments. */
const QUOTING: ReadonlySet<string> = new Set(['echo', 'printf', 'grep', 'rg', 'sed', 'awk', '[[', '[', 'test', 'git']);

/**
 * Shell text that a command runs: `bash -c '…'`, `eval "…"`, `ssh host '…'`, `bash <<EOF`, wherever the shell stands; also
 * what another command of the script produced: `echo '…' | bash`, `bash -c "$(cat <<E …)"`, `cat > x.sh <<E …; bash x.sh`.
 */
export function nestedTextsOf(
  command: ScriptCommand,
  script: Script,
  text: string,
  produced: ProducedTexts,
): readonly MappedText[] {
  const line = readCommandLine(command);
  const program = line.program ?? '';
  if (script.language === 'powershell') return expressionOf(line, produced);
  if (script.language !== 'bash' && script.language !== 'sh') return [];
  if (QUOTING.has(program)) return [];
  if (program === 'eval' && line.words.length > 1) {
    const [word, ...others] = line.words.slice(1);
    const found = word && others.length === 0 ? produced.inWord(word, 'bash') : undefined;
    return found ?? [textOfWords(line.words.slice(1), 'bash')];
  }
  if (program === 'trap' && line.operands.length > 1) return [textOfWords(line.operands.slice(0, 1), 'bash')];
  if (program === 'ssh' && line.operands.length > 1) return [textOfWords(line.operands.slice(1), 'sh')];
  const given =
    givenWord(line.words) ??
    (HAND_ON.has(program) ? afterOption(line.words, ['-c', '--command', '--run'], 'bash') : undefined);
  if (given) return produced.inWord(given.word, given.language) ?? [textOfWords([given.word], given.language)];
  const input = standardInput(command, line.words, program, text);
  return input.length > 0 ? input : producedFor(command, line, produced);
}

/** PowerShell runs the text that `Invoke-Expression` is given. */
function expressionOf({ program, operands: [word] }: CommandLine, produced: ProducedTexts): readonly MappedText[] {
  if (word === undefined || !/^(?:iex|invoke-expression)$/i.test(program ?? '')) return [];
  return produced.inWord(word, 'powershell') ?? [textOfWords([word], 'powershell')];
}

/** The language of the file that a program runs when it is given one. */
export function runnerLanguage(program: string): ScriptLanguage | undefined {
  if (Object.hasOwn(SHELLS, program)) return SHELLS[program];
  return Object.hasOwn(INTERPRETERS, program) ? INTERPRETERS[program]?.language : undefined;
}

/** Text that arrives by a pipe, a process substitution or a file that the script wrote before. */
function producedFor(command: ScriptCommand, line: CommandLine, produced: ProducedTexts): readonly MappedText[] {
  const program = line.program ?? '';
  const shell = Object.hasOwn(SHELLS, program) ? SHELLS[program] : undefined;
  const runner = runnerLanguage(program);
  const input = languageOfInput(line.words, program);
  const [first] = line.operands;
  const isSubstituted = first?.expansions[0]?.kind === 'process';
  if (first && isSubstituted && (shell || program === 'source' || program === '.'))
    return produced.inWord(first, shell ?? 'bash') ?? [];
  // `echo '…' | ssh host` and `… | xargs bash` hand on something else or arguments.
  if (input && runner && !command.redirects.some(({ operator }) => operator === '<'))
    return produced.piped(command, input);
  return produced.inFile(line, runner);
}

interface GivenWord {
  readonly word: ScriptWord;
  readonly language: ScriptLanguage;
}

/** The text behind the `-c` of a shell or interpreter anywhere in the words: `docker run image sh -c '…'`. */
function givenWord(words: readonly ScriptWord[]): GivenWord | undefined {
  for (const [index, word] of words.entries()) {
    const name = programName(word) ?? '';
    const shell = Object.hasOwn(SHELLS, name) ? SHELLS[name] : undefined;
    if (shell) return afterShellOption(words.slice(index + 1), shell);
    const interpreter = Object.hasOwn(INTERPRETERS, name) ? INTERPRETERS[name] : undefined;
    if (interpreter) return afterOption(words.slice(index + 1), interpreter.options, interpreter.language);
  }
  return undefined;
}

/** `-c`, `-lc`, `-euo pipefail -c`: options of a shell bundle. */
function afterShellOption(words: readonly ScriptWord[], language: ScriptLanguage): GivenWord | undefined {
  for (const [index, word] of words.entries()) {
    const option = word.literal ?? '';
    const next = words[index + 1];
    if (/^-[A-Za-z]*c[A-Za-z]*$/.test(option)) return next && { word: next, language };
    const isValue = /^[-+][A-Za-z]*[oO]$/.test(words[index - 1]?.literal ?? '');
    if (!/^[-+]/.test(option) && !isValue) return undefined;
  }
  return undefined;
}

function afterOption(
  words: readonly ScriptWord[],
  names: readonly string[],
  language: ScriptLanguage,
): GivenWord | undefined {
  const index = words.findIndex((word) => names.includes(word.literal ?? ''));
  const next = index < 0 ? undefined : words[index + 1];
  return next && { word: next, language };
}

/** `bash <<EOF`, `bash -s <<< "…"`, `ssh host <<EOF`: the text comes by standard input. */
function standardInput(
  command: ScriptCommand,
  words: readonly ScriptWord[],
  program: string,
  text: string,
): readonly MappedText[] {
  const language = languageOfInput(words, program);
  if (language === undefined) return [];
  return command.redirects.flatMap(({ operator, target, hereDocument }) => {
    if (hereDocument) return [textOfSpan(text, hereDocument.span, language)];
    return operator === '<<<' && target ? [textOfWords([target], language)] : [];
  });
}

function languageOfInput(words: readonly ScriptWord[], program: string): ScriptLanguage | undefined {
  if (program === 'ssh') return 'sh';
  const index = words.findIndex((word) => Object.hasOwn(SHELLS, programName(word) ?? ''));
  const shell = SHELLS[programName(words[index]) ?? ''];
  const rest = words.slice(index + 1);
  const readsInput =
    rest.every((word) => /^[-+]/.test(word.literal ?? '')) || rest.some((word) => word.literal === '-s');
  if (index >= 0) return readsInput ? shell : undefined;
  if (!Object.hasOwn(INTERPRETERS, program)) return undefined;
  return words.slice(1).every((word) => word.literal === '-') ? INTERPRETERS[program]?.language : undefined;
}
