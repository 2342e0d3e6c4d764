import type { Argument, Command, Option } from 'commander';
import { describeOption } from '../src/commands/command-line.ts';
import { allCommands } from './all-commands.ts';

const INTRODUCTION = `# Commands

Every command with its arguments and options. \`sallyport COMMAND --help\` says the same, with examples and exit codes.
\`--help\` is an option of each, and so is \`--debug\`, which adds the stack trace of an internal error. What follows
\`--\` is no option of ours. The forms of \`--format\` are in [output.md](output.md), errors in [errors.md](errors.md).
`;

/** The page that lists what can be typed, from the commands themselves. */
export async function commandsPage(generated: string): Promise<string> {
  const sections = (await allCommands()).flatMap((command) => sectionsOf(command, 'sallyport'));
  return `${generated}\n\n${INTRODUCTION}\n${sections.join('\n')}`;
}

function sectionsOf(command: Command, parent: string): readonly string[] {
  const name = `${parent} ${command.name()}`;
  const rows = [...command.registeredArguments.map(argumentRow), ...command.options.filter(isShown).map(optionRow)];
  const table = rows.length === 0 ? [] : ['| | |', '|---|---|', ...rows, ''];
  return [
    [`${parent === 'sallyport' ? '##' : '###'} \`${name}\``, '', command.description(), '', ...table].join('\n'),
    ...command.commands.flatMap((child) => sectionsOf(child, name)),
  ];
}

function isShown({ hidden }: Option): boolean {
  return !hidden;
}

function argumentRow(argument: Argument): string {
  const word = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return row(argument.required ? `<${word}>` : `[${word}]`, argument.description);
}

function optionRow(option: Option): string {
  return row(option.flags, describeOption(option));
}

function row(typed: string, meaning: string): string {
  return `| \`${typed}\` | ${meaning.replace(/[|<>*_]/g, (mark) => `\\${mark}`)} |`;
}
