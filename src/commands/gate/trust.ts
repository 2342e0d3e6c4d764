import {
  readTrustedRoot,
  readTrustStore,
  TRUST_STORE_FILE,
  TRUSTED_ROOT_FILE,
  type Trust,
  type TrustStore,
} from '../../attest/index.ts';
import { SallyportError } from '../../errors/index.ts';
import type { SourceFile, SourceTree } from '../../syntax/index.ts';
import { readOwnFile } from '../../workspace/index.ts';

/** The trust store of the target. @throws SallyportError SP2501 when it is a link, or not valid */
export async function trustOf(target: SourceTree): Promise<TrustStore | undefined> {
  const file = readTrusted(target, TRUST_STORE_FILE);
  return file && readTrustStore(file);
}

/** Sigstore's roots, as the target has them. @throws SallyportError SP2501 when they are a link, or not valid */
export async function rootsOf(target: SourceTree): Promise<Trust['root']> {
  const file = readTrusted(target, TRUSTED_ROOT_FILE);
  return file && readTrustedRoot(file.text);
}

function readTrusted(target: SourceTree, path: string): SourceFile | undefined {
  const file = readOwnFile(target, path);
  if (file === undefined || 'text' in file) return file;
  throw new SallyportError('SP2501', `${path}: ${file.message}`);
}
