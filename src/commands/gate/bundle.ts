import { SallyportError } from '../../errors/index.ts';
import { bundleReport, type PostingBundle } from '../../forges/index.ts';
import { type GateResult, labelsFor, reportGate, VERDICT_WORDS } from '../../gate/index.ts';
import { VERSION } from '../version.ts';
import type { Gathered } from './gather.ts';

/**
 * A verdict for the job that posts it: each line of evidence that stands at a line of the change is a remark.
 * @throws SallyportError SP1001 for a change that is no commit: a forge knows only commits
 */
export function bundleGate(
  result: GateResult,
  { evidence, source }: Gathered,
  { patch, workingTree }: { readonly patch?: string; readonly workingTree: boolean },
): PostingBundle {
  if (patch !== undefined || workingTree)
    throw new SallyportError('SP1001', '--bundle needs a commit', { advice: 'Leave out --patch and --working-tree.' });
  const { headCommit, baseCommit, targetRef } = evidence.change;
  const labels = labelsFor(result.label);
  const missing = result.approvalsMissing;
  return bundleReport(reportGate(result, VERSION, source), {
    command: 'gate',
    headCommit,
    baseCommit,
    targetRef,
    createdAt: evidence.now,
    verdict: result.verdict,
    blocks: result.verdict !== 'pass',
    complete: result.verdict !== 'incomplete',
    statement: VERDICT_WORDS[result.verdict],
    notes:
      missing === 0
        ? []
        : [`${missing} more ${missing === 1 ? 'approval' : 'approvals'} would lift what can be lifted.`],
    reasons: result.reasons,
    labels: { add: [labels.add], remove: labels.remove },
  });
}
