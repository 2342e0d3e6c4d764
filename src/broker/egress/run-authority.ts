import type { Clock, RandomBytes } from '../../system/index.ts';
import { generateAuthorityKeys, issueAuthority, issueLeaf, type Leaf } from './certificate.ts';

/** The certificate authority of one run. Its key never leaves the broker's memory and ends with the run. */
export interface RunAuthority {
  /** Certificate for the sandbox's trust bundle, PEM. */
  readonly pem: string;
  /** Issued on first use, then remembered. */
  leafFor(host: string): Promise<Leaf>;
}

const HOUR = 3_600_000;
const LIFETIME = 24 * HOUR;
/** Names an agent makes up under a wildcard must not fill the memory. */
const MAX_LEAVES = 256;

/** Create the authority of a run: P-256, valid for a day. */
export async function createRunAuthority(random: RandomBytes, clock: Clock): Promise<RunAuthority> {
  const issuerKeys = await generateAuthorityKeys();
  const issuer = `Sallyport run ${random(8).toString('hex')}`;
  const request = () => ({
    serial: random(16),
    notBefore: clock.now() - HOUR,
    notAfter: clock.now() + LIFETIME,
    issuer,
    issuerKeys,
  });
  const leaves = new Map<string, Promise<Leaf>>();
  return {
    pem: await issueAuthority(request()),
    leafFor(host) {
      const known = leaves.get(host);
      if (known) return known;
      if (leaves.size >= MAX_LEAVES) leaves.clear();
      const leaf = issueLeaf(request(), host);
      leaves.set(host, leaf);
      return leaf;
    },
  };
}
