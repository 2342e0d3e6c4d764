import { KeyObject, type webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import type { Extension, X509CertificateGenerator } from '@peculiar/x509';

/** What both kinds of certificate of a run have in common. Times in milliseconds since the epoch. */
export interface CertificateRequest {
  readonly serial: Uint8Array;
  readonly notBefore: number;
  readonly notAfter: number;
  /** Common name of the authority. */
  readonly issuer: string;
  readonly issuerKeys: webcrypto.CryptoKeyPair;
}

/** Certificate and key with which the broker answers for one host, as PEM. */
export interface Leaf {
  readonly key: string;
  readonly cert: string;
}

const ECDSA = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** Loaded on first use only: most runs inspect no host and need none of it. */
async function loadX509() {
  // The library finds its parts by decorators, whose metadata this polyfill keeps; it must be there first.
  await import('reflect-metadata');
  // The whole CommonJS module: its single names are not there any more once it was bundled.
  const { default: x509 } = await import('@peculiar/x509');
  return x509;
}

/** Keys of an authority; the private one cannot be exported. */
export function generateAuthorityKeys(): Promise<webcrypto.CryptoKeyPair> {
  return crypto.subtle.generateKey(ECDSA, false, ['sign', 'verify']);
}

/** A certificate that signs server certificates and no further authorities. PEM. */
export async function issueAuthority(request: CertificateRequest): Promise<string> {
  const x509 = await loadX509();
  const { publicKey } = request.issuerKeys;
  return issue(x509.X509CertificateGenerator, request, `CN=${request.issuer}`, publicKey, [
    new x509.BasicConstraintsExtension(true, 0, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    await x509.SubjectKeyIdentifierExtension.create(publicKey),
  ]);
}

/** A server certificate for one host name or address, with a fresh key. */
export async function issueLeaf(request: CertificateRequest, host: string): Promise<Leaf> {
  const x509 = await loadX509();
  const { publicKey, privateKey } = await crypto.subtle.generateKey(ECDSA, true, ['sign', 'verify']);
  const cert = await issue(x509.X509CertificateGenerator, request, '', publicKey, [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
    // Critical, since the subject is empty (RFC 5280 §4.2.1.6).
    new x509.SubjectAlternativeNameExtension([{ type: isIP(host) === 0 ? 'dns' : 'ip', value: host }], true),
    await x509.SubjectKeyIdentifierExtension.create(publicKey),
    await x509.AuthorityKeyIdentifierExtension.create(request.issuerKeys.publicKey),
  ]);
  return { key: KeyObject.from(privateKey).export({ type: 'pkcs8', format: 'pem' }).toString(), cert };
}

async function issue(
  generator: typeof X509CertificateGenerator,
  request: CertificateRequest,
  subject: string,
  publicKey: webcrypto.CryptoKey,
  extensions: Extension[],
): Promise<string> {
  const certificate = await generator.create({
    serialNumber: Buffer.from(request.serial).toString('hex'),
    notBefore: new Date(request.notBefore),
    notAfter: new Date(request.notAfter),
    issuer: `CN=${request.issuer}`,
    subject,
    publicKey,
    signingKey: request.issuerKeys.privateKey,
    signingAlgorithm: ECDSA,
    extensions,
  });
  return `${certificate.toString('pem')}\n`;
}
