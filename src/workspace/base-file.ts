import { posix } from 'node:path';
import { SallyportError } from '../errors/index.ts';
import { findRevision } from './commit-name.ts';
import { runGit, tryGit } from './git-command.ts';
import { openGitSource } from './git-source.ts';

export interface BaseFile {
  /** The ref that answered, of those that were tried. */
  readonly ref: string;
  readonly commit: string;
  /** Content of the file at that commit; undefined when the commit has none. */
  readonly text: string | undefined;
  /** Whether a symbolic link stands there: the text is then where it points. */
  readonly isLink: boolean;
}

/** A ref as a person or a CI system names it; no option, no range, no path. */
const REF = /^[A-Za-z0-9_][A-Za-z0-9_./+@{}-]*$/;

/**
 * Reads one file at the first of the given refs that exists, straight from the object store: the working tree, which
 * belongs to the change under test, is not looked at. Undefined when the checkout has no git, or no ref exists.
 *
 * @throws SP1305 when git cannot run, SP1312 for a name that means two commits, SP1705 for a ref that is none.
 */
export async function readBaseFile(
  checkout: string,
  refs: readonly string[],
  path: string,
): Promise<BaseFile | undefined> {
  const source = openGitSource(checkout);
  if (source === undefined) return undefined;
  for (const ref of refs) {
    if (!REF.test(ref) || ref.includes('..'))
      throw new SallyportError('SP1705', `${JSON.stringify(ref)} is not the name of a ref`);
  }
  const { gitDir } = source;
  for (const ref of refs) {
    const revision = await findRevision((args) => tryGit({ gitDir, args }), ref);
    const found = revision === undefined ? undefined : await readAt(gitDir, `${revision}^{commit}`, path);
    if (found !== undefined) return { ref, ...found };
  }
  return undefined;
}

/** All questions in one call of git: starting it is what costs. */
async function readAt(gitDir: string, commit: string, path: string): Promise<Omit<BaseFile, 'ref'> | undefined> {
  const { dir, base } = posix.parse(path);
  const input = Buffer.from(`${commit}\n${commit}:${path}\n${commit}:${dir}\n`);
  const output = await runGit({ gitDir, args: ['cat-file', '--batch'], input });
  const named = objectAt(output, 0);
  if (named?.type !== 'commit') return undefined;
  const file = objectAt(output, named.end);
  if (file?.type !== 'blob') return { commit: named.id, text: undefined, isLink: false };
  const folder = objectAt(output, file.end);
  const isLink = modeIn(folder?.content ?? Buffer.alloc(0), base, named.id.length / 2) === '120000';
  return { commit: named.id, text: file.content.toString('utf8'), isLink };
}

/** Mode of a name in a tree object: rows of `<mode> SP <name> NUL <object name in binary>` (gitformat-pack, trees). */
function modeIn(tree: Buffer, name: string, idBytes: number): string | undefined {
  for (let at = 0; at < tree.length; ) {
    const end = tree.indexOf(0, at);
    if (end < 0) return undefined;
    const [mode, ...rest] = tree.toString('utf8', at, end).split(' ');
    if (rest.join(' ') === name) return mode;
    at = end + 1 + idBytes;
  }
  return undefined;
}

/** `<id> <type> <size> LF <content> LF`, as `git-cat-file(1)` writes it; undefined for what is missing. */
function objectAt(output: Buffer, start: number) {
  const line = output.toString('latin1', start, Math.max(output.indexOf(0x0a, start), start));
  const [, id, type, size] = /^([0-9a-f]{40,64}) (\w+) (\d+)$/.exec(line) ?? [];
  if (id === undefined || type === undefined) return undefined;
  const from = start + line.length + 1;
  const end = from + Number(size);
  return { id, type, content: output.subarray(from, end), end: end + 1 };
}
