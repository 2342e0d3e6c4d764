import { isIP } from 'node:net';
import type { NetworkGrant } from '../../policy/index.ts';
import type { AddressGuard } from './address.ts';
import type { Authority } from './authority.ts';
import { within } from './deadline.ts';
import { Refusal } from './refusal.ts';

export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

export type Resolve = (host: string) => Promise<readonly ResolvedAddress[]>;

/**
 * The addresses that may be dialled for a destination, IPv4 first. The name is resolved once and exactly these
 * addresses are dialled, so that a second answer (DNS rebinding) has no say. One reserved address among the answers
 * refuses the name: only a grant that pins the address reaches private, loopback or metadata addresses.
 */
export async function pinAddresses(
  target: Authority,
  grants: readonly NetworkGrant[],
  guard: AddressGuard,
  resolve: Resolve,
  timeoutMs: number,
): Promise<readonly string[] | Refusal> {
  if (target.isAddress) return [target.host];
  const pinned = grants.flatMap(({ address }) => (address === undefined ? [] : [address]));
  if (pinned.length > 0) return pinned.slice(0, 1);
  const unresolvable = () => new Refusal('unresolvable-host', `${target.host} could not be resolved`);
  const answer = await within(timeoutMs, resolve(target.host).catch(unresolvable), unresolvable);
  if (answer instanceof Refusal) return answer;
  const addresses = answer.toSorted((one, other) => one.family - other.family).map(({ address }) => address);
  if (addresses.length === 0 || addresses.some((address) => isIP(address) === 0)) return unresolvable();
  const reserved = addresses.find((address) => guard.isReserved(address));
  if (reserved === undefined) return addresses;
  const advice = 'pin `address` in the policy to allow it';
  return new Refusal('reserved-address', `${target.host} resolves to the reserved address ${reserved}; ${advice}`);
}
