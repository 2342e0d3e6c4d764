import { readdirSync, readFileSync } from 'node:fs';
import { errorCode } from './error-code.ts';

/** A process as `/proc` shows it. Pid and start time together name it for good: pids are used again. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
  /** One letter as in proc(5): `R`, `S`, `D`, `Z`, `T`, … */
  readonly state: string;
  /** Clock ticks after boot. */
  readonly startTime: string;
}

/** The number of every process visible to us, in no order. */
export function processIds(): readonly number[] {
  return readdirSync('/proc').map(Number).filter(Number.isInteger);
}

/** Every process visible to us. Those that end while we look are left out. */
export function listProcesses(): readonly ProcessEntry[] {
  return processIds().flatMap((pid) => readProcess(pid) ?? []);
}

/** One process, or undefined when there is none of that number. */
export function readProcess(pid: number): ProcessEntry | undefined {
  const text = readProcessFile(pid, 'stat');
  if (text === undefined) return undefined;
  // The name stands in parentheses and may hold any byte, also `)`: the last one ends it (proc(5)).
  const nameEnd = text.lastIndexOf(')');
  const fields = text.slice(nameEnd + 2).split(' ');
  const [state = '?', parent = '0'] = fields;
  return {
    pid,
    parent: Number(parent),
    name: text.slice(text.indexOf('(') + 1, nameEnd),
    state,
    startTime: fields[19] ?? '',
  };
}

/** A file of a process under `/proc`, or undefined when the process is gone or not ours to look at. */
export function readProcessFile(pid: number, file: string): string | undefined {
  try {
    // As UTF-8: for any other encoding Node reads through buffers of 64 KiB, hundreds of which a look at all costs.
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES' || code === 'EPERM') return undefined;
    throw error;
  }
}

/** A process and everything below it, parents before children. Empty when it is gone. */
export function processTree(root: number, processes: readonly ProcessEntry[] = listProcesses()): ProcessEntry[] {
  const children = Map.groupBy(processes, (entry) => entry.parent);
  const tree = processes.filter((entry) => entry.pid === root);
  for (const entry of tree) tree.push(...(children.get(entry.pid) ?? []));
  return tree;
}

/** Is this very process still there? A zombie counts as gone: it runs nothing and holds nothing. */
export function isAlive(process: { readonly pid: number; readonly startTime: string }): boolean {
  const entry = readProcess(process.pid);
  return entry !== undefined && entry.startTime === process.startTime && entry.state !== 'Z' && entry.state !== 'X';
}
