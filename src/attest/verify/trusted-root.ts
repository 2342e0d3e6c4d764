import type { TrustedRoot } from '@sigstore/protobuf-specs';
import { SallyportError } from '../../errors/index.ts';

/** Where a repository keeps Sigstore's roots, in Sigstore's own format. Read from the protected ref. */
export const TRUSTED_ROOT_FILE = '.sallyport/trusted-root.json';

/**
 * Read a Sigstore trusted root, as `gh attestation trusted-root` and `cosign trusted-root create` print it.
 * @throws SallyportError SP2501 when it is none.
 */
export async function readTrustedRoot(text: string): Promise<TrustedRoot> {
  const { TrustedRoot: format } = await import('@sigstore/protobuf-specs');
  try {
    const value: unknown = JSON.parse(text);
    return format.fromJSON(value);
  } catch (cause) {
    const at = { file: TRUSTED_ROOT_FILE, line: 1, column: 1 };
    throw new SallyportError('SP2501', 'the file is no trusted root of Sigstore', { at, cause });
  }
}
