import { constants } from 'node:os';

/** One number for how a process ended, as shells have it: its exit code, or 128 + the number of the signal. */
export function exitCode(code: number | null, signal: NodeJS.Signals | null): number {
  if (code !== null) return code;
  return 128 + (signal === null ? 0 : constants.signals[signal]);
}
