import { existsSync, mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';

/** What a command and all that it starts take of the processors, also of what outlives its parent. */
export interface ProcessorMeter extends Disposable {
  /** The command, put into the meter's control group before it starts. */
  wrap(argv: readonly string[]): readonly string[];
  /** Milliseconds of processor time so far. */
  read(): number;
}

const NANOSECONDS = 1e6;
const MICROSECONDS = 1e3;

/** Hierarchies that count processor time, and the file that says it: version 1, then 2. */
const PLACES = [
  { mount: '/sys/fs/cgroup/cpuacct', needs: 'cgroup.procs', parse: readUsage },
  { mount: '/sys/fs/cgroup', needs: 'cgroup.controllers', parse: readStat },
] as const;

/** Undefined where no control group can be made: only root can, and not in every container. */
export function createProcessorMeter(): ProcessorMeter | undefined {
  const place = PLACES.find(({ mount, needs }) => existsSync(join(mount, needs)));
  if (place === undefined) return undefined;
  const group = join(place.mount, `sallyport-bench-${process.pid}`);
  try {
    mkdirSync(group);
  } catch {
    // Not ours to make: the bench then prints no processor time.
    return undefined;
  }
  return {
    wrap: (argv) => ['/bin/sh', '-c', `echo $$ > ${join(group, 'cgroup.procs')} && exec "$@"`, 'sh', ...argv],
    read: () => place.parse(group),
    [Symbol.dispose]: () => rmdirSync(group),
  };
}

function readUsage(group: string): number {
  return Number(readFileSync(join(group, 'cpuacct.usage'), 'latin1')) / NANOSECONDS;
}

function readStat(group: string): number {
  const stat = readFileSync(join(group, 'cpu.stat'), 'latin1');
  return Number(/^usage_usec (\d+)$/m.exec(stat)?.[1] ?? Number.NaN) / MICROSECONDS;
}
