import { SallyportError } from '../errors/index.ts';

/** What is said of a name that no commit has. `HEAD` has none only where nothing was committed yet. */
export function noCommit(name: string): SallyportError {
  const message = `${JSON.stringify(name)} names no commit`;
  if (name !== 'HEAD') return new SallyportError('SP1308', message);
  return new SallyportError('SP1308', `${message}: nothing is committed here yet`, {
    advice: 'Commit first. `sallyport audit` and `sallyport review --all` look at files as they are.',
  });
}
