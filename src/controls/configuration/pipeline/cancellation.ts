import type { Pipeline } from '../../../pipelines/index.ts';
import { type Node, nodeAt, type Place, scalarAt } from '../../../syntax/index.ts';
import type { SheetBuilder } from '../sheet.ts';

/** A group of one branch, change or run: only an older run of the same is cancelled. */
const OWN_GROUP =
  /github\.(?:ref|ref_name|head_ref|sha|run_id|run_number|event\.(?:number|pull_request|issue|after|merge_group))|steps\.|matrix\./;

/** Runs that a later run of somebody else stops: what they checked is checked by nobody. GitHub alone cancels across branches. */
export function addCancellation({ platform, root, jobs, file }: Pipeline, sheet: SheetBuilder): void {
  if (platform !== 'github') return;
  addGroup(nodeAt(root, 'concurrency'), '', file.path, sheet);
  for (const { id, node, place } of jobs) addGroup(nodeAt(node, 'concurrency'), id, place.file, sheet);
}

function addGroup(node: Node | undefined, scope: string, file: Place['file'], sheet: SheetBuilder): void {
  const cancels = scalarAt(node, 'cancel-in-progress');
  const group = scalarAt(node, 'group')?.text ?? '';
  if (cancels === undefined || cancels.text === 'false' || OWN_GROUP.test(group)) return;
  sheet.add({
    control: 'pipeline-run-cancelled',
    scope,
    subject: 'cancellation',
    weight: 1,
    shown: `cancel-in-progress: ${cancels.text} in the group ${group}`,
    place: { file, span: cancels.span },
  });
}
