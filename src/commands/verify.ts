import { readFileSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import { EVIDENCE_REF } from '../attest/index.ts';
import { SallyportError } from '../errors/index.ts';
import { systemClock } from '../system/index.ts';
import {
  isAncestor,
  type ObjectStore,
  openObjectStore,
  readHeadRef,
  refuseShallow,
  resolveCommit,
  resolveCommits,
} from '../workspace/index.ts';
import { errorsInJson } from './json-error.ts';
import { refuseAlone } from './option-pairs.ts';
import { repositoryMeant } from './repository.ts';
import { type ArtifactFlags, verifyArtifact } from './verify/artifact.ts';
import { type BranchRequest, verifyBranch } from './verify/branch.ts';
import { verifyPatch } from './verify/patch.ts';
import {
  findQuarantine,
  followNames,
  isNothing,
  type RefUpdate,
  readUpdates,
  refusalsOf,
} from './verify/pre-receive.ts';
import { createJudge } from './verify/rejudge.ts';
import { exitCodeOf, formatReports, type RefReport, type Refusal, renderReports } from './verify/report.ts';

const HELP = `
Examples:
  sallyport verify                            the latest commit of this branch
  sallyport verify v1.4..main                 every commit since a release
  sallyport verify --patch changes.patch      is this patch what was attested?
  sallyport verify --pre-receive              in a hook: the refs on standard input
  sallyport verify --artifact app.tgz --bundle app.sigstore.json --signer release
  sallyport verify --image registry.example.test/acme/builder@sha256:… --bundle builder.sigstore.json

Trust store and policy are read from what the branch stood at before each change, or from --trust; never from the change.
Evidence is read from ${EVIDENCE_REF}; fetch it: git fetch origin ${EVIDENCE_REF}:${EVIDENCE_REF}

Exit codes: 0 every commit is proven · 1 one failed, or nobody attested it · 2 usage ·
3 evidence that could prove one is not here · 4 internal error`;

interface Flags extends ArtifactFlags {
  readonly repository?: string;
  readonly target?: string;
  readonly trust?: string;
  readonly evidence?: string;
  readonly patch?: string;
  readonly preReceive: boolean;
  readonly protect?: readonly string[];
  readonly rejudge?: boolean;
  readonly maxAge?: number;
  readonly repo?: string;
  readonly format: 'text' | 'json';
}

/** `sallyport verify` */
export function verifyCommand(): Command {
  return new Command('verify')
    .description('Prove from signed evidence that every commit of a branch may be there.')
    .argument('[what]', 'a commit, or a range A..B', 'HEAD')
    .option('--directory, --repo <dir>', 'a checkout or a bare repository (default: the one you are in)')
    .option('--target <ref>', 'the branch that the commits are on (default: the one that HEAD is on)')
    .option('--repository <uri>', 'what statements must call the repository (default: trust store, or its remote)')
    .option('--trust <ref>', 'read trust store and policy here, for all commits')
    .option('--evidence <ref>', `where bundles are stored (default: ${EVIDENCE_REF})`)
    .option('--patch <file>', 'a patch file instead of a commit')
    .option('--pre-receive', 'verify the updates that git gives a hook on standard input', false)
    .option('--protect <ref...>', 'with --pre-receive: the refs to verify (default: the one that HEAD is on)')
    .option('--rejudge', `apply the policy again to every change, also to more than ${HOOK_JUDGES} in one push`)
    .option('--no-rejudge', 'take the signed verdict as it is; the policy is not applied again')
    .option('--max-age <days>', 'statements older than this do not count', numberOfDays)
    .option('--artifact <file>', 'a file that was signed, instead of a commit')
    .option('--image <name@sha256:digest>', 'an image that was signed, instead of a commit')
    .option('--bundle <file>', 'with --artifact and --image: the signature, as cosign writes it')
    .option('--signer <id>', 'with these: who of the trust store must have signed (default: whom the policy names)')
    .addOption(new Option('--format <format>', 'form of the answer').choices(['text', 'json']).default('text'))
    .addHelpText('after', HELP)
    .hook('preAction', refuseAlone(['--artifact', '--image'], ['--bundle', '--signer']))
    .hook('preAction', refuseAlone('--pre-receive', ['--protect']))
    .action(errorsInJson(answer));
}

/** Whoever pushes waits for the hook: it judges again what people push, and verifies only what tools import. */
const HOOK_JUDGES = 20;

function mostJudged({ rejudge, preReceive }: Flags): number {
  if (rejudge === undefined) return preReceive ? HOOK_JUDGES : Number.POSITIVE_INFINITY;
  return rejudge ? Number.POSITIVE_INFINITY : -1;
}

function numberOfDays(text: string): number {
  const days = Number(text);
  if (!(days > 0 && days < 1e6)) throw new InvalidArgumentError('Write a number of days.');
  return days;
}

type Common = Omit<BranchRequest, 'targetRef' | 'from' | 'to'>;

async function answer(what: string, flags: Flags): Promise<void> {
  const root = repositoryMeant(flags.repo);
  const store = openObjectStore(root, flags.preReceive ? findQuarantine(process.env, root) : undefined);
  const now = systemClock.now();
  if (flags.artifact !== undefined || flags.image !== undefined) return verifyArtifact(store, flags, now);
  const common: Common = {
    store,
    evidence: [flags.evidence ?? EVIDENCE_REF],
    trustAt: flags.trust === undefined ? undefined : (await resolveCommits(store, [flags.trust]))[0],
    repository: flags.repository,
    judge: createJudge(root, now),
    mostJudged: mostJudged(flags),
    now,
    maxAge: flags.maxAge === undefined ? undefined : flags.maxAge * 86_400_000,
  };
  if (flags.preReceive) return preReceive(common, flags);
  const targetRef = await targetOf(store, flags.target);
  if ((await resolveCommit(store, targetRef)) === undefined)
    throw new SallyportError('SP2504', `${targetRef} is not here`, {
      advice: 'Name a branch of this clone with --target.',
    });
  if (flags.patch !== undefined) return verifyPatch({ ...common, targetRef }, flags.patch, flags.format);
  const { from, to } = await rangeOf(store, root, what);
  if (from !== to && !(await isAncestor(store, from, to))) {
    refuseShallow(root, `the way from ${from.slice(0, 12)} to ${to.slice(0, 12)}`);
    throw new SallyportError('SP2504', `${to.slice(0, 12)} does not go on from ${from.slice(0, 12)}`);
  }
  const verdict = await verifyBranch({ ...common, targetRef, from, to });
  print([{ ref: targetRef, from, to, ...verdict }], [], flags);
}

async function preReceive(common: Common, flags: Flags): Promise<void> {
  const { store } = common;
  const updates = await followNames(store, readUpdates(readFileSync(0, 'utf8')));
  const protectedRefs = await protectedOf(store, updates, flags);
  const refusals = await refusalsOf(store, updates, protectedRefs);
  // Evidence may come with the push that it is for.
  const pushed = updates.find(({ ref, after }) => ref === EVIDENCE_REF && !isNothing(after))?.after;
  const evidence = [...common.evidence, ...(pushed === undefined ? [] : [pushed])];
  const reports: RefReport[] = [];
  for (const { ref, before, after } of updates) {
    if (!protectedRefs.includes(ref) || isNothing(before) || isNothing(after)) continue;
    const range = { targetRef: ref, from: before, to: after };
    reports.push({ ref, from: before, to: after, ...(await verifyBranch({ ...common, ...range, evidence })) });
  }
  print(reports, refusals, flags);
}

/**
 * Full names of the branches to verify.
 * @throws SallyportError SP2504 for one that is not here: with a name that is misspelt, nothing would be verified
 */
async function protectedOf(
  store: ObjectStore,
  updates: readonly RefUpdate[],
  { protect, target }: Flags,
): Promise<readonly string[]> {
  if (protect === undefined) return [await targetOf(store, target)];
  const refs = protect.map(fullName);
  for (const ref of refs)
    if (!updates.some((update) => update.ref === ref) && (await resolveCommit(store, ref)) === undefined)
      throw new SallyportError('SP2504', `${ref} is not here`, { advice: 'Name a branch of this repository.' });
  return refs;
}

function print(reports: readonly RefReport[], refusals: readonly Refusal[], flags: Flags): void {
  process.exitCode = exitCodeOf(reports, refusals);
  process.stdout.write(flags.format === 'json' ? renderReports(reports, refusals) : formatReports(reports, refusals));
}

async function targetOf(store: ObjectStore, asked: string | undefined): Promise<string> {
  const ref = asked ?? (await readHeadRef(store));
  if (ref === undefined)
    throw new SallyportError('SP2504', 'HEAD is on no branch', { advice: 'Name it with --target.' });
  return fullName(ref);
}

function fullName(branch: string): string {
  return branch.startsWith('refs/') ? branch : `refs/heads/${branch}`;
}

/** A..B, or one commit with what it was put on. */
async function rangeOf(
  store: ObjectStore,
  root: string,
  what: string,
): Promise<{ readonly from: string; readonly to: string }> {
  const [one = '', other, ...rest] = what.split('..');
  if (rest.length > 0 || other?.startsWith('.'))
    throw new SallyportError('SP1001', `${JSON.stringify(what)} is no range`, { advice: 'Write it as A..B.' });
  const [from = '', to = ''] = await resolveCommits(store, [one, other === undefined ? one : other || 'HEAD']);
  return other === undefined ? { from: await parentOf(store, root, one), to } : { from, to };
}

async function parentOf(store: ObjectStore, root: string, commit: string): Promise<string> {
  const parent = await resolveCommit(store, `${commit}^1`);
  if (parent === undefined) {
    refuseShallow(root, `the commit before ${commit}`);
    throw new SallyportError('SP2504', `${JSON.stringify(commit)} has no parent: nothing says whom to believe`);
  }
  return parent;
}
