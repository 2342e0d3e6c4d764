import type { FindingDraft } from '../../findings/index.ts';
import { weakness } from '../patterns/weakness.ts';
import { COMMAND_ROWS, type CommandRow, SETTING_ROWS } from './command-rows.ts';
import type { RecipeCommand } from './recipe.ts';
import { settingsOf } from './settings.ts';
import type { FindInRecipe } from './weakness-finder.ts';

const ROWS = rowsByProgram();

function rowsByProgram(): ReadonlyMap<string, readonly CommandRow[]> {
  const rows = new Map<string, CommandRow[]>();
  for (const row of COMMAND_ROWS)
    for (const program of row.programs) rows.set(program, [...(rows.get(program) ?? []), row]);
  return rows;
}

/** What one command, or one variable that is set, shows by itself: the rows of `command-rows.ts`. */
export const findSingleCommands: FindInRecipe = (recipe) => [
  ...recipe.commands.flatMap(commandFindings),
  ...settingsOf(recipe).flatMap(({ name, value, place }) =>
    SETTING_ROWS.filter((row) => row.name === name && value !== undefined && row.value.test(value)).map((row) =>
      weakness(row.rule, { message: `With ${name} ${row.says}`, place, subject: `setting ${name}` }),
    ),
  ),
];

function commandFindings(command: RecipeCommand): readonly FindingDraft[] {
  const { program, line, text, place } = command;
  const rows = ROWS.get(program) ?? [];
  // What `cat` and `tee` write stands in the here-document behind them.
  const hasDocument = command.command.redirects.some(({ hereDocument }) => hereDocument !== undefined);
  const searched = hasDocument ? `${line} ${text}` : line;
  return rows
    .filter(({ match, unless }) => match.test(searched) && unless?.test(searched) !== true)
    .map(({ id, rule, says, severity, confidence }) =>
      weakness(rule, {
        message: `\`${program}\` ${says}`,
        place,
        subject: id,
        ...(severity && { severity }),
        ...(confidence && { confidence }),
      }),
    );
}
