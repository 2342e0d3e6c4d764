import { lstat, readdir, rmdir, unlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  clearDirectory,
  errorCode,
  hasCode,
  isAlive,
  processIds,
  readFileNoFollow,
  readProcess,
  readProcessFile,
  removeTree,
  writeFileExclusive,
} from '../system/index.ts';
import { leftoverGroups, removeGroup } from './cgroup.ts';

const LOCK_NAME = 'lock';
const LOCK_BYTES = 4096;

interface RunLock {
  readonly pid: number;
  readonly startTime: string;
  readonly runId: string;
  /** Pids and start times begin anew at every boot. */
  readonly boot: string;
}

/** Control groups of a run are named after it. */
export function groupName(runId: string): string {
  return `sallyport-${runId}`;
}

/** Says whose run directory this is, so that `sweepStale` of another run leaves it alone while we live. */
export async function lockRunDirectory(runDirectory: string, runId: string): Promise<void> {
  const lock: RunLock = {
    pid: process.pid,
    startTime: readProcess(process.pid)?.startTime ?? '',
    runId,
    boot: await bootId(),
  };
  await writeFileExclusive(join(runDirectory, LOCK_NAME), JSON.stringify(lock));
}

/** Removes what a run directory holds but for its lock: as long as that is there, `sweepStale` finds what else is left. */
export async function clearRunDirectory(runDirectory: string): Promise<void> {
  await clearDirectory(runDirectory, LOCK_NAME);
}

/** Removes a run directory, lock and all: for when nothing else of the run is left. */
export async function removeRunDirectory(runDirectory: string): Promise<void> {
  try {
    await unlink(join(runDirectory, LOCK_NAME));
    await rmdir(runDirectory);
  } catch (error) {
    if (!hasCode(error, 'ENOENT', 'ENOTEMPTY')) throw error;
    await removeTree(runDirectory);
  }
}

export interface SweepReport {
  /** Run directories that were removed. */
  readonly removed: readonly string[];
  /** What could not be removed, with the reason. */
  readonly errors: readonly string[];
}

/**
 * Removes what runs left behind that were killed: their processes died with them (`--die-with-parent`), but for one
 * that was just being made; their directories and control groups did not. Never touches a live run's, another user's,
 * or one without a lock that is younger than a minute (it may just be starting).
 * @param now milliseconds since the epoch.
 */
export async function sweepStale(runRoot: string, prefix: string, now: number): Promise<SweepReport> {
  const names = (await readdir(runRoot)).filter((name) => name.startsWith(prefix));
  const boot = await bootId();
  const removed: string[] = [];
  const errors: string[] = [];
  for (const name of names) {
    const path = join(runRoot, name);
    try {
      if (!(await isStale(path, boot, now))) continue;
      endWaiting(path);
      await removeGroups(path);
      await removeTree(path);
      removed.push(path);
    } catch (error) {
      errors.push(`${path}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { removed, errors };
}

const STARTING_MILLISECONDS = 60_000;

async function isStale(path: string, boot: string, now: number): Promise<boolean> {
  const stat = await lstat(path);
  if (!stat.isDirectory() || stat.uid !== process.getuid?.()) return false;
  const lock = await readLock(path);
  if (lock === undefined) return now - stat.mtimeMs > STARTING_MILLISECONDS;
  return lock.boot !== boot || !isAlive(lock);
}

/**
 * Bubblewrap's child waits for a sign of its parent before it can ask to die with it. Where both parent and supervisor
 * were killed in that moment it waits for ever, with the command line of the outer sandbox.
 */
function endWaiting(runDirectory: string): void {
  for (const pid of processIds()) {
    const [program = '', ...options] = (readProcessFile(pid, 'cmdline') ?? '').split('\0');
    const isOurs = basename(program) === 'bwrap' && options[options.indexOf('--chdir') + 1] === runDirectory;
    if (isOurs) kill(pid);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // Gone in the meantime, or another user's, whose command line only looks like ours.
    if (!hasCode(error, 'ESRCH', 'EPERM')) throw error;
  }
}

async function removeGroups(path: string): Promise<void> {
  const lock = await readLock(path);
  if (lock === undefined) return;
  const left = leftoverGroups(groupName(lock.runId)).filter((group) => !removeGroup(group));
  if (left.length > 0) throw new Error(`control group still in use: ${left.join(', ')}`);
}

async function readLock(path: string): Promise<RunLock | undefined> {
  try {
    const value: unknown = JSON.parse((await readFileNoFollow(join(path, LOCK_NAME), LOCK_BYTES)).toString());
    return isLock(value) ? value : undefined;
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isLock(value: unknown): value is RunLock {
  if (typeof value !== 'object' || value === null) return false;
  const { pid, startTime, runId, boot } = value as { readonly [key: string]: unknown };
  return typeof pid === 'number' && typeof startTime === 'string' && typeof boot === 'string' && isRunId(runId);
}

/** It becomes a path of a control group. */
function isRunId(value: unknown): boolean {
  return typeof value === 'string' && /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(value);
}

async function bootId(): Promise<string> {
  return (await readFileNoFollow('/proc/sys/kernel/random/boot_id', LOCK_BYTES)).toString().trim();
}
