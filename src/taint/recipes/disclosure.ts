import type { FindingDraft } from '../../findings/index.ts';
import { weakness } from '../patterns/weakness.ts';
import type { Recipe, RecipeCommand } from './recipe.ts';
import { isSecretVariable } from './secret-variable.ts';
import type { FindInRecipe } from './weakness-finder.ts';

/** CODE89: a script prints a secret, or has the shell print each command while secrets are in them. */
export const findDisclosure: FindInRecipe = (recipe) => [...printed(recipe), ...traced(recipe)];

function printed({ commands }: Recipe): readonly FindingDraft[] {
  return commands.flatMap((command): readonly FindingDraft[] => {
    if (!isShown(command)) return [];
    const { program, arguments: words, line, place } = command;
    if ((program === 'printenv' || program === 'env') && words.length === 0)
      return [
        weakness('CODE89', {
          message: `\`${program}\` prints every variable`,
          severity: 'low',
          place,
          subject: program,
        }),
      ];
    if (!/^(?:echo|printf|print)$/.test(program) || /::add-mask::|add-mask|setsecret/i.test(line)) return [];
    const names = words.flatMap(secretsIn);
    const [name] = names;
    return name === undefined
      ? []
      : [weakness('CODE89', { message: `\`${program}\` prints \`$${name}\``, place, subject: `print ${name}` })];
  });
}

/** Whether what it prints comes to the log: not into a pipe, a file or another command. */
function isShown({ command }: RecipeCommand): boolean {
  const { pipeline, nesting, redirects } = command;
  if (pipeline.position < pipeline.length - 1 || nesting.includes('substitution')) return false;
  return !redirects.some(
    ({ operator, target }) =>
      operator.startsWith('>') && !/^["']?[&]?[12]$|^\/dev\/(?:stderr|stdout|tty)$/.test(target?.source ?? ''),
  );
}

/** Secret variables whose text goes into a word: not their length, a test for presence, or the first letters. */
function secretsIn({
  expansions,
  source,
}: {
  readonly expansions: RecipeCommand['arguments'][number]['expansions'];
  readonly source: string;
}): readonly string[] {
  return expansions.flatMap(({ kind, name }) => {
    if (kind !== 'variable' || name === undefined || !isSecretVariable(name)) return [];
    const shortened = new RegExp(`\\$\\{#${name}\\}|\\$\\{${name}(?::?\\+|:\\d|:\\s*-\\d|[#%/])`).test(source);
    return shortened ? [] : [name];
  });
}

/** `set -x` until `set +x`. */
function traced({ commands, file, kind }: Recipe): readonly FindingDraft[] {
  const found: FindingDraft[] = [];
  let script = -1;
  let tracing: RecipeCommand | undefined;
  for (const command of commands) {
    if (command.script !== script)
      tracing = kind === 'shell' && /^#!.*\s-[a-z]*x/.test(file.text) ? command : undefined;
    script = command.script;
    if (command.program === 'set') {
      if (/(?:^| )-(?:[a-zA-Z]*x|o xtrace)/.test(command.line)) tracing ??= command;
      else if (/(?:^| )\+(?:[a-zA-Z]*x|o xtrace)/.test(command.line)) tracing = undefined;
      continue;
    }
    const words = [...command.command.words, ...command.command.assignments.flatMap(({ value }) => value ?? [])];
    const name = tracing && words.flatMap(secretsIn)[0];
    if (tracing === undefined || name === undefined) continue;
    const message = `The shell prints every command here, and with it \`$${name}\``;
    found.push(weakness('CODE89', { message, place: tracing.place, subject: 'trace' }));
    tracing = undefined;
  }
  return found;
}
