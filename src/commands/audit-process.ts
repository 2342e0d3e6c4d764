/**
 * The command line with one command, `audit`, as a program of its own: half of an audit is code that runs for the first
 * time, so the build keeps its compiled code.
 */
import { auditCommand } from './audit.ts';
import { startCommandLine } from './command-line.ts';

startCommandLine(process.argv, { audit: { summary: '', load: async () => auditCommand() } });
