import { closeSync, constants, openSync, readFileSync, writeFileSync } from 'node:fs';
import { SallyportError } from '../errors/index.ts';
import type { BytePath } from './byte-path.ts';

/** What one staged file was when staging ended. The agent can set any time but the change time (`ctime`). */
export interface ManifestEntry {
  readonly path: BytePath;
  /** Object name of the staged bytes, as they are. */
  readonly id: string;
  /** `100644`, `100755`, `120000`. */
  readonly mode: string;
  readonly size: number;
  /** Nanoseconds, decimal: more than a JSON number holds. */
  readonly mtime: string;
  readonly ctime: string;
  readonly tracked: boolean;
}

export interface Manifest {
  readonly version: 1;
  readonly objectFormat: 'sha1' | 'sha256';
  /** Absolute path of the checkout: what absolute links inside the tree start with. */
  readonly root: string;
  readonly headCommit: string | undefined;
  /** Tree of the tracked staged files. */
  readonly tree: string;
  /** Does the staged tree differ from the one of `headCommit`? */
  readonly dirty: boolean;
  readonly submodules: readonly BytePath[];
  /** Directories of evidence, which were not staged and at whose place nothing may come to stand. */
  readonly reserved: readonly BytePath[];
  readonly entries: readonly ManifestEntry[];
}

type Row = readonly [string, string, string, number, string, string, 0 | 1];

/** Writes the manifest beside the staged tree, where the agent cannot reach it. */
export function writeManifest(file: string, manifest: Manifest): void {
  const rows: Row[] = manifest.entries.map((entry) => [
    entry.path,
    entry.id,
    entry.mode,
    entry.size,
    entry.mtime,
    entry.ctime,
    entry.tracked ? 1 : 0,
  ]);
  writeFileSync(file, JSON.stringify({ ...manifest, entries: rows }), { flag: 'wx', mode: 0o644 });
}

/** Reads what `writeManifest` wrote. @throws SP1306 when it is not that. */
export function readManifest(file: string): Manifest {
  try {
    const descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      const parsed: unknown = JSON.parse(readFileSync(descriptor, 'utf8'));
      if (!isStored(parsed)) throw new TypeError('unknown format');
      return { ...parsed, headCommit: parsed.headCommit, entries: parsed.entries.map(entryOf) };
    } finally {
      closeSync(descriptor);
    }
  } catch (cause) {
    throw new SallyportError('SP1306', `cannot read ${file}`, { cause });
  }
}

type Stored = Omit<Manifest, 'entries'> & { readonly entries: readonly Row[] };

/** The file is ours and unreachable for the agent; this guards against a mix-up, not against an attacker. */
function isStored(value: unknown): value is Stored {
  return typeof value === 'object' && value !== null && 'version' in value && value.version === 1 && 'entries' in value;
}

function entryOf([path, id, mode, size, mtime, ctime, tracked]: Row): ManifestEntry {
  return { path, id, mode, size, mtime, ctime, tracked: tracked === 1 };
}
