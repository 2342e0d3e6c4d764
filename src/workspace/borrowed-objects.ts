import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SallyportError } from '../errors/index.ts';
import { tryGit } from './git-command.ts';

/**
 * A new git directory that borrows objects for as long as it is being made. A borrowed store may be that of another
 * repository, and whoever hands over a `.git` names it: so only what the names of this repository reach is kept.
 */
export class BorrowedObjects {
  readonly #gitDir: string;
  readonly #alternates: string;

  /** @param stores absolute paths of object directories, without line breaks */
  constructor(gitDir: string, stores: readonly string[]) {
    this.#gitDir = gitDir;
    this.#alternates = join(gitDir, 'objects/info/alternates');
    writeFileSync(this.#alternates, stores.map((store) => `${store}\n`).join(''), { flag: 'wx' });
  }

  /**
   * Keeps what these objects reach in a pack of its own, and borrows no more.
   *
   * @throws SP1304 when an object that is reached cannot be read.
   */
  async keep(ids: readonly string[]): Promise<void> {
    // Of a partial clone or a shallow one, what was never fetched stays away.
    const args = ['pack-objects', '--revs', '--missing=allow-any', '--delta-base-offset', '--quiet'];
    const { code, stderr } = await tryGit({
      gitDir: this.#gitDir,
      args: [...args, join(this.#gitDir, 'objects/pack/pack')],
      input: Buffer.from(ids.map((id) => `${id}\n`).join('')),
    });
    rmSync(this.#alternates);
    if (code !== 0)
      throw new SallyportError('SP1304', `cannot copy the borrowed objects: ${stderr.split('\n')[0] ?? ''}`);
  }
}
