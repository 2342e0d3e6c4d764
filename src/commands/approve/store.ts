import { writeFile } from 'node:fs/promises';
import { type ChangeIdentity, EVIDENCE_REF, evidenceFolder } from '../../attest/index.ts';
import { SallyportError } from '../../errors/index.ts';
import { errorCode } from '../../system/index.ts';
import { addToRef, openObjectStore } from '../../workspace/index.ts';
import type { SignedDecision } from './decision.ts';

/**
 * Keeps an approval beside the repository, in a ref of ours: `git push origin refs/sallyport/attestations` shares it.
 * @param at milliseconds, for the commit
 * @returns where it stands now
 */
export async function storeApproval(
  root: string,
  change: ChangeIdentity,
  { bundle, digest }: SignedDecision,
  at: number,
): Promise<string> {
  const path = `${evidenceFolder(change)}/approval-${digest.slice(0, 12)}.json`;
  await addToRef(openObjectStore(root), EVIDENCE_REF, [{ path, content: Buffer.from(bundle) }], Math.floor(at / 1000));
  return `${EVIDENCE_REF}:${path}`;
}

/** Writes an approval to a file of the person's choice. @throws SallyportError SP2609 when that fails */
export async function writeApproval(file: string, { bundle }: SignedDecision): Promise<string> {
  try {
    await writeFile(file, bundle);
    return file;
  } catch (cause) {
    throw new SallyportError('SP2609', `${file}: ${errorCode(cause) ?? 'it cannot be written'}`, { cause });
  }
}
