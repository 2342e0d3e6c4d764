import { processTree, readProcessFile } from '../system/index.ts';

const POLL_MILLISECONDS = 200;
const KIB_PER_MIB = 1024;

/**
 * Watches the memory of a process tree where no control group does. Resident sizes count shared pages once for each
 * process, so a fork-heavy build looks many times its size: only when their sum is over the limit are the exact,
 * slower proportional sizes read.
 * @returns a function that ends the watch.
 */
export function watchMemory(root: number, limitMiB: number, onExceeded: () => void): () => void {
  const timer = setInterval(() => {
    const pids = processTree(root).map((entry) => entry.pid);
    const limit = limitMiB * KIB_PER_MIB;
    if (total(pids, 'status', /^VmRSS:\s+(\d+) kB/m) <= limit) return;
    if (total(pids, 'smaps_rollup', /^Pss:\s+(\d+) kB/m) > limit) onExceeded();
  }, POLL_MILLISECONDS);
  return () => clearInterval(timer);
}

function total(pids: readonly number[], file: string, pattern: RegExp): number {
  return pids.reduce((sum, pid) => sum + Number(pattern.exec(readProcessFile(pid, file) ?? '')?.[1] ?? 0), 0);
}
