import type { Readers, ScalarNode, ScriptCommand, ScriptLanguage, SourceTree } from '../../syntax/index.ts';
import type { Condition, Entry, Step } from '../model.ts';
import type { WrittenScripts } from '../script/index.ts';
import { assignedEntries, assignedNames, readRun } from '../text/run.ts';
import { makeStep } from '../text/step.ts';
import { impliedText, joinTexts, placeIn } from '../text/template-text.ts';
import type { Written } from './configuration.ts';
import type { VariableScope } from './variables.ts';

/** Lines that belong together (an `if` over several list items) are joined up to this many. */
const MOST_JOINED = 30;

/** What the commands of a job share. */
export interface CommandContext {
  readonly tree: SourceTree;
  readonly readers: Readers;
  readonly scope: VariableScope;
  readonly language: ScriptLanguage;
  readonly written: WrittenScripts;
}

/**
 * The commands of `before_script`, `script` or `after_script`, one step for each item. All items run in one shell: what
 * an item assigns is in the environment of those behind it, and `cd` moves them.
 */
export function readCommands(
  section: 'before_script' | 'script' | 'after_script',
  commands: readonly Written<ScalarNode>[],
  context: CommandContext,
): readonly Step[] {
  const steps: Step[] = [];
  const assigned = new Set<string>();
  const environment: Entry[] = [];
  let directory = '';
  for (const group of groupCommands(commands, context)) {
    const first = group[0];
    if (first === undefined) continue;
    const place = placeIn(first.file, first.node.span);
    const texts = group.map(({ file, node }) => inputsOnly(context.scope.text(file, node)));
    const text = joinTexts(texts, '\n', place);
    const { tree, readers, scope, language, written } = context;
    const name = scope.shellExpressions.bind(scope);
    const read = readRun(text, language, { tree, readers, name, assigned, directory, written });
    steps.push(
      makeStep(text.place, {
        ...read,
        name: impliedText(section, place),
        environment: [...environment],
        condition: section === 'after_script' ? afterwards(place) : undefined,
        workingDirectory: directory === '' ? undefined : impliedText(directory, place),
        node: first.node,
      }),
    );
    for (const one of assignedNames(read.run.script)) assigned.add(one);
    environment.push(...assignedEntries(read.run));
    directory = directoryAfter(read.run.script.commands, directory);
  }
  return steps;
}

/** In a script the shell fills in variables; only inputs are put in before. */
function inputsOnly(text: ReturnType<VariableScope['text']>): ReturnType<VariableScope['text']> {
  return { ...text, interpolations: text.interpolations.filter((one) => text.text.startsWith('$[[', one.index)) };
}

function afterwards(place: Step['place']): Condition {
  return { text: impliedText('', place), references: [], gates: [], alwaysTrue: false, runsAfterFailure: true };
}

/** Items that only together are complete commands are read as one. */
function groupCommands(
  commands: readonly Written<ScalarNode>[],
  { readers, language }: CommandContext,
): readonly (readonly Written<ScalarNode>[])[] {
  const groups: (readonly Written<ScalarNode>[])[] = [];
  for (let at = 0; at < commands.length; ) {
    let size = 1;
    if (!isComplete(commands.slice(at, at + 1), readers, language)) {
      const longest = Math.min(MOST_JOINED, commands.length - at);
      for (let more = 2; more <= longest; more++) {
        if (!isComplete(commands.slice(at, at + more), readers, language)) continue;
        size = more;
        break;
      }
    }
    groups.push(commands.slice(at, at + size));
    at += size;
  }
  return groups;
}

function isComplete(group: readonly Written<ScalarNode>[], readers: Readers, language: ScriptLanguage): boolean {
  const text = group.map(({ node }) => node.text).join('\n');
  return readers.script(text, language).unread.length === 0;
}

function directoryAfter(commands: readonly ScriptCommand[], before: string): string {
  let directory = before;
  for (const { words, nesting } of commands) {
    if (words[0]?.literal !== 'cd' || nesting.length > 0) continue;
    const target = words[1]?.literal;
    if (target === undefined) directory = '';
    else if (target.startsWith('/')) directory = target;
    else directory = directory === '' ? target : `${directory}/${target}`;
  }
  return directory;
}
