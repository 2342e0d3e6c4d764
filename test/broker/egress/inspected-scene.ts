import type { RequestListener } from 'node:http';
import type { NetworkGrant } from '../../../src/policy/index.ts';
import {
  askThrough,
  grantFor,
  type ProxyOptions,
  startProxy,
  startUpstream,
  type TestProxy,
  type Upstream,
} from './fixture.ts';

export interface Scene {
  readonly proxy: TestProxy;
  readonly upstream: Upstream;
  ask(head: string, body?: string | Buffer): Promise<string>;
}

/** An inspected HTTPS host; `ask` sends one request whose Host and end of head are filled in. */
export async function withInspection(
  options: Partial<ProxyOptions> & { grant?: Partial<NetworkGrant>; answer?: RequestListener },
  act: (scene: Scene) => Promise<void>,
): Promise<void> {
  await using upstream = await startUpstream({ tls: true, ...(options.answer ? { answer: options.answer } : {}) });
  const grant = grantFor(upstream.port, { tls: 'inspect', caFile: upstream.caFile, ...options.grant });
  await using proxy = await startProxy({ grants: [grant], ...options });
  const host = `allowed.test:${upstream.port}`;
  await act({
    proxy,
    upstream,
    ask: (head, body = '') => {
      const hostLine = /^host:/im.test(head) ? '' : `Host: ${host}\r\n`;
      const length =
        body.length > 0 && !/^(content-length|transfer-encoding):/im.test(head)
          ? `Content-Length: ${body.length}\r\n`
          : '';
      return askThrough(
        proxy,
        upstream.port,
        `${head}\r\n${hostLine}${length}Connection: close\r\n\r\n${body.toString('latin1')}`,
        proxy.authority.pem,
      );
    },
  });
}
