import { SallyportError } from '../errors/index.ts';

/** What is said of a directory that git knows nothing of. */
export function noRepository(directory: string): SallyportError {
  return new SallyportError('SP1304', `${directory} is not a git repository`, {
    advice: 'Name the checkout, or a bare clone.',
  });
}
