import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Approval,
  BUNDLE_ENDING,
  EVIDENCE_REF,
  isApprovalBundle,
  MAX_BUNDLE,
  TRUST_STORE_FILE,
  type TrustStore,
  verifyApproval,
} from '../../attest/index.ts';
import { SallyportError } from '../../errors/index.ts';
import type { Gap } from '../../syntax/index.ts';
import { describeFileError } from '../../system/index.ts';
import { type BlobEntry, listBlobs, readBlobs, resolveCommit } from '../../workspace/index.ts';
import { openStore } from './change.ts';
import { readNamedFile } from './input.ts';

/** Files in a folder that a person named. */
const MOST_FILED = 20_000;
/** All that years of approvals come to. */
const MOST_STORED = 100_000;
const MOST_BYTES = 512 * 1024 * 1024;

export interface ReadApprovals {
  readonly approvals: readonly Approval[];
  /** Bundles that are not believed, one sentence each. */
  readonly faults: readonly string[];
  /** Stored files that were not read: a rejection may be among them. */
  readonly gaps: readonly Gap[];
}

/**
 * Approvals from the store of the repository and from a folder, verified against a trust store: that of the target, or
 * of what a change landed on. Without one nobody can approve.
 * @throws SallyportError SP2703 when the folder cannot be read
 */
export async function readApprovals(
  root: string,
  trust: TrustStore | undefined,
  folder: string | undefined,
  now: number,
): Promise<ReadApprovals> {
  const { stored, gaps } = await storedBundles(root);
  const bundles = [...stored, ...(folder === undefined ? [] : await filedBundles(folder))];
  if (bundles.length === 0) return { approvals: [], faults: [], gaps };
  if (trust === undefined) {
    return {
      approvals: [],
      faults: [`${bundles.length} approvals are there, and the target has no ${TRUST_STORE_FILE}`],
      gaps,
    };
  }
  const approvals = new Map<string, Approval>();
  const faults: string[] = [];
  for (const { name, text } of bundles) {
    const verified = await verifyApproval(text, trust, now);
    if ('fault' in verified) faults.push(`${name}: ${verified.fault.message} (${verified.fault.code})`);
    else approvals.set(verified.approval.statement, verified.approval);
  }
  return { approvals: [...approvals.values()], faults: faults.sort(), gaps };
}

interface NamedBundle {
  readonly name: string;
  readonly text: string;
}

async function storedBundles(
  root: string,
): Promise<{ readonly stored: readonly NamedBundle[]; readonly gaps: readonly Gap[] }> {
  const store = openStore(root);
  const commit = await resolveCommit(store, EVIDENCE_REF);
  if (commit === undefined) return { stored: [], gaps: [] };
  const all = (await listBlobs(store, commit)).filter(mayBeApproval);
  const entries = withinLimits(all);
  const contents = await readBlobs(
    store,
    entries.map(({ id }) => id),
  );
  const stored = entries.flatMap(({ path }, index) => {
    const text = contents[index]?.toString('utf8') ?? '';
    return isApprovalBundle(text) ? [{ name: path, text }] : [];
  });
  const left = all.length - entries.length;
  const message = `${left} more files may be approvals or rejections than were read`;
  const place = { file: EVIDENCE_REF, span: { start: 0, end: 0 } };
  return { stored, gaps: left === 0 ? [] : [{ kind: 'cap', message, place }] };
}

/** Beside them lie bundles of other statements, and ledgers of any size. */
function mayBeApproval({ path, bytes }: BlobEntry): boolean {
  return path.endsWith('.json') && !path.endsWith(BUNDLE_ENDING) && bytes <= MAX_BUNDLE;
}

/** As many as are read at once: the first 100,000, and 512 MiB. What is left is told as a gap. */
export function withinLimits(entries: readonly BlobEntry[]): readonly BlobEntry[] {
  const kept: BlobEntry[] = [];
  let bytes = 0;
  for (const entry of entries.slice(0, MOST_STORED)) {
    bytes += entry.bytes;
    if (bytes > MOST_BYTES) break;
    kept.push(entry);
  }
  return kept;
}

async function filedBundles(folder: string): Promise<readonly NamedBundle[]> {
  try {
    const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
    const files = await Promise.all(
      names.slice(0, MOST_FILED).map(async (name) => {
        return { name, text: (await readNamedFile(join(folder, name))).toString('utf8') };
      }),
    );
    return files.filter(({ text }) => isApprovalBundle(text));
  } catch (cause) {
    if (cause instanceof SallyportError) throw cause;
    throw new SallyportError('SP2703', `${folder}: ${describeFileError(cause)}`, { cause });
  }
}
