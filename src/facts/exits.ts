import type { Capabilities } from '../agents/index.ts';
import type { Effect, Job } from '../pipelines/index.ts';
import type { LocatedAgent } from './locate-agents.ts';
import type { Control, Exit } from './model.ts';

const LATER: Partial<Record<Effect['kind'], Exit['kind']>> = {
  push: 'push',
  merge: 'merge',
  'create-pull-request': 'push',
  release: 'release',
  publish: 'publish',
  deploy: 'deploy',
  sign: 'sign',
  comment: 'comment',
  label: 'label',
  dispatch: 'dispatch',
  'artifact-upload': 'artifact',
};

/** Every way out: of the agent itself, and of later steps that trust what it left. */
export function readExits(
  agent: LocatedAgent,
  capabilities: Capabilities,
  controls: readonly Control[],
  effects: { readonly before: readonly Effect[]; readonly after: readonly Effect[] },
): readonly Exit[] {
  return [
    ...ownExits(agent, capabilities, controls),
    ...laterExits(effects.after),
    ...cacheExits([...effects.before, ...effects.after]),
  ];
}

function ownExits(
  { invocation, job }: LocatedAgent,
  capabilities: Capabilities,
  controls: readonly Control[],
): readonly Exit[] {
  const { place } = invocation;
  const exits: Exit[] = [];
  const closed = controls.some(({ cuts, certainty }) => certainty === 'yes' && cuts.includes('egress'));
  // A sandbox that lets any program run and no packet out (Codex by default) is no way out.
  if (capabilities.network !== 'none' && !closed) {
    const what = capabilities.execute === 'any' ? 'any host, from any command' : 'hosts that its network tools may ask';
    exits.push({ kind: 'network', what, by: 'agent', place });
  }
  if (capabilities.forgeWrite)
    exits.push({ kind: 'comment', what: 'comments, labels and branches through its forge tools', by: 'agent', place });
  if (invocation.fullOutput)
    exits.push({
      kind: 'log',
      what: 'its whole transcript goes into the log',
      by: 'agent',
      place: invocation.fullOutput,
    });
  if (capabilities.execute === 'any' && stepsAfter(job, place.span.start)) {
    exits.push({ kind: 'environment', what: 'variables and PATH of later steps', by: 'agent', place });
  }
  return exits;
}

function stepsAfter(job: Job, offset: number): boolean {
  return job.steps.some(({ place }) => place.span.start > offset);
}

function laterExits(after: readonly Effect[]): readonly Exit[] {
  return after.flatMap((effect): Exit[] => {
    const kind = LATER[effect.kind];
    if (!kind) return [];
    const what = 'what' in effect ? effect.what : effect.kind;
    return [{ kind, what, by: 'later-step', place: effect.place }];
  });
}

/** Saved at the end of the job, wherever the step stands. */
function cacheExits(effects: readonly Effect[]): readonly Exit[] {
  return effects.flatMap((effect): Exit[] =>
    effect.kind === 'cache' && effect.mode !== 'restore'
      ? [{ kind: 'cache', what: effect.key ?? 'a cache', by: 'later-step', place: effect.place }]
      : [],
  );
}
