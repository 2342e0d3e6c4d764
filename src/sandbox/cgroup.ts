import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Limits } from '../policy/index.ts';
import { errorCode } from '../system/index.ts';

/** Tasks beside the agent's own that a group holds: two bubblewraps and the probe. */
const OWN_TASKS = 8;
const MIB = 1024 * 1024;
const ROOT = '/sys/fs/cgroup';

/** Control groups of one run. Empty when the host gives us none: then rlimits and supervision hold the limits. */
export interface ControlGroups {
  readonly paths: readonly string[];
  readonly holds: { readonly memory: boolean; readonly processes: boolean };
  add(pid: number): void;
  /** Makes the next moves fast, where the host lets us; they work without it. Never rejects. */
  prepare(): Promise<void>;
  /** How many processes the kernel killed for memory. */
  memoryKills(): number;
  /** Removes the groups; returns those that are still there. */
  remove(): readonly string[];
}

interface Group {
  readonly path: string;
  readonly memory: boolean;
  readonly processes: boolean;
}

/** Creates the groups the host lets us have: version 2 where it has the controllers, else version 1. */
export function createControlGroups(name: string, limits: Limits, mountRoot = ROOT): ControlGroups {
  const unified = createUnified(name, limits, mountRoot);
  const groups = unified === undefined ? createLegacy(name, limits, mountRoot) : [unified];
  return {
    paths: groups.map((group) => group.path),
    holds: { memory: groups.some((group) => group.memory), processes: groups.some((group) => group.processes) },
    add: (pid) => {
      for (const group of groups) writeFileSync(join(group.path, 'cgroup.procs'), String(pid));
    },
    prepare: () => (unified === undefined ? moveNothing('memory', mountRoot) : moveNothing('', mountRoot)),
    memoryKills: () => groups.map(({ path }) => memoryKills(path)).reduce((sum, kills) => sum + kills, 0),
    remove: () => groups.map((group) => group.path).filter((path) => !removeGroup(path)),
  };
}

/**
 * Moves this process to where it is. The first move for some time waits until every processor has passed a quiet point,
 * ten milliseconds and more; one that follows at once does not (`cgroup_threadgroup_rwsem` in kernel/cgroup/cgroup.c).
 */
async function moveNothing(controller: string, mountRoot: string): Promise<void> {
  const place = join(mountRoot, controller, ownGroup(controller), 'cgroup.procs');
  await writeFile(place, String(process.pid), { flag: 'r+' }).catch(() => undefined);
}

/** Every place a run's groups can be, for the sweep of runs that were killed. */
export function leftoverGroups(name: string, mountRoot = ROOT): readonly string[] {
  const parents = [
    ...unifiedParents(mountRoot),
    ...legacyParents('memory', mountRoot),
    ...legacyParents('pids', mountRoot),
  ];
  return parents.map((parent) => join(parent, name)).filter((path) => existsSync(path));
}

export function removeGroup(path: string): boolean {
  try {
    rmdirSync(path);
    return true;
  } catch (error) {
    return errorCode(error) === 'ENOENT';
  }
}

function createUnified(name: string, limits: Limits, mountRoot: string): Group | undefined {
  const settings = {
    'memory.max': String(limits.memoryMiB * MIB),
    'pids.max': String(limits.processes + OWN_TASKS),
  };
  const path = unifiedParents(mountRoot)
    .map((parent) => join(parent, name))
    .find((group) => createGroup(group, settings));
  if (path === undefined) return undefined;
  // Swap would stretch the limit; a kernel without swap accounting has no such file.
  writeIfPresent(join(path, 'memory.swap.max'), '0');
  return { path, memory: true, processes: true };
}

function createLegacy(name: string, limits: Limits, mountRoot: string): readonly Group[] {
  const create = (controller: string, file: string, value: number): string | undefined =>
    legacyParents(controller, mountRoot)
      .map((parent) => join(parent, name))
      .find((group) => createGroup(group, { [file]: String(value) }));
  const memory = create('memory', 'memory.limit_in_bytes', limits.memoryMiB * MIB);
  const processes = create('pids', 'pids.max', limits.processes + OWN_TASKS);
  return [
    ...(memory === undefined ? [] : [{ path: memory, memory: true, processes: false }]),
    ...(processes === undefined ? [] : [{ path: processes, memory: false, processes: true }]),
  ];
}

/** Makes the group and sets every limit, or leaves nothing behind. */
function createGroup(path: string, settings: { readonly [file: string]: string }): boolean {
  try {
    mkdirSync(path);
  } catch {
    // Not ours to make: the next place is tried, and the report names what holds the limit in the end.
    return false;
  }
  try {
    for (const [file, value] of Object.entries(settings)) writeFileSync(join(path, file), value, { flag: 'r+' });
    return true;
  } catch {
    removeGroup(path);
    return false;
  }
}

/** Version 2: the delegated group of a user is the parent of our own, because a group with processes cannot have limits. */
function unifiedParents(mountRoot: string): readonly string[] {
  if (!existsSync(join(mountRoot, 'cgroup.controllers'))) return [];
  const own = ownGroup('');
  return [...new Set([mountRoot, join(mountRoot, dirname(own)), join(mountRoot, own)])];
}

/** Version 1: below our own group first, so that limits set on us keep counting. */
function legacyParents(controller: string, mountRoot: string): readonly string[] {
  const mount = join(mountRoot, controller);
  const candidates = [join(mount, ownGroup(controller)), mount];
  return [...new Set(candidates)].filter((path) => existsSync(join(path, 'cgroup.procs')));
}

/** Our own group in the hierarchy of this controller (cgroups(7)); `''` is version 2. */
function ownGroup(controller: string): string {
  const lines = readFileSync('/proc/self/cgroup', 'latin1').split('\n');
  const line = lines.map((text) => text.split(':')).find((fields) => (fields[1] ?? '').split(',').includes(controller));
  return line?.slice(2).join(':') ?? '/';
}

function memoryKills(path: string): number {
  return readCount(join(path, 'memory.events'), 'oom_kill') + readCount(join(path, 'memory.oom_control'), 'oom_kill');
}

function readCount(file: string, key: string): number {
  if (!existsSync(file)) return 0;
  return Number(new RegExp(`^${key} (\\d+)$`, 'm').exec(readFileSync(file, 'latin1'))?.[1] ?? 0);
}

function writeIfPresent(file: string, value: string): void {
  if (existsSync(file)) writeFileSync(file, value);
}
