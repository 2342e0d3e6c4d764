import type { Decision, NetworkAction, SessionState } from './action.ts';
import type { HostTarget, NetworkRule } from './document.ts';
import { matchHost, parseHostPattern } from './host-pattern.ts';
import { type CompiledRule, collectHits, conclude, quote, type RuleSet } from './rule.ts';
import { matchWildcard } from './wildcard.ts';

export type NetworkRules = RuleSet<CompiledRule<NetworkAction>>;
type Conditions = Pick<CompiledRule<NetworkAction>, 'holds' | 'observed'>;

/** One rule for one host target (registry kinds were resolved before). */
export function compileNetworkRule(
  rule: NetworkRule,
  target: HostTarget,
  conditions: Conditions,
): CompiledRule<NetworkAction> {
  return {
    ...conditions,
    head: rule,
    says: `${rule.effect} ${describeTarget(target)}`,
    selects: (action) => selectsTarget(target, action, rule.effect),
  };
}

export function decideNetwork(set: NetworkRules, action: NetworkAction, state: SessionState): Decision {
  const host = parseHostPattern(action.host);
  const subject = `${action.protocol}://${action.host}:${action.port}`;
  if (host === undefined || host.includes('*')) {
    return { verdict: 'deny', rule: 'builtin/malformed-host', reason: `${quote(action.host)} is not a host name` };
  }
  const path = action.path === undefined ? undefined : canonicalPath(action.path);
  const canonical: NetworkAction = { ...action, host, ...(path === undefined ? {} : { path }) };
  const fit = fitsOnePath(action.path);
  if (!fit) {
    return {
      verdict: 'deny',
      rule: 'builtin/ambiguous-path',
      reason: `${quote(action.path ?? '')} reads as two paths`,
    };
  }
  return conclude(collectHits(set.rules, canonical, state), set.otherwise, `a connection to ${quote(subject)}`);
}

/**
 * Whether the target is about this connection. While the method and path are unknown (at CONNECT, before the request
 * inside is read) an allow applies for the time being and a deny that names them waits; the request is decided again.
 */
export function selectsTarget(target: HostTarget, action: NetworkAction, effect: NetworkRule['effect']): boolean {
  if (!matchHost(target.host, action.host)) return false;
  if (target.port !== undefined && target.port !== action.port) return false;
  if (target.protocol !== undefined && (target.protocol === 'http') !== (action.protocol === 'http')) return false;
  const waits = effect === 'allow';
  const method = action.method?.toUpperCase();
  if (target.methods && !(method === undefined ? waits : target.methods.includes(method))) return false;
  if (!target.paths) return true;
  const path = action.path;
  if (path === undefined) return waits;
  const readings = effect === 'allow' ? [path] : readingsOf(path);
  return target.paths.some((pattern) => readings.some((reading) => matchWildcard(pattern, reading)));
}

/** What a server may take a path for besides: slashes merged, escapes of any character of ASCII resolved, or both. */
function readingsOf(path: string): readonly string[] {
  const merge = (text: string): string => text.replace(/\/{2,}/g, '/');
  const decoded = path.replace(/%([0-7][0-9a-f])/gi, (_, hex: string) => {
    return String.fromCharCode(Number.parseInt(hex, 16));
  });
  return [path, merge(path), decoded, merge(decoded)];
}

/** The path without its query, percent escapes of unreserved characters resolved (RFC 3986 §6.2.2.2). */
function canonicalPath(path: string): string {
  const bare = path.split(/[?#]/, 1)[0] ?? '';
  return bare.replace(/%([0-9a-f]{2})/gi, (encoded, hex: string) => {
    const character = String.fromCharCode(Number.parseInt(hex, 16));
    return /[A-Za-z0-9._~-]/.test(character) ? character : encoded;
  });
}

/** A server may read dot segments, encoded separators and backslashes as another path than we do: refuse them. */
function fitsOnePath(path: string | undefined): boolean {
  if (path === undefined) return true;
  const canonical = canonicalPath(path);
  if (/\\|%2f|%5c|%00|[\u0000-\u0020\u007f]/i.test(canonical)) return false;
  return !canonical.split('/').some((segment) => segment === '.' || segment === '..' || segment.startsWith('..;'));
}

export function describeTarget(target: HostTarget): string {
  const methods = target.methods ? `${target.methods.join(', ')} ` : '';
  const scheme = target.protocol ? `${target.protocol}://` : '';
  const host = target.host.includes(':') ? `[${target.host}]` : target.host;
  const port = target.port === undefined ? '' : `:${target.port}`;
  return `${methods}${scheme}${host}${port}${target.paths ? ` ${target.paths.join(', ')}` : ''}`;
}
