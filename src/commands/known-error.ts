import { SallyportError } from '../errors/index.ts';
import { describeFileError } from '../system/index.ts';

/**
 * Whatever was thrown, as an error with a code: what the system refuses (no room, no such directory, no permission) is
 * for whoever runs us to mend; anything else is a fault of ours. Where taking down failed as well, the first failure is
 * the one that is told: the others came of it.
 */
export function toKnownError(error: unknown): SallyportError {
  if (error instanceof SallyportError) return error;
  if (error instanceof SuppressedError) return toKnownError(error.suppressed);
  if (error instanceof Error && 'syscall' in error && 'code' in error)
    return new SallyportError('SP1004', `${placeOf(error)}: ${describeFileError(error)}`, { cause: error });
  return new SallyportError('SP1002', error instanceof Error ? error.message : String(error), { cause: error });
}

/** What the system was asked about. */
function placeOf(error: Error & { readonly syscall: unknown; readonly path?: unknown }): string {
  if (error.syscall === 'uv_cwd') return 'the current directory';
  return typeof error.path === 'string' ? error.path : String(error.syscall);
}
