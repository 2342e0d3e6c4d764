import { SallyportError } from '../errors/index.ts';
import { runGit } from './git-command.ts';
import { openGitSource } from './git-source.ts';

export interface BaseFile {
  /** The ref that answered, of those that were tried. */
  readonly ref: string;
  readonly commit: string;
  /** Content of the file at that commit; undefined when the commit has none. */
  readonly text: string | undefined;
}

/** A ref as a person or a CI system names it; no option, no range, no path. */
const REF = /^[A-Za-z0-9_][A-Za-z0-9_./+@{}-]*$/;

/**
 * Reads one file at the first of the given refs that exists, straight from the object store: the working tree, which
 * belongs to the change under test, is not looked at. Undefined when the checkout has no git, or no ref exists.
 *
 * @throws SP1305 when git cannot run, SP1705 for a ref that is none.
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
  const questions = refs.flatMap((ref) => [`${ref}^{commit}`, `${ref}:${path}`]);
  const answers = readBatch(
    await runGit({
      gitDir: source.gitDir,
      args: ['cat-file', '--batch'],
      input: Buffer.from(`${questions.join('\n')}\n`),
    }),
  );
  for (const [index, ref] of refs.entries()) {
    const commit = answers[index * 2];
    const blob = answers[index * 2 + 1];
    if (commit?.type === 'commit')
      return { ref, commit: commit.id, text: blob?.type === 'blob' ? blob.content.toString('utf8') : undefined };
  }
  return undefined;
}

interface BatchAnswer {
  readonly id: string;
  readonly type: string;
  readonly content: Buffer;
}

/** The answers of `git cat-file --batch`, in order; undefined for a missing object. */
function readBatch(output: Buffer): (BatchAnswer | undefined)[] {
  const answers: (BatchAnswer | undefined)[] = [];
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf(0x0a, at);
    if (end < 0) break;
    const found = /^([0-9a-f]{40,64}) (commit|blob|tree|tag) (\d+)$/.exec(output.toString('latin1', at, end));
    at = end + 1;
    if (found === null) {
      answers.push(undefined);
      continue;
    }
    const [, id = '', type = '', size = '0'] = found;
    answers.push({ id, type, content: output.subarray(at, at + Number(size)) });
    at += Number(size) + 1;
  }
  return answers;
}
