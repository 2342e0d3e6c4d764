import { createServer, type Server } from 'node:http';
import type { Page } from 'playwright-core';
import type { PasskeyAssertion } from '../../../../src/attest/index.ts';

/** An empty page of its own origin on this machine. */
export interface Site extends AsyncDisposable {
  readonly origin: string;
}

export async function openSite(): Promise<Site> {
  const server: Server = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end('<!doctype html><title>a page</title>');
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    origin: `http://localhost:${port}`,
    async [Symbol.asyncDispose]() {
      const { promise: closed, resolve: done } = Promise.withResolvers<void>();
      server.close(() => done());
      server.closeAllConnections();
      await closed;
    },
  };
}

/** What the browser of this page makes, for the relying party `localhost`. */
export interface Registered {
  readonly credentialId: string;
  readonly attestationObject: string;
  readonly clientDataJSON: string;
}

export async function registerIn(page: Page, challenge: string): Promise<Registered> {
  // A text, because it runs in the browser, whose types are not ours.
  const result: unknown = await page.evaluate(`(async () => {
    ${BYTES}
    const credential = await navigator.credentials.create({ publicKey: {
      challenge: bytes(${JSON.stringify(challenge)}), rp: { id: 'localhost', name: 'x' },
      user: { id: new Uint8Array(16), name: 'alice', displayName: 'alice' },
      pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
      authenticatorSelection: { userVerification: 'required', residentKey: 'preferred' },
    } });
    const { attestationObject, clientDataJSON } = credential.response;
    return [credential.id, text(attestationObject), text(clientDataJSON)];
  })()`);
  const [credentialId, attestationObject, clientDataJSON] = texts(result, 3);
  return { credentialId, attestationObject, clientDataJSON };
}

export interface Wish {
  /** Base64url. */
  readonly challenge: string;
  readonly credentialId: string;
  readonly userVerification: 'required' | 'discouraged';
}

export async function assertIn(page: Page, wish: Wish): Promise<PasskeyAssertion> {
  const result: unknown = await page.evaluate(`(async () => {
    ${BYTES}
    const credential = await navigator.credentials.get({ publicKey: {
      challenge: bytes(${JSON.stringify(wish.challenge)}), rpId: 'localhost',
      userVerification: ${JSON.stringify(wish.userVerification)},
      allowCredentials: [{ type: 'public-key', id: bytes(${JSON.stringify(wish.credentialId)}) }],
    } });
    const { authenticatorData, clientDataJSON, signature } = credential.response;
    return [credential.id, text(authenticatorData), text(clientDataJSON), text(signature)];
  })()`);
  const [credentialId, authenticatorData, clientDataJSON, signature] = texts(result, 4);
  return { kind: 'passkey', credentialId, authenticatorData, clientDataJSON, signature };
}

const BYTES = `
  const bytes = (t) => Uint8Array.from(atob(t.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
  const text = (b) => btoa(String.fromCharCode(...new Uint8Array(b)))
    .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
`;

function texts(value: unknown, count: number): [string, string, string, string] {
  const list = Array.isArray(value) ? value.map(String) : [];
  if (list.length !== count) throw new Error('the browser answered something else');
  const [first = '', second = '', third = '', fourth = ''] = list;
  return [first, second, third, fourth];
}
