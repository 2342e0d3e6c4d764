import { BlockList } from 'node:net';

/** Special-purpose ranges (IANA registries, RFC 6890) and cloud platforms' own addresses. Never dialled unpinned. */
const RESERVED_IPV4: readonly (readonly [network: string, prefix: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
];

/** All of IPv6 that is not global unicast (2000::/3), and within that what embeds or stands for other addresses. */
const RESERVED_IPV6: readonly (readonly [network: string, prefix: number])[] = [
  ['::', 3],
  ['4000::', 2],
  ['8000::', 1],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

/** Judges whether an address may be dialled for a name that the policy did not pin. */
export class AddressGuard {
  // One list a family: a list of both takes IPv4 for its mapped form, and `::/3` holds that.
  readonly #reserved = { ipv4: new BlockList(), ipv6: new BlockList() };

  /** @param own addresses of this machine: a public one must not lead back to its own services. */
  constructor(own: readonly string[]) {
    for (const [network, prefix] of RESERVED_IPV4) this.#reserved.ipv4.addSubnet(network, prefix, 'ipv4');
    for (const [network, prefix] of RESERVED_IPV6) this.#reserved.ipv6.addSubnet(network, prefix, 'ipv6');
    for (const address of own) this.#reserved[familyOf(address)].addAddress(address, familyOf(address));
  }

  isReserved(address: string): boolean {
    const family = familyOf(address);
    return this.#reserved[family].check(address, family);
  }
}

/** Of what is an address: only one of IPv6 has a colon. Node's `isIPv6` compiles a long expression, 3 ms at every start. */
function familyOf(address: string): 'ipv4' | 'ipv6' {
  return address.includes(':') ? 'ipv6' : 'ipv4';
}
