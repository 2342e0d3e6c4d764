import {
  approvalsOfReviews,
  demandsOf,
  digestPresented,
  type ForgeReviewRecord,
  findCodeOwners,
  type PresentedDigests,
  type ReadReviews,
  type TrustStore,
} from '../../attest/index.ts';
import { SallyportError } from '../../errors/index.ts';
import { determineOrigin, type GateEvidence, type RunRecord, readRun } from '../../gate/index.ts';
import type { Policy } from '../../policy/index.ts';
import type { ReviewOutcome } from '../../review/index.ts';
import type { Gap, SourceFile, SourceTree } from '../../syntax/index.ts';
import { createSentinel } from '../../text/index.ts';
import { compareTrees } from '../../workspace/index.ts';
import { presentedDigests } from '../approve/evidence.ts';
import { readApprovals } from './approvals.ts';
import { readAttestations } from './attestations.ts';
import { carryOver } from './carry-over.ts';
import { type AskedChange, type OpenedChange, openChange } from './change.ts';
import { compareSides } from './controls.ts';
import { checkReviewed } from './forge-reviews.ts';
import { readTargetPolicy } from './policy.ts';
import { reviewChange, reviewedBy } from './reviewing.ts';
import { findUnsigned } from './signed.ts';
import { trustOf } from './trust.ts';

/** What a person handed in besides the change. */
export interface AskedEvidence extends AskedChange {
  readonly runs: readonly string[];
  readonly trust: string | undefined;
  readonly findings: readonly string[];
  readonly approvals: string | undefined;
  /** Whose approvals count, where that is not for the target to say: what the change landed on may know more. */
  readonly trustStore?: TrustStore | undefined;
  /** What the forge said of the request, if it was asked. */
  readonly forge?: ForgeReviewRecord | undefined;
  readonly requestedBy: string | undefined;
  readonly lastPusher: string | undefined;
  readonly agents: readonly string[];
  readonly organisation: string | undefined;
  /** Names and values of secrets of this pipeline that must not be in the change. */
  readonly secrets: readonly { readonly name: string; readonly value: string }[];
}

/** Evidence, the policy of the target, and what a report needs besides. */
export interface Gathered {
  readonly evidence: GateEvidence;
  readonly policy: Policy;
  /** Bundles that are not believed. */
  readonly faults: readonly string[];
  /** What `evidence.presented` is made of. */
  readonly presented: PresentedDigests;
  source(path: string): SourceFile | undefined;
}

/** What somebody else has read of the same change already. */
export interface Prepared {
  readonly change: OpenedChange;
  /** Undefined where reviews are handed in as files. */
  readonly reviewed: ReviewOutcome | undefined;
}

/**
 * Everything that the gate decides on, verified, without a network.
 * @param now milliseconds since the epoch
 */
export async function gather(root: string, asked: AskedEvidence, now: number, prepared?: Prepared): Promise<Gathered> {
  const change = prepared?.change ?? (await openChange(root, asked));
  const { identity, before, after, target } = change;
  const trust = asked.trust === undefined ? {} : { trust: asked.trust };
  const runs = await Promise.all(asked.runs.map((directory) => readRun(directory, trust)));
  const policy = await readTargetPolicy(target, asked.organisation, agentOf(runs), now);
  const { commits } = change.commits;
  const origin = determineOrigin({
    change: identity,
    runs,
    commits,
    branches: change.branches,
    patchSha256: change.patchSha256,
  });
  const trusted = asked.trustStore ?? (await trustOf(target));
  const signed = await readApprovals(root, trusted, asked.approvals, now);
  const forge = forgeOf(asked, change);
  const asserted = forge === undefined ? NO_REVIEWS : approvalsOfReviews(forge, identity, trusted);
  const approvals = await carryOver([...signed.approvals, ...asserted.approvals], change, root, policy.carryOver);
  const looks = await lookAt(change, asked, now, prepared?.reviewed);
  const evidence: GateEvidence = {
    ...looks,
    presented: digestPresented(looks.presented),
    gaps: [...looks.gaps, ...signed.gaps],
    unsigned: await findUnsigned(policy.signed, { root, change, files: looks.files, trusted, now }),
    change: identity,
    origin,
    people: peopleOf(asked, change, forge, origin.kind === 'agent-run' ? origin.run.requestedBy : undefined),
    policyDigest: policy.digest,
    approvals,
    forge,
    attestations: await readAttestations(root, change, asked.runs, now),
    texts: textsOf(change),
    now: new Date(now).toISOString(),
    commits,
    merge: change.merge,
    knownStatements: approvals.map(({ approver, nonce, statement }) => ({ approver, nonce, statement })),
  };
  const textAt = (tree: SourceTree, path: string): SourceFile | undefined => {
    const file = tree.read(path);
    return file && 'text' in file ? file : undefined;
  };
  const faults = [...signed.faults, ...asserted.left];
  const { presented } = looks;
  return { evidence, policy, faults, presented, source: (path) => textAt(after, path) ?? textAt(before, path) };
}

type Looks = Pick<GateEvidence, 'files' | 'controls' | 'findings' | 'review' | 'knownSecrets' | 'gaps' | 'owners'> & {
  readonly presented: PresentedDigests;
};

