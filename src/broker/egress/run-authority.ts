import { generateKeyPairSync } from 'node:crypto';
import type { Clock, RandomBytes } from '../../system/index.ts';
import { issueAuthority, issueLeaf } from './certificate.ts';

/** Certificate and key with which the broker answers for one host, as PEM. */
export interface Leaf {
  readonly key: string;
  readonly cert: string;
}

/** The certificate authority of one run. Its key never leaves the broker's memory and ends with the run. */
export interface RunAuthority {
  /** Certificate for the sandbox's trust bundle, PEM. */
  readonly pem: string;
  /** Issued on first use, then remembered. */
  leafFor(host: string): Leaf;
}

const HOUR = 3_600_000;
const LIFETIME = 24 * HOUR;
/** Names an agent makes up under a wildcard must not fill the memory. */
const MAX_LEAVES = 256;

/**
 * Create the authority of a run: P-256, valid for a day. Written here rather than with a certificate library: two
 * fixed shapes of certificate are a page of code, and the process that holds the keys loads nothing more for them.
 */
export function createRunAuthority(random: RandomBytes, clock: Clock): RunAuthority {
  const issuerKey = generateKey();
  const issuer = `Sallyport run ${random(8).toString('hex')}`;
  const request = () => ({
    serial: random(16),
    notBefore: clock.now() - HOUR,
    notAfter: clock.now() + LIFETIME,
    issuer,
    issuerKey,
  });
  const leaves = new Map<string, Leaf>();
  return {
    pem: issueAuthority(request()),
    leafFor(host) {
      const known = leaves.get(host);
      if (known) return known;
      if (leaves.size >= MAX_LEAVES) leaves.clear();
      const { publicKey, privateKey } = generateKey();
      const leaf = {
        key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
        cert: issueLeaf(request(), host, publicKey),
      };
      leaves.set(host, leaf);
      return leaf;
    },
  };
}

function generateKey() {
  return generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
}
