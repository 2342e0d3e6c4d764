import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Identity } from './identity.ts';

/**
 * The private directory of one run. Only its name is visible to others; what is in it is removed at the end and its
 * absence is part of the teardown proof.
 */
export interface RunDirectory {
  readonly path: string;
  /** What staging makes: the tree, the parked versions, the baseline. */
  readonly stage: string;
  /** The staged tree: lower layer of the agent's workspace. */
  readonly lower: string;
  /** The change's own versions of agent configuration, as data. */
  readonly parked: string;
  /** Copies of programs that the agent's identity may not read where they are; there only when needed. */
  readonly programs: string;
  /** The broker's socket lives alone in its directory. */
  readonly socketDirectory: string;
  readonly socket: string;
  /** Where the airlock leaves the change. */
  readonly collected: string;
}

/** Directories of runs begin so; the sweep of stale runs knows them by it. */
export const RUN_DIRECTORY_PREFIX = 'sallyport-run-';

export function createRunDirectory(
  root: string,
  agent: Identity | undefined,
  broker: Identity | undefined,
): RunDirectory {
  const path = mkdtempSync(join(root, RUN_DIRECTORY_PREFIX));
  // Passable but not readable by others: under root the agent's and the broker's identities must reach their own parts.
  chmodSync(path, agent ? 0o711 : 0o700);
  const stage = join(path, 'stage');
  const directory: RunDirectory = {
    path,
    stage,
    lower: join(stage, 'tree'),
    parked: join(stage, 'parked'),
    programs: join(path, 'programs'),
    socketDirectory: join(path, 'broker'),
    socket: join(path, 'broker', 'broker.sock'),
    collected: join(path, 'collected'),
  };
  try {
    makeFor(directory.stage, agent);
    makeFor(directory.collected, agent);
    makeFor(directory.socketDirectory, broker);
  } catch (error) {
    // In a user namespace that does not know the identity; nothing is in the directory yet.
    rmSync(path, { recursive: true });
    throw error;
  }
  return directory;
}

function makeFor(path: string, owner: Identity | undefined): void {
  mkdirSync(path, { mode: 0o700 });
  if (owner) chownSync(path, owner.uid, owner.gid);
}

/** Hands the bound socket to the identity of the airlock: from here on only it can connect, and the broker only accepts. */
export function handOverSocket(directory: RunDirectory, agent: Identity | undefined): void {
  chmodSync(directory.socket, 0o600);
  if (!agent) return;
  chownSync(directory.socket, agent.uid, agent.gid);
  chownSync(directory.socketDirectory, agent.uid, agent.gid);
}
