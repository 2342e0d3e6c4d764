import { SallyportError } from '../errors/index.ts';
import { renderCheck } from './bundle/check.ts';
import type { PostingBundle } from './bundle/model.ts';
import { renderReviewRemarks } from './bundle/remarks.ts';
import { renderSummary } from './bundle/summary.ts';
import { FORGE_LIMITS } from './limits.ts';
import type { ChangeReference, Forge, ForgeChange, ForgeName, PostReport } from './model.ts';

export const POSTING_PARTS = ['check', 'remarks', 'summary', 'labels'] as const;
export type PostingPart = (typeof POSTING_PARTS)[number];

export interface PostingRequest {
  readonly bundle: PostingBundle;
  readonly repository: string;
  /** `undefined`: a commit without a request gets its check alone. */
  readonly number: number | undefined;
  /** The commit that this job is about. Without a request it must be known: nothing else tells where to post. */
  readonly headCommit?: string | undefined;
  /** Without a request: the branch that the commit is to go to, for a queue of merges; else `undefined`. */
  readonly targetBranch?: string | undefined;
  readonly parts: readonly PostingPart[];
  readonly maxRemarks: number;
  readonly detailsUrl: string | undefined;
}

/** What became of each part. */
export interface PostingOutcome {
  readonly reports: readonly { readonly part: PostingPart; readonly report: PostReport }[];
  /** Parts that the forge did not take at all, with the reason. */
  readonly failed: readonly { readonly part: PostingPart; readonly error: SallyportError }[];
}

/**
 * Posts a bundle. First of all the forge says which commits and which target the request has, or without a request the job
 * which commit it is about: a bundle about others is not posted, or whoever writes one could make any commit pass. The
 * check comes first, for it is what blocks.
 * @throws SallyportError SP2407 when the change has moved or the bundle is about another commit, SP2410 when nothing may be written, SP24xx when the forge
 *   cannot be asked
 */
export async function postBundle(forge: Forge, request: PostingRequest): Promise<PostingOutcome> {
  const { bundle, repository, number } = request;
  const { headCommit, baseCommit } = bundle.change;
  const reference: ChangeReference = { repository, number, headCommit, baseCommit };
  const change = number === undefined ? undefined : await forge.readChange(reference);
  if (change === undefined) checkOwnCommit(request);
  else {
    checkHead(bundle, change);
    checkTarget(bundle, change.targetBranch);
    await checkBase(bundle, change, forge);
  }
  const targetBranch = change === undefined ? request.targetBranch : change.targetBranch;
  const reports: { part: PostingPart; report: PostReport }[] = [];
  const failed: { part: PostingPart; error: SallyportError }[] = [];
  for (const part of plannedParts(request)) {
    try {
      reports.push({ part, report: await postPart(part, forge, reference, { ...request, targetBranch }) });
    } catch (error) {
      // One missing right must not silence the rest.
      if (!(error instanceof SallyportError) || !SKIPPABLE.has(error.code)) throw error;
      failed.push({ part, error });
    }
  }
  if (reports.length === 0 && failed[0] !== undefined) throw nothingPosted(failed[0].error, change);
  return { reports, failed };
}

const SKIPPABLE: ReadonlySet<string> = new Set(['SP2403', 'SP2404', 'SP2406', 'SP2407']);

/** Without a request there is only the commit. */
function plannedParts({ bundle, number, parts }: PostingRequest): readonly PostingPart[] {
  const hasLabels = bundle.labels.add.length + bundle.labels.remove.length > 0;
  return POSTING_PARTS.filter((part) => {
    if (!parts.includes(part)) return false;
    return part === 'check' || (number !== undefined && (part !== 'labels' || hasLabels));
  });
}

function checkOwnCommit({ bundle, headCommit, targetBranch }: PostingRequest): void {
  const { change } = bundle;
  if (headCommit === undefined)
    throw new SallyportError('SP2407', `the bundle is about ${change.headCommit}, and nothing else says which commit`, {
      advice: 'Name the request with --number, or the commit with --commit.',
    });
  if (targetBranch !== undefined) checkTarget(bundle, targetBranch);
  if (headCommit === change.headCommit) return;
  throw new SallyportError('SP2407', `the bundle is about ${change.headCommit}, and this job about ${headCommit}`, {
    advice: 'Name the request with --number, or post from a job of that commit.',
  });
}

