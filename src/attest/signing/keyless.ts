import { SallyportError } from '../../errors/index.ts';
import { PAYLOAD_TYPE } from '../model.ts';
import { encodeStatement } from '../statement/subject.ts';
import type { Seal } from './signer.ts';

export interface KeylessOptions {
  /** Hands out the OIDC token of this job. It is asked for once a statement. */
  readonly identityToken: () => Promise<string>;
  readonly fulcioUrl: string;
  /** RFC 3161 authority. One of this and `rekorUrl` must vouch for the time. */
  readonly tsaUrl: string | undefined;
  /** A transparency log is public and keeps for ever: repository and workflow names go there only when it is named. */
  readonly rekorUrl: string | undefined;
  /** Milliseconds for each request. */
  readonly timeout: number;
}

/**
 * Bundles with a certificate for minutes, issued to the identity of the job. The key exists in memory only.
 * @throws SallyportError SP2503; the token is in no message and in no cause.
 */
export function sealKeyless(options: KeylessOptions): Seal {
  if (options.tsaUrl === undefined && options.rekorUrl === undefined)
    throw new SallyportError('SP2503', 'a keyless signature needs somebody who vouches for the time', {
      advice: 'Name a timestamp authority with --tsa-url, or a transparency log with --rekor-url.',
    });
  return async (statement) => {
    let token = '';
    try {
      token = await options.identityToken();
      return await seal(encodeStatement(statement), token, options);
    } catch (error) {
      // The library puts the whole token into the message of its error, so the error goes no further.
      throw new SallyportError('SP2503', `keyless signing failed: ${withoutToken(reasonOf(error), token)}`);
    }
  };
}

async function seal(payload: Buffer, token: string, options: KeylessOptions): Promise<string> {
  const [{ DSSEBundleBuilder, FulcioSigner, RekorWitness, TSAWitness }, { bundleToJSON }] = await Promise.all([
    import('@sigstore/sign'),
    import('@sigstore/bundle'),
  ]);
  const { fulcioUrl, tsaUrl, rekorUrl, timeout } = options;
  const network = { timeout, retry: 2 };
  const signer = new FulcioSigner({
    fulcioBaseURL: fulcioUrl,
    identityProvider: { getToken: async () => token },
    ...network,
  });
  const witnesses = [
    ...(tsaUrl === undefined ? [] : [new TSAWitness({ tsaBaseURL: tsaUrl, ...network })]),
    // `dsse` entries do not come back as they were proposed from every log; `intoto` ones do.
    ...(rekorUrl === undefined
      ? []
      : [new RekorWitness({ rekorBaseURL: rekorUrl, entryType: 'intoto' as const, ...network })]),
  ];
  const bundle = await new DSSEBundleBuilder({ signer, witnesses }).create({ data: payload, type: PAYLOAD_TYPE });
  return `${JSON.stringify(bundleToJSON(bundle), undefined, 2)}\n`;
}

/** What failed, and what the other side said of it: the library keeps that in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

/** Shorter parts stand in any text by chance. */
const LEAST_PART = 8;
const LONGEST_REASON = 500;

/** Neither the token nor a part of it, nor a piece that somebody cut: each of the three can be used or read by itself. */
function withoutToken(reason: string, token: string): string {
  const parts = token.split('.').filter((part) => part.length >= LEAST_PART);
  return parts
    .reduce((text, part) => text.replaceAll(part, '[token]'), reason)
    .replace(/[\w-]{8,}/g, (piece) => (token.includes(piece) ? '[token]' : piece))
    .slice(0, LONGEST_REASON);
}
