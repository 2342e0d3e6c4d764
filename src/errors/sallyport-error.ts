import { ERRORS, type ErrorCode } from './catalogue.ts';
import type { ErrorEntry } from './error-entry.ts';

/** A place in a file that a person can open: one-based line and column. */
export interface SourceLocation {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface SallyportErrorDetails {
  /** Where the fault is, when it is in a file. */
  readonly at?: SourceLocation | undefined;
  /** What to do; replaces the catalogue's general advice. */
  readonly advice?: string | undefined;
  readonly cause?: unknown;
}

/**
 * The one error class. Thrown once, with a code from the catalogue, and caught once, at the face, which prints
 * `file:line:column: CODE message — advice` and exits with the catalogue's exit code.
 *
 * Expected outcomes (blocked, incomplete) are values, not exceptions.
 */
export class SallyportError extends Error {
  override readonly name = 'SallyportError';
  readonly code: ErrorCode;
  readonly at: SourceLocation | undefined;
  readonly advice: string;

  constructor(code: ErrorCode, message: string, details: SallyportErrorDetails = {}) {
    super(message, { cause: details.cause });
    const entry: ErrorEntry = ERRORS[code];
    this.code = code;
    this.at = details.at;
    this.advice = details.advice ?? entry.advice;
  }

  get exitCode(): number {
    return ERRORS[this.code].exit;
  }
}

/** One line: where, code, what, what to do. Never a stack trace. */
export function formatError(error: SallyportError): string {
  const where = error.at ? `${error.at.file}:${error.at.line}:${error.at.column}: ` : '';
  return `${where}${error.code} ${error.message} — ${error.advice}`;
}
