import type { ShellAssignment, ShellCommand, ShellWord } from '../../../syntax/index.ts';
import type { Behaviour } from './behaviour.ts';
import { isHarmless, peelApproving, peelRefusing } from './wrappers.ts';

/** Most readings of one command that are compared; wrappers in wrappers beyond that nobody writes. */
const MOST_READINGS = 48;

/** The words of a command as the CLI writes them for a comparison: only the program loses its quotes. */
export function textOf([program, ...rest]: readonly ShellWord[]): string {
  if (program === undefined) return '';
  return [programText(program), ...rest.map(({ source }) => source)].join(' ');
}

/** Whether another program stands in front. */
export function isWrapped({ words }: ShellCommand, behaviour: Behaviour): boolean {
  return peelApproving(words) !== undefined || peelRefusing(words, behaviour).length > 0;
}

/** `$'npm'` and `"npm test"` keep their form: the CLI decodes neither. */
function programText({ source, literal }: ShellWord): string {
  return literal === undefined || source.includes("$'") || /\s/.test(literal) ? source : literal;
}

/** What approving rules may be about: the command without harmless variables, and behind each wrapper. */
export interface ApprovableCommand {
  /** As written, variables included. */
  readonly whole: string;
  /** The words after variables and wrappers were taken off, one entry for each step; empty when a variable stops it. */
  readonly steps: readonly (readonly ShellWord[])[];
}

export function approvable(command: ShellCommand, behaviour: Behaviour): ApprovableCommand {
  const { assignments, words } = command;
  const whole = [...assignments.map(assignmentText), textOf(words)].join(' ');
  const seenThrough = assignments.every(
    ({ name, value }) => isHarmless(name, value?.literal, behaviour) && isPlain(command, name),
  );
  if (!seenThrough || words.length === 0) return { whole, steps: [] };
  const steps = [words];
  for (let inner = peelApproving(words); inner !== undefined; inner = peelApproving(inner)) {
    if (steps.push(inner) > MOST_READINGS) break;
  }
  return { whole, steps };
}

/** `A=1`, as opposed to `A+=1` and `A[0]=1`. */
function isPlain({ source }: ShellCommand, name: string): boolean {
  return !source.includes(`${name}+=`) && !source.includes(`${name}[`);
}

function assignmentText({ name, value }: ShellAssignment): string {
  return `${name}=${value?.source ?? ''}`;
}

/** Texts that refusing and asking rules compare: any variable and many wrappers are looked through. */
export function refusableTexts(command: ShellCommand, behaviour: Behaviour): readonly string[] {
  const { assignments, words } = command;
  const texts = [[...assignments.map(assignmentText), textOf(words)].join(' ')];
  const readings = [words, ...behindQuotedAssignments(words)];
  for (let at = 0; at < readings.length; at++) {
    const reading = readings[at];
    if (reading === undefined || reading.length === 0) continue;
    texts.push(...spellings(reading, behaviour));
    const inner = peelApproving(reading)?.slice();
    while (inner && ASSIGNED.test(inner[0]?.literal ?? '')) inner.shift();
    const found = [...(inner ? [inner] : []), ...peelRefusing(reading, behaviour)].map(withoutEmpty);
    readings.push(...found.slice(0, MOST_READINGS - readings.length));
  }
  return texts;
}

/** `\A=1 npm test` is no assignment to the shell, and one to the CLI. */
function behindQuotedAssignments(words: readonly ShellWord[]): readonly (readonly ShellWord[])[] {
  const at = words.findIndex(({ literal }) => !ASSIGNED.test(literal ?? ''));
  return at > 0 ? [words.slice(at)] : [];
}

/** What stands behind a wrapper is read again without its quotes: `""` leaves nothing. */
function withoutEmpty(words: readonly ShellWord[]): readonly ShellWord[] {
  return words.filter(({ literal }) => literal !== '');
}

/** `timeout 5 CI=1 npm test`: refusing rules look through any variable. */
const ASSIGNED = /^[A-Za-z_][A-Za-z0-9_]*=/;

function spellings(words: readonly ShellWord[], behaviour: Behaviour): readonly string[] {
  const texts = [textOf(words), textOf(withoutUnknownEnd(words))];
  if (!behaviour.unquotes) return texts;
  const [program, ...rest] = words;
  if (program === undefined) return texts;
  const name = program.source.includes("$'") ? program.source : (program.literal ?? program.source);
  const end = withoutEmpty(rest)
    .map(({ source, literal }) => (source.includes("$'") ? source : (literal ?? source)))
    .join(' ');
  const base = name.slice(name.lastIndexOf('/') + 1);
  return [...texts, `${name} ${end}`.trim(), `${base} ${end}`.trim()];
}

/** `npm test $X` may be `npm test`. */
function withoutUnknownEnd(words: readonly ShellWord[]): readonly ShellWord[] {
  const known = words.findLastIndex(({ pieces }) => pieces.some((piece) => piece !== undefined));
  return words.slice(0, known + 1);
}
