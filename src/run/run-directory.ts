import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SallyportError } from '../errors/index.ts';
import { describeFileError } from '../system/index.ts';
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

/** Bytes of the longest path that a Unix socket may have (unix(7), `sun_path` without its end). */
const SOCKET_PATH_BYTES = 107;

/**
 * @param root where temporary files of this host go.
 * @throws SallyportError SP1202 when it cannot hold the directory.
 */
export function createRunDirectory(
  root: string,
  agent: Identity | undefined,
  broker: Identity | undefined,
): RunDirectory {
  const path = makePrivate(resolve(root));
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
    if (Buffer.byteLength(directory.socket) > SOCKET_PATH_BYTES)
      throw unusable(root, `its path is too long: that of a socket in it may have ${SOCKET_PATH_BYTES} bytes`);
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

function makePrivate(root: string): string {
  try {
    return mkdtempSync(join(root, RUN_DIRECTORY_PREFIX));
  } catch (cause) {
    throw unusable(root, describeFileError(cause), cause);
  }
}

function unusable(root: string, reason: string, cause?: unknown): SallyportError {
  return new SallyportError('SP1202', `the temporary directory ${root} cannot be used: ${reason}`, {
    cause,
    advice: 'Set TMPDIR to a directory that exists, is writable and has a short path.',
  });
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
