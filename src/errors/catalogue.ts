/**
 * Every error a person can meet, as data: a stable code, a title, and the exit code of the command that stops on it.
 * `docs/errors.md` is generated from this table. Add a row in the block of your room; never reuse a code.
 *
 * Exit codes: 1 blocked by findings or policy · 2 usage or configuration · 3 incomplete · 4 internal.
 */
export interface ErrorEntry {
  readonly title: string;
  readonly exit: 1 | 2 | 3 | 4;
  /** What to do about it, when the thrower has nothing more specific to say. */
  readonly advice: string;
}

export const ERRORS = {
  // 10xx the face
  SP1001: { title: 'unknown or malformed command line', exit: 2, advice: 'Run `sallyport --help`.' },
  SP1002: { title: 'internal error', exit: 4, advice: 'Run again with --debug and report the output.' },
  // 11xx policy
  // 12xx sandbox
  // 13xx workspace
  // 14xx broker
  // 15xx ledger
  // 16xx agents
  // 17xx run
  // 18xx syntax and text
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;
