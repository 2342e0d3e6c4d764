export { findSecrets, type SecretSighting } from './find-secrets.ts';
