import type { ShellAssignment, ShellWord } from '../../syntax/index.ts';
import { type CommandPattern, couldBeAbout, coversWords } from './command-pattern.ts';
import type { EffectiveCommand } from './effective-command.ts';
import { baseName } from './interpreter.ts';
import { HARMLESS_VARIABLES, isLoaderVariable, setsLocale, UNSEEN_STARTERS } from './launchers.ts';
import { hidesSubstitution, isReadOnly } from './read-only.ts';

/** Where output may go without touching the workspace. `/tmp` is private to the run. */
const FREE_TARGETS = /^(\/dev\/(null|stdout|stderr|tty|fd\/\d+)|\/tmp\/(?!.*\.\.).*)$/;

/** Whether a deny or ask rule is about any of the commands. */
export function deniesCommands(pattern: CommandPattern, commands: readonly EffectiveCommand[]): boolean {
  return commands.some(({ words }) => couldBeAbout(pattern, words));
}

export interface Coverage {
  /** The first command that no rule covers; undefined when all are covered. */
  readonly uncovered: EffectiveCommand | undefined;
  /** The patterns that were needed; none when everything only reads. */
  readonly used: readonly CommandPattern[];
}

/** What a command may reach without a rule of its own. */
export interface Reach {
  /** Whether the file plane lets output be redirected to a path. */
  mayWrite(path: string): boolean;
  /** Whether a path is the workspace or in it. */
  isInside(path: string): boolean;
  /** Whether a path is the workspace itself. */
  isWorkspace(path: string): boolean;
}

/** Whether narrow allow rules together cover everything that the text would start. */
export function coverCommands(
  patterns: readonly CommandPattern[],
  commands: readonly EffectiveCommand[],
  reach: Reach,
): Coverage {
  const used: CommandPattern[] = [];
  const moves = commands.some(({ words }) => words[0]?.literal === 'cd');
  const movesAway = commands.some(({ words }) => leavesWorkspaceRoot(words, reach));
  for (const command of commands) {
    if (movesAway && ROOT_ONLY.has(baseName(command.words[0]?.literal ?? ''))) return { uncovered: command, used };
    const cover = writesFreely(command, reach, moves) ? coverOf(patterns, command, reach) : undefined;
    if (cover === undefined) return { uncovered: command, used };
    if (cover !== 'nothing needed') used.push(cover);
  }
  return { uncovered: undefined, used };
}

/**
 * Programs that a grant is about in the workspace only: version control obeys the configuration of the directory it
 * starts in, and what writes files writes others there (reference: agents §2.4.3).
 */
const ROOT_ONLY: ReadonlySet<string> = new Set('git hg svn jj touch mkdir rm rmdir mv cp sed tee'.split(' '));

function leavesWorkspaceRoot([program, target]: readonly ShellWord[], reach: Reach): boolean {
  if (program?.literal !== 'cd' && program?.literal !== 'pushd') return false;
  return target?.literal === undefined || !reach.isWorkspace(target.literal);
}

/** @param moves the text changes its directory: where a relative target lies is not known then. */
function writesFreely(command: EffectiveCommand, reach: Reach, moves: boolean): boolean {
  return command.writes.every((target) => {
    if (isFree(target)) return true;
    const isKnown = target.literal !== undefined && (!moves || target.literal.startsWith('/'));
    return isKnown && reach.mayWrite(target.literal);
  });
}

/** The pattern that covers a command; undefined when none does. A detached command outlives the check: no narrow rule covers it. */
function coverOf(
  patterns: readonly CommandPattern[],
  command: EffectiveCommand,
  reach: Reach,
): CommandPattern | 'nothing needed' | undefined {
  const { opaque, words, assignments } = command;
  if (command.background || assignments.some(({ name }) => mayBeLoaderVariable(name))) return undefined;
  if (opaque !== undefined) return patterns.find((pattern) => names(pattern, opaque) && coversWords(pattern, words));
  if (words.length > 0 && !assignments.every(isHarmless)) return undefined;
  if (assignments.some(({ value }) => value !== undefined && hidesSubstitution(value))) return undefined;
  if (!command.needsGrant || words.length === 0) return 'nothing needed';
  if (isReadOnly(words) && staysInside(words, reach)) return 'nothing needed';
  const isUnseen = UNSEEN_STARTERS.has(baseName(words[0]?.literal ?? ''));
  return patterns.find((pattern) => !(isUnseen && pattern.source.includes('*')) && coversWords(pattern, words));
}

/** One without a name may be any (`((X=1))` where X holds a text that sets another). */
function mayBeLoaderVariable(name: string): boolean {
  return name === '' || isLoaderVariable(name);
}

function isHarmless({ name, value }: ShellAssignment): boolean {
  return HARMLESS_VARIABLES.has(name) || setsLocale(name, value?.literal);
}

/** In another directory a granted name may be another program: `cd /tmp && npm test` runs what the agent left there. */
function staysInside([program, target, ...more]: readonly ShellWord[], reach: Reach): boolean {
  if (program?.literal !== 'cd') return true;
  return target?.literal !== undefined && more.length === 0 && reach.isInside(target.literal);
}

function isFree(target: ShellWord): boolean {
  return target.literal !== undefined && FREE_TARGETS.test(target.literal);
}

/** Unknown code needs a rule that names it: with the very option (`python3 -c *`), or the whole command without `*`. */
function names(pattern: CommandPattern, option: string): boolean {
  return pattern.tokens.includes(option) || !pattern.source.includes('*');
}
