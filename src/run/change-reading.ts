import { hash } from 'node:crypto';
import { INITIAL_STATE } from '../policy/index.ts';
import type { JsonObject } from '../system/index.ts';
import { createSentinel } from '../text/index.ts';
import { collectChange } from '../workspace/index.ts';
import type { CollectMessage } from './collect-messages.ts';
import { compileSource } from './policy-compilation.ts';

/** Loads what only reading needs, and takes longest, while the agent is still at work. */
export function readyToRead(): typeof readChange {
  hash('sha256', '');
  return readChange;
}

/** The airlock's last work: reads the change from the finished workspace. Answers a `CollectMessage` with a `Change`. */
export async function readChange(workspace: string, parameters: JsonObject): Promise<JsonObject> {
  // The supervisor on the other end of the channel is this same program: it sends a CollectMessage and reads a Change.
  const message = parameters as unknown as CollectMessage;
  const policy = await compileSource(message.policy);
  const change = await collectChange({
    workspace,
    settled: message.settled,
    lower: message.lower,
    baseline: message.baseline,
    output: message.output,
    limits: message.limits,
    decide: (write) => policy.decide({ plane: 'file', ...write }, INITIAL_STATE),
    sentinel: message.secrets.length === 0 ? undefined : createSentinel(message.secrets),
  });
  return change as unknown as JsonObject;
}
