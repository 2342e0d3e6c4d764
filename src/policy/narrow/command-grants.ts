import { type CommandPattern, compileCommandPattern } from '../shell/command-pattern.ts';
import { coverCommands, type Reach } from '../shell/coverage.ts';
import type { CommandReader, EffectiveCommand } from '../shell/effective-command.ts';
import { baseName } from '../shell/interpreter.ts';
import { INTERPRETERS, LAUNCHERS, SHELLS } from '../shell/launchers.ts';

/** What stands in `Bash(…)`. */
export interface CommandGrant {
  readonly pattern: string;
  /** The commands that it stands for, where it is more than one. */
  readonly forms: readonly string[];
}

export interface CommandGrants {
  readonly grants: readonly CommandGrant[];
  /** Commands that no narrow rule can cover: in the background, put together while the shell runs, or not readable. */
  readonly beyond: readonly string[];
  /** Files that output was redirected to, as spelled. */
  readonly writes: readonly string[];
}

/** What is asked whether commands are covered. */
export interface CommandJudge {
  readonly reader: CommandReader;
  readonly reach: Reach;
  /** Whether a policy takes this as a rule. */
  isWritable(pattern: string): boolean;
}

/** What only reads is allowed beside any grant of the tool, and there must be one. */
const READS_ONLY: CommandGrant = { pattern: 'ls *', forms: [] };

/** From so many commands with the same two first words on, those words stand for all of them. */
const FORMS_OF_ONE = 3;

/**
 * The fewest and narrowest patterns under which these commands would have been allowed, found by asking the judge of
 * commands itself what it still wants. What only reads needs none.
 */
export function grantCommands(commands: readonly string[], judge: CommandJudge): CommandGrants {
  const exact = new Map<string, CommandPattern>();
  const beyond: string[] = [];
  const writes = new Set<string>();
  for (const command of new Set(commands)) {
    const reading = judge.reader.read(command);
    const wanted = 'unreadable' in reading ? undefined : wantedBy(reading, [...exact.values()], judge);
    if ('unreadable' in reading || wanted === undefined) {
      beyond.push(command);
      continue;
    }
    for (const pattern of wanted) exact.set(pattern.source, pattern);
    for (const { literal } of reading.flatMap((one) => one.writes)) if (literal !== undefined) writes.add(literal);
  }
  const isAllFree = exact.size === 0 && new Set(commands).size > beyond.length;
  return { grants: isAllFree ? [READS_ONLY] : joinForms([...exact.keys()]), beyond, writes: [...writes] };
}

/** The patterns that are missing for a command; undefined when none would do. */
function wantedBy(
  reading: readonly EffectiveCommand[],
  known: readonly CommandPattern[],
  { reach, isWritable }: CommandJudge,
): readonly CommandPattern[] | undefined {
  const wanted: CommandPattern[] = [];
  for (let round = 0; round <= reading.length; round++) {
    const { uncovered } = coverCommands([...known, ...wanted], reading, reach);
    if (uncovered === undefined) return wanted;
    const pattern = exactPattern(uncovered);
    if (pattern === undefined || !isWritable(pattern)) return undefined;
    wanted.push(compileCommandPattern(pattern));
  }
  return undefined;
}

/** The words as a rule writes them. A word that only the running shell knows has no exact form. */
function exactPattern({ words }: EffectiveCommand): string | undefined {
  const written = words.map(({ literal }) => (literal === undefined ? undefined : quoted(literal)));
  return written.includes(undefined) || written.length === 0 ? undefined : written.join(' ');
}

/** Undefined where a rule cannot say it: two kinds of quotes in one word, and a star that would stand for any words. */
function quoted(word: string): string | undefined {
  if (word === '*' || word.endsWith(':*')) return undefined;
  if (word !== '' && !/[\s"']/.test(word)) return word;
  if (!word.includes('"')) return `"${word}"`;
  return word.includes("'") ? undefined : `'${word}'`;
}

/** `npm test a`, `npm test b`, `npm test c` become `npm test *`; programs that run what their arguments say do not. */
function joinForms(patterns: readonly string[]): readonly CommandGrant[] {
  const groups = Map.groupBy(patterns, (pattern) => leadOf(pattern) ?? pattern);
  return [...groups].flatMap(([lead, forms]): readonly CommandGrant[] =>
    forms.length < FORMS_OF_ONE ? forms.map((pattern) => ({ pattern, forms: [] })) : [{ pattern: `${lead} *`, forms }],
  );
}

/** The first two words, where further ones cannot name another program or be one. */
function leadOf(pattern: string): string | undefined {
  const [program = '', second] = compileCommandPattern(pattern).tokens;
  const name = baseName(program);
  const isStarter =
    SHELLS.has(name) ||
    INTERPRETERS.some(({ names }) => names.test(name)) ||
    LAUNCHERS.some(({ names, subcommands }) => names.includes(name) && !subcommands);
  const isPlain = /^[^\s"'*]+$/.test(program) && /^[\w:.-]+$/.test(second ?? '');
  return isPlain && !isStarter ? `${program} ${second}` : undefined;
}
