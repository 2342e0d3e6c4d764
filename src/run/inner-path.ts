import { existsSync } from 'node:fs';
import { SYSTEM_VIEW } from '../sandbox/index.ts';

/** Directories of the system view; a program there is the same inside and outside. */
const SYSTEM = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'] as const;

/** Where runner images keep tool chains: no credentials, only programs. */
const TOOL_ROOTS = ['/opt/hostedtoolcache', '/opt/toolchains'] as const;

export interface InnerPath {
  /** PATH of the agent. */
  readonly path: string;
  /** Tool roots that must be mounted read-only for it. */
  readonly mounts: readonly string[];
  /** Entries of the person's PATH that are not there inside. */
  readonly invisible: readonly string[];
}

/** The person's PATH as far as it is visible inside: system directories, tool roots of the runner, and granted mounts. */
export function innerPath(hostPath: string, granted: readonly string[], exists = existsSync): InnerPath {
  const roots = TOOL_ROOTS.filter((root) => exists(root));
  const entries = hostPath.split(':').filter((entry) => entry.startsWith('/'));
  const visible = entries.filter(
    (entry) => isSystem(entry) || [...roots, ...granted].some((root) => isWithin(entry, root)),
  );
  const mounts = roots.filter((root) => visible.some((entry) => isWithin(entry, root)));
  return {
    path: [...new Set([...visible, ...SYSTEM.filter((entry) => entry.startsWith('/usr') || entry === '/bin')])].join(
      ':',
    ),
    mounts,
    invisible: [...new Set(entries.filter((entry) => !visible.includes(entry) && exists(entry)))],
  };
}

/** Directories of the host that the agent sees under their own names: programs, tool roots on PATH, granted mounts. */
export function shownDirectories(hostPath: string, granted: readonly string[]): readonly string[] {
  return [...SYSTEM_VIEW, ...innerPath(hostPath, granted).mounts, ...granted];
}

function isSystem(entry: string): boolean {
  return isWithin(entry, '/usr') || SYSTEM.some((system) => entry === system);
}

function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(`${directory}/`);
}
