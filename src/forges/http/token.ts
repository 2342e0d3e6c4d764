import { SallyportError } from '../../errors/index.ts';

/**
 * A token as it may stand in a header. The runtime quotes a header that it refuses: what it would refuse never gets
 * there.
 * @throws SallyportError SP2402; the message never holds the token
 */
export function checkToken(token: string): string {
  const trimmed = token.trim();
  if (trimmed === '') throw new SallyportError('SP2402', 'the token is empty');
  if (!/^[\x21-\x7e]{1,8192}$/.test(trimmed))
    throw new SallyportError('SP2402', 'the token has characters that no token has', {
      advice: 'Look for a line break or a blank in the secret.',
    });
  return trimmed;
}
