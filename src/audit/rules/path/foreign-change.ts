import type { AgentRun } from '../../../facts/index.ts';
import type { Effect, Trigger } from '../../../pipelines/index.ts';
import { isOpen } from '../../paths/path-finding.ts';
import { isContained } from '../agent-rule.ts';

/**
 * The triggers that put an outsider's change where the agent works while the job has the repository's secrets. GitHub's
 * own checkout of a pull request is none: a fork's run of those events has no secrets, and whoever pushes to the
 * repository may change the pipeline itself.
 */
function foreignTriggers(run: AgentRun): readonly Trigger[] {
  const outside = run.ways
    .filter(({ trigger: { untrusted, privileged, event }, gates }) => {
      const own = gates.some(({ kind, spoofable }) => kind === 'same-repository' && spoofable === undefined);
      return untrusted && privileged && !own && !REVIEWS.has(event);
    })
    .map(({ trigger }) => trigger);
  // GitLab and Jenkins hand their variables to a change's run too, once it runs in the project itself.
  if (run.pipeline.platform !== 'github')
    return run.tree.provenance === 'pull-request' ? outside.filter(({ event }) => CHANGES.test(event)) : [];
  const heads = run.effectsBefore.filter(isNamedHead);
  return outside.filter(
    ({ event }) => heads.some((head) => isFilled(head, event)) || (fetchesHead(run) && COMMENTS.has(event)),
  );
}

const CHANGES = /merge_request|change-request|pull/;

/** Those of a fork's pull request have no secrets; in the others the change is that of somebody who may push. */
const REVIEWS: ReadonlySet<string> = new Set(['pull_request_review', 'pull_request_review_comment']);

/** Comments on a pull request. */
const COMMENTS: ReadonlySet<string> = new Set(['issue_comment', 'pull_request_comment']);

/** In tag mode the action of Claude Code checks out the pull request that it was called on, in a tree that is there. */
function fetchesHead({ invocation, step, effectsBefore }: AgentRun): boolean {
  const { product, via, promptFromEvent } = invocation;
  const mode = step.inputs.find(({ name }) => name === 'mode')?.value.text.trim();
  return (
    product === 'claude-code' &&
    via === 'action' &&
    promptFromEvent &&
    mode !== 'agent' &&
    effectsBefore.some(isCheckout)
  );
}

type Checkout = Extract<Effect, { readonly kind: 'checkout' }>;

function isCheckout(effect: Effect): effect is Checkout & Effect {
  return effect.kind === 'checkout';
}

/**
 * A checkout that names the head; one whose command could not be read in full counts too. A branch of this repository is
 * written by people who may push.
 */
function isNamedHead(effect: Effect): effect is Checkout & Effect {
  if (!isCheckout(effect) || effect.tree !== 'pull-request' || effect.ownBranch === true) return false;
  return effect.ref !== undefined || effect.certainty === 'possible';
}

/** A reference to `github.event.pull_request` is empty, which is the base, for events that bring none. */
function isFilled({ ref }: Checkout, event: string): boolean {
  const names = ref?.interpolations.flatMap(({ values }) => values.map(({ name }) => name)) ?? [];
  const pulls = names.length > 0 && names.every((name) => /^github\.(?:event\.pull_request\.|head_ref)/.test(name));
  const runs = names.length > 0 && names.every((name) => name.startsWith('github.event.workflow_run.'));
  if (pulls) return event.startsWith('pull_request');
  return runs ? event === 'workflow_run' : true;
}

/** A step before the agent names the head, and this event fills the name. */
export function takesHead(run: AgentRun, event: string): boolean {
  return run.effectsBefore.filter(isNamedHead).some((head) => isFilled(head, event));
}

/** The code of an outsider's change lies where an agent with the repository's rights works. */
export function worksOnForeignChange(run: AgentRun): boolean {
  return !isContained(run) && bringsForeignChange(run);
}

/** The same, where the change lies there before the agent starts: its own action brings none along. */
export function checksOutForeignChange(run: AgentRun): boolean {
  return foreignTriggers(run).some(({ event }) => run.pipeline.platform !== 'github' || takesHead(run, event));
}

/** The same, whatever stands around the agent. */
export function bringsForeignChange(run: AgentRun): boolean {
  return foreignTriggers(run).length > 0;
}

/** Anybody gets it there, with nobody's consent. */
export function isOpenToChanges(run: AgentRun): boolean {
  return isOpen(run) && foreignTriggers(run).some(({ who }) => who === 'anyone' || who === 'past-contributor');
}

/** The beginning of such a path's sentence: who does it. */
export function whoChanges(run: AgentRun): string {
  return isOpenToChanges(run)
    ? 'Anyone who opens a pull request'
    : 'The author of a pull request on which a member starts the agent';
}
