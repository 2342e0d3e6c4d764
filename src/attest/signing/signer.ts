import type { Statement } from '../model.ts';

/** A key that signs, wherever it lies: in a file, in an agent, in a key service. The message is hashed by the signer. */
export interface Signer {
  /** Fingerprint of the public key, as in the trust store: it goes into the bundle, for finding the key again. */
  readonly hint: string;
  /** P-256: DER over SHA-256 of the message; Ed25519: the 64 bytes. */
  sign(message: Buffer): Promise<Buffer>;
}

/** Makes a statement into a bundle: with a key, or with an identity. The text is JSON with a newline at its end. */
export type Seal = (statement: Statement) => Promise<string>;
