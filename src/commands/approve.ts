import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import {
  type ChangeIdentity,
  countApprovals,
  digestPresentation,
  digestPresented,
  findCodeOwners,
  groupsOf,
  judgeOwnership,
  LONGEST_APPROVAL,
  LONGEST_BREAK_GLASS,
  namesOfSigner,
  type Presentation,
  readChangeContent,
  TRUST_STORE_FILE,
  type TrustedSigner,
  type TrustStore,
} from '../attest/index.ts';
import { SallyportError } from '../errors/index.ts';
import { systemClock, systemRandom } from '../system/index.ts';
import { compareTrees, openObjectStore } from '../workspace/index.ts';
import { confirm, findReason, openTerminal } from './approve/confirmation.ts';
import { type SignedDecision, sealDecision, statementOfDecision } from './approve/decision.ts';
import { formatFirstStore, formatKeyRow } from './approve/key-row.ts';
import { parseLifetime } from './approve/lifetime.ts';
import { type PeopleFlags, peopleAround, warningsFor } from './approve/people.ts';
import { type ApprovalsOfChange, approvalsJson, formatApprovals } from './approve/show.ts';
import { findSigner, openSigningKey } from './approve/ssh-signing.ts';
import { storeApproval, writeApproval } from './approve/store.ts';
import { formatView, TERMINAL_VERSION } from './approve/text.ts';
import { touchedPaths } from './approve/touched-paths.ts';
import type { ApprovalView } from './approve/view.ts';
import { readApprovals } from './gate/approvals.ts';
import { type OpenedChange, openChange } from './gate/change.ts';
import { trustOf } from './gate/trust.ts';
import { describeError } from './json-error.ts';
import { wholeNumberWithin } from './number-option.ts';
import { OWN_REPOSITORY, repositoryMeant } from './repository.ts';

const HELP = `
Examples:
  sallyport approve topic --base main --key ~/.ssh/id_ed25519 --reason 'the guard moved, it still runs first'
  sallyport approve topic --base main --web --as alice     with a passkey, on a page of this machine
  sallyport approve topic --base main --as alice --preview   only show what would be signed
  sallyport approve topic --base main --key KEY --dismiss  take it back, or reject
  sallyport approve topic --base main --show               who approved, and which of it counts
  sallyport approve --enrol --as alice                     make a passkey and print its row for the trust store
  sallyport approve --enrol --as alice --key ~/.ssh/id_ed25519.pub   the row of an SSH key; at first a whole trust store

What is shown is made anew from git and is part of what is signed. Keys and people are read from ${TRUST_STORE_FILE} at
the base. Share approvals with \`git push origin refs/sallyport/attestations\`.

Exit codes: 0 signed and stored, or shown · 1 not confirmed · 2 usage, key or trust store · 4 internal error`;

interface Flags extends PeopleFlags {
  readonly repository?: string;
  readonly base?: string;
  readonly targetRef?: string;
  readonly key?: string;
  readonly web: boolean;
  readonly as?: string;
  readonly enrol: boolean;
  readonly port: number;
  readonly reason?: string;
  readonly expires?: number;
  readonly scope: readonly string[];
  readonly findings: readonly string[];
  readonly approvals?: string;
  readonly dismiss: boolean;
  readonly breakGlass: boolean;
  readonly yes: boolean;
  readonly preview: boolean;
  readonly show: boolean;
  readonly format: 'text' | 'json';
  readonly output?: string;
}

const DEFAULT_LIFETIME = 7 * 86_400_000;
const DEFAULT_BREAK_GLASS = 4 * 3_600_000;
/** A page that nobody uses does not stay. */
const PAGE_TIME = 10 * 60_000;

