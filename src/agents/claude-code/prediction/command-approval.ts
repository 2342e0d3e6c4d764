import type { PlacedCommand, ShellRedirect, ShellWord } from '../../../syntax/index.ts';
import { fileUses, inputs, outputs } from './command-files.ts';
import { canApprove, climbsOut, isExact, matchesText } from './command-rule.ts';
import { approvable, textOf } from './command-text.ts';
import type { PredictedDecision } from './decision.ts';
import { readFileUse } from './file-commands.ts';
import { byRule, type Judgement, pathRule } from './judge-path.ts';
import { isWhole, type PermissionRule } from './permission-rule.ts';
import { isInside } from './place.ts';
import { type ReadCommand, withKnownVariables } from './read-command.ts';
import { readOnly } from './read-only.ts';
import { type NamedPath, readPath } from './shell-path.ts';
import { unclearForm } from './unclear-form.ts';
import { changesMeaning, peelApproving, programBehindEnv, startsUnseen } from './wrappers.ts';

type Answer = PredictedDecision | undefined;

/** Wrappers that leave a fragment of a command behind when their options are not known. */
const FRAGMENTS: ReadonlySet<string> = new Set(['time', 'nice', 'nohup']);
const EVALUATING: ReadonlySet<string> = new Set([
  'eval',
  'exec',
  'source',
  '.',
  'trap',
  'alias',
  'coproc',
  'nocorrect',
]);
/** Operators that a backslash makes a part of a word, and quoted lines that look like a comment. */
const DISGUISED = /\\[;|&<>\s]|\n\s*#/;
/** What `timeout` takes; any option or other number is not looked through. */
const PLAIN_DURATION = /^\d+(?:\.\d+)?[smhd]?$/;

/** Programs that evaluate their arguments: they ask in the CLI's sandbox too. */
export function evaluates({ words }: PlacedCommand): boolean {
  return EVALUATING.has(words[0]?.literal ?? '');
}

/** Whether rules, the read-only set and the mode together approve everything; otherwise the reason to ask. */
export function approve(read: ReadCommand, on: Judgement): PredictedDecision {
  const rules = on.settings.rules.filter(
    ({ list, tool, spec }) => list === 'allow' && tool === 'Bash' && spec !== undefined,
  );
  const exact = rules.find(({ spec = '' }) => isExact(spec) && canApprove(spec) && spec === read.text);
  const unclear = unclearForm(read, on.behaviour);
  if (exact && unclear === undefined && !read.commands.some((command) => outputs(command, on).length > 0)) {
    return byRule(exact, 'the rule has exactly this text');
  }
  if (unclear !== undefined) return asks(unclear);
  const moved = movesAndActs(read, on);
  if (moved !== undefined) return asks(moved);
  if (read.commands.every(({ words }) => words.length === 0)) return asks('nothing but variables');
  let last: PredictedDecision = { verdict: 'allow', by: 'read-only', reason: 'every part only reads' };
  const commands = on.behaviour.followsVariables ? withKnownVariables(read.commands) : read.commands;
  for (const command of commands) {
    const answer = approveOne(command, rules, on);
    if (answer.verdict !== 'allow') return answer;
    if (answer.by !== 'read-only') last = answer;
  }
  return last;
}

/** Everything in the background and in front of it only reads: such a command asks even under a rule for every command. */
export function readsInBackground({ commands }: ReadCommand, on: Judgement): boolean {
  const isReader = ({ words }: PlacedCommand) => readOnly(words, on.behaviour) !== 'no';
  return commands.some(({ background }) => background) && commands.every(isReader);
}

