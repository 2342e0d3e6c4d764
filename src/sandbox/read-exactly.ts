import type { Readable } from 'node:stream';
import { SallyportError } from '../errors/index.ts';

/**
 * Reads exactly this many bytes and leaves the stream paused.
 * @throws SallyportError SP1204 when it ends or falls silent before.
 */
export function readExactly(stream: Readable, length: number, milliseconds: number): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const chunks: Buffer[] = [];
  let received = 0;
  const finish = (): void => {
    clearTimeout(timer);
    stream.off('data', onData);
    stream.off('end', onEnd);
    stream.off('close', onEnd);
    stream.pause();
  };
  const fail = (reason: string): void => {
    finish();
    reject(new SallyportError('SP1204', `the probe ${reason} after ${received} of ${length} bytes`));
  };
  const onEnd = (): void => fail('ended');
  const onData = (chunk: Buffer): void => {
    chunks.push(chunk);
    received += chunk.length;
    if (received < length) return;
    finish();
    // More than was asked for is a report of another length, and read as one.
    resolve(Buffer.concat(chunks));
  };
  const timer = setTimeout(() => fail('fell silent'), milliseconds);
  stream.on('data', onData);
  stream.on('end', onEnd);
  // Destroyed by the teardown: without this the timer would keep the process for all its time.
  stream.on('close', onEnd);
  if (stream.destroyed) onEnd();
  return promise;
}
