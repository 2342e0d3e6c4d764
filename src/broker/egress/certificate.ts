import { createHash, type KeyObject, sign } from 'node:crypto';
import { isIP, isIPv4 } from 'node:net';
import {
  bitString,
  boolean,
  type Der,
  explicit,
  implicit,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
  time,
  utf8String,
} from './der.ts';

/** What both kinds of certificate of a run have in common. Times in milliseconds since the epoch. */
export interface CertificateRequest {
  readonly serial: Uint8Array;
  readonly notBefore: number;
  readonly notAfter: number;
  /** Common name of the authority. */
  readonly issuer: string;
  readonly issuerKey: { readonly publicKey: KeyObject; readonly privateKey: KeyObject };
}

const ECDSA_WITH_SHA256 = sequence(objectIdentifier('1.2.840.10045.4.3.2'));
const COMMON_NAME = '2.5.4.3';
const SUBJECT_KEY_IDENTIFIER = '2.5.29.14';
const KEY_USAGE = '2.5.29.15';
const SUBJECT_ALT_NAME = '2.5.29.17';
const BASIC_CONSTRAINTS = '2.5.29.19';
const AUTHORITY_KEY_IDENTIFIER = '2.5.29.35';
const EXTENDED_KEY_USAGE = '2.5.29.37';
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';

/** A certificate that signs server certificates and no further authorities. PEM. */
export function issueAuthority(request: CertificateRequest): string {
  const { issuer, issuerKey } = request;
  const keyCertSign = bitString(Buffer.from([0x04]), 2);
  return issue(request, nameOf(issuer), issuerKey.publicKey, [
    extension(BASIC_CONSTRAINTS, sequence(boolean(true), integer(Buffer.from([0]))), true),
    extension(KEY_USAGE, keyCertSign, true),
    extension(SUBJECT_KEY_IDENTIFIER, octetString(keyIdentifier(issuerKey.publicKey))),
  ]);
}

/** A server certificate for one host name or address. PEM. */
export function issueLeaf(request: CertificateRequest, host: string, key: KeyObject): string {
  const digitalSignature = bitString(Buffer.from([0x80]), 7);
  const authorityKey = implicit(0, keyIdentifier(request.issuerKey.publicKey));
  return issue(request, sequence(), key, [
    extension(BASIC_CONSTRAINTS, sequence(), true),
    extension(KEY_USAGE, digitalSignature, true),
    extension(EXTENDED_KEY_USAGE, sequence(objectIdentifier(SERVER_AUTH))),
    // Critical, since the subject is empty (RFC 5280 §4.2.1.6).
    extension(SUBJECT_ALT_NAME, sequence(generalName(host)), true),
    extension(SUBJECT_KEY_IDENTIFIER, octetString(keyIdentifier(key))),
    extension(AUTHORITY_KEY_IDENTIFIER, sequence(authorityKey)),
  ]);
}

/** RFC 5280 §4.1. */
function issue(request: CertificateRequest, subject: Der, key: KeyObject, extensions: readonly Der[]): string {
  const toBeSigned = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(request.serial),
    ECDSA_WITH_SHA256,
    nameOf(request.issuer),
    sequence(time(request.notBefore), time(request.notAfter)),
    subject,
    publicKeyInfo(key),
    explicit(3, sequence(...extensions)),
  );
  const signature = bitString(sign('sha256', toBeSigned, request.issuerKey.privateKey));
  const base64 = sequence(toBeSigned, ECDSA_WITH_SHA256, signature).toString('base64');
  return `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{64}(?!$)/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
}

function extension(identifier: string, value: Der, critical = false): Der {
  const flag = critical ? [boolean(true)] : [];
  return sequence(objectIdentifier(identifier), ...flag, octetString(value));
}

function nameOf(commonName: string): Der {
  return sequence(setOf(sequence(objectIdentifier(COMMON_NAME), utf8String(commonName))));
}

/** RFC 5280 §4.2.1.6: `[2]` is a DNS name, `[7]` an address as its 4 or 16 bytes. */
function generalName(host: string): Der {
  return isIP(host) === 0 ? implicit(2, Buffer.from(host, 'latin1')) : implicit(7, addressBytes(host));
}

function addressBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail] = address.split('::', 2);
  const groupsOf = (text: string) => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)));
  const first = groupsOf(head);
  const last = groupsOf(tail ?? '');
  const groups = [...first, ...Array<number>(8 - first.length - last.length).fill(0), ...last];
  return Buffer.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
}

/** RFC 7093 §2 method 1: a truncated SHA-256 of the key. */
function keyIdentifier(key: KeyObject): Buffer {
  return createHash('sha256').update(publicKeyInfo(key)).digest().subarray(0, 20);
}

function publicKeyInfo(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' });
}
