import type { FollowedScript, Step, StepScript } from '../pipelines/index.ts';
import type { ScriptCommand, Span } from '../syntax/index.ts';
import { baseName } from './script-files.ts';
import { type ScriptRange, spansOf, within } from './script-range.ts';

/** A script of the repository that a command runs. */
export interface CalledScript {
  readonly script: StepScript;
  /** As it is called: `ci/prompt.sh`. */
  readonly via: string;
}

/** Scripts that commands inside a part of a script call, so that what they print comes to stand there. */
export function calledIn({ script, span }: ScriptRange, step: Step | undefined): readonly CalledScript[] {
  const followed = step?.followed ?? [];
  if (followed.length === 0) return [];
  const words = script.script.commands
    .filter((command) => within(command.span, span))
    .flatMap((command) => command.words.slice(0, MOST_WORDS).map((word) => word.literal ?? word.source));
  if (words.length === 0) return [];
  const called = new Set(words.map(baseName));
  const line = words.join(' ');
  return followed
    .filter((one) => one.script !== script && isCalled(one, called, line))
    .map((one) => ({ script: one.script, via: one.via.at(-1) ?? '' }));
}

/** The program, its options and the script: what comes later is the script's own. */
const MOST_WORDS = 4;

/** By the name of its file, or as `npm run prompt` and `make prompt`. */
function isCalled({ via }: FollowedScript, names: ReadonlySet<string>, line: string): boolean {
  const name = via.at(-1) ?? '';
  return name.includes(' ') ? line.includes(name) : names.has(baseName(name));
}

/** Programs that change nothing on what is printed. */
const SILENT: ReadonlySet<string> = new Set(['set', 'cd', 'export', 'local', 'mkdir', 'rm', 'sleep', 'exit', 'shift']);

/** The parts of a script whose output is the script's: what goes into a file, a variable or a further program is not. */
export function printingSpans({ script, language, text }: StepScript): readonly Span[] {
  // How a program puts together what it prints is not followed: what it reads, it may print.
  if (language === 'python' || language === 'javascript') return [{ start: 0, end: text.text.length }];
  return script.commands.filter((command) => prints(command, script.commands)).flatMap(spansOf);
}

function prints(command: ScriptCommand, all: readonly ScriptCommand[]): boolean {
  const { words, nesting, pipeline } = command;
  if (words.length === 0 || nesting.includes('substitution') || SILENT.has(words[0]?.literal ?? '')) return false;
  const last =
    pipeline.position === pipeline.length - 1
      ? command
      : all.find((one) => one.pipeline.id === pipeline.id && one.pipeline.position === pipeline.length - 1);
  return last?.redirects.every(({ operator }) => !operator.includes('>') || operator.includes('&')) ?? false;
}
