export { findSecrets, type SecretSearch, type SecretSighting } from './find-secrets.ts';
