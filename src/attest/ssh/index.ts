/** Signatures of OpenSSH (PROTOCOL.sshsig), read, checked and made without it. */
export {
  formatPublicKey,
  readPublicKey,
  readPublicKeyLine,
  type SshKeyType,
  sshFingerprint,
  toSshPublicKey,
} from './public-key.ts';
export { signSsh } from './sign.ts';
export { verifySshSignature } from './verify.ts';
export { encodeString, SshFormatError, WireReader } from './wire.ts';
