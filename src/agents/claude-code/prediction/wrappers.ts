import type { ShellWord } from '../../../syntax/index.ts';
import type { Behaviour } from './behaviour.ts';

/** A program in front of another one that rules look through (reference: agents §2.4.4). */
interface Wrapper {
  readonly names: readonly string[];
  /** Options without a value, and forms with the value attached. */
  readonly plain?: RegExp;
  /** Options whose value is the next word. */
  readonly valued?: readonly string[];
  /** Words between the options and the inner program. */
  readonly operands?: number;
}

/** What rules that approve look through; every other option stops them. */
const APPROVING: readonly Wrapper[] = [
  {
    names: ['timeout'],
    plain: /^(?:--foreground|--preserve-status|-v|--verbose|--kill-after=\S+|--signal=\S+|-k\d\S*|-s[A-Z]\S*)$/,
    valued: ['-k', '-s', '--kill-after', '--signal'],
    operands: 1,
  },
  { names: ['time', 'nohup', 'builtin', 'noglob'] },
  { names: ['nice'], plain: /^-\d+$/, valued: ['-n'] },
  { names: ['stdbuf'], plain: /^-[ioe][L0-9]\S*$/ },
  { names: ['command'], plain: /^(?:-p|--)$/ },
];

/** What rules that refuse or ask look through besides: with any options. */
const REFUSING: readonly (Wrapper & { readonly later?: boolean })[] = [
  {
    names: ['exec', 'env', 'sudo', 'doas', 'pkexec', 'unshare', 'nsenter', 'setsid', 'ionice', 'watch', 'nocorrect'],
  },
  { names: ['strace', 'ltrace', 'script'] },
  { names: ['chrt', 'taskset', 'flock'], operands: 1 },
  { names: ['/usr/bin/time', '/usr/bin/timeout'], operands: 1, later: true },
  { names: ['time'], later: true },
];

const ASSIGNMENT = /^[A-Za-z_][A-Za-z0-9_]*=/;

/** The words behind one wrapper that approving rules look through; undefined when there is none. */
export function peelApproving(words: readonly ShellWord[]): readonly ShellWord[] | undefined {
  const [program, ...rest] = words;
  const wrapper = APPROVING.find(({ names }) => program?.literal !== undefined && names.includes(program.literal));
  if (wrapper === undefined) return undefined;
  let at = 0;
  for (; at < rest.length; at++) {
    const option = rest[at]?.literal;
    if (option === undefined || !option.startsWith('-')) break;
    if (wrapper.valued?.includes(option)) at++;
    else if (!wrapper.plain?.test(option)) return undefined;
  }
  const inner = rest.slice(at + (wrapper.operands ?? 0));
  return inner.length > 0 ? inner : undefined;
}

/** `env -u A B=1 PROGRAM …`: its words from the program on; undefined when `env` starts none. */
export function programBehindEnv([, ...rest]: readonly ShellWord[]): readonly ShellWord[] | undefined {
  const at = rest.findIndex(
    ({ literal = '' }, index) =>
      !literal.startsWith('-') && !ASSIGNMENT.test(literal) && !/^(?:-u|--unset)$/.test(rest[index - 1]?.literal ?? ''),
  );
  return at < 0 ? undefined : rest.slice(at);
}

/** Every place behind one wrapper where a refusing rule could find the inner program. */
export function peelRefusing(words: readonly ShellWord[], behaviour: Behaviour): readonly (readonly ShellWord[])[] {
  const [program, ...rest] = words;
  const wrapper = REFUSING.find(
    ({ names, later }) =>
      program?.literal !== undefined && names.includes(program.literal) && (!later || behaviour.unquotes),
  );
  if (wrapper === undefined) return [];
  const found: (readonly ShellWord[])[] = [...givenAsText(program?.literal, rest)];
  let operands = 0;
  for (let at = 0; at < rest.length && operands <= (wrapper.operands ?? 0); at++) {
    const word = rest[at]?.literal ?? '';
    const isOption = word.startsWith('-') || ASSIGNMENT.test(word);
    if (isOption) continue;
    found.push(rest.slice(at));
    if (!rest[at - 1]?.literal?.startsWith('-')) operands++;
  }
  return found;
}

/** `script -c 'npm test'`: the words of the text. */
function givenAsText(program: string | undefined, args: readonly ShellWord[]): readonly (readonly ShellWord[])[] {
  const at = program === 'script' ? args.findIndex(({ literal }) => literal === '-c' || literal === '--command') : -1;
  const text = at < 0 ? undefined : args[at + 1]?.literal;
  if (text === undefined) return [];
  return [
    text
      .trim()
      .split(/\s+/)
      .map((word) => plainWord(word.replaceAll('\\', ''))),
  ];
}

function plainWord(word: string): ShellWord {
  return { source: word, pieces: [word], literal: word };
}

/** Variables in front of a command that approving rules look through. */
const HARMLESS: ReadonlySet<string> = new Set(
  `GOEXPERIMENT GOOS GOARCH CGO_ENABLED GO111MODULE RUST_BACKTRACE RUST_LOG NODE_ENV PYTHONUNBUFFERED
  PYTHONDONTWRITEBYTECODE PYTEST_DISABLE_PLUGIN_AUTOLOAD PYTEST_DEBUG ANTHROPIC_API_KEY LANGUAGE LC_TIME CHARSET TERM
  COLORTERM NO_COLOR FORCE_COLOR CLICOLOR TZ LS_COLORS LSCOLORS GREP_COLOR GREP_COLORS GCC_COLORS TIME_STYLE BLOCK_SIZE
  BLOCKSIZE COLUMNS LINES CI GIT_TERMINAL_PROMPT`.split(/\s+/),
);
const LOCALES: ReadonlySet<string> = new Set(['LANG', 'LC_ALL', 'LC_CTYPE']);
const LOCALE = /^(?:C|POSIX|[a-z]{2,3}(?:_[A-Z]{2})?)(?:\.[A-Za-z0-9-]+)?$/;

export function isHarmless(name: string, value: string | undefined, behaviour: Behaviour): boolean {
  if (HARMLESS.has(name)) return value !== undefined;
  if (!LOCALES.has(name) || value === undefined) return false;
  return !behaviour.checksLocale || LOCALE.test(value);
}

/** Variables that change what a later command of the same text means: setting one asks. */
export function changesMeaning(name: string): boolean {
  return /^(?:PATH|IFS|ENV|BASH_ENV|SHELLOPTS|BASHOPTS|PS4|PROMPT_COMMAND|CDPATH|HOME|PWD|OLDPWD|LD_.*|DYLD_.*|GIT_.*)$/.test(
    name,
  );
}

/** Programs that start or evaluate what the CLI cannot see: only a rule with the exact text approves them. */
const UNSEEN: ReadonlySet<string> = new Set(
  `exec unshare nsenter setsid ionice chrt taskset flock watch strace ltrace script coproc eval source . trap alias
  nocorrect pushd set export local declare typeset readonly unset`.split(/\s+/),
);

export function startsUnseen(program: string): boolean {
  return UNSEEN.has(program);
}
