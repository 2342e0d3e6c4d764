import { runGit } from './git-command.ts';
import { openRepository } from './repository.ts';

const LOG_BYTES = 64 * 1024 * 1024;
/** Ends the names of a commit's author and starts its files; cannot stand in either. */
const RECORD = '\u0001';

/**
 * Who changed each path between a ref and HEAD, the latest first, as `Name <address>` from the commits. A name is what
 * its author claims; nothing here is proven by a signature.
 * @throws SallyportError SP1304 when there is no repository, SP1305 when git cannot read the range.
 */
export async function listAuthors(
  repository: string,
  since: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { gitDir } = openRepository(repository);
  const output = await runGit({
    gitDir,
    args: [
      'log',
      '-z',
      '--name-only',
      '--no-renames',
      `--format=${RECORD}%an <%ae>`,
      '--end-of-options',
      `${since}..HEAD`,
      '--',
    ],
    maxOutput: LOG_BYTES,
  });
  const wanted = new Set(paths);
  const found = new Map<string, Set<string>>();
  for (const commit of output.toString('utf8').split(RECORD).slice(1)) {
    const [author = '', ...files] = commit.split('\0');
    for (const file of files.map((name) => name.replace(/^\n/, '')).filter((name) => wanted.has(name))) {
      found.set(file, (found.get(file) ?? new Set()).add(author));
    }
  }
  return new Map([...found].map(([path, authors]) => [path, [...authors]]));
}
