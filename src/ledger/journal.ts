/** The log's files: what is appended, what is synced, what is put in place whole. Knows nothing of hashes and keys. */
import { type FileHandle, mkdir, open, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SallyportError } from '../errors/index.ts';
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

export class Journal {
  readonly #directory: string;
  readonly #events: FileHandle;
  readonly #checkpoints: FileHandle;
  readonly #salts: FileHandle;
  /** End of the last whole batch. */
  #length = 0;
  #saltsDirty = false;

  private constructor(directory: string, events: FileHandle, checkpoints: FileHandle, salts: FileHandle) {
    this.#directory = directory;
    this.#events = events;
    this.#checkpoints = checkpoints;
    this.#salts = salts;
  }

  /** Make the files. A directory that already holds a log is refused: a log has one writer, once. */
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
      const events = await make(FILES.events, 0o644);
      const checkpoints = await make(FILES.checkpoints, 0o644);
      const salts = await make(FILES.salts, 0o600);
      await writeFile(join(directory, FILES.key), `${verifierKey}\n`, { flag: 'wx', flush: true });
      await syncDirectory(directory);
      return new Journal(directory, events, checkpoints, salts);
    } catch (cause) {
      await Promise.all(handles.map((handle) => handle.close()));
      if (errorCode(cause) === 'EEXIST')
        throw new SallyportError('SP1507', `there is already a ledger in ${directory}`, { cause });
      throw writeError(directory, cause);
    }
  }

  /** Write a batch: what its records speak of first, then the records. On failure no part of a record stays behind. */
  async write(batch: Batch): Promise<void> {
    try {
      for (const file of batch.files) await this.#place(file);
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
      await Promise.all([this.#saltsDirty ? this.#salts.datasync() : undefined, this.#events.datasync()]);
      this.#saltsDirty = false;
    } catch (cause) {
      throw writeError(this.#directory, cause);
    }
  }

  /** Keep a signed checkpoint and the tiles that became full. The records that it covers must be synced before. */
  async publish(note: string, tiles: readonly SideFile[]): Promise<void> {
    try {
      for (const tile of tiles) await this.#place(tile);
      await this.#checkpoints.appendFile(`${canonicalize({ note })}\n`);
    } catch (cause) {
      throw writeError(this.#directory, cause);
    }
  }

  /** Put a checkpoint where readers look for the latest. Replaced whole: they see the old one or the new one. */
  async replaceLatest(note: string): Promise<void> {
    try {
      const latest = join(this.#directory, FILES.checkpoint);
      await writeFile(`${latest}.new`, note, { flush: true });
      await rename(`${latest}.new`, latest);
    } catch (cause) {
      throw writeError(this.#directory, cause);
    }
  }

  /** Place the last tiles and put everything on disk, names included. */
  async seal(tiles: readonly SideFile[]): Promise<void> {
    try {
      for (const tile of tiles) await this.#place(tile);
      await Promise.all([this.#events.sync(), this.#checkpoints.sync(), this.#salts.sync()]);
      await syncDirectory(this.#directory);
    } catch (cause) {
      throw writeError(this.#directory, cause);
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#events.close(), this.#checkpoints.close(), this.#salts.close()]);
  }

  async #place(file: SideFile): Promise<void> {
    const path = join(this.#directory, file.path);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, file.bytes, { flag: 'wx', flush: !file.derived });
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

function writeError(directory: string, cause: unknown): SallyportError {
  return new SallyportError(
    'SP1502',
    `the ledger in ${directory} cannot be written (${errorCode(cause) ?? 'unknown'})`,
    {
      cause,
    },
  );
}

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
