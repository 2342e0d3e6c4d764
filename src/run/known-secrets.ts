import type { SecretGrant } from '../policy/index.ts';
import type { KnownSecret } from '../text/index.ts';

type Environment = { readonly [name: string]: string | undefined };

/** Names that CI systems and developers give to credentials. */
const SECRET_NAME =
  /(?:^|_)(?:TOKENS?|SECRETS?|KEY|PASS|PASSWD|PWD|PASSPHRASE|CREDENTIALS?|PRIVATE|AUTH|PAT|JWT|BEARER|DSN|COOKIE)(?:_|$)|PASSWORD|SSHPASS|APIKEY|_URL$/i;

/** Shorter values are too likely to occur by chance; longer ones than this are files, not keys. */
const LENGTH = { least: 12, most: 8192 } as const;

/**
 * Every secret whose value the supervisor can see: granted credentials and whatever in its own environment is named
 * like one. None of them goes in; all of them are looked for in everything that comes out.
 */
export function knownSecrets(granted: readonly KnownSecret[], environment: Environment): readonly KnownSecret[] {
  const found = new Map<string, string>(granted.map((secret) => [secret.value, secret.name]));
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined || found.has(value) || !SECRET_NAME.test(name) || !looksLikeSecret(name, value)) continue;
    found.set(value, name);
  }
  return [...found].map(([value, name]) => ({ name, value }));
}

/** Paths, switches and addresses without a password are not secrets, however they are named. */
function looksLikeSecret(name: string, value: string): boolean {
  if (value.length < LENGTH.least || value.length > LENGTH.most) return false;
  if (/_URL$/i.test(name)) return /^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:[^/\s@]+@/i.test(value);
  return !/^(?:\/|[a-z]:\\|https?:\/\/[^@]*$)/i.test(value) && !/\s/.test(value.trim());
}

export interface Credential {
  readonly grant: SecretGrant;
  readonly real: string;
}

/** The real values of the policy's credentials that exist on this host; the others are reported by name. */
export function readCredentials(
  grants: readonly SecretGrant[],
  environment: Environment,
  readFile: (path: string) => string | undefined,
): { readonly found: readonly Credential[]; readonly missing: readonly string[] } {
  const found: Credential[] = [];
  const missing: string[] = [];
  for (const grant of grants) {
    const real = ('env' in grant.from ? environment[grant.from.env] : readFile(grant.from.file))?.trim();
    if (real) found.push({ grant, real });
    else missing.push(grant.name);
  }
  return { found, missing };
}
