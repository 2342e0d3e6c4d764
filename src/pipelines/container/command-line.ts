import { type MappedText, type Readers, type ScriptWord, type SourceFile, TextAssembly } from '../../syntax/index.ts';
import type { CommandMoment, ContainerCommand, ContainerScript, ContainerWord } from '../container-file.ts';
import type { StepScript } from '../model.ts';
import { readStepScript, scriptEffects } from '../script/index.ts';
import { placeOf, plainText } from './template-text.ts';

/** What a command of a container file is read with. */
export interface CommandSource {
  readonly file: SourceFile;
  readonly readers: Readers;
}

/** A word of an exec form. */
export interface ExecWord {
  readonly value: MappedText;
  readonly span: { readonly start: number; readonly end: number };
}

export interface ReadCommands {
  readonly scripts: readonly ContainerScript[];
  readonly commands: readonly ContainerCommand[];
}

export const NO_COMMANDS: ReadCommands = { scripts: [], commands: [] };

/** Join what several instructions or keys run. */
export function joinCommands(parts: readonly ReadCommands[]): ReadCommands {
  return { scripts: parts.flatMap(({ scripts }) => scripts), commands: parts.flatMap(({ commands }) => commands) };
}

/** Commands of a text that a shell reads. */
export function readShellForm(
  source: CommandSource,
  moment: CommandMoment,
  mapped: MappedText,
  span: { readonly start: number; readonly end: number },
): ReadCommands {
  if (mapped.text.trim() === '') return NO_COMMANDS;
  const script = readStepScript(plainText(source.file, mapped), 'sh', source.readers);
  return {
    scripts: [{ moment, script, effects: scriptEffects(script), place: placeOf(source.file, span) }],
    commands: commandsOf(source.file, moment, script),
  };
}

const SHELLS: ReadonlySet<string> = new Set(['sh', 'bash', 'dash', 'ash', 'zsh', 'ksh']);

/**
 * Commands of an exec form. `["sh", "-c", "…"]` is read as the script it holds; any other as one command, quoted so that
 * the shell reader sees the very words.
 */
export function readExecWords(
  source: CommandSource,
  moment: CommandMoment,
  words: readonly ExecWord[],
  span: { readonly start: number; readonly end: number },
): ReadCommands {
  const inner = shellText(words);
  if (inner !== undefined) return readShellForm(source, moment, inner, span);
  const assembly = new TextAssembly();
  for (const [index, { value, span: written }] of words.entries()) {
    if (index > 0) assembly.add(' ', written.start);
    const plain = /^[A-Za-z0-9_./:@%+=,-]+$/.test(value.text);
    if (!plain) assembly.add("'", written.start);
    for (let at = 0; at < value.text.length; at++) {
      const character = value.text.charAt(at);
      assembly.add(character === "'" ? `'\\''` : character, value.offsetOf(at));
    }
    if (!plain) assembly.add("'", Math.max(written.start, written.end - 1));
  }
  return readShellForm(source, moment, assembly.finish(span.start), span);
}

function shellText(words: readonly ExecWord[]): MappedText | undefined {
  const program = words[0]?.value.text.split('/').at(-1) ?? '';
  if (!SHELLS.has(program)) return undefined;
  const flag = words.findIndex(({ value }, index) => index > 0 && /^-[a-z]*c$/.test(value.text));
  return flag > 0 ? words[flag + 1]?.value : undefined;
}

function commandsOf(file: SourceFile, moment: CommandMoment, script: StepScript): readonly ContainerCommand[] {
  const offset = (span: { readonly start: number; readonly end: number }): { start: number; end: number } => {
    const start = script.text.offsetOf(span.start);
    return { start, end: span.end > span.start ? script.text.offsetOf(span.end - 1) + 1 : start };
  };
  const wordOf = (word: ScriptWord): ContainerWord => ({
    text: word.literal ?? word.source,
    complete: word.literal !== undefined,
    place: placeOf(file, offset(word.span)),
  });
  return script.script.commands
    .filter(({ words }) => words.length > 0)
    .map(({ words, assignments, span }) => ({
      moment,
      words: words.map(wordOf),
      assignments: assignments.flatMap(({ name, value }) =>
        value === undefined ? [] : [{ name, value: wordOf(value) }],
      ),
      place: placeOf(file, offset(span)),
    }));
}
