import { SallyportError } from '../../errors/index.ts';
import type { RegistryKind } from '../document.ts';
import { isAddress, parseHostPattern } from '../host-pattern.ts';
import type { NetworkGrant } from '../policy.ts';
import { type RegistrySource, SOURCES } from './sources.ts';

/** Text of a file of this machine, or undefined when there is none. */
export type ReadFile = (path: string) => string | undefined;
export type Environment = { readonly [name: string]: string | undefined };

/**
 * The hosts behind registry kinds, from this machine's own package client configuration: environment, the user's and
 * the system's files, and what the installed client ships with. Never from the repository, whose files the change
 * under test may have written. A mirror is found because it is configured; no host is known to this program.
 * @throws SallyportError SP1104 when a client names none
 */
export function resolveRegistries(
  kinds: readonly RegistryKind[],
  read: ReadFile,
  environment: Environment,
): readonly NetworkGrant[] {
  return [...new Set(kinds)].flatMap((kind) => {
    const urls = urlsOf(SOURCES[kind], read, environment);
    const grants = urls.flatMap((url) => grantFor(kind, url));
    if (grants.length === 0) {
      throw new SallyportError('SP1104', `no ${kind} registry is configured on this machine`, {
        advice: `Set it (${SOURCES[kind].variables.join(', ') || SOURCES[kind].files({}).join(', ')}), or name the host in the policy.`,
      });
    }
    const seen = new Set<string>();
    return grants.filter(({ host, port }) => {
      const key = `${host}:${port}`;
      return seen.has(key) ? false : seen.add(key);
    });
  });
}

/** What a person configured beats what the client ships with. */
function urlsOf(source: RegistrySource, read: ReadFile, environment: Environment): readonly string[] {
  const fromVariables = source.variables.flatMap((name) => source.splitVariable(environment[name] ?? ''));
  const fromFiles = source.files(environment).flatMap((path) => source.urlsIn(read(path) ?? ''));
  const configured = [...fromVariables, ...fromFiles].filter((url) => url !== '');
  if (configured.length > 0) return configured;
  for (const path of source.shipped(environment)) {
    const urls = source.shippedUrlsIn(read(path) ?? '');
    if (urls.length > 0) return urls;
  }
  return [];
}

function grantFor(kind: RegistryKind, text: string): readonly NetworkGrant[] {
  if (!URL.canParse(text)) return [];
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return [];
  const host = parseHostPattern(url.hostname);
  if (host === undefined || host.includes('*')) return [];
  const protocol = url.protocol === 'https:' ? 'https' : 'http';
  const port = url.port === '' ? (protocol === 'https' ? 443 : 80) : Number(url.port);
  return [
    { id: `registry:${kind}`, host, port, protocol, tls: 'tunnel', ...(isAddress(host) ? { address: host } : {}) },
  ];
}
