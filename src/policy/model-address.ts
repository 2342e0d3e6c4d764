import { SallyportError } from '../errors/index.ts';

/**
 * The address of a provider or gateway, as a policy or the job names it.
 *
 * @throws SallyportError SP1401 when it is not a plain http or https address without credentials, query and fragment.
 */
export function readModelAddress(upstream: string): URL {
  const url = URL.parse(upstream);
  const isPlain =
    url !== null && /^https?:$/.test(url.protocol) && url.username + url.password + url.search + url.hash === '';
  if (!isPlain)
    throw new SallyportError('SP1401', `the model's upstream${quote(upstream)} is not a plain http or https address`);
  return url;
}

/** What may be shown: an address with a password or a query may hold a secret. */
function quote(upstream: string): string {
  return /^[\w.:/-]{1,200}$/.test(upstream) ? ` '${upstream}'` : '';
}
