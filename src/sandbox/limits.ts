import { readdirSync, statSync } from 'node:fs';
import { release } from 'node:os';
import { readProcessFile } from '../system/index.ts';
import type { ControlGroups } from './cgroup.ts';
import type { SandboxPlan } from './plan.ts';

/** What holds each limit of this run; part of its record. */
export interface LimitMechanisms {
  readonly [limit: string]: string;
  readonly processes: 'control group and rlimit' | 'rlimit';
  readonly memory: 'control group' | 'supervision';
  readonly disk: 'size of the file system';
  readonly inodes: 'inodes of the file system';
  readonly openFiles: 'rlimit';
  readonly output: 'supervision';
  readonly seconds: 'supervision';
}

/** Threads of the airlock and tasks of both bubblewraps: they count for the same user as the agent's. */
const OWN_TASKS = 48;
const MIB = 1024 * 1024;

export function limitMechanisms(groups: ControlGroups): LimitMechanisms {
  return {
    processes: groups.holds.processes ? 'control group and rlimit' : 'rlimit',
    memory: groups.holds.memory ? 'control group' : 'supervision',
    disk: 'size of the file system',
    inodes: 'inodes of the file system',
    openFiles: 'rlimit',
    output: 'supervision',
    seconds: 'supervision',
  };
}

/** Options of prlimit(1) for the inner sandbox. What this process may have less of, the agent may not have more of. */
export function resourceLimits(plan: SandboxPlan, uid: number): readonly string[] {
  const { processes, diskMiB, openFiles } = plan.limits;
  const counted = countsPerNamespace() ? 0 : tasksOf(uid);
  const ours = readProcessFile(process.pid, 'limits') ?? '';
  return [
    `--nproc=${Math.min(counted + processes + OWN_TASKS, hardLimit(ours, 'Max processes'))}`,
    `--fsize=${Math.min(diskMiB * MIB, hardLimit(ours, 'Max file size'))}`,
    `--nofile=${Math.min(openFiles, hardLimit(ours, 'Max open files'))}`,
    // One byte: too little for a file, and the only limit at which the kernel asks no crash handler of the host either,
    // which would read the process and leave a report outside (Linux, fs/coredump.c; 0 does not hold for a pipe).
    '--core=1',
    '--memlock=0',
  ];
}

/** A row of `/proc/PID/limits`: name, soft limit, hard limit, unit (proc_pid_limits(5)). */
function hardLimit(limits: string, name: string): number {
  const hard = new RegExp(`^${name} +\\S+ +(\\d+)`, 'm').exec(limits)?.[1];
  return hard === undefined ? Number.POSITIVE_INFINITY : Number(hard);
}

/** Since Linux 5.14 RLIMIT_NPROC counts within a user namespace; before, everything the user runs on the host. */
function countsPerNamespace(): boolean {
  const [major = 0, minor = 0] = release().split('.').map(Number);
  return major > 5 || (major === 5 && minor >= 14);
}

function tasksOf(uid: number): number {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .reduce((total, name) => {
      const stat = statSync(`/proc/${name}`, { throwIfNoEntry: false });
      if (stat?.uid !== uid) return total;
      return total + Number(/^Threads:\s+(\d+)/m.exec(readProcessFile(Number(name), 'status') ?? '')?.[1] ?? 0);
    }, 0);
}
