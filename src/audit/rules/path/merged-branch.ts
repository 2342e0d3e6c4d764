import type { AgentRun, Facts } from '../../../facts/index.ts';
import type { Effect, Job, Pipeline, Step, Trigger } from '../../../pipelines/index.ts';
import { effectsOfJob } from './pipeline-joins.ts';
import { grantOf, holdsOtherToken } from './run-questions.ts';

/** Another pipeline that merges whatever is pushed to branches with a certain beginning. */
export interface BranchMerge {
  readonly pipeline: Pipeline;
  readonly trigger: Trigger;
  readonly merge: Effect;
  /** Beginning of the branches: `claude/`. */
  readonly beginning: string;
}

/** The action of Claude Code names its branches so where nothing else is said. Source: its action.yml, `branch_prefix`. */
const USUAL_BEGINNING = 'claude/';

/**
 * The pipeline that merges the branch of an agent. The branch is the agent's when its job names the beginning, and its
 * push starts pipelines: what the job's own token pushes starts none (GitHub documentation, "Triggering a workflow").
 */
export function mergeOfBranch(run: AgentRun, facts: Facts): BranchMerge | undefined {
  if (!pushesBranch(run) || !startsPipelines(run)) return undefined;
  const named = textsOf(run);
  for (const pipeline of facts.pipelines) {
    if (pipeline === run.pipeline || pipeline.platform !== run.pipeline.platform) continue;
    for (const job of pipeline.jobs) {
      const merge = effectsOfJob(job).find(({ kind }) => kind === 'merge');
      const start = merge && startOf(pipeline, job, named);
      if (merge && start) return { pipeline, merge, ...start };
    }
  }
  return undefined;
}

function pushesBranch(run: AgentRun): boolean {
  const { invocation, effectsAfter, capabilities } = run;
  if (capabilities.write === 'none' && capabilities.execute === 'none') return false;
  if (effectsAfter.some(({ kind }) => kind === 'push' || kind === 'create-pull-request')) return true;
  return isTagged(run) || invocation.mode === 'bypass' || grantOf(run, ['git-push']) !== undefined;
}

/** Called by a mention, the action of Claude Code pushes a branch by itself. */
function isTagged({ invocation: { product, via, promptFromEvent } }: AgentRun): boolean {
  return product === 'claude-code' && via === 'action' && promptFromEvent;
}

function startsPipelines(run: AgentRun): boolean {
  const { invocation, step } = run;
  const own = step.inputs.find(({ name }) => name === 'github_token')?.value.text;
  // Without a token of ours it takes one of its own application.
  if (invocation.product === 'claude-code' && invocation.via === 'action' && own === undefined) return true;
  return holdsOtherToken(run);
}

/** Everything in which the job says how its branch is called. */
function textsOf({ job, invocation, step }: AgentRun): string {
  const inner = (one: Step): readonly Step[] => [one, ...one.inner.flatMap(inner)];
  const texts = job.steps
    .flatMap(inner)
    .flatMap(({ run, inputs, environment }) => [
      run?.text.text ?? '',
      ...[...inputs, ...environment].map(({ value }) => value.text),
    ]);
  const beginning = step.inputs.find(({ name }) => name === 'branch_prefix');
  const usual = invocation.product === 'claude-code' && invocation.via === 'action' && beginning === undefined;
  return [...texts, ...(usual ? [USUAL_BEGINNING] : [])].join('\n');
}

function startOf(pipeline: Pipeline, job: Job, named: string): Pick<BranchMerge, 'trigger' | 'beginning'> | undefined {
  for (const trigger of pipeline.triggers) {
    const beginning = beginningsOf(trigger, job).find((one) => one.length > 2 && named.includes(one));
    if (beginning !== undefined) return { trigger, beginning };
  }
  return undefined;
}

/** A push names branches in the trigger, a pull request in the condition of the job or of a step. */
function beginningsOf({ event, branches }: Trigger, { condition, steps }: Job): readonly string[] {
  if (event === 'push' || event === 'create')
    return branches
      .map(({ value }) => value)
      .flatMap((value) => (value.includes('*') ? [value.split('*')[0] ?? ''] : []));
  if (!event.startsWith('pull_request')) return [];
  const conditions = [condition, ...steps.map((step) => step.condition)].map((one) => one?.text.text ?? '');
  return conditions.flatMap((text) => [...text.matchAll(HEAD_BEGINS)].map(([, beginning]) => beginning ?? ''));
}

const HEAD_BEGINS = /startsWith\(\s*github\.(?:head_ref|event\.pull_request\.head\.ref)\s*,\s*'([^'\n]{1,80})'/gi;
