import { SallyportError } from '../../errors/index.ts';
import type { Finding, RuleDescriptor } from '../../findings/index.ts';
import { type Engine, review } from '../../review/index.ts';
import type { SourceTree } from '../../syntax/index.ts';

/** Shorter beginnings of a fingerprint could soon mean two findings. */
const LEAST = 8;

/**
 * The finding of a tree that a fingerprint, or its beginning, names.
 * @throws SallyportError SP2305 when there is none, or more than one
 */
export async function findTarget(
  tree: SourceTree,
  name: string,
  engine: Engine,
  threatModel: 'service' | 'library',
): Promise<{ readonly target: Finding; readonly rules: readonly RuleDescriptor[] }> {
  if (!/^[0-9a-f]+$/.test(name) || name.length < LEAST)
    throw new SallyportError('SP2305', `${JSON.stringify(name)} is no beginning of a fingerprint`);
  const { findings, rules } = await review({
    base: undefined,
    head: tree,
    engine,
    threatModel,
    exclusions: [],
    decisions: { policy: [], place: undefined, baseline: [], today: '' },
    profile: 'all',
    failOn: 'never',
  });
  const matching = findings.map(({ finding }) => finding).filter(({ fingerprint }) => fingerprint.startsWith(name));
  const [target] = matching;
  if (!target || matching.length > 1)
    throw new SallyportError(
      'SP2305',
      target ? `${name} means ${matching.length} findings` : `${name} is no finding of this commit`,
    );
  return { target, rules };
}
