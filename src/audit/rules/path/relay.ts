import type { AgentRun } from '../../../facts/index.ts';
import type { Place } from '../../../syntax/index.ts';
import { isContained } from '../agent-rule.ts';
import { mayWrite, rightsOf, writerWithin } from '../token-rights.ts';
import { grantOf, strongestSource } from './run-questions.ts';

/** What one agent writes on the forge, and how that starts or steers a stronger one. */
export interface Relay {
  readonly from: AgentRun;
  readonly to: AgentRun;
  readonly by: 'label' | 'comment';
  /** Where the first agent gets the power to write it. */
  readonly written: Place;
  /** What lets it start the second one: a label gate, a bot that is let in. */
  readonly opened: Place;
}

/** Every pair of agents of which the first, which outsiders steer, can start the second, which may do more. */
export function relaysOf(runs: readonly AgentRun[]): readonly Relay[] {
  const ranked = runs.filter((run) => !isContained(run)).map((run) => ({ run, strength: strengthOf(run) }));
  return ranked.flatMap(({ run: from, strength }) => {
    if (!strongestSource(from) || !startsFurtherRuns(from)) return [];
    const label = writes(from, 'label');
    const comment = writes(from, 'comment');
    return ranked.flatMap(({ run: to, strength: other }) => {
      if (to.job === from.job || other <= strength) return [];
      const relay = byLabel(from, label, to) ?? byComment(from, comment, to);
      return relay ? [relay] : [];
    });
  });
}

/** What a run can do to the repository: to compare two. */
export function strengthOf(run: AgentRun): number {
  const writes =
    writerWithin(run, 'contents') !== undefined || run.exits.some(({ kind }) => kind === 'push' || kind === 'merge');
  const acts = run.capabilities.execute === 'any' ? 2 : run.capabilities.write !== 'none' ? 1 : 0;
  return acts + (writes ? 2 : 0);
}

/** An event that the job's own token causes starts nothing; one of an App or a person does. */
function startsFurtherRuns(run: AgentRun): boolean {
  const { credentials, effectsBefore, effectsAfter, invocation } = run;
  if (credentials.some(({ class: kind }) => kind === 'personal-token')) return true;
  if ([...effectsBefore, ...effectsAfter].some(({ kind }) => kind === 'mint-token')) return true;
  const ownApp = /claude-code-action$/.test(invocation.spelled.split('@')[0] ?? '');
  return ownApp && !run.step.inputs.some(({ name, value }) => name === 'github_token' && value.text.trim() !== '');
}

function byLabel(from: AgentRun, written: Place | undefined, to: AgentRun): Relay | undefined {
  const gate = to.gates.find(({ kind }) => kind === 'label');
  const labelled = to.triggers.some(({ types }) => types.some(({ value }) => value === 'labeled'));
  return gate && labelled && written ? { from, to, by: 'label', written, opened: gate.place } : undefined;
}

function byComment(from: AgentRun, written: Place | undefined, to: AgentRun): Relay | undefined {
  const spoken = to.triggers.some(({ event }) => /comment$|^issues$|^discussion/.test(event));
  const opened =
    to.invocation.builtInGate.openedTo.find(({ bots }) => bots)?.place ??
    to.gates.find(({ kind }) => kind === 'bot-name')?.place;
  return spoken && opened && written ? { from, to, by: 'comment', written, opened } : undefined;
}

/** The grant or step by which the text of the agent becomes a label or comment. */
function writes(run: AgentRun, kind: 'label' | 'comment'): Place | undefined {
  const rights = rightsOf(run);
  if (mayWrite(rights, 'issues') === 'no' && mayWrite(rights, 'pull-requests') === 'no') return undefined;
  const later = run.effectsAfter.find((effect) => effect.kind === kind);
  if (later) return later.place;
  const grant = grantOf(run, ['forge-write']);
  if (grant) return grant.place;
  return run.capabilities.forgeWrite ? run.invocation.place : undefined;
}
