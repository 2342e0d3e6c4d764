import { SallyportError } from '../errors/index.ts';
import type { HostTarget, NetworkRule } from './document.ts';
import { intersectHosts, isAddress, matchHost } from './host-pattern.ts';
import { targetsOf } from './planes.ts';
import type { NetworkGrant, SecretGrant } from './policy.ts';

interface GrantInput {
  readonly rules: readonly NetworkRule[];
  readonly registries: (kind: string) => readonly NetworkGrant[];
  readonly secrets: readonly SecretGrant[];
  readonly isOver: (rule: NetworkRule) => boolean;
}

/**
 * The allow rules of the network plane as grants for the broker. TLS is inspected where a decision needs what is
 * inside: methods, paths, a deny rule that names them, an expression, a credential to be exchanged.
 * @throws SallyportError SP1101 when such a rule says `tls: tunnel`.
 */
export function grantsOf(input: GrantInput): readonly NetworkGrant[] {
  const allowed = input.rules.filter((rule) => rule.effect === 'allow' && !input.isOver(rule));
  return allowed.flatMap((rule) =>
    targetsOf(rule, input.registries).map((target) => {
      const grant = grantOf(rule, target);
      if (grant.protocol === 'http' || !needsInspection(rule, grant, input)) return grant;
      if (target.tls === 'tunnel' && rule.target.kind === 'host') {
        const message = `'${rule.id}' says 'tls: tunnel', but a rule about it needs to see the request`;
        const advice = 'Remove `tls`, or the methods, paths, conditions or secrets for this host.';
        throw new SallyportError('SP1101', message, { at: rule.at, advice });
      }
      return { ...grant, tls: 'inspect' as const };
    }),
  );
}

function grantOf(rule: NetworkRule, target: HostTarget): NetworkGrant {
  const { methods, paths, maxBytesOut, caFile, host } = target;
  const address = target.address ?? (isAddress(host) ? host : undefined);
  return {
    id: rule.id,
    host,
    port: target.port ?? (target.protocol === 'http' ? 80 : 443),
    protocol: target.protocol ?? 'https',
    tls: target.tls ?? 'tunnel',
    ...(methods ? { methods } : {}),
    ...(paths ? { paths } : {}),
    ...(maxBytesOut === undefined ? {} : { maxBytesOut }),
    ...(address === undefined ? {} : { address }),
    ...(caFile === undefined ? {} : { caFile }),
  };
}

function needsInspection(rule: NetworkRule, grant: NetworkGrant, input: GrantInput): boolean {
  if (grant.methods || grant.paths || rule.when !== undefined) return true;
  if (input.secrets.some(({ hosts }) => hosts.some((host) => coversAuthority(grant, host)))) return true;
  return input.rules.some(({ effect, target, when }) => {
    if (effect === 'allow' || target.kind !== 'host') return false;
    if (!target.methods && !target.paths && when === undefined) return false;
    return intersectHosts(target.host, grant.host) !== undefined;
  });
}

function coversAuthority(grant: NetworkGrant, authority: string): boolean {
  const separator = authority.lastIndexOf(':');
  const host = authority.slice(0, separator).replace(/^\[(.*)\]$/, '$1');
  return matchHost(grant.host, host) && Number(authority.slice(separator + 1)) === grant.port;
}
