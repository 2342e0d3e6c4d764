import { join } from 'node:path';
import {
  type AttestedChange,
  BUNDLE_LIMITS,
  EVIDENCE_REF,
  namesOfPredicates,
  type PatchResult,
  PREDICATES,
  type ProvenChange,
  type RunRecord,
  readChangeContent,
  readEvidenceIndex,
  readRunRecord,
  verifyChange,
} from '../../attest/index.ts';
import { type ObjectStore, readBlobs, ScratchRepository } from '../../workspace/index.ts';
import { type OpenedChange, openStore } from './change.ts';
import { readNamedFile, sha256Hex } from './input.ts';
import { readPolicyFile } from './policy.ts';
import { rootsOf, trustOf } from './trust.ts';

/**
 * Names of the statements that are stored for this very change and hold: signed by whom the trust store of the target
 * lets sign them, about this commit, tree, base and policy. Each by its short name and by its predicate type.
 * @param runs out directories; a statement about a run holds only beside its ledger
 * @throws SallyportError SP2501 when trust store or trusted roots of the target are not valid
 */
export async function readAttestations(
  root: string,
  { identity, target }: OpenedChange,
  runs: readonly string[],
  now: number,
): Promise<readonly string[]> {
  const store = openStore(root);
  const stored = (await readEvidenceIndex(store, EVIDENCE_REF)).find(
    ({ targetRef, baseCommit, headCommit }) =>
      targetRef === identity.targetRef && baseCommit === identity.baseCommit && headCommit === identity.headCommit,
  );
  const trust = stored && (await trustOf(target));
  if (stored === undefined || trust === undefined) return [];
  const { baseCommit: base, headCommit: head, repository, targetRef } = identity;
  const { proven } = await verifyChange(
    {
      content: await readChangeContent(store, { repository, targetRef, base, head }),
      files: await filesOf(store, stored),
      unlisted: 0,
      trust: { store: trust, root: await rootsOf(target) },
      policy: readPolicyFile(target)?.text,
      ...(await readProof(store, base, runs[0])),
      now,
    },
    async () => ({ verdict: 'pass', reasons: [] }),
  );
  return namesOf(proven);
}

/** The bundles alone: the run's own files beside them are read from where it was handed in. */
async function filesOf(store: ObjectStore, { files }: AttestedChange): Promise<ReadonlyMap<string, Buffer>> {
  const entries = [...files].filter(([name, { bytes }]) => !name.includes('/') && bytes <= BUNDLE_LIMITS.bytes);
  const contents = await readBlobs(
    store,
    entries.map(([, { id }]) => id),
  );
  return new Map(
    entries.flatMap(([name], index): readonly (readonly [string, Buffer])[] => {
      const bytes = contents[index];
      return bytes === undefined ? [] : [[name, bytes]];
    }),
  );
}

/** The run's ledger and patch, as statements about it are compared with them. */
async function readProof(
  store: ObjectStore,
  base: string,
  directory: string | undefined,
): Promise<{ readonly run: RunRecord | undefined; readonly patch: PatchResult | undefined }> {
  if (directory === undefined) return { run: undefined, patch: undefined };
  const { run } = await readRunRecord(directory);
  if (run === undefined) return { run, patch: undefined };
  const patch = await readNamedFile(join(directory, 'changes.patch'));
  using scratch = ScratchRepository.open(store);
  return { run, patch: { sha256: sha256Hex(patch), tree: await scratch.treeOfPatch(base, patch) } };
}

function namesOf({ statements, approvals }: ProvenChange): readonly string[] {
  const types = statements.map(({ statement }) => statement.predicateType);
  return namesOfPredicates(approvals.length > 0 ? [...types, PREDICATES.approval] : types);
}
