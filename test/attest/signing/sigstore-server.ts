import { createHash, generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  fulcioHandler,
  initializeCA,
  initializeCTLog,
  initializeTLog,
  initializeTSA,
  rekorHandler,
  tsaHandler,
} from '@sigstore/mock';
import { HashAlgorithm, PublicKeyDetails, type TrustedRoot } from '@sigstore/protobuf-specs';

/** Sigstore's services on loopback, behaving as documented, and the root that trusts them. */
export interface SigstoreServer extends AsyncDisposable {
  readonly url: string;
  readonly root: TrustedRoot;
  /** Paths that were asked for, in order. */
  readonly requests: readonly string[];
  /** With this the certificate authority refuses everything. */
  refuse(reason: string): void;
}

export async function startSigstore(): Promise<SigstoreServer> {
  const [caKeys, ctKeys, logKeys, tsaKeys] = [0, 1, 2, 3].map(() => generateKeyPairSync('ec', { namedCurve: 'P-256' }));
  if (!caKeys || !ctKeys || !logKeys || !tsaKeys) throw new RangeError('keys');
  // One moment for all of them, later than the roots: certificates count whole seconds.
  const clock = new Date(Math.ceil(Date.now() / 1000) * 1000 + 5000);
  const ctLog = await initializeCTLog(ctKeys, clock);
  const ca = await initializeCA(caKeys, ctLog, clock);
  const tsa = await initializeTSA(tsaKeys, clock);
  const requests: string[] = [];
  let refusal: string | undefined;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      requests.push(request.url ?? '');
      const body = Buffer.concat(chunks).toString('latin1');
      if (refusal !== undefined && request.url === '/api/v2/signingCert') {
        response.writeHead(400, { 'Content-Type': 'application/json' });
        // As a certificate authority that quotes what it was sent.
        response.end(JSON.stringify({ message: `${refusal}: ${body}` }));
        return;
      }
      void answer(request.url ?? '', body).then(({ statusCode, response: content, contentType }) => {
        response.writeHead(statusCode, { 'Content-Type': contentType ?? 'text/plain' });
        response.end(
          typeof content === 'string' ? content : Buffer.from(content.buffer, content.byteOffset, content.byteLength),
        );
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Sound: a server that listens on a port has an address of this kind.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const tlog = await initializeTLog(url, logKeys, clock);
  const handlers = [fulcioHandler(ca), rekorHandler(tlog), tsaHandler(tsa)];
  const answer = async (path: string, body: string) =>
    handlers.find((handler) => handler.path === path)?.fn(body) ?? {
      statusCode: 404,
      response: 'no such page',
      contentType: undefined,
    };
  return {
    url,
    requests,
    root: rootOf(ca.rootCertificate, [tsa.intCertificate, tsa.rootCertificate], ctLog, tlog.publicKey, url),
    refuse: (reason) => {
      refusal = reason;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function rootOf(
  ca: ArrayBufferView,
  tsa: readonly ArrayBufferView[],
  ctLog: { readonly publicKey: Buffer; readonly logID: ArrayBufferView },
  logKey: Buffer,
  url: string,
): TrustedRoot {
  const start = new Date(Date.now() - 86_400_000);
  const bytes = (view: ArrayBufferView): Buffer => Buffer.from(view.buffer, view.byteOffset, view.byteLength);
  const authority = (chain: readonly ArrayBufferView[]) => ({
    subject: { commonName: 'test', organization: 'example.test' },
    uri: url,
    certChain: { certificates: chain.map((rawBytes) => ({ rawBytes: bytes(rawBytes) })) },
    validFor: { start },
    operator: 'example.test',
  });
  const log = (key: Buffer, keyId: Buffer) => ({
    baseUrl: url,
    logId: { keyId },
    hashAlgorithm: HashAlgorithm.SHA2_256,
    publicKey: { rawBytes: key, keyDetails: PublicKeyDetails.PKIX_ECDSA_P256_SHA_256, validFor: { start } },
    checkpointKeyId: undefined,
    operator: 'example.test',
  });
  return {
    mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
    certificateAuthorities: [authority([ca])],
    timestampAuthorities: [authority(tsa)],
    ctlogs: [log(ctLog.publicKey, bytes(ctLog.logID))],
    tlogs: [log(logKey, createHash('sha256').update(logKey).digest())],
  };
}
