/**
 * The command line with one command, `run`, as a program of its own: its start-up is part of every run, so the build
 * bundles it alone and keeps its compiled code.
 */
import { startCommandLine } from './command-line.ts';
import { runCommand } from './run.ts';

startCommandLine(process.argv, { run: { summary: '', load: async () => runCommand() } });