function checkHead({ change: looked }: PostingBundle, { reference, trialMerge }: ForgeChange): void {
  if (looked.headCommit === reference.headCommit) return;
  const advice =
    looked.headCommit === trialMerge
      ? 'The analysis looked at the trial merge. Check out the head commit of the request instead.'
      : undefined;
  throw new SallyportError(
    'SP2407',
    `the bundle is about ${looked.headCommit}, and the request is at ${reference.headCommit} now`,
    { advice },
  );
}

/** Another target has another policy, and the same head brings other commits to it. */
function checkTarget({ change: { targetBranch: judgedFor } }: PostingBundle, targetBranch: string): void {
  if (judgedFor === undefined || judgedFor === targetBranch) return;
  throw new SallyportError(
    'SP2407',
    `the bundle is a verdict for ${judgedFor}, and the request goes to ${targetBranch} now`,
    {
      advice: 'Run the analysis again.',
    },
  );
}

/** Nothing but the check names its commit: what is written after a push or a new target could tell an older verdict last. */
async function checkStill(bundle: PostingBundle, reference: ChangeReference, forge: Forge): Promise<void> {
  const change = await forge.readChange(reference);
  checkHead(bundle, change);
  checkTarget(bundle, change.targetBranch);
}

/** What was compared with must be of the target: its tip, any commit before it, or where the change left it. */
async function checkBase({ change: looked }: PostingBundle, change: ForgeChange, forge: Forge): Promise<void> {
  const { reference, mergeBase, targetBranch } = change;
  const { baseCommit } = looked;
  if (baseCommit === undefined || baseCommit === reference.baseCommit || baseCommit === mergeBase) return;
  if (await forge.isOnBranch(reference, baseCommit, targetBranch)) return;
  throw new SallyportError('SP2407', `the bundle compares with ${baseCommit}, which the target branch does not have`);
}

function nothingPosted(error: SallyportError, change: ForgeChange | undefined): SallyportError {
  if (error.code !== 'SP2403' || change?.fromFork !== true) return error;
  return new SallyportError(
    'SP2410',
    `the change comes from a fork, and its jobs have no rights here (${error.message})`,
  );
}

const NOTHING: PostReport = { created: 0, updated: 0, resolved: 0, unchanged: 0, refused: [] };

async function postPart(
  part: PostingPart,
  forge: Forge,
  reference: ChangeReference,
  { bundle, maxRemarks, detailsUrl, targetBranch }: PostingRequest,
): Promise<PostReport> {
  switch (part) {
    case 'check':
      await forge.postCheck(reference, renderCheck(bundle, detailsUrl, targetBranch));
      return { ...NOTHING, created: 1 };
    case 'remarks': {
      const rules = { limit: maxRemarks, complete: bundle.complete };
      return forge.postRemarks(reference, renderReviewRemarks(bundle.findings), rules);
    }
    case 'summary':
      await checkStill(bundle, reference, forge);
      return forge.postSummary(reference, {
        ...renderSummary(bundle, FORGE_LIMITS[forge.name].comment),
        quiet: hasNothingToTell(bundle),
      });
    case 'labels':
      await checkStill(bundle, reference, forge);
      await forge.setLabels(reference, bundle.labels.add, bundle.labels.remove);
      return { ...NOTHING, updated: 1 };
  }
}

/** The check says that a change passes; a comment on every such change is noise that people learn to skip. */
function hasNothingToTell({ verdict, findings, omitted, reasons }: PostingBundle): boolean {
  return verdict === 'pass' && findings.length + omitted + reasons.length === 0;
}

/** What `postBundle` would send, without asking the forge anything. */
export function previewBundle(request: PostingRequest, forge: ForgeName) {
  const parts = plannedParts(request);
  const { bundle, maxRemarks, detailsUrl } = request;
  const remarks = renderReviewRemarks(bundle.findings);
  return {
    check: parts.includes('check') ? renderCheck(bundle, detailsUrl, bundle.change.targetBranch) : undefined,
    summary: parts.includes('summary') ? renderSummary(bundle, FORGE_LIMITS[forge].comment).markdown : undefined,
    remarks: parts.includes('remarks') ? remarks.slice(0, maxRemarks) : [],
    labels: parts.includes('labels') ? bundle.labels : undefined,
  };
}
