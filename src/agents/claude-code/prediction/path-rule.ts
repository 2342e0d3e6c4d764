import { matchSequence } from '../../../policy/index.ts';
import type { Behaviour } from './behaviour.ts';
import type { PermissionRule } from './permission-rule.ts';
import { type Ground, isInsideOf } from './place.ts';

/** More segments no honest path has. */
const MOST_SEGMENTS = 256;

/** A pattern of `Read(…)` or `Edit(…)`: segments below a directory, at any depth or from there. */
interface PathPattern {
  readonly anchor: string;
  readonly segments: readonly string[];
}

/**
 * Whether a path rule is about this absolute path, in the manner of `.gitignore` (reference: agents §2.4.7). Case is
 * ignored. A rule about a folder is about everything in it.
 */
export function matchesPath(rule: PermissionRule, path: string, ground: Ground, behaviour: Behaviour): boolean {
  const pattern = readPattern(rule, ground, behaviour);
  if (pattern === undefined || !isInsideOf(path, pattern.anchor)) return false;
  const below = path
    .slice(pattern.anchor.length)
    .split('/')
    .filter((segment) => segment !== '');
  if (below.length === 0) return false;
  if (below.length > MOST_SEGMENTS) return rule.list !== 'allow';
  return matchesSegments(
    pattern.segments,
    below.map((segment) => segment.toLowerCase()),
    rule.list,
  );
}

/** @returns undefined for patterns that match nothing: negated ones, folders that a path cannot climb to. */
function readPattern(
  { spec = '', source, list }: PermissionRule,
  ground: Ground,
  behaviour: Behaviour,
): PathPattern | undefined {
  const { directory, home } = ground.place;
  if (/^!/.test(spec) || /^\s|\s$/.test(spec) || /^(?:\.|\.\/|~|~\/|)$/.test(spec)) return undefined;
  if (spec.startsWith('//')) return patternAt('/', spec.slice(1), true);
  if (spec.startsWith('~/')) return patternAt(home, spec.slice(1), true);
  if (spec.startsWith('/')) return patternAt(source === 'user' ? `${home}/.claude` : directory, spec, true);
  const plain = spec.replace(/^\.\//, '');
  const isFolder = plain.endsWith('/**');
  const anchored = list === 'allow' && isFolder && !behaviour.allowsAtAnyDepth;
  return patternAt(directory, plain, anchored);
}

/** `dir/**` is read as `dir`; a pattern with a slash elsewhere than at its end starts at the anchor. */
function patternAt(anchor: string, text: string, anchored: boolean): PathPattern | undefined {
  const folder = text === '**' ? '' : text.replace(/\/\*\*$/, '');
  const segments = folder.split('/').filter((segment) => segment !== '');
  if (segments.length > MOST_SEGMENTS) return undefined;
  const fromAnchor = anchored || folder.replace(/\/$/, '').includes('/');
  const folded = segments.map((segment) => segment.toLowerCase());
  return { anchor, segments: fromAnchor || folded.length === 0 ? folded : ['**', ...folded] };
}

/** Whether the pattern matches the path or a folder above it. `**` is any number of segments. */
function matchesSegments(pattern: readonly string[], path: readonly string[], list: PermissionRule['list']): boolean {
  let reached = new Set([0]);
  for (let depth = 0; ; depth++) {
    for (const at of reached) if (pattern[at] === '**') reached.add(at + 1);
    if (reached.has(pattern.length)) return true;
    const segment = path[depth];
    if (segment === undefined || reached.size === 0) return false;
    const next = new Set<number>();
    for (const at of reached) {
      const wanted = pattern[at];
      if (wanted === '**') next.add(at);
      else if (wanted !== undefined && matchesSegment(wanted, segment, list)) next.add(at + 1);
    }
    reached = next;
  }
}

/** `[…]` is not modelled: it is taken to match where the rule refuses or asks, and not to where it approves. */
function matchesSegment(pattern: string, segment: string, list: PermissionRule['list']): boolean {
  if (pattern.includes('[')) return list !== 'allow';
  return matchSequence(pattern, segment, '*', (one, other) => one === '?' || one === other);
}
