import { matchHost, matchWildcard, type NetworkGrant } from '../../policy/index.ts';
import { type Authority, formatAuthority } from './authority.ts';
import type { Credential } from './credential.ts';

/** The grants for a destination: same host, same port, same protocol. A wildcard never selects an address. */
export function findGrants(
  grants: readonly NetworkGrant[],
  target: Authority,
  protocol: NetworkGrant['protocol'],
): readonly NetworkGrant[] {
  return grants.filter(
    (grant) => grant.port === target.port && grant.protocol === protocol && selectsHost(grant.host, target),
  );
}

/** The grant of these that covers the request; `path` without query. */
export function findGrantForRequest(
  grants: readonly NetworkGrant[],
  method: string,
  path: string,
): NetworkGrant | undefined {
  return grants.find(
    ({ methods, paths }) =>
      (methods === undefined || methods.includes(method)) &&
      (paths === undefined || (isCanonicalPath(path) && paths.some((pattern) => matchWildcard(pattern, path)))),
  );
}

/** Whether TLS to the destination must end at the broker: only there methods, paths and credentials are seen. */
export function needsInspection(
  grants: readonly NetworkGrant[],
  target: Authority,
  credentials: readonly Credential[],
) {
  const bound = credentials.some((credential) => credential.hosts.includes(formatAuthority(target)));
  return bound || grants.some(inspects);
}

function inspects({ tls, methods, paths }: NetworkGrant): boolean {
  return tls === 'inspect' || methods !== undefined || paths !== undefined;
}

/** A path that every server reads as we do: no escaped dot or separator, no empty, `.` or `..` segment, no backslash. */
export function isCanonicalPath(path: string): boolean {
  if (!path.startsWith('/') || /%(?:2e|2f|5c|00|25)|\\|\/\//i.test(path)) return false;
  return path.split('/').every((segment) => !/^\.{1,2}(?:;|$)/.test(segment));
}

/** As the policy matches hosts; a wildcard never selects an address. */
function selectsHost(pattern: string, { host, isAddress }: Authority): boolean {
  return isAddress ? pattern === host : matchHost(pattern, host);
}
