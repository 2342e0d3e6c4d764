import { revealHidden } from '../../text/index.ts';
import type { GateResult, Origin } from '../model.ts';

/** Names of the labels that a pull or merge request gets; one of them at a time. */
const LABELS = {
  'ai-assisted': 'sallyport: ai-assisted',
  'unknown-origin': 'sallyport: unknown origin',
  human: 'sallyport: human',
} as const satisfies Record<GateResult['label'], string>;

/** What a forge is told: the label to set, and the ones to take away. */
export function labelsFor(label: GateResult['label']): { readonly add: string; readonly remove: readonly string[] } {
  return { add: LABELS[label], remove: Object.values(LABELS).filter((name) => name !== LABELS[label]) };
}

/**
 * Trailers for the merge commit, from the signed record only (Linux kernel, coding-assistants.rst: `Assisted-by:
 * AGENT:MODEL`). They are labels for people: whoever verifies reads the record. Empty for a change without one.
 */
export function trailersFor(origin: Origin): readonly string[] {
  if (origin.kind !== 'agent-run') return [];
  const { agent, model, runId } = origin.run;
  const name = agent.split(' ')[0] ?? agent;
  return [
    `Assisted-by: ${oneLine(name)}${model === undefined ? '' : `:${oneLine(model)}`}`,
    `Sallyport-Run: ${oneLine(runId)}`,
  ];
}

function oneLine(text: string): string {
  return revealHidden(text.replace(/[\r\n\t ]+/g, '-')).slice(0, 200);
}
