/** The log's files: what is appended, what is synced, what is put in place whole. Knows nothing of hashes and keys. */
import { existsSync } from 'node:fs';
import { type FileHandle, mkdir, open, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SallyportError } from '../errors/index.ts';
import { errorCode } from '../system/index.ts';
import type { Batch, SideFile } from './batch.ts';
import { canonicalize } from './canonical.ts';

/** Names of the files in a log's directory. `docs/formats/ledger.md` describes them. */
export const FILES = {
  events: 'events.ndjson',
  checkpoint: 'checkpoint',
  checkpoints: 'checkpoints.ndjson',
  key: 'log.vkey',
  salts: 'salts.ndjson',
} as const;

/** What tells a file from every other of the host. */
interface FilePlace {
  readonly ino: number;
  readonly dev: number;
}

export class Journal {
  readonly #directory: string;
  readonly #events: FileHandle;
  readonly #checkpoints: FileHandle;
  readonly #salts: FileHandle;
  /** Which file the records are in, whatever its name. */
  readonly #place: FilePlace;
  /** End of the last whole batch. */
  #length = 0;
  #saltsDirty = false;

  private constructor(
    directory: string,
    place: FilePlace,
    events: FileHandle,
    checkpoints: FileHandle,
    salts: FileHandle,
  ) {
    this.#directory = directory;
    this.#place = place;
    this.#events = events;
    this.#checkpoints = checkpoints;
    this.#salts = salts;
  }

  /**
   * Make the files. A directory that already holds a log is refused: a log has one writer, once. The key comes before the
   * records and whole: in whatever moment the writer is killed, there is no log yet, or one that its key fits.
   */
  static async create(directory: string, verifierKey: string): Promise<Journal> {
    const handles: FileHandle[] = [];
    const make = async (name: string, mode: number): Promise<FileHandle> => {
      const handle = await open(join(directory, name), 'ax', mode);
      handles.push(handle);
      return handle;
    };
    try {
      await mkdir(dirname(directory), { recursive: true });
      await mkdir(directory, { recursive: true, mode: 0o700 });
      for (const name of [FILES.events, FILES.key])
        if (existsSync(join(directory, name))) throw alreadyThere(directory);
      const checkpoints = await make(FILES.checkpoints, 0o644);
      const salts = await make(FILES.salts, 0o600);
      await putWhole(join(directory, FILES.key), `${verifierKey}\n`, { flush: true });
      const events = await make(FILES.events, 0o644);
      await syncDirectory(directory);
      return new Journal(directory, await events.stat(), events, checkpoints, salts);
    } catch (cause) {
      await Promise.all(handles.map((handle) => handle.close()));
      if (cause instanceof SallyportError) throw cause;
      throw errorCode(cause) === 'EEXIST' ? alreadyThere(directory, cause) : writeError(directory, cause);
    }
  }

  /** Write a batch: what its records speak of first, then the records. On failure no part of a record stays behind. */
  async write(batch: Batch): Promise<void> {
    try {
      for (const file of batch.files) await this.#put(file);
      if (batch.salts !== '') {
        this.#saltsDirty = true;
        await this.#salts.appendFile(batch.salts);
      }
      await writeFully(this.#events, batch.bytes);
      this.#length += batch.bytes.length;
    } catch (cause) {
      await this.#dropTornLine();
      throw writeError(this.#directory, cause);
    }
  }

  /** Everything written so far is on disk when this resolves. */
  async sync(): Promise<void> {
    try {
      // Together: they share one commit of the file system's journal, and nobody is told before both are there.
      await Promise.all([
        this.#saltsDirty ? this.#salts.datasync() : undefined,
        this.#events.datasync(),
        this.#assertInPlace(),
      ]);
      this.#saltsDirty = false;
    } catch (cause) {
      throw writeError(this.#directory, cause);
    }
  }

  /** Keep a signed checkpoint and the tiles that became full. The records that it covers must be synced before. */
  async publish(note: string, tiles: readonly SideFile[]): Promise<void> {
    try {
      for (const tile of tiles) await this.#put(tile);
      await this.#checkpoints.appendFile(`${canonicalize({ note })}\n`);
    } catch (cause) {
      throw writeError(this.#directory, cause);
    }
  }

  /** Put a checkpoint where readers look for the latest. */
  async replaceLatest(note: string): Promise<void> {
    try {
      await putWhole(join(this.#directory, FILES.checkpoint), note, { flush: true });
    } catch (cause) {
      throw writeError(this.#directory, cause);
    }
  }

  /** Place the last tiles and put everything on disk, names included. */
  async seal(tiles: readonly SideFile[]): Promise<void> {
    try {
      for (const tile of tiles) await this.#put(tile);
      await Promise.all([this.#events.sync(), this.#checkpoints.sync(), this.#salts.sync(), this.#assertInPlace()]);
      await syncDirectory(this.#directory);
    } catch (cause) {
      throw writeError(this.#directory, cause);
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#events.close(), this.#checkpoints.close(), this.#salts.close()]);
  }

  /**
   * An open file takes records after its name is gone, and they are gone with it: somebody removed or replaced the out
   * directory. What is told to be on record must be found where the log is.
   */
  async #assertInPlace(): Promise<void> {
    const { ino, dev } = await stat(join(this.#directory, FILES.events));
    if (ino !== this.#place.ino || dev !== this.#place.dev) throw new LogReplacedError();
  }

  async #put(file: SideFile): Promise<void> {
    const path = join(this.#directory, file.path);
    await mkdir(dirname(path), { recursive: true });
    await putWhole(path, file.bytes, { flush: !file.derived });
  }

  async #dropTornLine(): Promise<void> {
    try {
      await this.#events.truncate(this.#length);
    } catch (error) {
      // The first failure is the one to report; a torn last line is what every reader of the format expects anyway.
      if (errorCode(error) === undefined) throw error;
    }
  }
}

/** Readers see the file as it was before or as it is now, never a part of it: a part would not fit the log. */
async function putWhole(
  path: string,
  content: string | Uint8Array,
  options: { readonly flush: boolean },
): Promise<void> {
  await writeFile(`${path}.new`, content, options);
  await rename(`${path}.new`, path);
}

async function writeFully(handle: FileHandle, bytes: Buffer): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done);
    done += bytesWritten;
  }
}

/** A directory's entries are data too: without this a new file may have no name after a power cut. */
async function syncDirectory(path: string): Promise<void> {
  await using handle = await open(path, 'r');
  await handle.sync();
}

function alreadyThere(directory: string, cause?: unknown): SallyportError {
  return new SallyportError('SP1507', `there is already a ledger in ${directory}`, { cause });
}

/** Another file stands where the log was. */
class LogReplacedError extends Error {}

function writeError(directory: string, cause: unknown): SallyportError {
  // It was made there: whoever does not find it any more must not read that nothing was lost.
  if (cause instanceof LogReplacedError || errorCode(cause) === 'ENOENT')
    return new SallyportError('SP1502', `the ledger in ${directory} was removed or replaced`, {
      cause,
      advice: 'Nothing may touch the out directory while a run writes there; what was in it went with it.',
    });
  return new SallyportError(
    'SP1502',
    `the ledger in ${directory} cannot be written (${errorCode(cause) ?? 'unknown'})`,
    {
      cause,
    },
  );
}
