import { formatError, type SallyportError } from '../errors/index.ts';
import { escapeCiCommand, escapeTerminal } from '../text/index.ts';

/** No path and no advice is as long as this; what a file makes a library say may be. Characters. */
const MOST = 2000;

/**
 * Prints an error as one line on standard error. A message may repeat what stands in a hostile repository: no byte of
 * it acts on the terminal or on the CI system that reads our output.
 */
export function printError(error: SallyportError, prefix = ''): void {
  const line = escapeCiCommand(escapeTerminal(formatError(error)));
  process.stderr.write(`${prefix}${line.length > MOST ? `${line.slice(0, MOST)}…` : line}\n`);
}
