import type { Verdict } from '../action.ts';
import { type HostTarget, type NetworkTarget, REGISTRY_KINDS } from '../document.ts';
import { isAddress, parseHostPattern } from '../host-pattern.ts';
import { EntryError } from './entry-error.ts';
import { parseSize } from './quantity.ts';
import type { NetworkInput } from './schema.ts';

const METHODS = /^[A-Za-z]+([,|][A-Za-z]+)*$/;

/**
 * Read the short form: `npm`, `host`, `host:port`, `https://host:port/path*`, `GET https://host/v1/*`,
 * `GET,POST https://host/`.
 * @throws EntryError
 */
export function readNetworkText(text: string, effect: Verdict): NetworkTarget {
  const registry = REGISTRY_KINDS.find((kind) => kind === text);
  if (registry) return { kind: 'registry', registry };
  const [first = '', second, ...more] = text.trim().split(/\s+/);
  if (more.length > 0) throw malformed(text);
  if (second !== undefined && !METHODS.test(first)) throw malformed(text);
  const methods = second === undefined ? undefined : first.toUpperCase().split(/[,|]/);
  const target = readAuthority(second ?? first, text);
  return checkTarget({ ...target, ...(methods ? { methods } : {}) }, effect, text);
}

/** Read the long form. @throws EntryError */
export function readNetworkFields(input: NetworkInput, effect: Verdict): NetworkTarget {
  const { registry, host, port, protocol, tls, methods, paths, max, address, ca } = input;
  if ((registry === undefined) === (host === undefined)) {
    throw new EntryError('an entry names either a host or a registry', 'Write `host:` or `registry:`.');
  }
  if (registry !== undefined) {
    const extra = [port, protocol, tls, methods, paths, max, address, ca].some((field) => field !== undefined);
    if (extra) throw new EntryError('a registry takes no further fields', 'Name the host to say more about it.');
    return { kind: 'registry', registry };
  }
  const bytes = max === undefined ? undefined : parseSize(max);
  if (max !== undefined && bytes === undefined) throw new EntryError(`'${max}' is not a size`, 'Write `10MiB`.');
  const pinned = address === undefined ? undefined : parseHostPattern(address);
  if (address !== undefined && (pinned === undefined || !isAddress(pinned))) {
    throw new EntryError(`'${address}' is not an IP address`, 'Write an address such as `10.0.0.5`.');
  }
  const target: HostTarget = {
    kind: 'host',
    host: canonicalHost(host ?? '', host ?? ''),
    ...(port === undefined ? {} : { port }),
    ...(protocol === undefined ? {} : { protocol }),
    ...(tls === undefined ? {} : { tls }),
    ...(methods === undefined ? {} : { methods: methods.map((method) => method.toUpperCase()) }),
    ...(paths === undefined ? {} : { paths }),
    ...(bytes === undefined ? {} : { maxBytesOut: bytes }),
    ...(pinned === undefined ? {} : { address: pinned }),
    ...(ca === undefined ? {} : { caFile: ca }),
  };
  return checkTarget(target, effect, host ?? '');
}

function readAuthority(text: string, whole: string): HostTarget {
  const match = /^(?:(https?):\/\/)?(\[[0-9a-fA-F:.]+\]|[^/:?#@[\]]+)(?::(\d{1,5}))?(\/[^?#\s]*)?$/.exec(text);
  const [, scheme, host, portText, path] = match ?? [];
  if (host === undefined || (path !== undefined && scheme === undefined)) throw malformed(whole);
  const port = portText === undefined ? undefined : Number(portText);
  if (port !== undefined && (port < 1 || port > 65535)) throw new EntryError(`there is no port ${port}`, undefined);
  const protocol = scheme === 'http' || (scheme === undefined && port === 80) ? 'http' : 'https';
  return {
    kind: 'host',
    host: canonicalHost(host, whole),
    ...(port === undefined && scheme === undefined ? {} : { port: port ?? (protocol === 'http' ? 80 : 443) }),
    ...(scheme === undefined && port === undefined ? {} : { protocol }),
    // `https://host/` is how people write a whole host, so a lone slash is no path.
    ...(path === undefined || path === '/' ? {} : { paths: [path] }),
  };
}

/** An allow entry always means one port and one protocol; a deny or ask entry means every one that it does not name. */
function checkTarget(target: HostTarget, effect: Verdict, text: string): HostTarget {
  if (effect !== 'allow') {
    if (target.tls ?? target.maxBytesOut ?? target.address ?? target.caFile) {
      throw new EntryError('`tls`, `max`, `address` and `ca` belong to allow entries', undefined);
    }
    return target;
  }
  if (target.host === '*') throw new EntryError("'*' would allow every host", 'Name the hosts.');
  if (/^\*\.[^.]+$/.test(target.host))
    throw new EntryError(`'${text}' would allow a whole top-level domain`, 'Name the hosts.');
  if (target.tls === 'tunnel' && (target.methods || target.paths)) {
    throw new EntryError('methods and paths cannot be seen in a tunnel', 'Remove `tls: tunnel`.');
  }
  const protocol = target.protocol ?? 'https';
  if (protocol === 'http' && target.tls) throw new EntryError('plain HTTP has no TLS', 'Remove `tls`.');
  if (isAddress(target.host) && target.address !== undefined && target.address !== target.host) {
    throw new EntryError('an IP literal pins itself', 'Remove `address`.');
  }
  return { ...target, protocol, port: target.port ?? (protocol === 'http' ? 80 : 443) };
}

function canonicalHost(host: string, whole: string): string {
  const canonical = parseHostPattern(host);
  if (canonical !== undefined) return canonical;
  if (host.includes('*'))
    throw new EntryError(`'${host}' is not a host pattern`, 'A `*` stands only for the first label: `*.example.org`.');
  throw malformed(whole);
}

function malformed(text: string): EntryError {
  return new EntryError(
    `'${text}' is not a network entry`,
    `Write a registry kind (${REGISTRY_KINDS.join(', ')}), a host, a URL, or \`GET https://host/path*\`.`,
  );
}
