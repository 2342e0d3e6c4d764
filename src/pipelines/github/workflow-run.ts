import { basename } from 'node:path/posix';
import type { Pipeline, Trigger } from '../model.ts';
import { awaitedWorkflows } from './triggers.ts';

/**
 * A `workflow_run` trigger brings an outsider's content only when one of the workflows it waits for can be started by
 * one. Where all of them are in the repository and none can, the trigger is not untrusted; where anyone can start one of
 * them, anyone starts this one, since also a run whose jobs were all skipped is a run that ended.
 */
export function narrowWorkflowRuns(pipelines: readonly Pipeline[]): readonly Pipeline[] {
  let narrowed = pipelines;
  // One that waits for one that waits: each round carries what is known one workflow further.
  for (let round = 0; round < LONGEST_CHAIN; round++) {
    const next = narrowOnce(narrowed);
    if (next.every((pipeline, index) => pipeline === narrowed[index])) return next;
    narrowed = next;
  }
  return narrowed;
}

/** GitHub starts no more than three workflows behind one another (documentation of `workflow_run`). */
const LONGEST_CHAIN = 4;

function narrowOnce(pipelines: readonly Pipeline[]): readonly Pipeline[] {
  if (!pipelines.some((pipeline) => pipeline.triggers.some((trigger) => trigger.event === 'workflow_run')))
    return pipelines;
  const byName = new Map<string, readonly Trigger[]>();
  for (const pipeline of pipelines) {
    if (pipeline.role !== 'workflow' && pipeline.role !== 'reusable') continue;
    byName.set(pipeline.name?.value ?? pipeline.file.path, pipeline.triggers);
    byName.set(basename(pipeline.file.path), pipeline.triggers);
  }
  return pipelines.map((pipeline) => {
    const awaited = awaitedWorkflows(pipeline.root);
    const known = awaited.flatMap((name) => byName.get(name) ?? []);
    const complete = awaited.length > 0 && awaited.every((name) => byName.has(name));
    const open = known.some((trigger) => trigger.untrusted && trigger.who === 'anyone');
    if (open) return withTrigger(pipeline, { who: 'anyone' });
    if (!complete || known.some((trigger) => trigger.untrusted)) return pipeline;
    return withTrigger(pipeline, { untrusted: false });
  });
}

function withTrigger(pipeline: Pipeline, change: Partial<Pick<Trigger, 'who' | 'untrusted'>>): Pipeline {
  const fits = (trigger: Trigger): boolean =>
    trigger.event !== 'workflow_run' ||
    ((change.who ?? trigger.who) === trigger.who && (change.untrusted ?? trigger.untrusted) === trigger.untrusted);
  if (pipeline.triggers.every(fits)) return pipeline;
  const triggers = pipeline.triggers.map((trigger) =>
    trigger.event === 'workflow_run' ? { ...trigger, ...change } : trigger,
  );
  return { ...pipeline, triggers };
}
