import type { GivenText } from '../agents/index.ts';
import type { Place, SourceFile } from '../syntax/index.ts';
import { calledIn, printingSpans } from './called-output.ts';
import type { LocatedAgent } from './locate-agents.ts';
import { environmentOf } from './scope.ts';
import { baseName, filesRead, writesTo } from './script-files.ts';
import {
  feedersOf,
  givenArguments,
  lastAssignment,
  placeIn,
  type ScriptRange,
  scriptsOf,
  spansOf,
  variablesIn,
  within,
} from './script-range.ts';

/** A text that becomes a part of what an agent is told. */
export interface SpokenText {
  readonly text: string;
  readonly place: Place;
  /** Where the characters from `start` to `end` of the text stand. */
  part(start: number, end: number): Place;
}

/** Caps: a prompt in more pieces, or a longer piece, is read up to them. */
const LIMITS = { depth: 4, pieces: 60, characters: 200_000 } as const;

/**
 * What an agent is told, as far as the repository says: the prompts themselves, and the texts behind them that the job
 * keeps in a variable, in a file that it wrote before, or in a file of the repository. What the texts order the agent to
 * fetch is for the caller to find.
 */
export function spokenTexts(
  agent: LocatedAgent,
  read: (path: string) => SourceFile | undefined,
): readonly SpokenText[] {
  const collected = new Map<string, SpokenText>();
  const add = ({ text, place, part }: SpokenText): boolean => {
    const key = `${place.file} ${place.span.start} ${place.span.end}`;
    if (collected.has(key) || collected.size >= LIMITS.pieces) return false;
    collected.set(key, { text: text.slice(0, LIMITS.characters), place, part });
    return true;
  };
  const inRange = (range: ScriptRange, depth: number): void => {
    if (depth > LIMITS.depth) return;
    for (const name of variablesIn(range)) inVariable(name, range, depth);
    for (const path of filesRead(range)) inFile(path, range, depth);
    for (const { script } of calledIn(range, agent.step))
      for (const span of printingSpans(script)) whole({ script, span }, depth);
  };
  const inVariable = (name: string, { script, span: { start } }: ScriptRange, depth: number): void => {
    const given = givenArguments(script, name, start);
    if (given.length > 0) {
      for (const { span } of given.slice(0, LIMITS.pieces)) whole({ script, span }, depth);
      return;
    }
    const span = lastAssignment(script, name, start);
    const value = environmentOf(agent.scope).find((entry) => entry.name === name)?.value;
    if (span !== undefined) whole({ script, span }, depth);
    else if (value !== undefined) add({ text: value.text, place: value.place, part: () => value.place });
  };
  const whole = (range: ScriptRange, depth: number): void => {
    const { script, span } = range;
    const text = script.text.text.slice(span.start, span.end);
    const part = (start: number, end: number) => placeIn(script, { start: span.start + start, end: span.start + end });
    if (add({ text, place: placeIn(script, span), part })) inRange(range, depth + 1);
  };
  const inFile = (path: string, current: ScriptRange | undefined, depth: number): void => {
    const wanted = baseName(path);
    const scripts = [...agent.scope.before.flatMap(scriptsOf), ...(current ? [current.script] : [])];
    const written = scripts.flatMap((script) =>
      script.script.commands
        .filter((command) => writesTo(command, wanted))
        .flatMap((command) => spansOf(command).map((span) => ({ script, span }))),
    );
    for (const range of written) whole(range, depth);
    const file = written.length > 0 ? undefined : read(path.replace(/^["']|["']$/g, '').replace(/^\.\//, ''));
    if (file !== undefined) {
      const part = (start: number, end: number) => ({ file: file.path, span: { start, end } });
      add({ text: file.text, place: part(0, 0), part });
    }
  };
  for (const given of agent.invocation.prompts) {
    const { place, from } = given;
    add(spokenAsGiven(given, agent));
    if (from.kind === 'file') inFile(from.path, ownRange(agent), 0);
    else for (const range of rangesAt(agent, place)) inRange(range, 0);
  }
  for (const range of inputRanges(agent)) whole(range, 0);
  return [...collected.values()];
}

/** A text that was given to an agent, with the place of each part of it where the text stands as it is in the file. */
export function spokenAsGiven({ text, place }: GivenText, agent: LocatedAgent): SpokenText {
  const entries = [...agent.step.inputs, ...environmentOf(agent.scope)];
  const value = entries.find((entry) => isSame(entry.value.place, place) && entry.value.text === text)?.value;
  if (value !== undefined) {
    const at = (start: number, end: number) => ({
      start: value.offsetOf(start),
      end: value.offsetOf(Math.max(start, end - 1)) + 1,
    });
    return { text, place, part: (start, end) => ({ file: place.file, span: at(start, end) }) };
  }
  for (const { script, span } of rangesAt(agent, place)) {
    // Quotes stand around it; a word that the shell puts together has no such place.
    const inside = script.text.text.slice(span.start, span.end).indexOf(text);
    const first = span.start + inside;
    if (inside >= 0 && text !== '')
      return { text, place, part: (start, end) => placeIn(script, { start: first + start, end: first + end }) };
  }
  return { text, place, part: () => place };
}

function isSame(one: Place, other: Place): boolean {
  return one.file === other.file && one.span.start === other.span.start && one.span.end === other.span.end;
}

function ownRange({ command }: LocatedAgent): ScriptRange | undefined {
  return command && { script: command.script, span: command.command.span };
}

/** The words of scripts in which a prompt stands. */
function rangesAt({ step }: LocatedAgent, place: Place): readonly ScriptRange[] {
  return scriptsOf(step).flatMap((script) =>
    script.script.commands
      .flatMap(({ words }) => words)
      .filter(({ span }) => {
        const word = placeIn(script, span);
        return word.file === place.file && within(place.span, word.span);
      })
      .map(({ span }) => ({ script, span })),
  );
}

/** What is piped into the agent's command, and the here-document or file that it reads. */
function inputRanges({ command: own }: LocatedAgent): readonly ScriptRange[] {
  if (own === undefined) return [];
  const { script, command } = own;
  const piped = feedersOf(command, script.script.commands).flatMap(spansOf);
  const redirected = command.redirects
    .filter(({ operator }) => operator.startsWith('<'))
    .flatMap(({ hereDocument, target }) => hereDocument?.span ?? target?.span ?? []);
  return [...piped, ...redirected].map((span) => ({ script, span }));
}
