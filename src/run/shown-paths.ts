import { spawnSync } from 'node:child_process';
import { constants, cpSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SallyportError } from '../errors/index.ts';
import type { ReadOnlyMount } from '../sandbox/index.ts';
import type { Identity } from './identity.ts';

/** What the agent is to see of the host beside the system directories. */
export interface ShownPaths {
  /** The agent's own program, and the runtime it needs. */
  readonly programs: readonly string[];
  /** What the policy names under `workspace.readOnly`. */
  readonly named: readonly string[];
  /** Directory of the run in which copies may be made; it goes with the run. */
  readonly copies: string;
  /** Who the agent is, when root starts it. */
  readonly identity: Identity | undefined;
}

/**
 * The mounts for these paths. Under root the agent is somebody else, who may not enter where root installed it
 * (`/root/.local`, `/root/.nvm`): such a program is copied, for the person named it and nothing else lies there.
 *
 * @throws SallyportError SP1201 for a path of the policy that is not there, or that the agent's identity may not read.
 */
export function mountsOf({ programs, named, copies, identity }: ShownPaths): readonly ReadOnlyMount[] {
  for (const path of named) checkNamed(path, identity);
  const shown = [...new Set(programs)].map((path, index) =>
    identity === undefined || isReadable(path, identity) ? asItIs(path) : copied(path, join(copies, String(index))),
  );
  return [...shown, ...named.filter((path) => !programs.includes(path)).map(asItIs)];
}

function asItIs(path: string): ReadOnlyMount {
  return { source: path, target: path, optional: false };
}

function checkNamed(path: string, identity: Identity | undefined): void {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) {
    const advice = 'Correct or remove the entry.';
    throw new SallyportError('SP1201', `workspace.readOnly names ${path}, which is not there`, { advice });
  }
  if (identity === undefined || isReadable(path, identity)) return;
  const advice = 'Let others read it, or start the run as the user who owns it.';
  const who = `the agent, which root starts as user ${identity.uid}`;
  throw new SallyportError('SP1201', `workspace.readOnly names ${path}, which cannot be read by ${who}`, { advice });
}

/** Mode bits that let everybody read say it at once; else the system is asked, for it also knows of access lists. */
function isReadable(path: string, { uid, gid }: Identity): boolean {
  if (isOpenToAll(path)) return true;
  return spawnSync('/usr/bin/test', ['-r', path], { uid, gid, env: {}, stdio: 'ignore' }).status === 0;
}

function isOpenToAll(path: string): boolean {
  if ((statSync(path).mode & constants.S_IROTH) === 0) return false;
  for (let directory = dirname(path); directory !== '/'; directory = dirname(directory))
    if ((statSync(directory).mode & constants.S_IXOTH) === 0) return false;
  return true;
}

function copied(path: string, copy: string): ReadOnlyMount {
  mkdirSync(dirname(copy), { recursive: true, mode: 0o755 });
  try {
    cpSync(path, copy, { recursive: true, verbatimSymlinks: true, mode: constants.COPYFILE_FICLONE });
  } catch (cause) {
    const advice = 'Install it where every user may read it.';
    throw new SallyportError('SP1201', `${path} cannot be copied for the agent`, { cause, advice });
  }
  spawnSync('/bin/chmod', ['-R', 'a+rX', copy], { env: {}, stdio: 'ignore' });
  return { source: copy, target: path, optional: false };
}
