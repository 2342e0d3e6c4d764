import { SallyportError } from '../errors/index.ts';
import type { ChangeReference } from './model.ts';

/**
 * `/repos/owner/name`, each part escaped, as GitHub and Gitea have it.
 * @throws SallyportError SP2402 for a name that would lead elsewhere
 */
export function repositoryPath({ repository }: Pick<ChangeReference, 'repository'>): string {
  return `/repos/${namesOf(repository, 'owner/name')
    .map((name) => encodeURIComponent(name))
    .join('/')}`;
}

/**
 * The two names of a repository.
 * @param form how it should look, for the message
 * @throws SallyportError SP2402
 */
export function namesOf(repository: string, form: string): readonly [string, string] {
  const [first = '', second = '', ...more] = repository.split('/');
  if (more.length > 0 || [first, second].some((name) => /^\.{0,2}$/.test(name)))
    throw new SallyportError('SP2402', `the repository is not of the form ${form}`);
  return [first, second];
}

/** The number of the request. @throws SallyportError SP2402 for a commit without one */
export function requireNumber({ number }: Pick<ChangeReference, 'number'>): number {
  if (number !== undefined && Number.isSafeInteger(number) && number > 0) return number;
  throw new SallyportError('SP2402', 'this needs the number of a pull or merge request');
}

/** A full object name. @throws SallyportError SP2402 for anything else */
export function requireCommit(commit: string): string {
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit)) return commit;
  throw new SallyportError('SP2402', 'the head commit is not a full commit id');
}
