import type { Script, ScriptCommand, ScriptLanguage } from '../../syntax/index.ts';
import { putInKnownWords } from './known-words.ts';
import { nestedTextsOf } from './nested-shell.ts';
import { producedTexts } from './produced-text.ts';
import { mapSpans } from './script-map.ts';
import { type MappedText, spanMapper } from './word-text.ts';

/** Shell text in shell text in shell text: deeper is not read. */
const MOST_LEVELS = 4;
/** Texts of one script that are read: one file can be run many times. */
const MOST_TEXTS = 1_000;

export type ReadScript = (text: string, language: ScriptLanguage) => Script;

/** A script together with the commands of the shell text that its words and here-documents hold. */
export function resolveNestedText(spelled: Script, text: string, read: ReadScript, level = 0): Script {
  const script = putInKnownWords(spelled);
  const produced = producedTexts(script, text);
  const found = script.commands
    .flatMap((outer) => nestedTextsOf(outer, script, text, produced).map((nested) => ({ outer, nested })))
    .slice(0, MOST_TEXTS);
  if (found.length === 0) return script;
  const commands = [...script.commands];
  const functions = [...script.functions];
  const bodies = [...(script.bodies ?? [])];
  const unread = [...script.unread];
  let pipelines = countPipelines(script.commands);
  for (const { outer, nested } of found) {
    if (level >= MOST_LEVELS) {
      unread.push({ message: 'shell text nested too deeply', span: outer.span });
      continue;
    }
    const inner = readNested(nested, read, level);
    commands.push(...inner.commands.map((command) => surround(command, outer, pipelines)));
    functions.push(...inner.functions);
    bodies.push(...(inner.bodies ?? []));
    unread.push(...inner.unread);
    pipelines += countPipelines(inner.commands);
  }
  commands.sort((one, two) => one.span.start - two.span.start);
  return { ...script, commands, functions, bodies, unread };
}

function countPipelines(commands: readonly ScriptCommand[]): number {
  return commands.reduce((most, { pipeline }) => Math.max(most, pipeline.id + 1), 0);
}

function readNested(nested: MappedText, read: ReadScript, level: number): Script {
  const script = resolveNestedText(read(nested.text, nested.language), nested.text, read, level + 1);
  return mapSpans(script, spanMapper(nested));
}

/** A command of the inner text reads and writes what the outer command does, unless it has a pipeline of its own. */
function surround(command: ScriptCommand, outer: ScriptCommand, pipelines: number): ScriptCommand {
  const { id, position, length } = command.pipeline;
  return {
    ...command,
    background: command.background || outer.background,
    exitIgnored: command.exitIgnored || outer.exitIgnored,
    nesting: [...outer.nesting, 'text', ...command.nesting],
    pipeline: length === 1 ? outer.pipeline : { id: id + pipelines, position, length },
  };
}
