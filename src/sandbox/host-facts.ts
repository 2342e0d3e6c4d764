import { existsSync, lstatSync, readlinkSync } from 'node:fs';
import { findLoginFiles } from './login-files.ts';
import { SYSTEM_DIRECTORIES } from './plan.ts';
import { findProgramEtc } from './program-etc.ts';
import type { Architecture } from './seccomp/syscalls.ts';

/** What the arguments of the sandbox depend on, read from the host once. */
export interface HostFacts {
  readonly architecture: Architecture;
  /** `/bin`, `/lib`, … as they are: a link into `/usr`, or a directory of its own. */
  readonly systemDirectories: readonly { readonly path: string; readonly link: string | undefined }[];
  /** Which of the maskable entries of `/proc` exist. */
  readonly procEntries: readonly string[];
  /** What of `/etc` is a part of programs that are installed. */
  readonly programEtc: readonly string[];
  /** Settings below `/usr` in which logins stand; shown empty. */
  readonly loginFiles: readonly string[];
}

/** Kernel addresses, keys, the host's command line and log: nothing an honest program inside needs. */
const MASKED_PROC = [
  'cmdline',
  'config.gz',
  'kallsyms',
  'kcore',
  'key-users',
  'keys',
  'kmsg',
  'kpagecount',
  'kpageflags',
  'kpagecgroup',
  'latency_stats',
  'sched_debug',
  'slabinfo',
  'sysrq-trigger',
  'timer_list',
  'vmallocinfo',
];

/** @throws RangeError on a processor without system call tables. */
export function observeHost(): HostFacts {
  const architecture = process.arch;
  if (architecture !== 'x64' && architecture !== 'arm64') {
    throw new RangeError(`no system call table for ${architecture}`);
  }
  return {
    architecture,
    systemDirectories: SYSTEM_DIRECTORIES.filter((path) => existsSync(path)).map((path) => ({
      path,
      link: lstatSync(path).isSymbolicLink() ? readlinkSync(path) : undefined,
    })),
    procEntries: MASKED_PROC.filter((name) => existsSync(`/proc/${name}`)),
    programEtc: findProgramEtc(),
    loginFiles: findLoginFiles(),
  };
}
