import { readFileSync } from 'node:fs';
import { processTree, readProcessFile } from '../system/index.ts';

const POLL_MILLISECONDS = 200;
const KIB_PER_MIB = 1024;
/** The part of the host's memory that must stay available while a run takes what no process shows. */
const HOST_RESERVE = 1 / 20;

/** The fields of /proc/meminfo that the guard of the host needs, in KiB. */
export interface HostMemory {
  readonly total: number;
  readonly available: number;
}

export interface MemoryWatch {
  /** Process at the top of the run. */
  readonly root: number;
  readonly limitMiB: number;
  readonly onExceeded: () => void;
  /** How the host's memory is read; only tests give another way. */
  readonly readHost?: () => HostMemory;
}

/**
 * Watches the memory of a process tree where no control group does. Resident sizes count shared pages once for each
 * process, so a fork-heavy build looks many times its size: only when their sum is over the limit are the exact,
 * slower proportional sizes read. Page tables count too: a map of nothing but zeros has no other size.
 *
 * What the kernel holds for the run (buffers of sockets) is in no process. The host shows it: when as much as the limit
 * has gone since the start and almost nothing is left, the run ends before the host does.
 * @returns a function that ends the watch.
 */
export function watchMemory({ root, limitMiB, onExceeded, readHost = readHostMemory }: MemoryWatch): () => void {
  const limit = limitMiB * KIB_PER_MIB;
  const before = readHost();
  const timer = setInterval(() => {
    const pids = processTree(root).map((entry) => entry.pid);
    const tables = total(pids, 'status', /^VmPTE:\s+(\d+) kB/m);
    const isOver =
      total(pids, 'status', /^VmRSS:\s+(\d+) kB/m) + tables > limit &&
      total(pids, 'smaps_rollup', /^Pss:\s+(\d+) kB/m) + tables > limit;
    if (isOver || isExhausted(before, readHost(), limit)) onExceeded();
  }, POLL_MILLISECONDS);
  return () => clearInterval(timer);
}

function isExhausted(before: HostMemory, now: HostMemory, limit: number): boolean {
  return before.available - now.available > limit && now.available < now.total * HOST_RESERVE;
}

function readHostMemory(): HostMemory {
  const text = readFileSync('/proc/meminfo', 'latin1');
  const field = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0);
  return { total: field('MemTotal'), available: field('MemAvailable') };
}

function total(pids: readonly number[], file: string, pattern: RegExp): number {
  return pids.reduce((sum, pid) => sum + Number(pattern.exec(readProcessFile(pid, file) ?? '')?.[1] ?? 0), 0);
}
