import type { AgentRun } from '../../facts/index.ts';
import type { Effect } from '../../pipelines/index.ts';

/** A command that runs what the tree says. */
export type Build = Extract<Effect, { readonly kind: 'build' }>;

/** The first command that runs code of the change before the agent starts, in the job of the agent. */
export function buildOfChange({ tree, effectsBefore }: AgentRun): (Build & Effect) | undefined {
  if (tree.provenance !== 'pull-request') return undefined;
  const { place } = tree;
  return effectsBefore.find(
    (effect): effect is Build & Effect =>
      effect.kind === 'build' &&
      !isInert(effect) &&
      (place === undefined || effect.place.file !== place.file || effect.place.span.start > place.span.start),
  );
}

/** `npm ci --ignore-scripts` fetches what the lock file names and runs no line of it; others load hook files of the tree. */
function isInert({ tool, installs, lifecycleScripts }: Build): boolean {
  return installs && !lifecycleScripts && tool === 'npm';
}
