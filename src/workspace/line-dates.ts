import { runGit } from './git-command.ts';
import { openGitSource, readControlFile } from './git-source.ts';

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
const OUTPUT_BYTES = 16 * 1024 * 1024;

/**
 * When each line was last changed on HEAD: committer's time in seconds since 1970 by `path:line`, as the commit claims
 * it. Left out: lines that are not in HEAD as they are given, and lines of the oldest commits of a shallow clone, whose
 * history is not here. A folder without history gives an empty map.
 * @throws SallyportError SP1304 when the repository's control files cannot be read.
 */
export async function dateLines(
  repository: string,
  lines: readonly NamedLine[],
): Promise<ReadonlyMap<string, number>> {
  const source = openGitSource(repository);
  const dates = new Map<string, number>();
  if (source === undefined) return dates;
  const cut = new Set((readControlFile(`${source.commonDir}/shallow`)?.toString('latin1') ?? '').split('\n'));
  const files = Map.groupBy(lines, ({ path }) => path);
  for (const [path, wanted] of [...files].slice(0, MOST_FILES)) {
    for (const blamed of await blame(source.gitDir, path, wanted.slice(0, MOST_LINES))) {
      const line = wanted.find((one) => one.line === blamed.line);
      if (line !== undefined && !cut.has(blamed.commit) && blamed.text === line.text.replace(/\r$/, ''))
        dates.set(`${path}:${line.line}`, blamed.seconds);
    }
  }
  return dates;
}

interface BlamedLine {
  readonly line: number;
  readonly commit: string;
  readonly seconds: number;
  readonly text: string;
}

async function blame(gitDir: string, path: string, lines: readonly NamedLine[]): Promise<readonly BlamedLine[]> {
  try {
    const output = await runGit({
      gitDir,
      args: [
        // A list of revisions to skip is the repository's own word and a path that it chose.
        '-c',
        'blame.ignoreRevsFile=',
        'blame',
        '--no-textconv',
        '--line-porcelain',
        ...lines.flatMap(({ line }) => ['-L', `${line},${line}`]),
        'HEAD',
        '--',
        path,
      ],
      maxOutput: OUTPUT_BYTES,
    });
    return parseBlame(output.toString('utf8'));
  } catch {
    // A file or line that HEAD does not have has no age; git says so by failing.
    return [];
  }
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
