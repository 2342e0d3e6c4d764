import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Approval,
  EVIDENCE_REF,
  isApprovalBundle,
  readTrustStore,
  TRUST_STORE_FILE,
  type TrustStore,
  verifyApproval,
} from '../../attest/index.ts';
import { SallyportError } from '../../errors/index.ts';
import type { SourceTree } from '../../syntax/index.ts';
import { describeFileError } from '../../system/index.ts';
import { listBlobs, readBlobs, resolveCommit } from '../../workspace/index.ts';
import { openStore } from './change.ts';
import { readNamedFile } from './input.ts';

const MOST_BUNDLES = 20_000;

export interface ReadApprovals {
  readonly approvals: readonly Approval[];
  /** Bundles that are not believed, one sentence each. */
  readonly faults: readonly string[];
}

/**
 * Approvals from the store of the repository and from a folder, verified against the trust store of the target. Without
 * one nobody can approve.
 * @throws SallyportError SP2501 when the trust store is not valid, SP2703 when the folder cannot be read
 */
export async function readApprovals(
  root: string,
  target: SourceTree,
  folder: string | undefined,
  now: number,
): Promise<ReadApprovals> {
  const bundles = [...(await storedBundles(root)), ...(folder === undefined ? [] : await filedBundles(folder))];
  if (bundles.length === 0) return { approvals: [], faults: [] };
  const trust = await trustOf(target);
  if (trust === undefined) {
    return {
      approvals: [],
      faults: [`${bundles.length} approvals are there, and the target has no ${TRUST_STORE_FILE}`],
    };
  }
  const approvals = new Map<string, Approval>();
  const faults: string[] = [];
  for (const { name, text } of bundles) {
    const verified = await verifyApproval(text, trust, now);
    if ('fault' in verified) faults.push(`${name}: ${verified.fault.message} (${verified.fault.code})`);
    else approvals.set(verified.approval.statement, verified.approval);
  }
  return { approvals: [...approvals.values()], faults: faults.sort() };
}

/** The trust store of the target. @throws SallyportError SP2501 when it is not valid */
export async function trustOf(target: SourceTree): Promise<TrustStore | undefined> {
  const file = target.read(TRUST_STORE_FILE);
  if (file === undefined) return undefined;
  if ('text' in file) return readTrustStore(file);
  throw new SallyportError('SP2501', `${TRUST_STORE_FILE}: ${file.message}`);
}

interface NamedBundle {
  readonly name: string;
  readonly text: string;
}

async function storedBundles(root: string): Promise<readonly NamedBundle[]> {
  const store = openStore(root);
  const commit = await resolveCommit(store, EVIDENCE_REF);
  if (commit === undefined) return [];
  const entries = (await listBlobs(store, commit)).slice(0, MOST_BUNDLES);
  const contents = await readBlobs(
    store,
    entries.map(({ id }) => id),
  );
  return entries.flatMap(({ path }, index) => {
    const text = contents[index]?.toString('utf8') ?? '';
    return isApprovalBundle(text) ? [{ name: path, text }] : [];
  });
}

async function filedBundles(folder: string): Promise<readonly NamedBundle[]> {
  try {
    const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
    const files = await Promise.all(
      names.slice(0, MOST_BUNDLES).map(async (name) => {
        return { name, text: (await readNamedFile(join(folder, name))).toString('utf8') };
      }),
    );
    return files.filter(({ text }) => isApprovalBundle(text));
  } catch (cause) {
    if (cause instanceof SallyportError) throw cause;
    throw new SallyportError('SP2703', `${folder}: ${describeFileError(cause)}`, { cause });
  }
}