/** What the two sides say. */
async function lookAt(
  change: OpenedChange,
  asked: AskedEvidence,
  now: number,
  prepared: ReviewOutcome | undefined,
): Promise<Looks> {
  const { identity, before, after, target } = change;
  const files = compareTrees(before, after);
  const controls = await compareSides(before, after);
  const today = new Date(now).toISOString().slice(0, 10);
  const sides = { before, after, target, headCommit: identity.headCommit };
  const { findings, review } =
    prepared === undefined ? await reviewChange(sides, asked.findings, today) : reviewedBy(prepared);
  const paths = files.flatMap(({ path, previousPath }) => [path, ...(previousPath ? [previousPath] : [])]);
  // What one commit brings and a later one takes back has owners, too.
  const inHistory = change.commits.commits.flatMap((commit) => commit.files.map(({ path }) => path));
  const ownership = ownersOf(target, [...paths, ...inHistory]);
  return {
    files,
    controls,
    findings,
    review,
    knownSecrets: knownSecrets(asked.secrets, change, files),
    gaps: [...change.commits.gaps, ...unlisted(before), ...unlisted(after), ...ownership.gaps],
    presented: presentedDigests({ files, controls: controls.changes, findings }, target),
    owners: ownership.owners,
  };
}

/** The default policy depends on the agent; the one of the run is compared with the one that it would have had here. */
function agentOf([first]: readonly RunRecord[]): string {
  return first === undefined || first.agentId === '' ? 'claude-code' : first.agentId;
}

const NO_REVIEWS: ReadReviews = { approvals: [], left: [] };

/** @throws SallyportError SP1001 for a change that is no commit, SP2407 when the request is at another one */
function forgeOf(
  { forge, lastPusher, patch, workingTree }: AskedEvidence,
  { identity }: OpenedChange,
): ForgeReviewRecord | undefined {
  if (forge === undefined) return undefined;
  if (patch !== undefined || workingTree)
    throw new SallyportError('SP1001', 'a forge has reviewed a commit, not a patch or a working tree');
  checkReviewed(forge, identity);
  return { ...forge, lastPusher: forge.lastPusher ?? lastPusher ?? null };
}

function peopleOf(
  { requestedBy, lastPusher, agents }: AskedEvidence,
  { commits }: OpenedChange,
  forge: ForgeReviewRecord | undefined,
  dispatcher: string | undefined,
): GateEvidence['people'] {
  const lines = commits.commits.flatMap(({ author, committer }) => [author, committer]);
  const authors = [...new Set(lines.map(({ name, email }) => `${name} <${email}>`))].sort();
  const last = commits.commits.at(-1)?.author;
  return {
    requester: requestedBy ?? dispatcher,
    author: last && `${last.name} <${last.email}>`,
    lastPusher: lastPusher ?? forge?.lastPusher ?? undefined,
    pushers: [...(forge?.pushers ?? []), ...[forge?.lastPusher ?? undefined].filter((one) => one !== undefined)],
    authors: [...authors, ...[dispatcher, forge?.author].filter((one) => one !== undefined)],
    agents,
  };
}

function textsOf({ commits, branches }: OpenedChange): GateEvidence['texts'] {
  return [
    ...commits.commits.map(({ id, message }) => ({ name: `message of commit ${id.slice(0, 12)}`, text: message })),
    ...commits.commits.map(({ id, author, committer }) => ({
      name: `author of commit ${id.slice(0, 12)}`,
      text: [author, committer].map(({ name, email }) => `${name} <${email}>`).join('\n'),
    })),
    ...branches.map((branch) => ({ name: `branch ${branch}`, text: branch })),
  ];
}

/** What could not even be listed may be part of the change. */
function unlisted({ gaps }: SourceTree): readonly Gap[] {
  return gaps.filter(({ kind }) => kind === 'cap' || kind === 'unreadable');
}

function ownersOf(
  target: SourceTree,
  paths: readonly string[],
): { readonly owners: GateEvidence['owners']; readonly gaps: readonly Gap[] } {
  const file = findCodeOwners(target);
  if (file === undefined) return { owners: [], gaps: [] };
  if (!('sections' in file)) return { owners: [], gaps: [file] };
  const owners = demandsOf(file, paths).flatMap((demand) =>
    demand.paths.map((path) => ({ path, owners: demand.owners.toSorted(), approvals: demand.approvals })),
  );
  return { owners, gaps: file.gaps };
}

function knownSecrets(
  secrets: AskedEvidence['secrets'],
  change: OpenedChange,
  files: GateEvidence['files'],
): GateEvidence['knownSecrets'] {
  if (secrets.length === 0) return [];
  const sentinel = createSentinel(secrets);
  const texts = [
    ...textsOf(change).map(({ name, text }) => ({ where: name, text })),
    ...files.flatMap(({ path, new: now }) => (now && 'text' in now ? [{ where: path, text: now.text }] : [])),
    ...change.commits.commits.flatMap(({ id, files: changed }) =>
      changed.map(({ path, added }) => ({
        where: `${path} in commit ${id.slice(0, 12)}`,
        text: added.map((line) => line.text).join('\n'),
      })),
    ),
  ];
  return texts.flatMap(({ where, text }) =>
    sentinel.find(Buffer.from(text)).map(({ name, encoding }) => ({ name, encoding, where })),
  );
}
