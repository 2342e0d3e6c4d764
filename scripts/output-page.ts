import type { Command } from 'commander';
import { allCommands } from './all-commands.ts';

const INTRODUCTION = `# What a command prints

The answer goes to standard output, or to the file of \`--output\` where a command has it; everything else (progress,
errors, notes) goes to standard error. With \`--format json\` there is one JSON value on standard output at every exit,
an error too (\`"format": "sallyport-error/1"\`), but for a command line that cannot be understood. Every command whose
answer is more than a file or a list has \`--format\`, and \`text\` where nothing is said.

| form | for whom |
|---|---|
| \`text\` | a person at a terminal; what came from outside cannot command it |
| \`json\` | programs; the forms are in [formats/](formats/findings.md) |
| \`markdown\` | a comment or a job summary |
| \`html\` | one file, no script, nothing loaded |
| \`sarif\` | SARIF 2.1.0: code scanning of GitHub and others |
| \`junit\` | JUnit XML: the test view of a CI system |
| \`github\` | annotations of GitHub Actions |
| \`gitlab\` | GitLab code quality |
| \`gitlab-sast\` | GitLab's report of a SAST scanner |
| \`cyclonedx\`, \`cyclonedx-1.6\` | a bill of materials |
| \`csv\` | a spreadsheet |
`;

/** The page about \`--format\`: which forms each command has, from the commands themselves. */
export async function outputPage(generated: string): Promise<string> {
  const rows = (await allCommands()).flatMap((command) => rowsOf(command, ''));
  const table = ['| command | `--format` |', '|---|---|', ...rows.sort()].join('\n');
  return `${generated}\n\n${INTRODUCTION}\n## Which command has which\n\nThe first is the one without \`--format\`.\n\n${table}\n`;
}

function rowsOf(command: Command, parent: string): readonly string[] {
  const name = `${parent}${command.name()}`;
  const format = command.options.find(({ long }) => long === '--format');
  const forms = format?.argChoices ?? [];
  const standard = String(format?.defaultValue ?? '');
  const inOrder = [standard, ...forms.filter((form) => form !== standard)];
  const row = forms.length === 0 ? [] : [`| \`${name}\` | ${inOrder.map((form) => `\`${form}\``).join(' ')} |`];
  return [...row, ...command.commands.flatMap((child) => rowsOf(child, `${name} `))];
}
