import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { SallyportError } from '../errors/index.ts';
import { describeFileError, hasCode } from '../system/index.ts';

/** Where the checkout's history lies. Everything in there is data from outside; its configuration is never obeyed. */
export interface GitSource {
  /** HEAD and index. */
  readonly gitDir: string;
  /** Objects and refs; the same as `gitDir` unless this is a linked worktree. */
  readonly commonDir: string;
  readonly objectFormat: 'sha1' | 'sha256';
}

const MAX_CONTROL_FILE = 64 * 1024 * 1024;

/** Reads a small regular file without following a link at its end; undefined when it is not there. */
export function readControlFile(path: string): Buffer | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw new SallyportError('SP1304', `cannot read ${path}: ${describeFileError(error)}`, { cause: error });
  }
  try {
    const status = fstatSync(descriptor);
    if (!status.isFile() || status.size > MAX_CONTROL_FILE) {
      throw new SallyportError('SP1304', `${path} is not a file of a sane size`);
    }
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Finds the git directory of a checkout; undefined when there is none. A `.git` file (linked worktree, submodule) is
 * followed only when the other end names this checkout too: otherwise a restored artifact could point at somebody
 * else's repository and have its history staged.
 *
 * @throws SP1304 for a link, a one-sided pointer, or a ref storage that we cannot read.
 */
export function openGitSource(source: string): GitSource | undefined {
  const marker = join(source, '.git');
  let status: ReturnType<typeof lstatSync>;
  try {
    status = lstatSync(marker);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw new SallyportError('SP1304', `cannot read ${marker}`, { cause: error });
  }
  if (status.isDirectory()) return describeGitDirectory(marker, marker);
  if (!status.isFile()) throw new SallyportError('SP1304', `${marker} is neither a directory nor a file`);
  return followPointer(source, marker);
}

function readLine(path: string): string | undefined {
  return readControlFile(path)?.toString('utf8').split('\n')[0]?.trim();
}

function followPointer(source: string, marker: string): GitSource {
  const pointer = /^gitdir: (.+)$/.exec(readLine(marker) ?? '')?.[1];
  if (pointer === undefined) throw new SallyportError('SP1304', `${marker} names no git directory`);
  const gitDir = real(resolve(source, pointer));
  const common = readLine(join(gitDir, 'commondir'));
  if (common !== undefined) {
    const commonDir = real(resolve(gitDir, common));
    const back = readLine(join(gitDir, 'gitdir')) ?? '';
    const named = dirname(gitDir) === join(commonDir, 'worktrees') && real(dirname(resolve(gitDir, back))) === source;
    if (!named) throw new SallyportError('SP1304', `${marker} points to a worktree that does not point back`);
    return describeGitDirectory(gitDir, commonDir);
  }
  const worktree = /^\s*worktree\s*=\s*(.+?)\s*$/m.exec(
    readControlFile(join(gitDir, 'config'))?.toString('utf8') ?? '',
  )?.[1];
  if (worktree === undefined || real(resolve(gitDir, worktree)) !== source) {
    throw new SallyportError('SP1304', `${marker} points to a git directory that does not point back`);
  }
  return describeGitDirectory(gitDir, gitDir);
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch (cause) {
    throw new SallyportError('SP1304', `${path} does not exist`, { cause });
  }
}

/** @throws SP1304 for a ref storage that we cannot read. */
export function describeGitDirectory(gitDir: string, commonDir: string): GitSource {
  const config = readControlFile(join(commonDir, 'config'))?.toString('utf8') ?? '';
  if (/^\s*refstorage\s*=\s*(?!files)/im.test(config)) {
    throw new SallyportError('SP1304', 'the repository keeps its refs in the reftable format, which is not supported');
  }
  return { gitDir, commonDir, objectFormat: /^\s*objectformat\s*=\s*sha256\b/im.test(config) ? 'sha256' : 'sha1' };
}
