import { createHash, X509Certificate } from 'node:crypto';

const MAGIC = 0xfeedfeed;
const VERSION = 2;
const TRUSTED_CERTIFICATE = 2;
/** Without this password, which every tool of Java assumes, the store is read as well, and its digest not looked at. */
const PASSWORD = 'changeit';
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/**
 * A trust bundle (PEM, one certificate after the other) in the one form that every Java machine reads: the key store of
 * JDK's own, `JKS` (`sun.security.provider.JavaKeyStore`). Nothing in it is secret. What is no certificate is left out.
 */
export function createJavaTrustStore(bundle: string): Buffer {
  const certificates = (bundle.match(CERTIFICATE) ?? []).flatMap(derOf);
  const entries = certificates.flatMap((der, index) => [
    word(TRUSTED_CERTIFICATE),
    text(`ca-${index}`),
    // When it was put in: nobody asks, and equal bundles make equal stores.
    Buffer.alloc(8),
    text('X.509'),
    word(der.length),
    der,
  ]);
  const store = Buffer.concat([word(MAGIC), word(VERSION), word(certificates.length), ...entries]);
  const password = Buffer.from(PASSWORD, 'utf16le').swap16();
  const digest = createHash('sha1').update(password).update('Mighty Aphrodite').update(store).digest();
  return Buffer.concat([store, digest]);
}

function derOf(pem: string): readonly Buffer[] {
  try {
    return [new X509Certificate(pem).raw];
  } catch {
    return [];
  }
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** `DataOutput.writeUTF`, for ASCII. */
function text(value: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(value.length);
  return Buffer.concat([length, Buffer.from(value, 'latin1')]);
}
