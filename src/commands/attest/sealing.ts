import {
  agentSigner,
  commandSigner,
  readSigningKey,
  type Seal,
  type Signer,
  sealKeyless,
  sealWithKey,
} from '../../attest/index.ts';
import { SallyportError } from '../../errors/index.ts';
import { describeFileError, errorCode, readFileNoFollow, readFileWithin } from '../../system/index.ts';

export interface SealingFlags {
  readonly key?: string;
  readonly keyCommand?: readonly string[];
  readonly publicKey?: string;
  readonly identityToken?: string;
  readonly fulcioUrl?: string;
  readonly tsaUrl?: string;
  readonly rekorUrl?: string;
}

const MAX_PUBLIC_KEY = 64 * 1024;
/** Milliseconds for a request to a certificate authority, time stamp authority or log. */
const NETWORK_TIMEOUT = 30_000;

/**
 * How statements are signed: with a key file, by a key service, or with the identity of the job. Exactly one.
 * @throws SallyportError SP1001 for none or several, SP2502, SP2503
 */
export async function chooseSeal(
  flags: SealingFlags,
  environment: { readonly [name: string]: string | undefined },
): Promise<Seal> {
  const ways = [flags.key, flags.keyCommand, flags.identityToken].filter((way) => way !== undefined);
  if (ways.length !== 1)
    throw new SallyportError('SP1001', 'say how to sign: one of --key, --key-command, --identity-token');
  if (flags.key?.endsWith('.pub') === true) return sealWithKey(await signerInAgent(flags.key, environment));
  if (flags.key !== undefined) return sealWithKey(await readSigningKey(flags.key));
  if (flags.keyCommand !== undefined) return sealWithKey(await serviceSigner(flags, flags.keyCommand, environment));
  const tokenFile = flags.identityToken ?? '';
  if (flags.fulcioUrl === undefined)
    throw new SallyportError('SP1001', '--identity-token needs --fulcio-url: who issues the certificate');
  return sealKeyless({
    identityToken: () => readToken(tokenFile),
    fulcioUrl: flags.fulcioUrl,
    tsaUrl: flags.tsaUrl,
    rekorUrl: flags.rekorUrl,
    timeout: NETWORK_TIMEOUT,
  });
}

/** The public half means the key of that name in the SSH agent. */
async function signerInAgent(
  path: string,
  environment: { readonly [name: string]: string | undefined },
): Promise<Signer> {
  const socket = environment['SSH_AUTH_SOCK'];
  if (socket === undefined || socket === '')
    throw new SallyportError('SP2502', `${path} is a public key, and there is no SSH agent (SSH_AUTH_SOCK)`);
  const publicKey = readPublicKey(path);
  return agentSigner({ socket, publicKey });
}

async function serviceSigner(
  flags: SealingFlags,
  command: readonly string[],
  environment: { readonly [name: string]: string | undefined },
) {
  if (flags.publicKey === undefined) throw new SallyportError('SP1001', '--key-command needs --public-key FILE');
  const publicKey = readPublicKey(flags.publicKey);
  // A key service's client finds its account in the environment.
  const defined = Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  return commandSigner({ command, publicKey, environment: Object.fromEntries(defined) });
}

function readPublicKey(path: string): string {
  try {
    return readFileWithin(path, MAX_PUBLIC_KEY).toString('utf8');
  } catch (cause) {
    throw new SallyportError('SP2502', `${path}: ${describeFileError(cause)}`, { cause });
  }
}

/** The file that the CI system wrote the OIDC token to. Not a flag's value: those stand in lists of processes. */
async function readToken(path: string): Promise<string> {
  try {
    return (await readFileNoFollow(path, 64 * 1024)).toString('latin1').trim();
  } catch (error) {
    throw new SallyportError('SP2503', `cannot read the identity token: ${errorCode(error) ?? 'no regular file'}`);
  }
}
