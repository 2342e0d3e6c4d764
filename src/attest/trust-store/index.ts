export {
  isValidAt,
  type KeylessIdentity,
  type P256Key,
  type Passkey,
  type SshKey,
  TRUST_STORE_FILE,
  type TrustedKey,
  type TrustedSigner,
  type TrustStore,
  type Validity,
} from './model.ts';
export { fingerprintOf, readTrustStore } from './read-trust-store.ts';
