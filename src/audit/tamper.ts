import type { AgentConfiguration } from '../agents/index.ts';
import type { AgentRun, Facts } from '../facts/index.ts';
import type { PathClass } from '../policy/index.ts';
import type { Place, SourceTree } from '../syntax/index.ts';
import { compareTrees } from '../workspace/index.ts';

/** A file that gives orders to an agent, a pipeline or a tool, and changed. */
export interface TamperEntry {
  readonly path: string;
  readonly change: 'added' | 'removed' | 'changed';
  readonly class: PathClass;
  /** What the change adds or takes away, in sentences; empty when nothing that is understood here. */
  readonly effects: readonly TamperEffect[];
}

export interface TamperEffect {
  readonly message: string;
  readonly direction: 'adds' | 'removes';
  readonly place: Place;
}

/** What changed for one agent: `2 of 3` became `3 of 3`. */
export interface RunChange {
  readonly id: string;
  readonly message: string;
  readonly place: Place;
}

export interface Tampering {
  readonly files: readonly TamperEntry[];
  readonly runs: readonly RunChange[];
}

/** Classes of files that decide what others do. */
const WATCHED: ReadonlySet<PathClass> = new Set([
  'git-internals',
  'agent-config',
  'instruction',
  'ci',
  'execution-bearing',
  'environment',
]);

/** Everything between two moments that gives somebody other orders or other power. */
export function compareForTampering(base: Facts, head: Facts, classify: (path: string) => PathClass): Tampering {
  const files = changedPaths(base.tree, head.tree)
    .map(({ path, change }) => ({ path, change, class: classify(path), effects: effectsOf(path, base, head) }))
    .filter((entry) => WATCHED.has(entry.class) || entry.effects.length > 0);
  return { files, runs: runChanges(base, head) };
}

type ChangedPath = Pick<TamperEntry, 'path' | 'change'>;

/** A file that went elsewhere is gone in one place and new in another: where it stands decides what obeys it. */
function changedPaths(base: SourceTree, head: SourceTree): readonly ChangedPath[] {
  const changes = compareTrees(base, head).flatMap(({ path, previousPath, kind }): readonly ChangedPath[] => {
    if (kind !== 'added' && kind !== 'renamed') return [{ path, change: kind === 'removed' ? 'removed' : 'changed' }];
    const added: ChangedPath = { path, change: 'added' };
    return previousPath === undefined ? [added] : [{ path: previousPath, change: 'removed' }, added];
  });
  return changes.sort((one, other) => (one.path < other.path ? -1 : 1));
}

/** Powers of one file's configuration, as sentences that can be compared. */
function powersOf(configuration: AgentConfiguration): ReadonlyMap<string, Place> {
  const { file } = configuration;
  const whole: Place = { file: file.path, span: { start: 0, end: 0 } };
  return new Map([
    ...configuration.hooks.map(({ event, command, place }) => [`a ${event} hook that runs ${command}`, place] as const),
    ...configuration.servers.map(
      ({ name, command, url, place }) => [`the MCP server ${name} (${url ?? command.join(' ')})`, place] as const,
    ),
    ...configuration.helpers.map(
      ({ key, command, place }) => [`the helper ${key} that runs ${command}`, place] as const,
    ),
    ...configuration.environment.map(({ name, place }) => [`the variable ${name} for the agent`, place] as const),
    ...configuration.allow.map(({ text, place }) => [`the grant ${text}`, place] as const),
    ...configuration.deny.map(({ text, place }) => [`the refusal ${text}`, place] as const),
    ...configuration.imports.map(({ target, place }) => [`the import of ${target}`, place] as const),
    ...configuration.keys.map(({ path, text, place }) => [`${path} = ${text}`, place] as const),
    ...(configuration.instructions ? [['text that the agent obeys', whole] as const] : []),
  ]);
}

function effectsOf(path: string, base: Facts, head: Facts): readonly TamperEffect[] {
  const before = powersAt(path, base);
  const after = powersAt(path, head);
  return [
    ...[...after]
      .filter(([power]) => !before.has(power))
      .map(([message, place]) => ({ message, direction: 'adds' as const, place })),
    ...[...before]
      .filter(([power]) => !after.has(power))
      .map(([message, place]) => ({ message, direction: 'removes' as const, place })),
  ];
}

function powersAt(path: string, facts: Facts): ReadonlyMap<string, Place> {
  const configurations = facts.configurations.filter(({ file }) => file.path === path);
  return new Map(configurations.flatMap((configuration) => [...powersOf(configuration)]));
}

function runChanges(base: Facts, head: Facts): readonly RunChange[] {
  const before = new Map(base.runs.map((run) => [run.id, run]));
  return head.runs.flatMap((run): RunChange[] => {
    const old = before.get(run.id);
    const place = run.invocation.place;
    if (!old)
      return [{ id: run.id, message: `a new agent, ${countLegs(run)} of the 3 legs of an exfiltration`, place }];
    const legs =
      countLegs(run) === countLegs(old)
        ? []
        : [`goes from ${countLegs(old)} to ${countLegs(run)} of the 3 legs of an exfiltration`];
    const lost = lostControls(old, run).map((what) => `loses a control: ${what}`);
    const opened =
      old.startedBy === run.startedBy ? [] : [`can now be started by ${run.startedBy} (before: ${old.startedBy})`];
    return [...legs, ...opened, ...lost].map((message) => ({ id: run.id, message, place }));
  });
}

function countLegs({ trifecta }: AgentRun): number {
  return Object.values(trifecta).filter((leg) => leg !== 'no').length;
}

/** Controls that held and are gone. */
export function lostControls(base: AgentRun, head: AgentRun): readonly string[] {
  const holding = (run: AgentRun): readonly string[] =>
    run.controls.filter(({ certainty }) => certainty === 'yes').map(({ kind, what }) => `${kind}: ${what}`);
  const now = new Set(holding(head).map((control) => control.split(':')[0]));
  return holding(base).filter((control) => !now.has(control.split(':')[0]));
}
