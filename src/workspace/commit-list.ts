import type { Gap } from '../syntax/index.ts';
import { differenceOf } from '../text/index.ts';
import { runGit } from './git-command.ts';
import { openRepository } from './repository.ts';
import { readBlobs, readSizes } from './source-tree/blobs.ts';
import { decodeText } from './source-tree/decode.ts';
import { TREE_LIMITS } from './source-tree/limits.ts';

/** As the commit claims them; nothing here is proven by a signature. */
export interface Signature {
  readonly name: string;
  readonly email: string;
}

/** One path that a commit changes against its parents; of a merge only what it takes from none of them. */
export interface CommitFile {
  readonly path: string;
  readonly kind: 'added' | 'removed' | 'modified';
  /** Lines that were not there before, each with its number from 0 in the commit's own file. */
  readonly added: readonly { readonly line: number; readonly text: string }[];
}

export interface CommitRecord {
  readonly id: string;
  readonly tree: string;
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
  readonly files: readonly CommitFile[];
}

/** The commits of a change, the oldest first, and what of them could not be read. */
export interface CommitList {
  readonly commits: readonly CommitRecord[];
  readonly gaps: readonly Gap[];
}

export interface CommitLimits {
  readonly commits: number;
  /** Of all contents that are compared. */
  readonly totalBytes: number;
}

const COMMIT_LIMITS: CommitLimits = { commits: 1000, totalBytes: 256 * 1024 * 1024 };

const LOG_BYTES = 256 * 1024 * 1024;

/**
 * Every commit that `head` brings and `base` does not have. A secret or a workflow that one commit adds and a later one
 * removes is not in the difference of the two trees, but it is in the history that is merged.
 * @throws SallyportError SP1304 when there is no repository, SP1305 when git cannot read the range.
 */
export async function listCommits(
  repository: string,
  base: string,
  head: string,
  limits: CommitLimits = COMMIT_LIMITS,
): Promise<CommitList> {
  const { gitDir } = openRepository(repository);
  const range = ['--end-of-options', `${base}..${head}`, '--'];
  const flags = ['-z', '--raw', '-c', '--no-renames', '--no-abbrev', '--root', '--topo-order', '--format=%H'];
  const args = ['log', ...flags, `--max-count=${limits.commits + 1}`, ...range];
  const rows = parseRaw((await runGit({ gitDir, args, maxOutput: LOG_BYTES })).toString('latin1'));
  const kept = rows.slice(0, limits.commits).reverse();
  const headers = await readHeaders(
    gitDir,
    kept.map(({ id }) => id),
  );
  const contents = await readContents(gitDir, kept, limits);
  const gaps = [...contents.gaps];
  if (rows.length > limits.commits) gaps.unshift(gap(`more than ${limits.commits} commits: the rest was not read`, ''));
  const commits = kept.flatMap(({ id, files }): readonly CommitRecord[] => {
    const header = headers.get(id);
    return header ? [{ ...header, id, files: files.map((file) => describeFile(file, contents.text)) }] : [];
  });
  return { commits, gaps };
}

interface RawFile {
  readonly path: string;
  /** Ids on the side of each parent; all zeros where the path is not there. */
  readonly before: readonly string[];
  readonly after: string;
}

interface RawCommit {
  readonly id: string;
  readonly files: RawFile[];
}

/** `git log -z --raw`: a commit's id, then for each file a row of modes and ids and, behind a NUL, its path. */
function parseRaw(text: string): readonly RawCommit[] {
  const commits: RawCommit[] = [];
  const tokens = text.split('\0');
  for (let at = 0; at < tokens.length; at += 1) {
    const token = (tokens[at] ?? '').replace(/^\n+/, '');
    if (/^[0-9a-f]{40,64}$/.test(token)) commits.push({ id: token, files: [] });
    const row = /^(:+)((?:[0-7]{6} )+)((?:[0-9a-f]{40,64} )+)[A-Z]\w*$/.exec(token);
    if (row === null) continue;
    at += 1;
    const modes = (row[2] ?? '').trim().split(' ');
    const ids = (row[3] ?? '').trim().split(' ');
    // A submodule's id names a commit of somebody else; it is no content here.
    if (modes.at(-1) === '160000') continue;
    const path = Buffer.from(tokens[at] ?? '', 'latin1').toString('utf8');
    commits.at(-1)?.files.push({ path, before: ids.slice(0, -1), after: ids.at(-1) ?? '' });
  }
  return commits;
}

