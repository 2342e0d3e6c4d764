/** The error catalogue and the one error class. Knows nothing of any other room. */
export { ERRORS, type ErrorCode } from './catalogue.ts';
export type { ErrorEntry } from './error-entry.ts';
export { formatError, SallyportError, type SourceLocation } from './sallyport-error.ts';
