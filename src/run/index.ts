/** One contained run, from the request to its account. */
export { airlockProgram } from './processes.ts';
export { type RunReport, renderTerminal, type TerminalPlace } from './report/index.ts';
export type { RunRequest } from './request.ts';
export { run } from './run.ts';
