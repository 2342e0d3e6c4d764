import type { Gap, SourceTree } from '../../../syntax/index.ts';
import { readOwnFile } from '../../../workspace/index.ts';
import type { CodeOwners, CodeOwnersDialect } from './model.ts';
import { readCodeOwners } from './read.ts';

/** Where each forge looks, in its order: the first one found is the only one. */
const PLACES: Readonly<Record<CodeOwnersDialect, readonly string[]>> = {
  github: ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'],
  gitlab: ['CODEOWNERS', 'docs/CODEOWNERS', '.gitlab/CODEOWNERS'],
};

/**
 * The CODEOWNERS file of the base; `undefined` when there is none, a gap when it is a link or cannot be read: whoever must
 * approve is then not known, which is not the same as nobody.
 */
export function findCodeOwners(base: SourceTree, dialect = dialectOf(base)): CodeOwners | Gap | undefined {
  for (const path of PLACES[dialect]) {
    const file = readOwnFile(base, path);
    if (file === undefined) continue;
    return 'text' in file ? readCodeOwners(file, dialect) : file;
  }
  return undefined;
}

/** GitLab where its own files are and GitHub's are not. */
function dialectOf({ entries }: SourceTree): CodeOwnersDialect {
  const has = (start: string): boolean => entries.some(({ path }) => path.startsWith(start));
  return (has('.gitlab-ci.yml') || has('.gitlab/')) && !has('.github/') ? 'gitlab' : 'github';
}
