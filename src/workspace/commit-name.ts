import { SallyportError } from '../errors/index.ts';
import type { GitResult } from './git-command.ts';

/** Asks git about one repository; an exit code is an answer. */
export type AskGit = (args: readonly string[]) => Promise<GitResult>;

const OBJECT_NAME = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
/** Where what is walked from a commit begins in a revision: `main~2`, `v1^{commit}`, `main@{1}` (gitrevisions(7)). */
const WALK = /[\^~:]|@\{/;
/** Files of the git directory that name a commit: `FETCH_HEAD`. */
const PSEUDO_REF = /^(?:[A-Z]+_)+HEAD$/;
/** An abbreviated object name. */
const ABBREVIATION = /^[0-9a-f]{4,}$/;

/**
 * The commit that a person, a pipeline or a file names; undefined when there is none of this name.
 *
 * Git takes a tag for `main` or `origin/main` before it takes the branch (gitrevisions(7)), and in most forges whoever
 * may push at all may push a tag: policy, trust store and code owners would come from it. So a name that means two
 * commits means none, and a name that begins with `refs/` is that ref or nothing.
 *
 * @throws SallyportError SP1312 for a name that means two commits.
 */
export async function findNamedCommit(ask: AskGit, name: string): Promise<string | undefined> {
  const revision = await findRevision(ask, name);
  return revision === undefined ? undefined : parse(ask, revision);
}

/** Full name of the branch or tag that a name means, where it is one; a branch before a tag at the same commit. */
export async function findNamedRef(ask: AskGit, name: string): Promise<string | undefined> {
  const isWalk = name === 'HEAD' || name.includes('@');
  const ref = (await refsCalled(ask, name))[0] ?? (isWalk ? name : undefined);
  if (ref === undefined) return undefined;
  const { code, stdout } = await ask([
    'rev-parse',
    '--symbolic-full-name',
    '--verify',
    '--quiet',
    '--end-of-options',
    ref,
  ]);
  const full = stdout.toString('utf8').trim();
  return code === 0 && full.startsWith('refs/') ? full : undefined;
}

/**
 * The name as git must be asked for it to mean what `findNamedCommit` says, for whoever asks git for more than the
 * commit in the same breath. Whether there is such a commit is not looked at, but where the name may mean a ref.
 *
 * @throws SallyportError SP1312 for a name that means two commits.
 */
export async function findRevision(ask: AskGit, name: string): Promise<string | undefined> {
  const end = WALK.exec(name)?.index ?? name.length;
  const [head, walk] = [name.slice(0, end), name.slice(end)];
  if (OBJECT_NAME.test(head) || head === '' || head === 'HEAD' || head === '@') return name;
  const refs = await refsCalled(ask, head);
  const [first] = refs;
  if (head.startsWith('refs/')) return first === undefined ? undefined : name;
  // An abbreviated object name, or what `git describe` prints.
  if (first === undefined) return name;
  const others = PSEUDO_REF.test(head) ? ['.git'] : ABBREVIATION.test(head) ? await objectsCalled(ask, head) : [];
  const commits = new Set<string | undefined>(others);
  for (const ref of refs) commits.add(await parse(ask, ref));
  if (commits.size > 1)
    throw new SallyportError('SP1312', `${JSON.stringify(head)} is ${[...refs, ...others].join(' and ')}`);
  return first + walk;
}

/** Every ref that a name may mean, branches first; of a full name only that one. */
async function refsCalled(ask: AskGit, name: string): Promise<readonly string[]> {
  const full = name.startsWith('refs/')
    ? [name]
    : [
        ...['heads', 'remotes', 'tags'].map((kind) => `refs/${kind}/${name}`),
        `refs/${name}`,
        `refs/remotes/${name}/HEAD`,
      ];
  const { code, stdout } = await ask(['for-each-ref', '--format=%(refname)', ...full]);
  const listed = new Set(code === 0 ? stdout.toString('utf8').split('\n') : []);
  return full.filter((ref) => listed.has(ref));
}

async function objectsCalled(ask: AskGit, prefix: string): Promise<readonly string[]> {
  const { code, stdout } = await ask(['rev-parse', `--disambiguate=${prefix}`]);
  return code === 0
    ? stdout
        .toString('latin1')
        .split('\n')
        .filter((id) => OBJECT_NAME.test(id))
        .slice(0, 1)
    : [];
}

async function parse(ask: AskGit, revision: string): Promise<string | undefined> {
  const { code, stdout } = await ask(['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]);
  const id = stdout.toString('latin1').trim();
  return code === 0 && OBJECT_NAME.test(id) ? id : undefined;
}
