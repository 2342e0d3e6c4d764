import type { AgentRun, StartWay } from '../../../facts/index.ts';
import type { Gate, Trigger } from '../../../pipelines/index.ts';
import { isOpen, isWritten } from '../run-weight.ts';

/** A pipeline of GitHub that people wrote: agentic workflows have a gate that their compiler builds in (AW001). */
export function isOnGitHub(run: AgentRun): boolean {
  return run.pipeline.platform === 'github' && isWritten(run);
}

/** The way by which somebody without rights gets in with the repository's rights: past the weakest gates, when several do. */
export function openWay({ ways }: AgentRun): StartWay | undefined {
  const open = ways.filter(({ trigger: { untrusted, privileged, who } }) => untrusted && privileged && isStranger(who));
  return open.find(({ circle }) => isStranger(circle)) ?? open[0];
}

function isStranger(who: StartWay['circle']): boolean {
  return who === 'anyone' || who === 'past-contributor';
}

/** The event of that way. */
export function openTrigger(run: AgentRun): Trigger | undefined {
  return openWay(run)?.trigger;
}

/** Whether an outsider's event reaches the agent's job at all with the repository's rights. */
export function meetsPrivileged({ triggers }: AgentRun): boolean {
  return triggers.some(({ untrusted, privileged }) => untrusted && privileged);
}

/** A check that cannot be got round and asks for rights. */
export function holdingGates({ gates }: AgentRun): readonly Gate[] {
  return gates.filter(
    ({ strength, spoofable, kind }) => strength >= 3 && spoofable === undefined && kind !== 'environment',
  );
}

/** An environment may want reviewers; the repository does not say. */
export function environmentGate({ gates }: AgentRun): Gate | undefined {
  return gates.find(({ kind }) => kind === 'environment');
}

/** The input that opens the action's own check, when one does. */
export function openingOf(
  { invocation }: AgentRun,
  bots: boolean,
): AgentRun['invocation']['builtInGate']['openedTo'][number] | undefined {
  return invocation.builtInGate.openedTo.find((one) => one.everybody && one.bots === bots);
}

export function isStartedByOutsiders(run: AgentRun): boolean {
  return isOpen(run) && openTrigger(run) !== undefined;
}
