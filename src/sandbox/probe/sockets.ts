import { isIPv4 } from 'node:net';

/** `struct sockaddr_in` (ip(7)). */
export function inetAddress(address: string, port: number): Buffer {
  if (!isIPv4(address)) throw new RangeError(`not an IPv4 address: ${address}`);
  const bytes = Buffer.alloc(16);
  bytes.writeUInt16LE(AF_INET, 0);
  bytes.writeUInt16BE(port, 2);
  bytes.set(address.split('.').map(Number), 4);
  return bytes;
}

/** `struct sockaddr_in6` (ipv6(7)); the address as eight groups. */
export function inet6Address(groups: readonly number[], port: number): Buffer {
  const bytes = Buffer.alloc(28);
  bytes.writeUInt16LE(AF_INET6, 0);
  bytes.writeUInt16BE(port, 2);
  groups.forEach((group, index) => {
    bytes.writeUInt16BE(group, 8 + index * 2);
  });
  return bytes;
}

/** `struct sockaddr_un` (unix(7)); a name that begins with NUL is abstract. */
export function unixAddress(name: string): Buffer {
  const family = Buffer.alloc(2);
  family.writeUInt16LE(AF_UNIX, 0);
  return Buffer.concat([family, Buffer.from(name), ...(name.startsWith('\0') ? [] : [Buffer.alloc(1)])]);
}

export const AF_UNIX = 1;
export const AF_INET = 2;
export const AF_INET6 = 10;
export const SOCK_STREAM = 1;
export const SOCK_DGRAM = 2;
export const SOCK_RAW = 3;
/** Every socket of the probe closes when it becomes the agent. */
export const SOCK_CLOEXEC = 0o2000000;
