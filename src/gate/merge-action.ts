import { createClassifier, type MergeAction, type MergeSize, type PathClass } from '../policy/index.ts';
import type { TreeChange } from '../workspace/index.ts';
import type { GateEvidence } from './model.ts';

/** Classes whose files give orders to agents, pipelines, tools or to the gate itself. */
const CONFIGURATION_CLASSES: readonly PathClass[] = [
  'git-internals',
  'agent-config',
  'instruction',
  'ci',
  'execution-bearing',
  'environment',
];

/** Made once: the table of classes never changes while the program runs. */
const classify = createClassifier();

export function classOf(path: string): PathClass {
  return classify(path).class;
}

/**
 * What the policy plane `merge` decides on. Pure.
 * @param approvals how many people approved
 * @param accepted fingerprints of findings that an approval took away
 */
export function mergeActionOf(
  evidence: GateEvidence,
  approvals: number,
  accepted: ReadonlySet<string> = new Set(),
): MergeAction {
  const paths = changedPaths(evidence);
  const pathClasses = [...new Set(paths.map(classOf))].sort();
  const { changes } = evidence.controls;
  const named = (rows: typeof changes): readonly string[] =>
    [...new Set(rows.flatMap(({ control, group }) => [control, group]))].sort();
  const open = evidence.findings.filter(
    ({ suppression, fingerprint }) => suppression === undefined && !accepted.has(fingerprint),
  );
  const count = (severity: string): number => open.filter((finding) => finding.severity === severity).length;
  const weaker = changes.filter(({ direction }) => direction === 'weakened');
  return {
    plane: 'merge',
    paths,
    pathClasses,
    approvals,
    findings: { critical: count('critical'), high: count('high'), medium: count('medium'), low: count('low') },
    weakened: named(weaker),
    attestations: [...evidence.attestations].sort(),
    origin: evidence.origin.kind,
    meta: [
      ...pathClasses.filter((one) => CONFIGURATION_CLASSES.includes(one)),
      ...new Set(
        changes.filter(({ meta, direction }) => meta && direction !== 'strengthened').map(({ control }) => control),
      ),
    ].sort(),
    capabilities: [
      ...new Set(changes.filter(({ direction }) => direction === 'added-capability').map(({ control }) => control)),
    ].sort(),
    size: sizeOf(evidence),
    review: evidence.review?.state ?? 'none',
    dispatcherKnown: evidence.origin.kind === 'agent-run' && evidence.origin.run.requestedBy !== undefined,
  };
}

/** Every path that the change or any commit of it touches, old names of renamed files among them. */
function changedPaths({ files, commits }: GateEvidence): readonly string[] {
  const net = files.flatMap(({ path, previousPath }) => (previousPath === undefined ? [path] : [path, previousPath]));
  const inHistory = commits.flatMap((commit) => commit.files.map(({ path }) => path));
  return [...new Set([...net, ...inHistory])].sort();
}

/** Of what is merged; lines are those added and removed. */
export function sizeOf({ files }: GateEvidence): MergeSize {
  const isBinary = (side: GateEvidence['files'][number]['old']): boolean =>
    side !== undefined && !('text' in side) && side.kind === 'encoding';
  return {
    files: files.length,
    lines: files.reduce((sum, file) => sum + changedLines(file), 0),
    binaryFiles: files.filter((file) => isBinary(file.old) || isBinary(file.new)).length,
  };
}

function changedLines({ hunks, old, new: now }: TreeChange): number {
  const sum = hunks.reduce((total, { added, removed }) => total + added + removed, 0);
  // Behind the last line break of a file that comes or goes there is no line.
  const whole = old === undefined ? now : now === undefined ? old : undefined;
  return whole && 'text' in whole && whole.text.endsWith('\n') ? sum - 1 : sum;
}
