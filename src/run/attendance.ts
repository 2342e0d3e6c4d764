import type { Sandbox, SandboxExit } from '../sandbox/index.ts';
import type { BrokerLink } from './broker-link.ts';
import type { OutputGate } from './output-gate.ts';
import type { RunEnd } from './request.ts';

export interface Attendance {
  readonly end: RunEnd;
  /** The agent's own exit code. */
  readonly code: number;
  readonly exit: SandboxExit;
}

/** Lets the proven sandbox go and stays with it until the agent is dead, cancelled, or can no longer be held. */
export async function attend(
  sandbox: Sandbox,
  broker: BrokerLink,
  gate: OutputGate,
  cancelled: Promise<string>,
): Promise<Attendance> {
  void cancelled.then(() => sandbox.cancel('cancelled'));
  void broker.lost.then(() => sandbox.cancel('broker-lost'));
  const exit = await sandbox.execute((stream, chunk) => gate.write(stream, chunk));
  await gate.end();
  return { end: endOf(exit), code: exit.code, exit };
}

function endOf(exit: SandboxExit): RunEnd {
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
    case 'airlock-lost':
      return { kind: 'incomplete', reason: 'the sandbox was lost; its change cannot be read' };
  }
}