type Header = Pick<CommitRecord, 'tree' | 'author' | 'committer' | 'message'>;

/** The commits themselves, as `git-cat-file(1) --batch` writes them: no name in one can pass for a field of it. */
async function readHeaders(gitDir: string, ids: readonly string[]): Promise<ReadonlyMap<string, Header>> {
  const found = new Map<string, Header>();
  if (ids.length === 0) return found;
  const input = Buffer.from(`${ids.join('\n')}\n`);
  const output = await runGit({ gitDir, args: ['cat-file', '--batch', '--buffer'], input });
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf(0x0a, at);
    const [, id = '', size] = /^([0-9a-f]{40,64}) commit (\d+)$/.exec(output.toString('latin1', at, end)) ?? [];
    if (end < 0 || size === undefined) return found;
    found.set(id, parseHeader(output.toString('utf8', end + 1, end + 1 + Number(size))));
    at = end + Number(size) + 2;
  }
  return found;
}

function parseHeader(text: string): Header {
  const border = text.indexOf('\n\n');
  const lines = text.slice(0, border < 0 ? text.length : border).split('\n');
  const field = (name: string): string =>
    lines.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1) ?? '';
  return {
    tree: field('tree'),
    author: signatureOf(field('author')),
    committer: signatureOf(field('committer')),
    message: border < 0 ? '' : text.slice(border + 2),
  };
}

/** `Name <address> seconds zone` */
function signatureOf(line: string): Signature {
  const open = line.lastIndexOf('<');
  const close = line.lastIndexOf('>');
  if (open < 0 || close < open) return { name: line, email: '' };
  return { name: line.slice(0, open).trim(), email: line.slice(open + 1, close) };
}

interface Contents {
  text(id: string): string | undefined;
  readonly gaps: readonly Gap[];
}

async function readContents(gitDir: string, commits: readonly RawCommit[], limits: CommitLimits): Promise<Contents> {
  const files = commits.flatMap((commit) => commit.files);
  const ids = new Set(files.flatMap(({ before, after }) => [...before, after]).filter((id) => !isNone(id)));
  const sizes = await readSizes(gitDir, ids);
  const blobs = await readBlobs(gitDir, sizes, { ...TREE_LIMITS, totalBytes: limits.totalBytes });
  const unread = files.filter(({ after }) => !isNone(after) && !blobs.has(after));
  return {
    text: (id) => {
      const blob = blobs.get(id);
      return blob && decodeText(blob).text;
    },
    gaps: [...new Set(unread.map(({ path }) => path))]
      .slice(0, TREE_LIMITS.gaps)
      .map((path) => gap('a commit of the change has a content that was not read', path)),
  };
}

function describeFile({ path, before, after }: RawFile, textOf: Contents['text']): CommitFile {
  const kind = isNone(after) ? 'removed' : before.every(isNone) ? 'added' : 'modified';
  const now = isNone(after) ? undefined : textOf(after);
  if (now === undefined) return { path, kind, added: [] };
  const lines = now.split('\n');
  const fresh = before.map((id) => freshLines(isNone(id) ? [] : (textOf(id) ?? '').split('\n'), lines));
  const added = lines.flatMap((text, line) => (fresh.every((side) => side.has(line)) ? [{ line, text }] : []));
  return { path, kind, added };
}

/** Numbers of the lines that one side did not have. */
function freshLines(old: readonly string[], lines: readonly string[]): ReadonlySet<number> {
  const changes = differenceOf(old, lines);
  return new Set(changes.flatMap(({ to, added }) => Array.from({ length: added }, (_, index) => to + index)));
}

function isNone(id: string): boolean {
  return /^0+$/.test(id);
}

function gap(message: string, file: string): Gap {
  return { kind: 'cap', message, place: { file, span: { start: 0, end: 0 } } };
}
