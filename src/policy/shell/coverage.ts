import type { ShellWord } from '../../syntax/index.ts';
import { type CommandPattern, couldBeAbout, coversWords } from './command-pattern.ts';
import type { EffectiveCommand } from './effective-command.ts';
import { HARMLESS_VARIABLES } from './launchers.ts';
import { hidesSubstitution, isReadOnly } from './read-only.ts';

/** Where output may go without touching the workspace. `/tmp` is private to the run. */
const FREE_TARGETS = /^(\/dev\/(null|stdout|stderr|tty|fd\/\d+)|\d+|-|\/tmp\/(?!.*\.\.).*)$/;

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

/**
 * Whether narrow allow rules together cover everything that the text would start.
 * @param mayWrite whether the file plane lets output be redirected to a path
 */
export function coverCommands(
  patterns: readonly CommandPattern[],
  commands: readonly EffectiveCommand[],
  mayWrite: (path: string) => boolean,
): Coverage {
  const used: CommandPattern[] = [];
  for (const command of commands) {
    const cover = writesFreely(command, mayWrite) ? coverOf(patterns, command) : undefined;
    if (cover === undefined) return { uncovered: command, used };
    if (cover !== 'nothing needed') used.push(cover);
  }
  return { uncovered: undefined, used };
}

function writesFreely(command: EffectiveCommand, mayWrite: (path: string) => boolean): boolean {
  return command.writes.every((target) => isFree(target) || (target.literal !== undefined && mayWrite(target.literal)));
}

/** The pattern that covers a command; undefined when none does. A detached command outlives the check: no narrow rule covers it. */
function coverOf(
  patterns: readonly CommandPattern[],
  command: EffectiveCommand,
): CommandPattern | 'nothing needed' | undefined {
  const { opaque, words, assignments } = command;
  if (command.background) return undefined;
  if (opaque !== undefined) return patterns.find((pattern) => names(pattern, opaque) && coversWords(pattern, words));
  if (words.length > 0 && !assignments.every(({ name }) => HARMLESS_VARIABLES.has(name))) return undefined;
  if (assignments.some(({ value }) => value !== undefined && hidesSubstitution(value))) return undefined;
  if (!command.needsGrant || words.length === 0 || isReadOnly(words)) return 'nothing needed';
  return patterns.find((pattern) => coversWords(pattern, words));
}

function isFree(target: ShellWord): boolean {
  return target.literal !== undefined && FREE_TARGETS.test(target.literal);
}

/** Unknown code needs a rule that names it: with the very option (`python3 -c *`), or the whole command without `*`. */
function names(pattern: CommandPattern, option: string): boolean {
  return pattern.tokens.includes(option) || !pattern.source.includes('*');
}
