import { posix } from 'node:path';
import { SallyportError } from '../errors/index.ts';
import type { Limits } from '../policy/index.ts';

/** A directory or file of the host that is visible read-only inside. */
export interface ReadOnlyMount {
  readonly source: string;
  readonly target: string;
  /** When false, a missing source is an error; when true it is left out. */
  readonly optional: boolean;
}

/** A file that exists inside from the start, with content made by us. */
export interface ProvidedFile {
  /** Absolute path inside. */
  readonly path: string;
  readonly content: string;
  /** How `content` says the bytes; text by default. */
  readonly encoding?: 'base64';
  readonly mode: number;
  /** True when the agent may change it (files in its empty home); false mounts it read-only. */
  readonly writable: boolean;
}

/** Everything the sandbox will be, as data: computed without touching the host, digested into the first record. */
export interface SandboxPlan {
  readonly runId: string;
  /** Private directory of this run on the host; removed at the end, its absence is part of the proof. */
  readonly runDirectory: string;
  /** The staged, pristine tree on the host (lower layer, never written after staging). */
  readonly lower: string;
  /** Absolute path at which the agent sees its workspace; the same as on the host, so that paths in logs agree. */
  readonly workspace: string;
  readonly readOnly: readonly ReadOnlyMount[];
  readonly files: readonly ProvidedFile[];
  /** The whole environment of the agent. Nothing is inherited. */
  readonly environment: { readonly [name: string]: string };
  /** Absolute path of the program and its arguments, as seen inside. */
  readonly command: readonly [string, ...string[]];
  readonly limits: Limits;
  /** The unprivileged identity that runs everything inside, when the supervisor is root. */
  readonly identity: { readonly uid: number; readonly gid: number } | undefined;
  /** The broker's socket on the host, and the nonce that the forwarder presents on each connection. */
  readonly broker: { readonly socket: string; readonly nonce: string };
  /** TCP port on the loopback inside at which the broker appears (model API and proxy). */
  readonly brokerPort: number;
  /** Names for which the resolver stub inside hands out fake addresses, and the ports captured on those addresses. */
  readonly names: readonly string[];
  readonly ports: readonly number[];
  /** Those of `ports` at which clients speak plain HTTP; at the others they speak TLS. */
  readonly plainPorts: readonly number[];
}

/** The agent's home inside: empty, writable, gone afterwards. */
export const SANDBOX_HOME = '/home/agent';

/** Directories of programs beside `/usr`: on most hosts links into it, on some directories of their own. */
export const SYSTEM_DIRECTORIES: readonly string[] = ['/bin', '/sbin', '/lib', '/lib64', '/lib32', '/libx32'];

/** The programs of the host, visible in every sandbox. */
export const SYSTEM_VIEW: readonly string[] = ['/usr', ...SYSTEM_DIRECTORIES];

/** Directories the view makes itself, or that open a way to the host whatever is in them (sockets below `/run`). */
const RESERVED = ['/', '/dev', '/etc', '/proc', '/run', '/sys', '/usr', '/var/run'];
/** Of these, only the directory itself is ours: mounts below it are welcome. */
const MOUNTABLE_BELOW = ['/etc', '/usr'];

/**
 * Checks a plan and completes it: no mount twice or of what is visible anyway, `PWD` set.
 * @throws SallyportError SP1201 when a path is not absolute, or a mount would replace a part of the view.
 */
export function planSandbox(input: SandboxPlan): SandboxPlan {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(input.runId)) fail(`runId: not a plain name: ${input.runId}`);
  checkPath('runDirectory', input.runDirectory);
  checkPath('lower', input.lower);
  checkPath('command', input.command[0]);
  checkTarget('workspace', input.workspace);
  const readOnly = input.readOnly.filter((mount, index) => !isRedundant(mount, input.readOnly.slice(0, index)));
  for (const mount of readOnly) checkMount(mount, input.runDirectory);
  for (const file of input.files) checkPath('files', file.path);
  for (const [name, value] of Object.entries(input.environment)) checkVariable(name, value);
  if (input.command.some((argument) => argument.includes('\0'))) fail('a command argument holds a NUL byte');
  return { ...input, readOnly, environment: { ...input.environment, PWD: input.workspace } };
}

/** Already part of the system view, or asked for twice. */
function isRedundant(mount: ReadOnlyMount, earlier: readonly ReadOnlyMount[]): boolean {
  const isSystem = mount.source === mount.target && SYSTEM_VIEW.some((directory) => contains(directory, mount.target));
  return isSystem || earlier.some(({ target }) => target === mount.target);
}

/** Is `path` the directory itself or below it? */
export function contains(directory: string, path: string): boolean {
  return directory === '/' || path === directory || path.startsWith(`${directory}/`);
}

/** Number of names in an absolute path. */
export function depth(path: string): number {
  return path.split('/').filter((name) => name !== '').length;
}

function checkPath(field: string, path: string): void {
  const isNormal = posix.isAbsolute(path) && posix.normalize(path) === path && !path.includes('\0');
  if (!isNormal || (path !== '/' && path.endsWith('/'))) fail(`${field}: not an absolute path in normal form: ${path}`);
}

function checkTarget(field: string, path: string): void {
  checkPath(field, path);
  const isReserved = RESERVED.some(
    (reserved) =>
      path === reserved || (!MOUNTABLE_BELOW.includes(reserved) && reserved !== '/' && contains(reserved, path)),
  );
  if (isReserved) fail(`${field}: nothing can be mounted at ${path} inside the sandbox`);
}

function checkMount(mount: ReadOnlyMount, runDirectory: string): void {
  checkPath('readOnly', mount.source);
  checkTarget('readOnly', mount.target);
  if (contains(mount.source, runDirectory)) fail(`read-only mount ${mount.source} would show the run directory`);
}

function checkVariable(name: string, value: string): void {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || value.includes('\0')) fail(`environment: ${name} is not a variable`);
}

function fail(message: string): never {
  throw new SallyportError('SP1201', message);
}
