import type { AttackPath } from './attack-path.ts';

/** Of two paths about one run, of which one tells the same attack more exactly, only that one. */
export function keepMostSpecific(paths: readonly AttackPath[]): readonly AttackPath[] {
  const replaced = new Set(
    paths.flatMap(({ run, replaces }) => (run ? (replaces ?? []).map((rule) => `${rule} ${run.id}`) : [])),
  );
  return paths.filter(({ rule, run }) => run === undefined || !replaced.has(`${rule} ${run.id}`));
}