/** `sallyport approve` */
export function approveCommand(): Command {
  const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];
  return new Command('approve')
    .description('Approve a change, or reject it, with a signature over exactly what was shown.')
    .argument('[change]', 'commit or branch', 'HEAD')
    .option('--directory, --repository <dir>', OWN_REPOSITORY)
    .option('--base <ref>', 'the protected branch that it is to be merged into (default: the trunk)')
    .option('--target-ref <ref>', 'full name of that branch, when --base is a commit')
    .option('--key <file>', 'sign with this SSH key; a .pub file means the key in the agent')
    .option('--web', 'sign with a passkey, on a page of this machine', false)
    .option('--as <id>', 'who signs with the passkey, or with --preview would sign (default: the only one)')
    .option('--reason <text>', 'why this is right; needed where a control is weakened')
    .option('--expires <time>', 'how long it holds: 30m, 12h, 7d (default: 7d; with --break-glass 4h)', parseLifetime)
    .option('--scope <name>', 'accept only this finding, reason or class (repeatable)', collect, [])
    .option('--dismiss', 'reject the change; this takes back an approval of yours', false)
    .option('--break-glass', 'approve against the rules: two people, a reason, a day at most; an incident', false)
    .option('--findings <file>', 'results of other scanners, as the gate gets them (repeatable)', collect, [])
    .option('--approvals <folder>', 'for --show: further approvals, as files')
    .option('--requested-by <login>', 'who asked for the change: never an approver of it')
    .option('--author <login>', 'its author at the forge')
    .option('--last-pusher <login>', 'who pushed last')
    .option('--agent-account <login>', 'an account that agents act under (repeatable)', collect, [])
    .option('--yes', 'do not ask; what is signed is printed all the same', false)
    .option('--preview', 'only show what would be signed', false)
    .option('--show', 'list the approvals of the change, and which of them count', false)
    .addOption(new Option('--format <format>', 'form of --show').choices(['text', 'json']).default('text'))
    .option('--output <file>', 'write the approval to a file, not to the repository')
    .option('--enrol', 'make a passkey, or take the SSH key of --key, and print its row for the trust store', false)
    .option(
      '--port <port>',
      'port of the page for --enrol, 0 for any; it becomes part of the passkey',
      wholeNumberWithin(0, 65_535),
      0,
    )
    .addHelpText('after', HELP)
    .action(run);
}

/** Whoever asks for JSON gets JSON, also when the answer is an error. */
async function run(change: string, flags: Flags): Promise<void> {
  try {
    await act(change, flags);
  } catch (error) {
    if (flags.show && flags.format === 'json') process.stdout.write(describeError(error));
    throw error;
  }
}

async function act(change: string, flags: Flags): Promise<void> {
  if (flags.enrol) return enrol(flags);
  const root = repositoryMeant(flags.repository);
  const opened = await openChange(root, {
    base: flags.base,
    head: change,
    patch: undefined,
    workingTree: false,
    targetRef: flags.targetRef,
    branch: undefined,
  });
  const trust = await readTrust(opened);
  if (flags.show) return show(root, opened, flags);
  if (flags.preview && flags.key === undefined && !flags.web) return preview(root, opened, trust, flags);
  if (flags.web) return approveWithPasskey(root, opened, trust, flags);
  return approveWithKey(root, opened, trust, flags);
}

async function enrol({ as: id, port, key, repository }: Flags): Promise<void> {
  if (id === undefined) throw new SallyportError('SP1001', '--enrol needs --as: whose key is it?');
  if (key !== undefined) return enrolKey(id, key, repositoryMeant(repository));
  const { enrolPasskey, formatRow } = await import('./approve/enrolment.ts');
  const passkey = await enrolPasskey({
    id,
    port,
    random: systemRandom,
    timeLimit: PAGE_TIME,
    announce: (address) => process.stderr.write(`Open ${address}\n`),
  });
  process.stderr.write(
    `Add this under 'keys' of ${id} in ${TRUST_STORE_FILE} on the protected branch:${
      passkey.backedUp ? ' (the passkey is copied between devices by its maker)' : ''
    }\n`,
  );
  process.stdout.write(formatRow(passkey));
}

/** Where the agent of SSH is. */
function agentHere(): { readonly [name: string]: string } {
  const agent = process.env['SSH_AUTH_SOCK'];
  return agent === undefined ? {} : { SSH_AUTH_SOCK: agent };
}

/** A key that is there already only needs its row; where there is no trust store yet, one is printed whole. */
async function enrolKey(id: string, key: string, root: string): Promise<void> {
  if (!/^[\w.-]+$/.test(id))
    throw new SallyportError('SP1001', `${JSON.stringify(id)} is no id: letters, digits, . _ -`);
  const { publicKey } = await openSigningKey(key, agentHere());
  const row = formatKeyRow(publicKey);
  // Empty when the shell has just made it for what we print.
  const isFirst = (statSync(join(root, TRUST_STORE_FILE), { throwIfNoEntry: false })?.size ?? 0) === 0;
  process.stderr.write(
    isFirst
      ? `Commit this as ${TRUST_STORE_FILE} on the protected branch:\n`
      : `Add this under 'keys' of ${id} in ${TRUST_STORE_FILE} on the protected branch:\n`,
  );
  process.stdout.write(isFirst ? formatFirstStore(id, row) : row);
}

