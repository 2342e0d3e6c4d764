import { type Facts, fileRole } from '../../../facts/index.ts';
import type { Job, Pipeline, Trigger } from '../../../pipelines/index.ts';
import { gatesForEvent } from '../../../pipelines/index.ts';
import type { AttackPath } from '../../paths/attack-path.ts';

const AGENT = /claude|codex|gemini|copilot|opencode|aider|(?:^|[-_/])(?:ai|agent|agents|llm|bot)(?:[-_/.]|$)/i;

/** K1: anybody's text starts an agent workflow of somebody else, at whatever its branch holds, with every secret. */
export function callsForeignAgent(facts: Facts): readonly AttackPath[] {
  return facts.pipelines.flatMap((pipeline) => {
    if (pipeline.platform !== 'github' || fileRole(pipeline.file.path) !== 'active') return [];
    return pipeline.jobs.flatMap((job) => {
      const trigger = pipeline.triggers.find((one) => one.untrusted && one.privileged && isUngated(job, one));
      const path = trigger && pathOf(pipeline, job, trigger);
      return path ? [path] : [];
    });
  });
}

function isUngated({ condition }: Job, { event, who }: Trigger): boolean {
  if (who === 'member' || who === 'maintainer') return false;
  const gates = condition ? gatesForEvent(condition, event) : [];
  return gates?.every(({ strength, spoofable }) => strength < 2 || spoofable !== undefined) ?? false;
}

function pathOf(pipeline: Pipeline, job: Job, trigger: Trigger): AttackPath | undefined {
  const { calls } = job;
  if (calls?.reference.kind !== 'repository' || calls.secrets.mode !== 'inherit') return undefined;
  const { name, path, ref, place, refKind } = calls.reference;
  if (refKind === 'digest' || !AGENT.test(`${name}/${path ?? ''} ${job.id}`)) return undefined;
  const id = `${pipeline.file.path}#${job.id}`;
  return {
    rule: 'PATH03',
    run: undefined,
    subject: `${job.id} ${name}`,
    message: `Anyone can start the agent workflow ${name} at ${ref ?? 'its default branch'}, which receives every secret of this repository`,
    detail: `Its author, whoever takes over that branch, and whoever writes the text it reads decide what happens with the publish, deploy and signing credentials among the secrets. Nothing in this repository limits the called workflow. Cheapest cut: name the secrets that it needs.`,
    severity: 'critical',
    confidence: 'medium',
    place,
    legs: [
      {
        id: `${id}:start`,
        step: { place: trigger.place, role: 'trigger', message: `anyone starts job ${job.id} with ${trigger.event}` },
        cut: { what: `Let only people with write access start job ${job.id}`, cost: 3 },
      },
      {
        id: `${id}:call`,
        step: {
          place,
          role: 'agent',
          message: `${name} runs an agent on the event, as its ref ${ref ?? ''} says on that day`,
        },
        cut: { what: `Pin ${name} by its commit`, cost: 2 },
      },
      {
        id: `${id}:secrets`,
        step: {
          place: calls.secrets.place,
          role: 'credential',
          message: 'every secret of the repository is handed over',
        },
        cut: { what: 'Name the secrets that it needs in place of `secrets: inherit`', cost: 1 },
      },
    ],
  };
}
