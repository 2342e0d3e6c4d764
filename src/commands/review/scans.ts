import { basename } from 'node:path';
import { SallyportError } from '../../errors/index.ts';
import type { SourceFile } from '../../syntax/index.ts';
import { readFileNoFollow } from '../../system/index.ts';

/**
 * Files of other scanners, by their own names.
 * @throws SallyportError SP2304 when one cannot be read
 */
export async function readScans(paths: readonly string[]): Promise<readonly SourceFile[]> {
  return await Promise.all(
    paths.map(async (path) => {
      try {
        return { path: basename(path), text: (await readFileNoFollow(path)).toString('utf8') };
      } catch (cause) {
        throw new SallyportError('SP2304', `'${path}' cannot be read`, { cause });
      }
    }),
  );
}
