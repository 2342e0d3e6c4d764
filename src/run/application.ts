import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyChange, type Change } from '../workspace/index.ts';
import type { RunEnd, RunRequest } from './request.ts';

/** What the patch is, and where it goes. */
export interface ApplicationFacts {
  readonly scene: { readonly request: Pick<RunRequest, 'apply' | 'out' | 'workspace'> };
  readonly change?: Pick<Change, 'patchFile' | 'patchSha256'>;
  readonly agentCode: number;
  readonly notes: string[];
}

/**
 * Applies the patch to the person's workspace when that was asked for and the run came to its end in order. A patch
 * that does not fit any more leaves the workspace as it is, and the run is incomplete.
 */
export async function applyIfAsked(facts: ApplicationFacts, end: RunEnd): Promise<RunEnd> {
  const { scene, change, agentCode, notes } = facts;
  const { request } = scene;
  if (!request.apply) return end;
  if (end.kind !== 'completed' || agentCode !== 0 || change === undefined) {
    notes.push('The change was not applied, because the run did not succeed.');
    return end;
  }
  const patch = readFileSync(join(request.out, change.patchFile));
  if (hash('sha256', patch) !== change.patchSha256) return incomplete('the patch is not the one that was collected');
  const application = await applyChange({ workspace: request.workspace, patch });
  if (application.kind === 'refused') return incomplete(application.reason);
  notes.push(`The change was applied to ${request.workspace}.`);
  return end;
}

function incomplete(reason: string): RunEnd {
  return { kind: 'incomplete', reason: `the change was not applied: ${reason}` };
}
