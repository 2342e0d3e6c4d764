import { auditTree } from './audit.ts';
import type { Bench } from './fix-trial.ts';

/** With fewer pipelines than this, to leave some out costs more than it saves. */
const FEW = 8;

/**
 * A bench with only those pipelines of the tree that stand in `files`, and with everything that is no pipeline: a tenth
 * of a repository is audited in a tenth of the time. Undefined where it would not be much smaller.
 *
 * Rules look across pipelines, so what is found out on it has to be proven on the whole tree.
 */
export function narrowBench(
  { audit, readers, context }: Bench,
  files: ReadonlySet<string>,
): Omit<Bench, 'sought'> | undefined {
  const { tree, pipelines } = audit.facts;
  const left = new Set(pipelines.map(({ file }) => file.path).filter((path) => !files.has(path)));
  if (pipelines.length < FEW || left.size * 2 < pipelines.length) return undefined;
  const narrow = {
    ...tree,
    entries: tree.entries.filter(({ path }) => !left.has(path)),
    read: (path: string) => (left.has(path) ? undefined : tree.read(path)),
  };
  return { audit: auditTree(narrow, readers, context), readers, context };
}
