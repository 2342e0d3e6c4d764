import type { CommandWord, GivenEntry } from '../agents/index.ts';
import type { StepScript } from '../pipelines/index.ts';
import type { ScriptCommand, ScriptWord } from '../syntax/index.ts';
import { placeIn } from './script-range.ts';

/** A word that is a variable and nothing else: `$FLAGS`, `"${FLAGS[@]}"`. */
const VARIABLE = /^"?\$(?:\{([A-Za-z_]\w*)(?:\[[@*]\])?\}|([A-Za-z_]\w*))"?$/;

/**
 * The words of a command. A variable that is known to hold flags counts as those flags: whoever writes
 * `claude -p x $FLAGS` still switches prompts off. They stand where the variable is used.
 */
export function wordsOf(
  script: StepScript,
  command: ScriptCommand,
  environment: readonly GivenEntry[],
): readonly CommandWord[] {
  return command.words.flatMap((word) => {
    const flags = flagsIn(word, script, command, environment) ?? matrixFlags(word, script);
    if (flags === undefined) return [asSpelled(word, script)];
    const place = placeIn(script, word.span);
    return flags.map((text) => ({ text, complete: !/[$`]/.test(text), place }));
  });
}

function asSpelled(word: ScriptWord, script: StepScript): CommandWord {
  const masked = script.text.interpolations.some(
    ({ index, expanded }) => expanded === 'before' && index >= word.span.start && index < word.span.end,
  );
  const spelled = script.text.text.slice(word.span.start, word.span.end);
  // What the platform will put in is not known; the masked characters of the shell reader are not the text.
  const text = masked ? unquote(spelled) : (word.literal ?? unquote(word.source));
  return {
    text,
    complete: word.literal !== undefined && !masked,
    place: placeIn(script, word.span),
    ...partsOf(text, spelled, word, script),
  };
}

/** A text of several lines, as in `bash -c '…'`, loses its indentation in the file; the script knows where each line stands. */
function partsOf(text: string, spelled: string, { span }: ScriptWord, script: StepScript): Pick<CommandWord, 'part'> {
  if (!text.includes('\n') || !spelled.includes(text)) return {};
  const first = span.start + spelled.indexOf(text);
  return { part: (start, end) => placeIn(script, { start: first + start, end: first + end }) };
}

/** `undefined` where the word is no variable, or one of which no flags are known. */
function flagsIn(
  word: ScriptWord,
  script: StepScript,
  command: ScriptCommand,
  environment: readonly GivenEntry[],
): readonly string[] | undefined {
  const [, braced, bare] = VARIABLE.exec(word.source) ?? [];
  const name = braced ?? bare;
  if (name === undefined) return undefined;
  const value = assignedBefore(name, script, command) ?? environment.find((entry) => entry.name === name)?.text;
  const isProgram = word === command.words[0];
  if (value === undefined || !(isProgram || value.startsWith('-')) || value.includes('${{')) return undefined;
  return value
    .split(/\s+/)
    .filter((flag) => flag !== '')
    .map(unquote);
}

/** Flags that switch off what holds an agent, whatever the product calls them. */
const OPENING = /danger|bypass|yolo|skip-permissions|allow-all|full-auto|auto_edit|force/;
const MOST_CHOICES = 20;

/**
 * `codex exec ${{ matrix.flags }}`: each job of the matrix has one of the values. They count together, those that open
 * something last, since the last of two flags holds.
 */
function matrixFlags(word: ScriptWord, script: StepScript): readonly string[] | undefined {
  const { start, end } = word.span;
  const whole = script.text.interpolations.find(({ index, length }) => index === start && index + length === end);
  const [value, ...others] = whole?.values ?? [];
  const choices = others.length === 0 ? value?.choices?.slice(0, MOST_CHOICES) : undefined;
  if (choices === undefined || !choices.some((one) => one.startsWith('-'))) return undefined;
  return choices
    .toSorted((one, other) => Number(OPENING.test(one)) - Number(OPENING.test(other)))
    .flatMap((one) => one.split(/\s+/))
    .filter((flag) => flag !== '')
    .map(unquote);
}

/** What the script itself put last into a variable; the parentheses of a list are left out. */
function assignedBefore(name: string, script: StepScript, command: ScriptCommand): string | undefined {
  const own = script.script.commands
    .filter(({ words, span }) => words.length === 0 && span.start < command.span.start)
    .flatMap(({ assignments }) => assignments.filter((one) => one.name === name))
    .at(-1);
  if (own === undefined) return undefined;
  const spelled = script.text.text.slice(own.span.start, own.span.end).replace(/^[^=]*=/, '');
  return (
    own.value?.literal ??
    unquote(spelled)
      .replace(/^\(\s*/, '')
      .replace(/\s*\)$/, '')
  );
}

function unquote(spelled: string): string {
  const quoted = /^(["'])([\s\S]*)\1$/.exec(spelled);
  return quoted?.[2] ?? spelled;
}
