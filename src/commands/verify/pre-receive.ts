import { resolve } from 'node:path';
import { EVIDENCE_REF, evidenceFolder, readEvidenceIndex } from '../../attest/index.ts';
import { SallyportError } from '../../errors/index.ts';
import {
  isAncestor,
  listRawChanges,
  type ObjectStore,
  type Quarantine,
  readSymbolicRef,
} from '../../workspace/index.ts';
import type { Refusal } from './report.ts';

/** One line that git gives a `pre-receive` hook. */
export interface RefUpdate {
  readonly before: string;
  readonly after: string;
  readonly ref: string;
}

const LINE = /^([0-9a-f]{40}|[0-9a-f]{64}) ([0-9a-f]{40}|[0-9a-f]{64}) (refs\/[^\n\0]+)$/;
const MOST_UPDATES = 10_000;

/** The lines on standard input of a hook. @throws SallyportError SP1001 for anything else */
export function readUpdates(text: string): readonly RefUpdate[] {
  const lines = text.split('\n').filter((line) => line !== '');
  if (lines.length > MOST_UPDATES) throw new SallyportError('SP1001', `more than ${MOST_UPDATES} refs in one push`);
  return lines.map((line) => {
    const [, before, after, ref] = LINE.exec(line) ?? [];
    if (before === undefined || after === undefined || ref === undefined)
      throw new SallyportError('SP1001', 'standard input is not what git gives a pre-receive hook');
    return { before, after, ref };
  });
}

/** A push to a name that stands for a branch (a symbolic ref) moves that branch, and it is the branch that counts. */
export async function followNames(store: ObjectStore, updates: readonly RefUpdate[]): Promise<readonly RefUpdate[]> {
  const followed: RefUpdate[] = [];
  for (const update of updates)
    followed.push({ ...update, ref: (await readSymbolicRef(store, update.ref)) ?? update.ref });
  return followed;
}

/** Where the pushed objects wait, from the environment of the hook; `undefined` outside of one. */
export function findQuarantine(
  environment: { readonly [name: string]: string | undefined },
  directory: string,
): Quarantine | undefined {
  const objects = environment['GIT_OBJECT_DIRECTORY'];
  if (environment['GIT_QUARANTINE_PATH'] === undefined || objects === undefined) return undefined;
  const alternates = (environment['GIT_ALTERNATE_OBJECT_DIRECTORIES'] ?? '').split(':').filter((path) => path !== '');
  return {
    objectDirectory: resolve(directory, objects),
    alternates: alternates.map((path) => resolve(directory, path)),
  };
}

export function isNothing(id: string): boolean {
  return /^0+$/.test(id);
}

/** What stands against updates before any evidence is looked at. */
export async function refusalsOf(
  store: ObjectStore,
  updates: readonly RefUpdate[],
  protectedRefs: readonly string[],
): Promise<readonly Refusal[]> {
  const refusals: Refusal[] = [];
  for (const { ref, before, after } of updates) {
    if (ref === EVIDENCE_REF) {
      const reason = await evidenceFault(store, before, after);
      if (reason !== undefined) refusals.push({ ref, reason });
    } else if (protectedRefs.includes(ref) && isNothing(after)) {
      refusals.push({ ref, reason: 'a protected branch is not deleted' });
    } else if (protectedRefs.includes(ref) && isNothing(before)) {
      refusals.push({ ref, reason: 'a protected branch is made by its administrators: nothing says whom to believe' });
    } else if (protectedRefs.includes(ref) && !(await isAncestor(store, before, after))) {
      refusals.push({ ref, reason: 'a protected branch only goes on: what was there would be gone' });
    }
  }
  return refusals;
}

/** Evidence is only ever added: whoever could take away an attestation could hide what was signed. */
async function evidenceFault(store: ObjectStore, before: string, after: string): Promise<string | undefined> {
  if (isNothing(after)) return 'evidence is not deleted';
  if (isNothing(before)) return floodFault(store, after, () => true);
  if (!(await isAncestor(store, before, after))) return 'evidence does not go on from what was there';
  const [changes = []] = await listRawChanges(store, [{ base: before, head: after }]);
  if (changes.some(({ status }) => status !== 'added')) return 'evidence that was there is changed';
  return floodFault(store, after, (folder) => changes.some(({ path }) => path.startsWith(folder)));
}

/** With more files than are read the change can never be proven again: whoever may push could stop any of them so. */
async function floodFault(
  store: ObjectStore,
  after: string,
  isPushed: (folder: string) => boolean,
): Promise<string | undefined> {
  const flooded = (await readEvidenceIndex(store, after)).find(
    (change) => change.unlisted > 0 && isPushed(`${evidenceFolder(change)}/`),
  );
  return flooded && `more files than are read are stored for ${flooded.headCommit.slice(0, 12)}`;
}
