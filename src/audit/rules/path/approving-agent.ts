import type { AgentRun } from '../../../facts/index.ts';
import type { Effect } from '../../../pipelines/index.ts';
import type { Place } from '../../../syntax/index.ts';
import { mayWrite, rightsOf } from '../token-rights.ts';
import { effectsOfJob, followers } from './pipeline-joins.ts';
import { grantOf } from './run-questions.ts';

/** How what an agent thinks of a change becomes its approval or merge. */
export interface Acceptance {
  readonly kind: 'approve' | 'merge';
  readonly what: string;
  readonly place: Place;
  readonly by: 'agent' | 'later-step' | 'later-job';
}

/** The approval or merge that follows from an agent's run, with no person in between. */
export function acceptanceBy(run: AgentRun): Acceptance | undefined {
  const later = run.effectsAfter.find(accepts);
  if (later) return from(later, 'later-step');
  const next = followers(run.pipeline, run.job)
    .filter(({ deployment }) => !deployment)
    .flatMap(effectsOfJob)
    .find(accepts);
  if (next) return from(next, 'later-job');
  return granted(run);
}

function accepts({ kind }: Effect): boolean {
  return kind === 'approve' || kind === 'merge';
}

function from(effect: Effect, by: Acceptance['by']): Acceptance | undefined {
  if (effect.kind !== 'approve' && effect.kind !== 'merge') return undefined;
  return { kind: effect.kind, what: effect.what, place: effect.place, by };
}

/** The agent is told to do it itself, and may: a grant alone is a weakness of another rule. */
function granted(run: AgentRun): Acceptance | undefined {
  if (mayWrite(rightsOf(run), 'pull-requests') === 'no' && mayWrite(rightsOf(run), 'contents') === 'no')
    return undefined;
  const order = run.invocation.prompts.find(({ text }) =>
    /\bgh pr (?:merge|review[^\n]{0,80}(?:--approve|-a\b))|\bauto-?merge\b|\bapprove the (?:pull request|PR|change)\b/i.test(
      text,
    ),
  );
  if (!order) return undefined;
  const grant = run.capabilities.execute === 'any' ? run.invocation : grantOf(run, ['merge']);
  const kind = /merge/i.test(order.text) ? 'merge' : 'approve';
  return grant ? { kind, what: `the prompt orders to ${kind}`, place: order.place, by: 'agent' } : undefined;
}
