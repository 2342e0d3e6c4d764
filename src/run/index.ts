/** One contained run, from the request to its account. */
export { type RunReport, renderTerminal } from './report/index.ts';
export type { RunEnd, RunRequest } from './request.ts';
export { type RunHost, run } from './run.ts';
