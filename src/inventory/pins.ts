import { isExact, PRODUCTS } from '../agents/index.ts';
import type { AgentRun } from '../facts/index.ts';
import type { Reference } from '../pipelines/index.ts';
import type { Pin } from './model.ts';
import { shownText } from './shown-text.ts';

const BY_REF: { readonly [kind in Reference['refKind']]: Pin['state'] } = {
  digest: 'pinned',
  tag: 'movable',
  branch: 'movable',
  none: 'unpinned',
  expression: 'unknown',
};

/** How firmly the version of an agent is fixed: the action's ref, the package's version, or the installation before it. */
export function pinOf(run: AgentRun): Pin {
  const { invocation } = run;
  if (invocation.via === 'action') {
    const reference = run.stepPath.at(-1)?.uses ?? run.step.uses;
    if (reference !== undefined) return { state: BY_REF[reference.refKind], text: refText(reference.ref) };
  }
  if (invocation.version !== undefined) {
    if (!invocation.version.complete) return { state: 'unknown', text: undefined };
    return versionPin(invocation.version.text);
  }
  const packages = PRODUCTS.find(({ id }) => id === invocation.product)?.packages ?? [];
  // `npx @vendor/agent` takes the newest; what a runner brings along is its image's business.
  return (
    installed(run, packages) ?? {
      state: packages.includes(invocation.spelled) ? 'unpinned' : 'unknown',
      text: undefined,
    }
  );
}

function versionPin(version: string): Pin {
  const exact = isExact(version) || /^sha256:[0-9a-f]{64}$|^[0-9a-f]{40}$/.test(version);
  return { state: exact ? 'pinned' : 'movable', text: refText(version) };
}

/** `npm install -g @anthropic-ai/claude-code@2.1.0` in an earlier step. */
function installed(run: AgentRun, packages: readonly string[]): Pin | undefined {
  for (const effect of run.effectsBefore) {
    if (effect.kind !== 'install' || effect.name === undefined || !packages.includes(effect.name)) continue;
    return effect.version === undefined ? { state: 'unpinned', text: undefined } : versionPin(effect.version);
  }
  return undefined;
}

/** A commit or digest is no secret; anything else goes the way of every name. */
function refText(ref: string | undefined): string | undefined {
  if (ref === undefined) return undefined;
  return /^(?:sha256:)?[0-9a-f]{40,64}$/.test(ref) ? ref : shownText(ref);
}
