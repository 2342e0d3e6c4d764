import { appendFile, writeFile } from 'node:fs/promises';
import { SallyportError } from '../errors/index.ts';
import { describeFileError } from './file-error.ts';

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
