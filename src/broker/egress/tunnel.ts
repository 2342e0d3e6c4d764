import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Refusal } from './refusal.ts';

export interface TunnelMeter {
  /** Called before bytes are passed on; a refusal cuts the tunnel. */
  out(bytes: number): Refusal | undefined;
  in(bytes: number): Refusal | undefined;
}

/** Pass bytes both ways until one side is gone. Resolves with why it ended. */
export function passThrough(client: Duplex, upstream: Socket, meter: TunnelMeter, idleMs: number): Promise<string> {
  return new Promise((resolve) => {
    const cut = (why: string) => {
      client.destroy();
      upstream.destroy();
      resolve(why);
    };
    pump(client, upstream, (bytes) => meter.out(bytes), cut);
    pump(upstream, client, (bytes) => meter.in(bytes), cut);
    upstream.setTimeout(idleMs, () => cut('idle'));
    for (const [side, name] of [[client, 'client'] as const, [upstream, 'upstream'] as const]) {
      side.on('error', () => cut(`${name} failed`));
      side.on('close', () => {
        if (name === 'client') cut('client closed');
        else client.end(() => cut('upstream closed'));
      });
    }
  });
}

function pump(from: Duplex, to: Duplex, meter: (bytes: number) => Refusal | undefined, cut: (why: string) => void) {
  from.on('data', (chunk: Buffer) => {
    const refusal = meter(chunk.length);
    if (refusal) return cut(refusal.code);
    if (to.write(chunk)) return undefined;
    from.pause();
    to.once('drain', () => from.resume());
    return undefined;
  });
  from.on('end', () => to.end());
  from.resume();
}
