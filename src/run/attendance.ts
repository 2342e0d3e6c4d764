import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Sandbox, SandboxExit } from '../sandbox/index.ts';
import type { OutputGate } from './output-gate.ts';
import type { RunEnd } from './request.ts';

export interface Attendance {
  readonly end: RunEnd;
  /** The agent's own exit code. */
  readonly code: number;
  readonly exit: SandboxExit;
}

/** What ends the agent's time before it ends itself, each with the promise that says so. */
export type Interruptions = { readonly [cause in 'cancelled' | 'broker-lost' | 'ledger-lost']: Promise<unknown> };

/** Lets the proven sandbox go and stays with it until the agent is dead, cancelled, or can no longer be held. */
export async function attend(sandbox: Sandbox, gate: OutputGate, interruptions: Interruptions): Promise<Attendance> {
  void interruptions.cancelled.then(() => sandbox.cancel('cancelled'));
  void interruptions['broker-lost'].then(() => sandbox.cancel('broker-lost'));
  void interruptions['ledger-lost'].then(() => sandbox.cancel('ledger-lost'));
  // What has happened already is heard in this turn, before the word is given.
  await nextTurn();
  const exit = await sandbox.execute((stream, chunk) => gate.write(stream, chunk));
  await gate.end();
  return { end: endOf(exit), code: exit.code, exit };
}

/** What a run came to whose agent ended so. */
export function endOf(exit: Pick<SandboxExit, 'cause'>): RunEnd {
  switch (exit.cause) {
    case 'exit':
      return { kind: 'completed' };
    case 'timeout':
      return { kind: 'timeout' };
    case 'cancelled':
      return { kind: 'cancelled' };
    case 'memory':
    case 'output':
      return { kind: 'limit', limit: exit.cause };
    case 'broker-lost':
      return { kind: 'incomplete', reason: 'the broker was lost, so the agent was stopped' };
    case 'ledger-lost':
      return { kind: 'incomplete', reason: 'the ledger could not be written, so the agent was stopped' };
    case 'airlock-lost':
      return { kind: 'incomplete', reason: 'the sandbox was lost; its change cannot be read' };
  }
}
