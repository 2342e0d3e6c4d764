import {
  closeSync,
  constants,
  copyFileSync,
  type Dirent,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  realpathSync,
  writeFileSync,
} from 'node:fs';
import { dirname, isAbsolute, join, resolve as resolvePath } from 'node:path';
import { SallyportError } from '../errors/index.ts';
import { hasCode } from '../system/index.ts';
import { BorrowedObjects } from './borrowed-objects.ts';
import { comparePaths } from './byte-path.ts';
import { findNamedCommit } from './commit-name.ts';
import { runGit, tryGit } from './git-command.ts';
import { type GitSource, readControlFile } from './git-source.ts';
import { copyPendingMerge } from './pending-merge.ts';

/** What the new git directory knows. */
export interface CopiedRepository {
  readonly gitDir: string;
  /** Commit of HEAD; undefined before the first commit. */
  readonly head: string | undefined;
  readonly headTree: string | undefined;
  readonly branch: string | undefined;
  /** Commit of the base ref; undefined when it names none. */
  readonly baseCommit: string | undefined;
  readonly shallow: boolean;
  readonly refs: number;
  readonly objectFormat: 'sha1' | 'sha256';
  /** Files of its object store, and their bytes. */
  readonly objects: { readonly entries: number; readonly bytes: number };
  readonly warnings: readonly string[];
}

