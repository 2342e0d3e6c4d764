import { type Action, type Decision, type SessionState, toolNames } from './action.ts';
import type { Label, LabelSource } from './document.ts';
import { compileGlobs, normalisePath } from './glob.ts';
import { matchWildcard } from './wildcard.ts';

export type Advance = (state: SessionState, action: Action, decision: Decision) => SessionState;

/** Most different counters; a session that reaches more is counted under `<plane>:*`. */
const MOST_COUNTERS = 4096;

/**
 * How the session's state grows with each decided action. Labels follow the data: a tool whose results are somebody
 * else's text, a path whose content is secret. A denied action brings no data and counts as `denied:<plane>` only.
 */
export function compileAdvance(
  sources: Readonly<Record<Label, LabelSource>>,
  workspaceRoot: string | undefined,
): Advance {
  const carries = {
    untrusted: compileSource(sources.untrusted, workspaceRoot),
    secret: compileSource(sources.secret, workspaceRoot),
  };
  return (state, action, decision) => {
    if (decision.verdict === 'deny') return { ...state, counters: increment(state.counters, `denied:${action.plane}`) };
    const { labels } = state;
    return {
      labels: {
        untrusted: labels.untrusted || carries.untrusted(action),
        secret: labels.secret || carries.secret(action),
      },
      counters: countersOf(action).reduce(increment, state.counters),
    };
  };
}

/** The keys under which an action is counted; `count()` in expressions reads them. */
export function countersOf(action: Action): readonly string[] {
  switch (action.plane) {
    case 'tool':
      return toolNames(action).map((name) => `tool:${name}`);
    case 'file':
      return [`file:${action.operation}`];
    case 'network':
      return [`network:${action.host}`];
    case 'model':
      return ['model:request'];
    case 'merge':
      return ['merge:change'];
  }
}

/** How often a key was counted. Once there are too many keys, one that has none of its own counts with all such. */
export function countOf(counters: SessionState['counters'], key: string): number {
  const name = Object.hasOwn(counters, key) ? key : overflowOf(key);
  return Object.hasOwn(counters, name) ? (counters[name] ?? 0) : 0;
}

function overflowOf(key: string): string {
  return `${key.split(':', 1)[0]}:*`;
}

function increment(counters: SessionState['counters'], key: string): SessionState['counters'] {
  const known = Object.hasOwn(counters, key) || Object.keys(counters).length < MOST_COUNTERS;
  return { ...counters, [known ? key : overflowOf(key)]: countOf(counters, key) + 1 };
}

/** A word of a command that looks like such a path counts as a read: better one label too many. */
function compileSource(source: LabelSource, root: string | undefined): (action: Action) => boolean {
  const matches = compileGlobs(source.reads, { fold: true });
  const isRead = (path: string) => matches(normalisePath(path, root));
  return (action) => {
    if (action.plane === 'file') return action.operation === 'read' && isRead(action.path);
    if (action.plane !== 'tool') return false;
    if (source.tools.some((tool) => toolNames(action).some((name) => matchWildcard(tool, name)))) return true;
    if (source.reads.length === 0) return false;
    const words = action.command?.split(/[\s"'`=;|&<>(){}]+/).filter((word) => word !== '') ?? [];
    return [...(action.reads ?? []), ...words].some(isRead);
  };
}
