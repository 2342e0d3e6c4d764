import type { SourceFile } from '../../syntax/index.ts';
import type { Recipe } from './recipes.ts';

const SECTION = /^\[([^\]\n]{1,200})\]\s*$/;
const COMMANDS = /^(?:commands|commands_pre|commands_post)\s*=(.*)$/;
const MOST_RECIPES = 1_000;

/**
 * The commands of the environments of a `tox.ini`, one recipe a line. `[testenv]` stands for every environment without
 * a section of its own. Source: tox documentation, "Configuration".
 * @param wanted the environments that are run
 */
export function readToxCommands(file: SourceFile, wanted: readonly string[]): readonly Recipe[] {
  const recipes: Recipe[] = [];
  const own = new Set([...file.text.matchAll(/^\[testenv:([^\]\n]{1,200})\]/gm)].map(([, name]) => name?.trim()));
  let names: readonly string[] = [];
  let isCommand = false;
  for (let start = 0; start < file.text.length && recipes.length < MOST_RECIPES; ) {
    const end = file.text.indexOf('\n', start);
    const line = file.text.slice(start, end < 0 ? undefined : end).replace(/\r$/, '');
    const [, section] = SECTION.exec(line) ?? [];
    if (section !== undefined) names = wanted.filter((name) => isOf(section, name, own.has(name)));
    const [, inline] = COMMANDS.exec(line) ?? [];
    isCommand = inline !== undefined || (isCommand && /^(?:\s|$)/.test(line));
    const spelled = inline ?? (isCommand ? line : '');
    // A dash in front lets the command fail.
    const command = spelled.replace(/^\s*-?\s*/, '');
    if (command.trim() !== '' && !command.startsWith('#')) {
      const first = start + line.length - command.length;
      for (const name of names) recipes.push({ name, prerequisites: [], text: textAt(file, first, command.trimEnd()) });
    }
    start = end < 0 ? file.text.length : end + 1;
  }
  return recipes;
}

function isOf(section: string, name: string, hasOwn: boolean): boolean {
  return section === `testenv:${name}` || (section === 'testenv' && !hasOwn);
}

function textAt(file: SourceFile, start: number, text: string): Recipe['text'] {
  const place = { file: file.path, span: { start, end: start + text.length } };
  return { text, place, interpolations: [], offsetOf: (index) => start + index };
}