const OBJECT_NAME = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;
const LOOSE_OBJECT = /^[0-9a-f]{38}(?:[0-9a-f]{24})?$/;
const PACK_FILE = /^pack-[0-9a-f]{40}(?:[0-9a-f]{24})?\.(?:pack|idx|rev|bitmap|mtimes)$/;
/** git-check-ref-format(1), without `@{`, control characters, dots at the wrong place and `.lock`. */
const REF_NAME =
  /^refs\/(?:heads|tags|remotes)\/(?!.*(?:\.\.|@\{|\/\/|\/\.|\.lock(?:\/|$)|\.(?:\/|$)))[^\x00-\x20~^:?*[\\\x7f./][^\x00-\x20~^:?*[\\\x7f]*$/;
const MAX_ALTERNATES = 16;

/**
 * Builds `<tree>/.git` afresh: objects, validated refs, HEAD and `shallow`, a merge that is under way, and a configuration of ours. Nothing else
 * is carried over: no configuration (checkout tokens, fsmonitor, filters), hooks, attributes, logs, FETCH_HEAD,
 * credentials, modules or worktrees (incidents i11; sandbox reference 5.3).
 */
export async function copyRepository(
  source: GitSource,
  gitDir: string,
  base: string | undefined,
): Promise<CopiedRepository> {
  for (const directory of ['', 'refs', 'refs/heads', 'refs/tags', 'objects', 'objects/info', 'objects/pack', 'info']) {
    mkdirSync(join(gitDir, directory), { mode: 0o755 });
  }
  writeFileSync(join(gitDir, 'config'), configOf(source.objectFormat), { flag: 'wx' });
  const warnings: string[] = [];
  const own = join(source.commonDir, 'objects');
  // A store behind a link is another repository's, whatever it is called.
  const isOwn = realpathSync(source.commonDir) === dirname(realStore(own));
  const borrowed = [...(isOwn ? [] : [realStore(own)]), ...borrowedStores(own)];
  const sizes = isOwn ? linkObjects(own, join(gitDir, 'objects')) : [];
  const loan = borrowed.length === 0 ? undefined : new BorrowedObjects(gitDir, borrowed);
  if ([own, ...borrowed].some(isPartial))
    warnings.push('the checkout is a partial clone: objects that were never fetched are not available inside');
  const shallow = copyShallow(source, gitDir);
  const { line, branch } = readHead(source);
  writeFileSync(join(gitDir, 'HEAD'), `${line}\n`, { flag: 'wx' });
  const refs = readRefs(source.commonDir);
  writePackedRefs(gitDir, refs);
  const { head, headTree, baseCommit, missing } = await resolve(gitDir, refs, await commitNamed(gitDir, base));
  if (branch === undefined && head === undefined) {
    throw new SallyportError('SP1304', `HEAD names ${line}, which is no commit of the repository`);
  }
  // A ref to an object that is not there would make every `git log --all` fail.
  for (const name of missing) refs.delete(name);
  if (missing.length > 0) writePackedRefs(gitDir, refs);
  await loan?.keep([...new Set([head, baseCommit, ...refs.values()])].filter((id) => id !== undefined));
  if (loan !== undefined) sizes.push(...sizesIn(join(gitDir, 'objects/pack')));
  await copyPendingMerge(source, gitDir);
  const { objectFormat } = source;
  const objects = { entries: sizes.length, bytes: sizes.reduce((total, size) => total + size, 0) };
  return { gitDir, head, headTree, branch, baseCommit, shallow, refs: refs.size, objectFormat, objects, warnings };
}

function writePackedRefs(gitDir: string, refs: ReadonlyMap<string, string>): void {
  const lines = [...refs].sort(([left], [right]) => comparePaths(left, right)).map(([name, id]) => `${id} ${name}\n`);
  writeFileSync(join(gitDir, 'packed-refs'), `# pack-refs with: sorted\n${lines.join('')}`);
}

interface Resolved {
  readonly head: string | undefined;
  readonly headTree: string | undefined;
  readonly baseCommit: string | undefined;
  /** Names of refs whose object does not exist. */
  readonly missing: readonly string[];
}

/** All questions about names in one call of git: starting it is what costs. */
async function resolve(gitDir: string, refs: ReadonlyMap<string, string>, base: string): Promise<Resolved> {
  const questions = ['HEAD^{commit}', 'HEAD^{tree}', `${base}^{commit}`, ...refs.values()];
  const input = Buffer.from(questions.map((question) => `${question}\n`).join(''));
  const output = await runGit({ gitDir, args: ['cat-file', '--batch-check'], input });
  const answers = output.toString('utf8').split('\n');
  const idOf = (line: string | undefined) => /^([0-9a-f]{40,64}) (?:commit|tree|tag|blob) \d+$/.exec(line ?? '')?.[1];
  const names = [...refs.keys()];
  return {
    head: idOf(answers[0]),
    headTree: idOf(answers[1]),
    baseCommit: idOf(answers[2]),
    missing: names.filter((_, index) => idOf(answers[index + 3]) === undefined),
  };
}

/** HEAD where nobody named a base. A tag that is called like the protected branch is not taken for it. */
async function commitNamed(gitDir: string, base: string | undefined): Promise<string> {
  if (base === undefined) return 'HEAD';
  return (await findNamedCommit((args) => tryGit({ gitDir, args }), base)) ?? 'none';
}

function configOf(format: 'sha1' | 'sha256'): string {
  return [
    '[core]',
    `\trepositoryformatversion = ${format === 'sha256' ? 1 : 0}`,
    '\tfilemode = true',
    '\tbare = false',
    '\tlogallrefupdates = true',
    // Inside, the same file shows another owner, inode and change time than when the index was written.
    '\tcheckStat = minimal',
    '\ttrustctime = false',
    '\tfsmonitor = false',
    '[gc]',
    '\tauto = 0',
    '[maintenance]',
    '\tauto = false',
    '[user]',
    '\tname = Sallyport agent',
    '\temail = agent@sallyport.invalid',
    ...(format === 'sha256' ? ['[extensions]', '\tobjectformat = sha256'] : []),
    '',
  ].join('\n');
}

function realStore(path: string): string {
  try {
    return realpathSync(path);
  } catch (cause) {
    if (hasCode(cause, 'ENOENT')) return path;
    throw new SallyportError('SP1304', `cannot read ${path}`, { cause });
  }
}

/** The object directories from which one borrows, and those from which they do. */
function borrowedStores(first: string): readonly string[] {
  const stores = [first];
  for (let index = 0; index < stores.length; index += 1) {
    const store = stores[index] ?? first;
    const text = readControlFile(join(store, 'info/alternates'))?.toString('utf8') ?? '';
    for (const line of text.split('\n')) {
      if (line === '' || line.startsWith('#')) continue;
      const other = isAbsolute(line) ? resolvePath(line) : resolvePath(store, line);
      if (!stores.includes(other)) stores.push(other);
      if (stores.length > MAX_ALTERNATES) throw new SallyportError('SP1304', 'too many borrowed object directories');
    }
  }
  return stores.slice(1);
}

function isPartial(store: string): boolean {
  return entriesOf(join(store, 'pack')).some(({ name }) => name.endsWith('.promisor'));
}

function entriesOf(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return [];
    throw new SallyportError('SP1304', `cannot read ${directory}`, { cause: error });
  }
}

/** Links (or, across devices, copies) all objects. @returns the size of each file. */
function linkObjects(from: string, to: string): number[] {
  const sizes: number[] = [];
  for (const entry of entriesOf(from)) {
    if (!entry.isDirectory()) continue;
    if (/^[0-9a-f]{2}$/.test(entry.name)) {
      const files = entriesOf(join(from, entry.name)).filter((file) => file.isFile() && LOOSE_OBJECT.test(file.name));
      if (files.length > 0) mkdirSync(join(to, entry.name), { recursive: true, mode: 0o755 });
      for (const { name } of files) sizes.push(linkFile(join(from, entry.name, name), join(to, entry.name, name)));
    } else if (entry.name === 'pack') {
      for (const file of entriesOf(join(from, 'pack'))) {
        if (file.isFile() && PACK_FILE.test(file.name))
          sizes.push(linkFile(join(from, 'pack', file.name), join(to, 'pack', file.name)));
      }
    }
  }
  return sizes;
}

function sizesIn(directory: string): readonly number[] {
  return entriesOf(directory).map(({ name }) => lstatSync(join(directory, name)).size);
}

/** A hard link shares mode and owner, so an object that others cannot read is copied instead of opened up. */
function linkFile(from: string, to: string): number {
  const { mode, size } = lstatSync(from);
  const readable = (mode & 0o004) !== 0;
  try {
    if (readable) linkSync(from, to);
    else copyObject(from, to);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return 0;
    if (!hasCode(error, 'EXDEV', 'EPERM', 'EMLINK')) {
      throw new SallyportError('SP1304', `cannot copy the object ${from}`, { cause: error });
    }
    copyObject(from, to);
  }
  return size;
}

function copyObject(from: string, to: string): void {
  const descriptor = openSync(from, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    copyFileSync(`/proc/self/fd/${descriptor}`, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  } finally {
    closeSync(descriptor);
  }
}

function copyShallow(source: GitSource, gitDir: string): boolean {
  const text = readControlFile(join(source.commonDir, 'shallow'))?.toString('latin1');
  const names = text?.split('\n').filter((line) => OBJECT_NAME.test(line)) ?? [];
  if (names.length === 0) return false;
  writeFileSync(join(gitDir, 'shallow'), `${names.join('\n')}\n`, { flag: 'wx' });
  return true;
}

/** Branches, tags and remote branches; a loose ref wins over a packed one. */
function readRefs(commonDir: string): Map<string, string> {
  const refs = new Map<string, string>();
  for (const line of readControlFile(join(commonDir, 'packed-refs'))?.toString('utf8').split('\n') ?? []) {
    const [id, name] = line.split(' ');
    if (id && name && OBJECT_NAME.test(id) && REF_NAME.test(name)) refs.set(name, id);
  }
  const pending = ['refs/heads', 'refs/tags', 'refs/remotes'];
  for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
    for (const entry of entriesOf(join(commonDir, directory))) {
      const name = `${directory}/${entry.name}`;
      if (entry.isDirectory()) pending.push(name);
      if (!entry.isFile() || !REF_NAME.test(name)) continue;
      const id = readControlFile(join(commonDir, name))?.toString('latin1').trim() ?? '';
      if (OBJECT_NAME.test(id)) refs.set(name, id);
    }
  }
  return refs;
}

function readHead(source: GitSource): { readonly line: string; readonly branch: string | undefined } {
  const line = readControlFile(join(source.gitDir, 'HEAD'))?.toString('utf8').trim() ?? '';
  if (OBJECT_NAME.test(line)) return { line, branch: undefined };
  const branch = /^ref: (.+)$/.exec(line)?.[1];
  if (branch === undefined || !REF_NAME.test(branch)) throw new SallyportError('SP1304', 'HEAD is not a valid ref');
  return { line, branch };
}
