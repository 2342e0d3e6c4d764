import type { FileChange, Finding, Fix, RuleDescriptor } from '../../findings/index.ts';
import { differenceOf } from '../../text/index.ts';
import type { Interviewer } from '../model/ask.ts';
import type { PatchJudgement } from './judgement.ts';
import { type Proposal, proposePatch, secondLookOf } from './patch-model.ts';
import { type PatchRequest, verifyPatch } from './verify-patch.ts';

/** A patch for a finding, and what it is worth. */
export interface Healing {
  readonly target: Finding;
  readonly files: readonly FileChange[];
  readonly judgement: PatchJudgement;
}

export interface HealRequest extends Omit<PatchRequest, 'files' | 'secondLook'> {
  readonly rules: readonly RuleDescriptor[];
  /** A patch that somebody made; without one a model is asked. */
  readonly patch: readonly FileChange[] | undefined;
  /** Asks the model, within whatever budget it has left. */
  readonly interviewer: Interviewer | undefined;
}

/**
 * A patch for one finding, judged. With a model and a given patch the model only looks at it. Nothing is written.
 */
export async function heal(request: HealRequest): Promise<Healing | Extract<Proposal, { kind: 'none' }>> {
  const { target, tree, rules, patch, interviewer } = request;
  const proposal: Proposal = patch
    ? { kind: 'proposed', files: patch }
    : interviewer
      ? await proposePatch(target, tree, rules, interviewer)
      : { kind: 'none', reason: 'there is neither a patch nor a model to make one' };
  if (proposal.kind === 'none') return proposal;
  const { files } = proposal;
  const secondLook = interviewer && secondLookOf(rules, interviewer);
  return { target, files, judgement: await verifyPatch({ ...request, files, secondLook }) };
}

/** The patch as a fix of its finding: always one that wants a person's eyes. A rejected one is none. */
export function fixOf({ files, judgement }: Healing): Fix | undefined {
  if (judgement.state === 'rejected') return undefined;
  const open = judgement.checks.find(({ outcome }) => outcome === 'open');
  return {
    title: judgement.state === 'verified' ? 'Verified patch' : `Patch, not verified: ${open?.reason ?? 'not checked'}`,
    safety: 'unsafe',
    edits: files.flatMap(({ path, before, after }) => (before === undefined ? [] : editsOf(path, before, after))),
    creates: files.flatMap(({ path, before, after }) => (before === undefined ? [{ file: path, content: after }] : [])),
  };
}

function editsOf(file: string, before: string, after: string): Fix['edits'] {
  const old = before.split(/(?<=\n)/);
  const now = after.split(/(?<=\n)/);
  const starts = [0];
  for (const line of old) starts.push((starts.at(-1) ?? 0) + line.length);
  return differenceOf(old, now).map(({ from, removed, to, added }) => ({
    file,
    span: { start: starts[from] ?? before.length, end: starts[from + removed] ?? before.length },
    text: now.slice(to, to + added).join(''),
  }));
}
