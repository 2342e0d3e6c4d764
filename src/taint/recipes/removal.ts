import type { FindingDraft } from '../../findings/index.ts';
import { weakness } from '../patterns/weakness.ts';
import type { Recipe, RecipeCommand, RecipeWord } from './recipe.ts';
import type { FindInRecipe } from './weakness-finder.ts';

/** CODE88: `rm -r` of a variable that may be empty in front of a slash, or that splits into several names. */
export const findRemoval: FindInRecipe = (recipe) => {
  // make puts its variables in before the shell sees them; nearly all of them are written down in the file.
  if (recipe.kind === 'makefile') return [];
  const strict = refusesUnset(recipe);
  return recipe.commands.flatMap((command): readonly FindingDraft[] => {
    const { program, arguments: words, line } = command;
    if (program !== 'rm' || !/(?:^| )(?:-[a-zA-Z]*[rR]|--recursive)/.test(line)) return [];
    const names = assignedBefore(recipe, command);
    const reasons = words.flatMap((word) => reasonOf(word, names, strict) ?? []);
    const [reason] = reasons;
    return reason === undefined
      ? []
      : [weakness('CODE88', { message: `\`rm -r\`: ${reason}`, place: command.place, subject: `rm ${reason}` })];
  });
};

/** `set -u` in the script: an unset variable ends it. An empty one does not. */
function refusesUnset({ commands, file }: Recipe): boolean {
  return (
    /^#!.*\s-[a-z]*u/.test(file.text) ||
    commands.some(
      ({ program, line }) =>
        program === 'set' && /(?:^| )-(?:[a-zA-Z]*u[a-zA-Z]*(?= |$)|o nounset)|\bnounset\b/.test(line),
    )
  );
}

/** Variables whose value the script itself wrote down, all of it known, or made with mktemp. */
function assignedBefore({ commands }: Recipe, until: RecipeCommand): ReadonlySet<string> {
  const known = new Set<string>();
  for (const { command, script } of commands) {
    if (script !== until.script || command.span.start >= until.command.span.start) continue;
    for (const { name, value } of command.assignments) {
      const text = value?.literal;
      const isPlain = text !== undefined && text !== '' && !/[\s*?[]/.test(text);
      if (isPlain || /\bmktemp\b/.test(value?.source ?? '')) known.add(name);
      else known.delete(name);
    }
  }
  return known;
}

function reasonOf(
  { expansions, pieces, source }: RecipeWord,
  known: ReadonlySet<string>,
  strict: boolean,
): string | undefined {
  const variables = expansions.filter(
    ({ kind, name }) => kind === 'variable' && name !== undefined && !known.has(name),
  );
  const bare = variables.find(({ quoted }) => !quoted);
  if (bare !== undefined && !/[?#$!]/.test(bare.name ?? ''))
    return `\`$${bare.name}\` without quotes may become several names`;
  const first = variables[0];
  // Behind the slash there is nothing, or one pattern.
  const isFolder = pieces[0] === undefined && pieces[1] === '/' && pieces.length <= 3 && expansions.length === 1;
  if (first === undefined || strict || !isFolder || /:[?=-]/.test(source)) return undefined;
  return `when \`$${first.name}\` is empty, everything below \`/\` is meant`;
}
