import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { exists, hasCode, isAlive, type JsonObject, type ProcessEntry } from '../system/index.ts';
import type { WorkspaceLayout } from './airlock/workspace-mount.ts';
import type { OpenCanaries } from './canaries.ts';
import type { ControlGroups } from './cgroup.ts';
import type { RunNamespaces } from './namespaces.ts';
import type { OuterSandbox } from './outer.ts';
import { clearRunDirectory, removeRunDirectory } from './run-lock.ts';

/** One kind of thing a run makes: how many there were, and what is left. */
export type Residue = { readonly made: number; readonly left: readonly string[] };

/** Evidence that nothing of the run is left; the last record of a run. */
export type TeardownReport = JsonObject & {
  readonly clean: boolean;
  readonly processes: Residue;
  readonly controlGroups: Residue;
  readonly mounts: Residue;
  readonly sockets: Residue;
  /** Counted by namespace: one without a member is gone, and its objects with it (ipc_namespaces(7)). */
  readonly systemVObjects: Residue;
  readonly files: Residue;
  readonly errors: readonly string[];
};

export interface TeardownParts {
  readonly outer: OuterSandbox;
  /** Processes of the run that were seen alive. */
  readonly seen: readonly ProcessEntry[];
  readonly canaries: OpenCanaries;
  readonly groups: ControlGroups;
  readonly runDirectory: string;
  readonly layout: WorkspaceLayout;
  /** Those of the processes seen; closed here. */
  readonly namespaces: RunNamespaces;
}

const DEATH_MILLISECONDS = 10_000;
const POLL_MILLISECONDS = 2;

/**
 * Kills everything of the run, removes what it made on the host, then looks whether it is gone. A step that fails is
 * noted and the next one is done all the same.
 */
export async function tearDown(parts: TeardownParts): Promise<TeardownReport> {
  const errors: string[] = [];
  const attempt = async <T>(step: string, action: () => T | Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await action();
    } catch (error) {
      errors.push(`${step}: ${error instanceof Error ? error.message : String(error)}`);
      return otherwise;
    }
  };
  const killing = attempt('processes', () => killAll(parts), parts.seen.map(describe));
  // While they die, which the kernel takes its time for. What cannot be removed yet is removed when they are dead. The
  // lock goes last: whoever is killed here leaves control groups that only it tells of.
  const [alive] = await Promise.all([killing, clearRunDirectory(parts.runDirectory).catch(() => undefined)]);
  const groups = await attempt('control groups', () => removeGroups(parts.groups), parts.groups.paths);
  await attempt('sockets', () => Promise.resolve(parts.canaries[Symbol.asyncDispose]()), undefined);
  const sockets = await attempt('sockets', () => socketsIn(parts.runDirectory), []);
  const mounts = await attempt('mounts', () => mountsIn(parts.runDirectory), []);
  await attempt('files', () => removeRunDirectory(parts.runDirectory), undefined);
  const filesLeft = await attempt('files', () => exists(parts.runDirectory), true);
  const objects = await attempt('System V objects', () => objectHolders(parts.namespaces), ['unknown']);
  const ipcNamespaces = parts.namespaces.count('ipc');
  await attempt('namespaces', () => parts.namespaces.close(), undefined);
  const report = {
    processes: { made: parts.seen.length, left: alive },
    controlGroups: { made: parts.groups.paths.length, left: groups },
    // The airlock's two file systems in memory, the overlay where there is one, and the sandbox's view: all in its own
    // mount namespace.
    mounts: { made: parts.layout === 'layered' ? 4 : 3, left: mounts },
    sockets: { made: 3, left: sockets },
    systemVObjects: { made: ipcNamespaces, left: objects },
    files: { made: 1, left: filesLeft ? [parts.runDirectory] : [] },
  };
  const isClean = errors.length === 0 && Object.values(report).every((residue) => residue.left.length === 0);
  return { clean: isClean, ...report, errors };
}

/**
 * The end of the outer bubblewrap is the end of its pid namespace, and the kernel kills whatever is in it. Waits until
 * both those that were seen and those that were not are gone.
 */
async function killAll(parts: TeardownParts): Promise<readonly string[]> {
  parts.outer.close();
  for (let waited = 0; ; waited += POLL_MILLISECONDS) {
    const known = parts.seen.filter(isAlive);
    const isOver = waited >= DEATH_MILLISECONDS;
    // Whoever was not seen is looked for among all processes of the host, and so not before those that were are gone.
    const alive = known.length > 0 && !isOver ? known : [...known, ...parts.namespaces.members('pid')];
    if (alive.length === 0 || isOver) return [...new Set(alive.map(describe))];
    for (const entry of alive) kill(entry.pid);
    await sleep(POLL_MILLISECONDS);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // Gone in the meantime, or not ours to signal: then it is reported as left.
    if (!hasCode(error, 'ESRCH', 'EPERM')) throw error;
  }
}

function describe(entry: ProcessEntry): string {
  return `${entry.name} (${entry.pid})`;
}

/** A group can be removed as soon as its last process is reaped, which may be a moment after its death. */
async function removeGroups(groups: ControlGroups): Promise<readonly string[]> {
  for (let waited = 0; ; waited += POLL_MILLISECONDS) {
    const left = groups.remove();
    if (left.length === 0 || waited >= DEATH_MILLISECONDS) return left;
    await sleep(POLL_MILLISECONDS);
  }
}

function mountsIn(directory: string): readonly string[] {
  const lines = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
  return lines.map((line) => line.split(' ')[4] ?? '').filter((path) => path.startsWith(`${directory}/`));
}

/** Listening sockets by path; the broker closes its own before the run is torn down. */
function socketsIn(directory: string): readonly string[] {
  const lines = readFileSync('/proc/net/unix', 'latin1').split('\n');
  const listening = lines.map((line) => line.split(/\s+/)).filter((fields) => fields[3] === '00010000');
  return listening.map((fields) => fields[7] ?? '').filter((path) => path.startsWith(`${directory}/canary`));
}

/**
 * Who keeps System V objects of the run in being: a member of one of its IPC namespaces, or a process of it that was in
 * the host's. Counting the host's objects would count other people's.
 */
function objectHolders(namespaces: RunNamespaces): readonly string[] {
  return [...namespaces.members('ipc'), ...namespaces.inHostIpc].map(describe);
}
