import { SallyportError } from '../../errors/index.ts';

/** A name that never leaves this machine; there a test or a local forge may do without TLS. */
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * The address of a forge's API without a slash at its end: https, or http on loopback; no credentials, query, fragment.
 * @throws SallyportError SP2401; the message never holds the credentials that stood in it
 */
export function parseApiAddress(text: string): URL {
  const url = URL.parse(text);
  if (url === null) throw new SallyportError('SP2401', 'the address of the API is no URL');
  if (url.username !== '' || url.password !== '')
    throw new SallyportError('SP2401', `the address of the API at ${url.host} holds credentials`);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LOOPBACK.test(url.hostname)))
    throw new SallyportError('SP2401', `${url.protocol}//${url.host} is not https`);
  if (url.search !== '' || url.hash !== '')
    throw new SallyportError('SP2401', `the address of the API at ${url.host} has a query or a fragment`);
  url.pathname = url.pathname.replace(/\/+$/, '');
  return url;
}

/**
 * What a request or a link of the forge means: a path below the API, or a whole address there. `undefined` for any other
 * place: the token goes nowhere else. At the same origin may be what others wrote, such as pages or attachments.
 */
export function resolveTarget(api: URL, target: string): URL | undefined {
  const root = api.pathname.replace(/\/+$/, '');
  const url = URL.parse(target.startsWith('/') ? `${api.origin}${root}${target}` : target);
  if (url === null || url.origin !== api.origin || url.username !== '' || url.password !== '') return undefined;
  // GitHub Enterprise Server has its other interface beside the versioned one (`/api/v3`, `/api/graphql`).
  const below = root.replace(/\/v3$/, '');
  return url.pathname.startsWith(`${below}/`) ? url : undefined;
}
