/** C2SP signed-note: a text, an empty line, and lines of signatures; and the keys that go with it. */
import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto';

/** Signature types of signed-note that this program knows; any other is carried but cannot be checked. */
export const ED25519 = 0x01;
export const ED25519_COSIGNATURE = 0x04;

const SPKI_ED25519 = Buffer.from('302a300506032b6570032100', 'hex');
const MAX_NOTE_BYTES = 65_536;
const SIGNATURE_LINE = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/u;
const KEY_TEXT = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/u;

/** A text that is not a note, a checkpoint or a key. The message says why. */
export class NoteError extends Error {
  override readonly name = 'NoteError';
}

export interface NoteSignature {
  /** Name of the key. */
  readonly name: string;
  /** Key id, eight hexadecimal digits. */
  readonly id: string;
  readonly bytes: Buffer;
}

export interface Note {
  /** The signed text, with its final newline. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** A public key as signed-note writes it: `<name>+<key id>+base64(type ‖ key)`. */
export interface VerifierKey {
  readonly name: string;
  readonly id: string;
  readonly type: number;
  /** The raw key as base64: two keys are the same when these are, whatever their names (tlog-policy). */
  readonly material: string;
  /** Present when the type is one that this program knows. */
  readonly key: KeyObject | undefined;
}

/** Split a signed note. @throws NoteError when it breaks a rule of signed-note. */
export function parseNote(source: string): Note {
  if (source.length > MAX_NOTE_BYTES) throw new NoteError('the note is too long');
  if (!source.isWellFormed() || /[\u0000-\u0009\u000b-\u001f]/.test(source))
    throw new NoteError('the note holds control characters');
  const split = source.lastIndexOf('\n\n');
  if (split < 0 || !source.endsWith('\n')) throw new NoteError('the note has no signatures');
  const lines = source.slice(split + 2, -1).split('\n');
  return { text: source.slice(0, split + 1), signatures: lines.map(parseSignature) };
}

/** The note as text, ready to be stored or sent. */
export function formatNote(note: Note): string {
  const lines = note.signatures.map(
    (signature) =>
      `\u2014 ${signature.name} ${Buffer.concat([Buffer.from(signature.id, 'hex'), signature.bytes]).toString('base64')}\n`,
  );
  return `${note.text}\n${lines.join('')}`;
}

/** Read a verifier key. @throws NoteError when malformed or when its id does not fit its content. */
export function parseVerifierKey(text: string): VerifierKey {
  const match = KEY_TEXT.exec(text);
  if (match === null) throw new NoteError('the key is not of the form name+id+base64');
  const [, name = '', id = '', base64 = ''] = match;
  const encoded = decodeBase64(base64);
  const type = encoded[0] ?? 0;
  const material = encoded.subarray(1);
  const known = type === ED25519 || type === ED25519_COSIGNATURE;
  if (known && material.length !== 32) throw new NoteError('an Ed25519 key has 32 bytes');
  if (known && keyId(name, type, material) !== id) throw new NoteError('the key id does not fit the key');
  return { name, id, type, material: material.toString('base64'), key: known ? ed25519Key(material) : undefined };
}

/** The text of an Ed25519 verifier key. */
export function formatVerifierKey(name: string, type: number, material: Uint8Array): string {
  const encoded = Buffer.concat([Buffer.of(type), material]).toString('base64');
  return `${name}+${keyId(name, type, material)}+${encoded}`;
}

/** Key id: first four bytes of `SHA-256(name ‖ newline ‖ type ‖ key)`, in hexadecimal (signed-note, "Signatures"). */
export function keyId(name: string, type: number, material: Uint8Array): string {
  return hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(type), material]), 'hex').slice(0, 8);
}

/**
 * What a key says about a note: `absent` when it did not sign, `valid`, or `invalid`, in which case the whole note is
 * to be rejected (signed-note, "Signatures").
 */
export function checkSignature(note: Note, key: VerifierKey): 'absent' | 'valid' | 'invalid' {
  const own = note.signatures.filter((signature) => signature.name === key.name && signature.id === key.id);
  if (own.length === 0) return 'absent';
  return own.every((signature) => verifyOne(note, key, signature.bytes)) ? 'valid' : 'invalid';
}

function verifyOne(note: Note, { key, type }: VerifierKey, signature: Buffer): boolean {
  if (key === undefined) return false;
  if (type === ED25519) return signature.length === 64 && verify(null, Buffer.from(note.text), key, signature);
  if (signature.length !== 72) return false;
  const time = signature.readBigUInt64BE(0);
  if (time > 0x7fff_ffff_ffff_ffffn) return false;
  return verify(null, Buffer.from(cosignedText(note.text, time)), key, signature.subarray(8));
}

/** What an Ed25519 cosigner signs (tlog-cosignature, "Ed25519 signed message"). `time` in seconds since the epoch. */
export function cosignedText(text: string, time: bigint): string {
  return `cosignature/v1\ntime ${time}\n${text}`;
}

function parseSignature(line: string): NoteSignature {
  const match = SIGNATURE_LINE.exec(line);
  if (match === null) throw new NoteError('a signature line is malformed');
  const [, name = '', base64 = ''] = match;
  const bytes = decodeBase64(base64);
  if (bytes.length < 5) throw new NoteError('a signature is too short');
  return { name, id: bytes.toString('hex', 0, 4), bytes: bytes.subarray(4) };
}

/** Base64 that comes back byte for byte: a second spelling of one signature would be a second note. */
export function decodeBase64(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) throw new NoteError('base64 is malformed');
  return bytes;
}

function ed25519Key(material: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.concat([SPKI_ED25519, material]), format: 'der', type: 'spki' });
}
