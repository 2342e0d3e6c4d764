/**
 * Commitments to content that must not stand in a record. The salt makes guessing useless (a plain hash of a short
 * content is found by dictionary); deleting the salt erases the content for good and leaves every proof valid.
 */
import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';

/** One salt a record. */
export const SALT_BYTES = 32;
const TAG_BYTES = 16;
/** Each key seals exactly one content (it is derived from salt and name), so that a constant nonce is never reused. */
const NONCE = Buffer.alloc(12);

/** `HMAC-SHA-256(salt, "commit" ‖ 0 ‖ name ‖ 0 ‖ content)`, in hexadecimal. */
export function commit(salt: Uint8Array, name: string, content: Uint8Array): string {
  return createHmac('sha256', salt).update(`commit\0${name}\0`).update(content).digest('hex');
}

/** Whether this content, under this salt, is the one that was committed to. */
export function isCommitted(commitment: string, salt: Uint8Array, name: string, content: Uint8Array): boolean {
  const expected = Buffer.from(commit(salt, name, content));
  const given = Buffer.from(commitment);
  return expected.length === given.length && timingSafeEqual(expected, given);
}

/** Encrypt a content for `blobs/` (AES-256-GCM) under a key derived from the salt: without the salt it is noise. */
export function seal(salt: Uint8Array, name: string, content: Uint8Array): Buffer {
  const cipher = createCipheriv('aes-256-gcm', blobKey(salt, name), NONCE);
  return Buffer.concat([cipher.update(content), cipher.final(), cipher.getAuthTag()]);
}

/** Decrypt a sealed content. @throws Error when it was changed or the salt is another. */
export function unseal(salt: Uint8Array, name: string, sealed: Uint8Array): Buffer {
  const body = sealed.subarray(0, -TAG_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', blobKey(salt, name), NONCE, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(body), decipher.final()]);
}

/** Where a sealed content lies, relative to the log's directory. */
export function blobPath(commitment: string): string {
  return `blobs/sha256/${commitment.slice(0, 2)}/${commitment}`;
}

function blobKey(salt: Uint8Array, name: string): Buffer {
  return createHmac('sha256', salt).update(`blob\0${name}`).digest();
}
