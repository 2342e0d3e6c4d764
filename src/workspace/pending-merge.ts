import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runGit } from './git-command.ts';
import { type GitSource, readControlFile } from './git-source.ts';

/** What an operation that stopped at a conflict is about (gitrepository-layout(5)). */
const HEADS = ['MERGE_HEAD', 'CHERRY_PICK_HEAD', 'REVERT_HEAD'] as const;
const OBJECT_NAME = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;
/** More parents than any merge has. */
const MOST_HEADS = 64;
const LONGEST_MESSAGE = 64 * 1024;

/**
 * Carries over that a merge, a cherry-pick or a revert is under way, so that it can be seen and finished inside: names of
 * commits that are there, and the message that was prepared.
 */
export async function copyPendingMerge(source: GitSource, gitDir: string): Promise<void> {
  const pending = HEADS.map((name) => ({ name, ids: readHeads(join(source.gitDir, name)) })).filter(
    ({ ids }) => ids.length > 0,
  );
  if (pending.length === 0) return;
  const input = Buffer.from(pending.flatMap(({ ids }) => ids.map((id) => `${id}\n`)).join(''));
  const known = await runGit({ gitDir, args: ['cat-file', '--batch-check'], input });
  const commits = new Set(known.toString('latin1').match(/^[0-9a-f]+(?= commit )/gm));
  const complete = pending.filter(({ ids }) => ids.every((id) => commits.has(id)));
  for (const { name, ids } of complete) writeFileSync(join(gitDir, name), `${ids.join('\n')}\n`, { flag: 'wx' });
  const message = complete.length === 0 ? undefined : readControlFile(join(source.gitDir, 'MERGE_MSG'));
  if (message && message.length <= LONGEST_MESSAGE) writeFileSync(join(gitDir, 'MERGE_MSG'), message, { flag: 'wx' });
}

/** The names in the file; none when it holds anything else. */
function readHeads(path: string): readonly string[] {
  const lines = readControlFile(path)?.toString('latin1').trimEnd().split('\n') ?? [];
  return lines.length <= MOST_HEADS && lines.every((line) => OBJECT_NAME.test(line)) ? lines : [];
}
