import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeOnSignal } from '../system/index.ts';
import { type GitInvocation, tryGit } from './git-command.ts';
import { type GitSource, readControlFile } from './git-source.ts';
import { findRepository } from './repository.ts';

/** A line as it stands now. */
export interface NamedLine {
  readonly path: string;
  /** One-based. */
  readonly line: number;
  readonly text: string;
}

/** Nobody needs the age of more lines of one file, or of more files. */
const MOST_LINES = 500;
const MOST_FILES = 2_000;
/** Files that are asked about at once. */
const AT_ONCE = 4;
const OUTPUT_BYTES = 16 * 1024 * 1024;

/**
 * When each line was last changed on HEAD: committer's time in seconds since 1970 by `path:line`, as the commit claims
 * it. Left out: lines that are not in HEAD as they are given, and lines of the oldest commits of a shallow clone, whose
 * history is not here. A folder without history gives an empty map.
 * @throws SallyportError SP1304 when the repository's control files cannot be read.
 */
export async function dateLines(repository: string, lines: readonly NamedLine[]): Promise<ReadonlyMap<string, number>> {
  const source = findRepository(repository);
  const dates = new Map<string, number>();
  const head = source && (await headOf(source));
  if (source === undefined || head === undefined) return dates;
  const gitDir = mkdtempSync(join(tmpdir(), 'sallyport-dates-'));
  using _guard = removeOnSignal(gitDir);
  try {
    const shallow = prepare(gitDir, source, head);
    const cut = new Set(shallow.split('\n'));
    const history = { gitDir, environment: { GIT_OBJECT_DIRECTORY: join(source.commonDir, 'objects') } };
    const files = [...Map.groupBy(lines, ({ path }) => path)].slice(0, MOST_FILES);
    for (let from = 0; from < files.length; from += AT_ONCE) {
      const some = files.slice(from, from + AT_ONCE);
      const found = await Promise.all(some.map(([path, wanted]) => blame(history, path, wanted.slice(0, MOST_LINES))));
      for (const [index, [path, wanted]] of some.entries()) {
        for (const { line, commit, seconds, text } of found[index] ?? []) {
          const same = wanted.some((one) => one.line === line && one.text.replace(/\r$/, '') === text);
          if (same && !cut.has(commit)) dates.set(`${path}:${line}`, seconds);
        }
      }
    }
    return dates;
  } finally {
    rmSync(gitDir, { recursive: true, force: true });
  }
}

async function headOf({ gitDir }: GitSource): Promise<string | undefined> {
  const { code, stdout } = await tryGit({ gitDir, args: ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'] });
  const id = stdout.toString('latin1').trim();
  return code === 0 && /^[0-9a-f]{40,64}$/.test(id) ? id : undefined;
}

/**
 * A git directory of ours over the repository's objects: a list of commits to skip (`blame.ignoreRevsFile`) and drivers
 * of attributes come from the configuration and cannot be taken back on a command line. Gives the shallow commits.
 */
function prepare(gitDir: string, { commonDir, objectFormat }: GitSource, head: string): string {
  for (const folder of ['objects', 'refs']) mkdirSync(join(gitDir, folder));
  const format =
    objectFormat === 'sha256' ? '1\n\tbare = true\n[extensions]\n\tobjectFormat = sha256' : '0\n\tbare = true';
  writeFileSync(join(gitDir, 'config'), `[core]\n\trepositoryformatversion = ${format}\n`);
  writeFileSync(join(gitDir, 'HEAD'), `${head}\n`);
  const shallow = readControlFile(join(commonDir, 'shallow'))?.toString('latin1') ?? '';
  if (shallow !== '') writeFileSync(join(gitDir, 'shallow'), shallow);
  return shallow;
}

interface BlamedLine {
  readonly line: number;
  readonly commit: string;
  readonly seconds: number;
  readonly text: string;
}

async function blame(
  history: Pick<GitInvocation, 'gitDir' | 'environment'>,
  path: string,
  lines: readonly NamedLine[],
): Promise<readonly BlamedLine[]> {
  const ranges = lines.flatMap(({ line }) => ['-L', `${line},${line}`]);
  const args = ['blame', '--no-textconv', '--line-porcelain', ...ranges, 'HEAD', '--', path];
  const { code, stdout } = await tryGit({ ...history, args, maxOutput: OUTPUT_BYTES });
  // A file or line that HEAD does not have has no age; git says so by failing.
  return code === 0 ? parseBlame(stdout.toString('utf8')) : [];
}

/** `git blame --line-porcelain`: a header line `<commit> <original line> <line> …`, fields, and the text behind a tab. */
export function parseBlame(text: string): readonly BlamedLine[] {
  const found: BlamedLine[] = [];
  let commit = '';
  let line = 0;
  let seconds: number | undefined;
  for (const row of text.split('\n')) {
    const header = /^([0-9a-f]{40,64}) \d{1,9} (\d{1,9})/.exec(row);
    if (row.startsWith('\t')) {
      if (seconds !== undefined) found.push({ line, commit, seconds, text: row.slice(1).replace(/\r$/, '') });
      seconds = undefined;
    } else if (header) {
      commit = header[1] ?? '';
      line = Number(header[2]);
    } else if (row.startsWith('committer-time ')) seconds = Number(row.slice('committer-time '.length));
  }
  return found;
}
