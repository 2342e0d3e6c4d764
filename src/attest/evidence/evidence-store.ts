import { createHash } from 'node:crypto';
import { type BlobEntry, listBlobs, type ObjectStore, type RefFile, resolveCommit } from '../../workspace/index.ts';
import type { ChangeIdentity } from '../model.ts';

/** A ref of its own: notes and trailers get lost when a change is squashed or rebased. */
export const EVIDENCE_REF = 'refs/sallyport/attestations';
/** How the file of a bundle ends. */
export const BUNDLE_ENDING = '.sigstore.json';
/** Files of a run that is kept beside its statements. `salts.ndjson` never is: with it contents could be opened. */
export const LEDGER_FILES = ['events.ndjson', 'log.vkey', 'checkpoint', 'checkpoints.ndjson'] as const;

/** All that is stored for one change. Whoever may push can put files there: none is believed before it is verified. */
export interface AttestedChange {
  readonly targetRef: string;
  readonly baseCommit: string;
  readonly headCommit: string;
  /** Name of the file to what stands there. */
  readonly files: ReadonlyMap<string, BlobEntry>;
  /** Further files that are stored and not listed. What speaks against the change may be among them. */
  readonly unlisted: number;
}

/** More files for one change are left out: they could only be there to keep a verifier busy. */
const MOST_FILES = 200;
const PATH = /^(refs\/.+)\/((?:[0-9a-f]{40}|[0-9a-f]{64}))-((?:[0-9a-f]{40}|[0-9a-f]{64}))\/([^/].*)$/;

/** Where the evidence of a change is kept: `<ref>/<from>-<to>`. */
export function evidenceFolder(change: Pick<ChangeIdentity, 'targetRef' | 'baseCommit' | 'headCommit'>): string {
  return `${change.targetRef}/${change.baseCommit}-${change.headCommit}`;
}

/** A bundle's file. Its name tells people what it is, and keeps two statements of one kind apart. */
export function bundleFile(change: ChangeIdentity, kind: string, bundle: string): RefFile {
  const digest = createHash('sha256').update(bundle).digest('hex').slice(0, 12);
  return { path: `${evidenceFolder(change)}/${kind}-${digest}${BUNDLE_ENDING}`, content: Buffer.from(bundle) };
}

/** Everything that is stored, by change. @param ref A ref or a commit; nothing there is an empty store. */
export async function readEvidenceIndex(store: ObjectStore, ref: string): Promise<readonly AttestedChange[]> {
  const commit = await resolveCommit(store, ref);
  if (commit === undefined) return [];
  const changes = new Map<string, AttestedChange & { readonly files: Map<string, BlobEntry>; unlisted: number }>();
  for (const entry of await listBlobs(store, commit)) {
    const [, targetRef = '', baseCommit = '', headCommit = '', name = ''] = PATH.exec(entry.path) ?? [];
    if (name === '') continue;
    const folder = `${targetRef}/${baseCommit}-${headCommit}`;
    const fresh = { targetRef, baseCommit, headCommit, files: new Map<string, BlobEntry>(), unlisted: 0 };
    const change = changes.get(folder) ?? fresh;
    if (change.files.size < MOST_FILES) change.files.set(name, entry);
    else change.unlisted += 1;
    changes.set(folder, change);
  }
  return [...changes.values()];
}
