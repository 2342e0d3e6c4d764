import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  type AttestedChange,
  LEDGER_FILES,
  type PatchResult,
  type RunRecord,
  readRunRecord,
} from '../../attest/index.ts';
import { SallyportError } from '../../errors/index.ts';
import { removeOnSignal, removeTree } from '../../system/index.ts';
import { type ObjectStore, readBlobs, type ScratchRepository } from '../../workspace/index.ts';

/** What is stored for a change, read. */
export interface StoredEvidence {
  /** Bundles by name. */
  readonly files: ReadonlyMap<string, Buffer>;
  readonly run: RunRecord | undefined;
  readonly patch: PatchResult | undefined;
  /** An out directory of the run, for as long as it is needed; `undefined` when nothing of it is stored. */
  readonly runDirectory: string | undefined;
}

export interface EvidenceReader extends AsyncDisposable {
  read(change: AttestedChange): Promise<StoredEvidence>;
}

/** A bundle or file of a run that is larger is left out, and with it what it would have proven. */
const MAX_FILE = 64 * 1024 * 1024;
/** Of all changes that are read ahead. */
const MAX_AHEAD = 512 * 1024 * 1024;
const RUN = 'run/';

/**
 * Reads evidence from the store of a repository.
 * @param ahead Changes that will be asked for: their files come in one call.
 */
export async function createEvidenceReader(
  store: ObjectStore,
  scratch: ScratchRepository,
  ahead: readonly AttestedChange[],
): Promise<EvidenceReader> {
  const blobs = new Map<string, Buffer | undefined>();
  const load = async (changes: readonly AttestedChange[], most: number): Promise<void> => {
    let left = most;
    const ids = new Set<string>();
    for (const { id, bytes } of changes.flatMap(({ files }) => [...files.values()])) {
      if (bytes > MAX_FILE || blobs.has(id) || ids.has(id) || bytes > left) continue;
      left -= bytes;
      ids.add(id);
    }
    const wanted = [...ids];
    const contents = await readBlobs(store, wanted);
    for (const [index, id] of wanted.entries()) blobs.set(id, contents[index]);
  };
  await load(ahead, MAX_AHEAD);
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-verify-'));
  const guard = removeOnSignal(folder);
  return {
    read: async (change) => {
      await load([change], Number.POSITIVE_INFINITY);
      const files = new Map<string, Buffer>();
      for (const [name, { id }] of change.files) {
        const content = blobs.get(id);
        if (content !== undefined) files.set(name, content);
      }
      // Two changes can have one head: the run of one must not be that of the other.
      const place = join(folder, `${change.baseCommit}-${change.headCommit}`);
      return { ...(await readRun(place, change, files, scratch)), files: bundlesOf(files) };
    },
    [Symbol.asyncDispose]: async () => {
      guard[Symbol.dispose]();
      await removeTree(folder);
    },
  };
}

function bundlesOf(files: ReadonlyMap<string, Buffer>): ReadonlyMap<string, Buffer> {
  return new Map([...files].filter(([name]) => !name.startsWith(RUN)));
}

async function readRun(
  folder: string,
  change: AttestedChange,
  files: ReadonlyMap<string, Buffer>,
  scratch: ScratchRepository,
): Promise<Omit<StoredEvidence, 'files'>> {
  const patchBytes = files.get(`${RUN}changes.patch`);
  if (!files.has(`${RUN}ledger/events.ndjson`)) return { run: undefined, patch: undefined, runDirectory: undefined };
  // Names of our own choosing: whoever pushes evidence chooses no path here.
  for (const name of [...LEDGER_FILES.map((file) => `ledger/${file}`), 'changes.patch']) {
    const content = files.get(RUN + name);
    if (content === undefined) continue;
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  const patch =
    patchBytes === undefined
      ? undefined
      : {
          sha256: createHash('sha256').update(patchBytes).digest('hex'),
          tree: await scratch.treeOfPatch(change.baseCommit, patchBytes),
        };
  return { run: await readLedger(folder), patch, runDirectory: folder };
}

async function readLedger(folder: string): Promise<RunRecord | undefined> {
  try {
    return (await readRunRecord(folder)).run;
  } catch (error) {
    // A ledger that cannot be read proves nothing; step 12 says so.
    if (error instanceof SallyportError) return undefined;
    throw error;
  }
}