async function readTrust({ target }: OpenedChange): Promise<TrustStore> {
  const trust = await trustOf(target);
  if (trust === undefined)
    throw new SallyportError('SP2507', `${TRUST_STORE_FILE} is not at ${target.revision.slice(0, 12)}`);
  return trust;
}

async function viewOf(
  root: string,
  opened: OpenedChange,
  trust: TrustStore,
  signer: TrustedSigner,
  flags: Flags,
): Promise<ApprovalView> {
  // The engine is loaded only by who needs it.
  const { readShownEvidence } = await import('./approve/evidence.ts');
  const { presentation, demands, gaps } = await readShownEvidence(opened, flags.findings, today());
  const { identity } = opened;
  const content = await readChangeContent(openObjectStore(root), {
    repository: identity.repository,
    targetRef: identity.targetRef,
    base: identity.baseCommit,
    head: identity.headCommit,
  });
  const serious = presentation.findings.some(({ severity }) => severity === 'critical' || severity === 'high');
  const weaker = presentation.controls.some(({ direction }) => direction !== 'strengthened');
  return {
    decision: flags.dismiss ? 'reject' : 'approve',
    breakGlass: flags.breakGlass,
    change: identity,
    changeDigest: content.digest,
    evidence: presentation,
    warnings: flags.dismiss ? [] : warningsFor(namesOfSigner(signer), peopleAround(opened.commits, flags)),
    gaps,
    requester: flags.requestedBy,
    demands,
    approvers: trust.signers.filter(({ roles }) => roles.includes('approver')).map(({ id }) => id),
    approver: signer.id,
    roles: groupsOf(signer, trust),
    scope: flags.scope,
    lifetime: lifetimeOf(flags),
    reasonNeeded: flags.breakGlass || (!flags.dismiss && (serious || weaker)),
  };
}

function lifetimeOf({ expires, breakGlass, dismiss }: Flags): number {
  if (dismiss && breakGlass) throw new SallyportError('SP1001', '--dismiss and --break-glass exclude each other');
  const longest = breakGlass ? LONGEST_BREAK_GLASS : LONGEST_APPROVAL;
  const lifetime = expires ?? (breakGlass ? DEFAULT_BREAK_GLASS : DEFAULT_LIFETIME);
  if (lifetime > longest)
    throw new SallyportError('SP1001', `--expires: at most ${longest / 3_600_000} hours`, {
      advice: 'Approve again when the time has come.',
    });
  return lifetime;
}

/** Whoever only looks needs no key. */
async function preview(root: string, opened: OpenedChange, trust: TrustStore, flags: Flags): Promise<void> {
  const approvers = trust.signers.filter(({ id, roles }) => roles.includes('approver') && id === (flags.as ?? id));
  const [signer, ...others] = approvers;
  if (signer === undefined)
    throw new SallyportError(
      'SP2601',
      `${flags.as ?? 'nobody'} is ${flags.as ? 'no' : 'an'} approver in ${trust.file}`,
    );
  if (others.length > 0)
    throw new SallyportError('SP1001', 'say with --as who would sign', {
      advice: `One of ${approvers.map(({ id }) => id).join(', ')}.`,
    });
  process.stdout.write(formatView(await viewOf(root, opened, trust, signer, flags)));
}

async function approveWithKey(root: string, opened: OpenedChange, trust: TrustStore, flags: Flags): Promise<void> {
  if (flags.key === undefined) throw new SallyportError('SP1001', 'name a key with --key, or use --web for a passkey');
  const signing = await openSigningKey(flags.key, agentHere());
  const { signer, key } = findSigner(trust, signing.publicKey);
  const openedAt = systemClock.now();
  const view = await viewOf(root, opened, trust, signer, flags);
  const text = formatView(view);
  process.stdout.write(text);
  if (flags.preview) return;
  const reason = await askPerson(view, flags);
  const digest = createHash('sha256').update(text).digest('hex');
  const shown = { name: 'terminal', version: TERMINAL_VERSION, digest } as const;
  const setting = { view, key, shown, openedAt, clock: systemClock, random: systemRandom };
  const bytes = statementOfDecision(setting, reason);
  if (signing.wantsTouch) process.stderr.write('Touch the key.\n');
  const signed = await sealDecision(bytes, { kind: 'ssh', armored: await signing.sign(bytes) }, trust, systemClock);
  await finish(root, opened, view.evidence, signed, flags);
}

