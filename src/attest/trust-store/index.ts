export {
  isValidAt,
  type KeylessIdentity,
  type Passkey,
  type SshKey,
  TRUST_STORE_FILE,
  type TrustedKey,
  type TrustedSigner,
  type TrustStore,
} from './model.ts';
export { fingerprintOf, readTrustStore } from './read-trust-store.ts';
