import { appendFile, writeFile } from 'node:fs/promises';
import { SallyportError } from '../errors/index.ts';
import { describeFileError } from '../system/index.ts';

export interface OutputFlags {
  readonly output?: string | undefined;
}

/** Whether the answer may be coloured: it goes to a terminal, and nobody said no (no-color.org: set, and not empty). */
export function isColoured({ output }: OutputFlags): boolean {
  return output === undefined && process.stdout.isTTY === true && !process.env['NO_COLOR'];
}

/** Writes an answer where `--output` says, else to standard output. @throws SallyportError SP2704 */
export async function emit(text: string, { output }: OutputFlags): Promise<void> {
  if (output === undefined) process.stdout.write(text);
  else await writeOutput(output, text);
}

/** Writes what a person asked for to a file. @throws SallyportError SP2704 when it cannot be written */
export async function writeOutput(path: string, text: string): Promise<void> {
  await writeFile(path, text).catch((cause: unknown) => fail(path, cause));
}

/** The same behind what stands there. @throws SallyportError SP2704 when it cannot be written */
export async function appendOutput(path: string, text: string): Promise<void> {
  await appendFile(path, text).catch((cause: unknown) => fail(path, cause));
}

function fail(path: string, cause: unknown): never {
  throw new SallyportError('SP2704', `${path}: ${describeFileError(cause)}`, { cause });
}
