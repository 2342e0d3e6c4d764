/** Text from outside: known secrets, hidden characters, safe output. */
export type { KnownSecret, RedactingStream, SecretHit, SecretSentinel } from './secret.ts';
