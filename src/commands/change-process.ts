/**
 * The command line with the commands that judge a change, as a program of its own: each of them looks at two trees, and
 * most changes are small, so most of their time goes into code that runs for the first time. The build keeps what V8 compiled.
 */
import { type CommandTable, startCommandLine } from './command-line.ts';

const COMMANDS: CommandTable = {
  ci: { summary: '', load: async () => (await import('./ci.ts')).ciCommand() },
  diff: { summary: '', load: async () => (await import('./diff.ts')).diffCommand() },
  gate: { summary: '', load: async () => (await import('./gate.ts')).gateCommand() },
  review: { summary: '', load: async () => (await import('./review.ts')).reviewCommand() },
};

startCommandLine(process.argv, COMMANDS);
