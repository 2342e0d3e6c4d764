/** Signatures of OpenSSH (PROTOCOL.sshsig), read, checked and made without it. */
export {
  formatPublicKey,
  readPublicKey,
  readPublicKeyLine,
  SSH_KEY_TYPES,
  type SshKeyType,
  type SshPublicKey,
  toSshPublicKey,
} from './public-key.ts';
export { signSsh } from './sign.ts';
export { type HardwareFlags, type SshFault, type SshVerification, verifySshSignature } from './verify.ts';
export { SshFormatError, WireReader } from './wire.ts';
