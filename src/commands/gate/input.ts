import { createHash } from 'node:crypto';
import { SallyportError } from '../../errors/index.ts';
import { describeFileError, readFileNoFollow } from '../../system/index.ts';

/** A file that a person named. @throws SallyportError SP2703 when it cannot be read */
export async function readNamedFile(path: string): Promise<Buffer> {
  try {
    return await readFileNoFollow(path);
  } catch (cause) {
    throw new SallyportError('SP2703', `${path}: ${describeFileError(cause)}`, { cause });
  }
}

export function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A secret that is not set would be looked for in vain, and nobody would know. @throws SallyportError SP1001 */
export function secretOf(name: string): string {
  const value = process.env[name];
  if (value) return value;
  throw new SallyportError('SP1001', `--secret-env ${name}: the variable is not set`);
}
