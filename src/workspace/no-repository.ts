import { SallyportError } from '../errors/index.ts';

/**
 * What is said of a directory that git knows nothing of.
 * @param root The repository that it lies in, if any.
 */
export function noRepository(directory: string, root?: string): SallyportError {
  return root === undefined
    ? new SallyportError('SP1304', `${directory} is not a git repository`, {
        advice: 'Name the checkout, or a bare clone.',
      })
    : new SallyportError('SP1304', `${directory} is a folder of the repository ${root}, not one itself`, {
        advice: 'Name the repository, or name none: the one that you are in is taken.',
      });
}
