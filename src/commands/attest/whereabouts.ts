import { readTrustStore, repositoryName, TRUST_STORE_FILE } from '../../attest/index.ts';
import { SallyportError } from '../../errors/index.ts';
import { findLinks, IS_A_LINK, mergeBaseOf, type ObjectStore, readBlobs, readRemote } from '../../workspace/index.ts';

/**
 * Where a change left its target.
 * @throws SallyportError SP2504 when the target is not here or has nothing in common with it.
 */
export async function findBase(store: ObjectStore, target: string, head: string): Promise<string> {
  const branch = target.replace(/^refs\/heads\//, '');
  for (const ref of [`refs/remotes/origin/${branch}`, target]) {
    const base = await mergeBaseOf(store, ref, head);
    if (base !== undefined) return base;
  }
  throw new SallyportError('SP2504', `${target} is not here, or ${head} has nothing in common with it`);
}

/** The repository's name: as asked for, as the trust store at the base has it, or by the address of its remote. */
export async function nameRepository(store: ObjectStore, base: string, asked: string | undefined): Promise<string> {
  if (asked !== undefined) return asked;
  const [link] = await findLinks(store, base, [TRUST_STORE_FILE]);
  if (link !== undefined) throw new SallyportError('SP2501', `${link}: ${IS_A_LINK}`);
  const [text] = await readBlobs(store, [`${base}:${TRUST_STORE_FILE}`]);
  const named =
    text === undefined
      ? undefined
      : (await readTrustStore({ path: TRUST_STORE_FILE, text: text.toString('utf8') })).repository;
  return named ?? repositoryName((await readRemote(store)) ?? '');
}
