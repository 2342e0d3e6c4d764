import { rmSync } from 'node:fs';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Tells our listeners from those of others. */
const ours = new WeakSet<object>();

/**
 * Until it is disposed of, a signal that ends this process takes a temporary directory with it. Where somebody else
 * listens to the signal, he ends the process in order, and nothing is done here.
 */
export function removeOnSignal(path: string): Disposable {
  const stop = (): void => {
    for (const signal of SIGNALS) process.off(signal, listener);
  };
  const listener = (signal: NodeJS.Signals): void => {
    if (process.listeners(signal).some((other) => !ours.has(other))) return;
    stop();
    try {
      // Programs that were at work in it may need a moment to die.
      rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
    } finally {
      // The last of us lets the signal do what it would have done.
      if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
    }
  };
  ours.add(listener);
  for (const signal of SIGNALS) process.on(signal, listener);
  return { [Symbol.dispose]: stop };
}
