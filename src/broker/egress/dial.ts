import { connect, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { errorCode } from '../../system/index.ts';
import type { Authority } from './authority.ts';
import { formatAuthority } from './authority.ts';
import { Refusal } from './refusal.ts';

/** Connect to the first of the addresses that answers. Never resolves a name. */
export async function dial(
  addresses: readonly string[],
  target: Authority,
  timeoutMs: number,
): Promise<Socket | Refusal> {
  let why = 'no address';
  for (const address of addresses) {
    const outcome = await connectTo(address, target.port, timeoutMs);
    if (typeof outcome !== 'string') return outcome;
    why = outcome;
  }
  return new Refusal('upstream-unreachable', `${formatAuthority(target)} cannot be reached (${why})`);
}

/** TLS to the upstream over a dialled connection; the certificate is checked for the destination's name. */
export function startTls(
  socket: Socket,
  target: Authority,
  ca: string | undefined,
  timeoutMs: number,
): Promise<TLSSocket | Refusal> {
  return new Promise((resolve) => {
    const secure = connectTls({
      socket,
      host: target.host,
      ...(target.isAddress ? {} : { servername: target.host }),
      ...(ca === undefined ? {} : { ca }),
      ALPNProtocols: ['http/1.1'],
      minVersion: 'TLSv1.2',
    });
    const fail = (why: string) => {
      secure.destroy();
      resolve(new Refusal('upstream-unreachable', `TLS with ${formatAuthority(target)} failed (${why})`));
    };
    const timer = setTimeout(fail, timeoutMs, 'timed out');
    secure.on('error', (error) => {
      clearTimeout(timer);
      fail(reasonOf(error));
    });
    secure.once('secureConnect', () => {
      clearTimeout(timer);
      resolve(secure);
    });
  });
}

function connectTo(host: string, port: number, timeoutMs: number): Promise<Socket | string> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const fail = (why: string) => {
      socket.destroy();
      resolve(why);
    };
    socket.setTimeout(timeoutMs, () => fail('timed out'));
    socket.on('error', (error) => fail(reasonOf(error)));
    socket.once('connect', () => {
      socket.setTimeout(0);
      socket.setNoDelay(true);
      resolve(socket);
    });
  });
}

/** The code only: messages of the operating system and of TLS may repeat what the other side said. */
function reasonOf(error: Error): string {
  return errorCode(error) ?? error.name;
}