/** The reason, once the person has said yes. The terminal is free again afterwards: a key may ask for its passphrase. */
async function askPerson({ reasonNeeded, breakGlass }: ApprovalView, flags: Flags): Promise<string> {
  using person = flags.yes ? undefined : openTerminal();
  const reason = await findReason(flags.reason, reasonNeeded, person);
  if (!flags.yes) await confirm(breakGlass, person);
  return reason;
}

async function approveWithPasskey(root: string, opened: OpenedChange, trust: TrustStore, flags: Flags): Promise<void> {
  const signer = findPasskeyOwner(trust, flags.as);
  const view = await viewOf(root, opened, trust, signer, flags);
  if (flags.preview) {
    process.stdout.write(formatView(view));
    return;
  }
  const { approveOnPage } = await import('./approve/passkey-page.ts');
  const signed = await approveOnPage({
    view,
    signer,
    trust,
    clock: systemClock,
    random: systemRandom,
    timeLimit: PAGE_TIME,
    announce: (address) => process.stderr.write(`Open ${address}\n`),
  });
  await finish(root, opened, view.evidence, signed, flags);
}

function findPasskeyOwner({ signers, file }: TrustStore, id: string | undefined): TrustedSigner {
  const owners = signers.filter(
    ({ keys, roles }) => roles.includes('approver') && keys.some(({ kind }) => kind === 'passkey'),
  );
  const [first, ...others] = id === undefined ? owners : owners.filter((signer) => signer.id === id);
  if (first === undefined)
    throw new SallyportError('SP2607', id === undefined ? `nobody has one in ${file}` : `${id} has none in ${file}`);
  if (others.length > 0) throw new SallyportError('SP1001', 'several people have a passkey: say with --as who you are');
  return first;
}

/** Stores it, and says at once whether it will count as far as can be known here. */
async function finish(
  root: string,
  opened: OpenedChange,
  evidence: Presentation,
  signed: SignedDecision,
  flags: Flags,
): Promise<void> {
  const place =
    flags.output === undefined
      ? await storeApproval(root, opened.identity, signed, systemClock.now())
      : await writeApproval(flags.output, signed);
  process.stdout.write(`\nsigned ${signed.digest}\nkept in ${place}\n`);
  if (flags.output === undefined) {
    const report = await approvalsOf(root, opened, evidence, flags);
    process.stdout.write(`\n${formatApprovals(report)}`);
  }
}

async function show(root: string, opened: OpenedChange, flags: Flags): Promise<void> {
  const { readShownEvidence } = await import('./approve/evidence.ts');
  const { presentation } = await readShownEvidence(opened, flags.findings, today());
  const report = await approvalsOf(root, opened, presentation, flags);
  process.stdout.write(flags.format === 'json' ? approvalsJson(report) : formatApprovals(report));
}

async function approvalsOf(
  root: string,
  opened: OpenedChange,
  evidence: Presentation,
  flags: Flags,
): Promise<ApprovalsOfChange> {
  const now = systemClock.now();
  const { approvals, faults, gaps } = await readApprovals(root, await trustOf(opened.target), flags.approvals, now);
  const count = countApprovals({
    approvals: approvals.filter(({ change }) => isAbout(change, opened)),
    change: opened.identity,
    people: peopleAround(opened.commits, flags),
    presented: digestPresented(digestPresentation(evidence)),
    now: new Date(now).toISOString(),
    known: approvals,
  });
  const owners = findCodeOwners(opened.target);
  const files = touchedPaths(compareTrees(opened.before, opened.after));
  return {
    head: opened.identity.headCommit,
    count,
    missing: owners && 'sections' in owners ? judgeOwnership(owners, files, count.counted).missing : [],
    faults: [...faults, ...gaps.map(({ message }) => message)],
  };
}

/** Of this change as it is, or as it was some commits ago. What was said of other changes is no news here. */
function isAbout(change: ChangeIdentity, { identity, commits }: OpenedChange): boolean {
  const known = change.baseCommit === identity.baseCommit || commits.commits.some(({ id }) => id === change.headCommit);
  return known && change.targetRef === identity.targetRef;
}

function today(): string {
  return new Date(systemClock.now()).toISOString().slice(0, 10);
}
