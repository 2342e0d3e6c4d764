import {
  readTrustedRoot,
  readTrustStore,
  TRUST_STORE_FILE,
  TRUSTED_ROOT_FILE,
  type Trust,
} from '../../attest/index.ts';
import { SallyportError } from '../../errors/index.ts';
import { findLinks, IS_A_LINK, nameBlobs, type ObjectStore, readBlobs } from '../../workspace/index.ts';

/** What the protected branch says at one commit: whom to believe, and under which policy. */
export interface Ground {
  /** The commit that says so. */
  readonly commit: string;
  readonly trust: Trust;
  /** Text of the policy file; `undefined` when there is none. */
  readonly policy: string | undefined;
}

type ReadGround = Omit<Ground, 'commit'> | { readonly problem: string };

export type GroundReader = (commit: string) => Promise<Ground | { readonly problem: string }>;

const POLICY_FILE = 'sallyport.yaml';
const FILES = [TRUST_STORE_FILE, TRUSTED_ROOT_FILE, POLICY_FILE] as const;

/**
 * Reads trust store, roots and policy from commits. Each content is read and parsed once, however many commits have it.
 * @param commits For which it will be asked, so that their files are found in one call.
 */
export async function createGroundReader(store: ObjectStore, commits: readonly string[]): Promise<GroundReader> {
  const names = new Map<string, readonly (string | undefined)[]>();
  const learn = async (fresh: readonly string[]): Promise<void> => {
    const found = await nameBlobs(
      store,
      fresh.flatMap((commit) => FILES.map((file) => `${commit}:${file}`)),
    );
    for (const [index, commit] of fresh.entries())
      names.set(commit, found.slice(index * FILES.length, (index + 1) * FILES.length));
  };
  await learn([...new Set(commits)]);
  const known = new Map<string, Promise<ReadGround>>();
  return async (commit) => {
    if (!names.has(commit)) await learn([commit]);
    const blobs = names.get(commit) ?? [];
    const key = blobs.join();
    const ground = known.get(key) ?? readGround(store, blobs, commit);
    known.set(key, ground);
    const read = await ground;
    return 'trust' in read ? { ...read, commit } : read;
  };
}

async function readGround(
  store: ObjectStore,
  blobs: readonly (string | undefined)[],
  commit: string,
): Promise<ReadGround> {
  const [link] = await findLinks(store, commit, FILES);
  if (link !== undefined) return { problem: `${commit.slice(0, 12)}: ${link}: ${IS_A_LINK}` };
  const present = blobs.filter((blob) => blob !== undefined);
  const contents = await readBlobs(store, present);
  const textOf = (index: number): string | undefined => {
    const blob = blobs[index];
    return blob === undefined ? undefined : contents[present.indexOf(blob)]?.toString('utf8');
  };
  const [text, root, policy] = [0, 1, 2].map(textOf);
  if (text === undefined) return { problem: `${commit.slice(0, 12)} has no ${TRUST_STORE_FILE}` };
  try {
    const trust = await readTrustStore({ path: TRUST_STORE_FILE, text });
    return { trust: { store: trust, root: root === undefined ? undefined : await readTrustedRoot(root) }, policy };
  } catch (error) {
    // It stands in a commit, so it is data like the rest of it: nothing under it can be verified.
    if (!(error instanceof SallyportError)) throw error;
    return { problem: `${commit.slice(0, 12)}: ${error.at?.file ?? ''}:${error.at?.line ?? ''} ${error.message}` };
  }
}
