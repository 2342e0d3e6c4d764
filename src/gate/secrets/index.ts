export { SECRET_ENCODINGS, type SecretEncoding } from './encodings.ts';
export { findSecrets, type SecretSighting } from './find-secrets.ts';
