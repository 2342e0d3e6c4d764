/** The error catalogue and the one error class. Knows nothing of any other room. */
export { ERRORS, type ErrorCode, type ErrorEntry } from './catalogue.ts';
export { formatError, SallyportError, type SallyportErrorDetails, type SourceLocation } from './sallyport-error.ts';