/** `cd` beside a command of version control, a write, or a read while something must not be read. */
function movesAndActs({ commands }: ReadCommand, on: Judgement): string | undefined {
  if (!commands.some(({ words }) => /^(?:cd|pushd)$/.test(words[0]?.literal ?? ''))) return undefined;
  if (commands.filter(({ words }) => words[0]?.literal === 'cd').length > 1) return 'more than one change of directory';
  if (commands.some(({ words }) => /^(?:git|hg|svn|jj)$/.test(words[0]?.literal ?? ''))) {
    return 'a change of directory beside version control';
  }
  const uses = commands.flatMap((command) => fileUses(command, on));
  if (uses.some(({ writes }) => writes.length > 0)) return 'a change of directory beside a write';
  const isOutputToFile = ({ operator, target }: ShellRedirect) => operator.includes('>') && target !== undefined;
  const discards = on.behaviour.asksAboutDiscards && commands.some(({ redirects }) => redirects.some(isOutputToFile));
  if (discards || commands.some((command) => outputs(command, on).length > 0))
    return 'a change of directory beside output to a file';
  const others = uses.filter(({ program }) => program !== 'cd');
  const isRelative = others.some(
    ({ reads }) => reads.length === 0 || reads.some(({ word }) => !/^["']?[/~]/.test(word.source)),
  );
  return on.behaviour.asksAfterChange && guardsFiles(on) && isRelative
    ? 'a change of directory beside a relative path'
    : undefined;
}

/** Some file must not be read. */
function guardsFiles({ settings }: Judgement): boolean {
  return settings.rules.some(
    (rule) => rule.list === 'deny' && rule.tool === 'Read' && !isWhole(rule) && rule.spec !== '',
  );
}

function approveOne(command: PlacedCommand, rules: readonly PermissionRule[], on: Judgement): PredictedDecision {
  const files = checkFiles(command, on);
  if (files) return files;
  if (command.words.length === 0) return approveAssignment(command);
  return (
    rulesCover(command, rules, on) ??
    acceptsEdit(command, on) ??
    onlyReads(command, on) ??
    asks(`nothing approves \`${textOf(command.words).slice(0, 120)}\``)
  );
}

function approveAssignment({ assignments }: PlacedCommand): PredictedDecision {
  if (assignments.some(({ name }) => changesMeaning(name))) return asks('a variable that changes what commands mean');
  return { verdict: 'allow', by: 'read-only', reason: 'only sets variables' };
}

function rulesCover(command: PlacedCommand, rules: readonly PermissionRule[], on: Judgement): Answer {
  const { whole, steps } = approvable(command, on.behaviour);
  // Nothing in between: the CLI takes off variables and wrappers all at once.
  const texts = [whole, textOf(steps.at(-1) ?? [])];
  const isUnseen = [command.words, ...steps].some(hidesProgram);
  const rule = rules.find(({ spec = '' }) => {
    if (!canApprove(spec)) return false;
    return texts.some((text, index) => {
      if (isUnseen && !(isExact(spec) && index === 0)) return false;
      if (isExact(spec) && /\t| {2}/.test(command.source)) return false;
      if (on.behaviour.stopsAtParents && climbsOut(spec, text)) return false;
      return matchesText(spec, text);
    });
  });
  return rule && byRule(rule, 'the rule is about this command');
}

/** `watch`, `eval`, `env -S`, `find -exec`: what they start is not seen. */
function hidesProgram([program, ...args]: readonly ShellWord[]): boolean {
  const name = program?.literal ?? '';
  const has = (pattern: RegExp) => args.some(({ literal }) => literal !== undefined && pattern.test(literal));
  if (name === 'env') {
    const inner = program && programBehindEnv([program, ...args]);
    return has(/^(?:-[a-zA-Z]*[SC].*|--split-string.*|--chdir.*|--)$/) || (inner !== undefined && hidesProgram(inner));
  }
  if (name === 'timeout' && program && !hasPlainDuration([program, ...args])) return true;
  if (name === 'xargs') return hidesProgram(args);
  if (name === 'command' && has(/^noglob$/)) return true;
  if (name === 'find') return has(/^-(?:exec|execdir|ok|okdir|delete|fprint.*|fls)$/);
  return (
    startsUnseen(name) ||
    (FRAGMENTS.has(name) &&
      args[0]?.literal?.startsWith('-') === true &&
      peelApproving([program, ...args].filter((word) => word !== undefined)) === undefined)
  );
}

/** Whatever the options: the word in front of the program. */
function hasPlainDuration(words: readonly ShellWord[]): boolean {
  const inner = peelApproving(words);
  const duration = inner && words[words.length - inner.length - 1];
  return PLAIN_DURATION.test(duration?.literal ?? '');
}

function onlyReads(command: PlacedCommand, on: Judgement): Answer {
  const { steps } = approvable(command, on.behaviour);
  const [words] = steps;
  if (words === undefined || words.some(isDisguised)) return undefined;
  if (words[0]?.literal === 'xargs' && guardsFiles(on)) return undefined;
  const timed = on.behaviour.readsThroughTimeout && words[0]?.literal === 'timeout' && command.assignments.length === 0;
  const inner = timed && PLAIN_DURATION.test(words[1]?.literal ?? '') ? steps[1] : undefined;
  const read = inner ?? words;
  const how = readOnly(read, on.behaviour);
  if (how === 'no') return undefined;
  const known = readFileUse(read, on.settings.ground.place)?.reads ?? [];
  const isOutside =
    how === 'files' && (known.some((path) => !mayRead(path, on)) || read.slice(1).some((word) => climbs(word, on)));
  return isOutside ? undefined : { verdict: 'allow', by: 'read-only', reason: 'only reads' };
}

/** Escaped operators, quoted lines like comments, options in quotes. */
function isDisguised({ source, literal }: ShellWord): boolean {
  return DISGUISED.test(source) || (literal?.startsWith('-') === true && /^[^=]*["'\\]/.test(source));
}

/** An argument, or the value of an option, that leads out of the tree whatever the program makes of it. */
function climbs(word: ShellWord, on: Judgement): boolean {
  const value = (word.literal ?? word.source).replace(/^--?[\w-]+=/, '');
  if (isDetour(value) || /^"?\$\{?HOME\b/.test(value)) return true;
  if (value === '/dev/null' || !/^(?:[/~]|\.\.(?:\/|$))/.test(value)) return false;
  return !mayRead(
    readPath(
      { source: value, pieces: [value], literal: value.startsWith('~') ? undefined : value },
      on.settings.ground.place,
    ),
    on,
  );
}

/** `src/../x`: up again behind a folder. */
function isDetour(path: string): boolean {
  const segments = path.split('/');
  const first = segments.findIndex((segment) => segment !== '' && segment !== '.' && segment !== '..');
  return first >= 0 && segments.includes('..', first);
}

/** `mkdir touch rm rmdir mv cp sed` inside of the working directories. */
function acceptsEdit(command: PlacedCommand, on: Judgement): Answer {
  if (on.settings.mode !== 'acceptEdits') return undefined;
  const words = approvable(command, on.behaviour).steps.at(-1);
  const use = words && readFileUse(words, on.settings.ground.place);
  if (words === undefined || !use?.accepted || (use.program === 'sed' && !substitutes(words))) return undefined;
  return { verdict: 'allow', by: 'mode', reason: 'acceptEdits approves changes of files in the working directories' };
}

/** A `sed` whose only script is a substitution without `w` and `e`. */
function substitutes(words: readonly ShellWord[]): boolean {
  const [script, ...files] = words
    .slice(1)
    .flatMap(({ literal }) => (literal && /^-[inE]+$/.test(literal) ? [] : [literal]));
  if (script === undefined || files.some((file) => file === undefined || file.startsWith('-'))) return false;
  return /^s([/|#,])[^/|#,\n]*\1[^/|#,\n]*\1[gpI\d]*$/.test(script);
}

/** What the files of a command say against it, whichever rule covers the command itself. */
function checkFiles(command: PlacedCommand, on: Judgement): Answer {
  for (const use of fileUses(command, on)) {
    if (use.unclear) return asks(`options of ${use.program} that move its files`);
    for (const path of use.writes) {
      if (path.isGlob || path.path === undefined)
        return asks(`${path.word.source}: which files are written is not known`);
      if (!isInside(path.path, on.settings.ground))
        return asks(`${path.word.source} is outside of the working directories`);
    }
    const outside = use.reads.find((path) => !mayRead(path, on));
    if (outside) return asks(`${outside.word.source} is outside of the working directories`);
  }
  const written = outputs(command, on).find((path) => !mayWrite(path, on));
  if (written) return asks(`writes ${written.word.source}`);
  const input = on.behaviour.checksInput ? inputs(command, on).find((path) => !mayRead(path, on)) : undefined;
  return input && asks(`${input.word.source} is outside of the working directories`);
}

function mayRead({ path }: NamedPath, on: Judgement): boolean {
  return (
    path !== undefined && (isInside(path, on.settings.ground) || pathRule('Read', 'allow', path, on) !== undefined)
  );
}

function mayWrite({ path, isGlob, word }: NamedPath, on: Judgement): boolean {
  if (path === undefined || isGlob || word.source.startsWith('~')) return false;
  if (on.settings.mode === 'acceptEdits' && isInside(path, on.settings.ground)) return true;
  return pathRule('Edit', 'allow', path, on) !== undefined;
}

function asks(reason: string): PredictedDecision {
  return { verdict: 'ask', by: 'not approved', reason };
}
