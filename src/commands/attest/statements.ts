import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import {
  type AiChangeContext,
  aiChangeStatement,
  type ChangeContent,
  evidenceFolder,
  forgeReviewStatement,
  inventoryStatement,
  isInventory,
  LEDGER_FILES,
  policyDigestOf,
  type ReferredFile,
  type RunRecord,
  readForgeReview,
  readRunRecord,
  referenceStatement,
  runtimeTraceStatement,
  type Statement,
  summaryStatement,
  testResultStatement,
  verdictStatement,
  vulnerabilityStatement,
} from '../../attest/index.ts';
import { SallyportError } from '../../errors/index.ts';
import { findLedger } from '../../ledger/index.ts';
import { readFileNoFollow } from '../../system/index.ts';
import type { RefFile, ScratchRepository } from '../../workspace/index.ts';
import { VERSION } from '../version.ts';
import { gateSummaryOf, readGateReport, readReviewReport, scanSummaryOf } from './inputs.ts';

/** A statement and what its file is called. */
export interface NamedStatement {
  readonly kind: string;
  readonly statement: Statement;
}

export interface StatementInput {
  readonly content: ChangeContent;
  /** Text of the policy at the base. */
  readonly policy: string | undefined;
  readonly requestedBy: string | undefined;
  readonly workflow: string | undefined;
  /** What the two trees say of the change. */
  readonly trees: Pick<AiChangeContext, 'lines' | 'configuration'>;
  /** RFC 3339. */
  readonly at: string;
}

const MAX_PATCH = 64 * 1024 * 1024;

/** A run that is proven to have made the change, and the patch with which it did. */
export interface ProvenRun {
  readonly run: RunRecord;
  readonly patch: Buffer;
  /** Folder of its ledger. */
  readonly ledger: string;
}

/**
 * Reads a run's out directory and proves that the change is what it made: the ledger holds, it names the patch, and the
 * patch makes the commit's tree of the base's.
 * @throws SallyportError SP1501 without a ledger, SP2505 when it is another change, SP2506 for an unreadable patch.
 */
export async function proveRun(
  directory: string,
  content: ChangeContent,
  scratch: ScratchRepository,
): Promise<ProvenRun> {
  const { report, run } = await readRunRecord(directory);
  if (run === undefined)
    throw new SallyportError('SP2505', `the ledger proves no whole run: ${report.verdict}, ${report.meaning}`);
  const patch = await readFileNoFollow(join(directory, 'changes.patch'), MAX_PATCH).catch((cause: unknown) => {
    throw new SallyportError('SP2506', `cannot read the patch of ${directory}`, { cause });
  });
  const { baseCommit, headCommit, headTree } = content.identity;
  if (createHash('sha256').update(patch).digest('hex') !== run.patchSha256)
    throw new SallyportError('SP2505', 'the patch is not the one that the ledger names');
  if (run.baseCommit !== baseCommit)
    throw new SallyportError('SP2505', `the run started at ${run.baseCommit}, the change at ${baseCommit}`);
  if ((await scratch.treeOfPatch(baseCommit, patch)) !== headTree)
    throw new SallyportError('SP2505', `the patch of the run does not make ${headCommit} of its base`);
  return { run, patch, ledger: findLedger(directory) };
}

/** Statements of the runner. */
export function runStatements({ run }: ProvenRun, input: StatementInput): readonly NamedStatement[] {
  const context = {
    requestedBy: input.requestedBy ?? run.pipeline['vcs.actor'] ?? null,
    policySource: input.policy === undefined ? null : policyDigestOf(input.policy),
    version: VERSION,
    workflow: input.workflow ?? null,
    at: input.at,
    ...input.trees,
  };
  return [
    { kind: 'ai-change', statement: aiChangeStatement(input.content, run, context) },
    { kind: 'runtime-trace', statement: runtimeTraceStatement(input.content.identity, run, input.at) },
  ];
}

/** Statements of the review stage. @throws SallyportError SP2505 when it looked at another change */
export async function reviewStatements(path: string, input: StatementInput): Promise<readonly NamedStatement[]> {
  const report = await readReviewReport(path);
  const { identity } = input.content;
  if (report.head !== identity.headCommit || report.base !== identity.baseCommit)
    throw new SallyportError('SP2505', `the review looked at ${report.base}..${report.head}`);
  const summary = scanSummaryOf(report, input.at, policyDigestOf(input.policy));
  return [
    { kind: 'vulns', statement: vulnerabilityStatement(identity, summary) },
    { kind: 'test-result', statement: testResultStatement(identity, summary) },
  ];
}

/**
 * Statements of the gate.
 * @param inputs Bundles that are signed with it or were stored before: name and SHA-256.
 * @throws SallyportError SP2505 when it judged another change
 */
export async function gateStatements(
  path: string,
  input: StatementInput,
  inputs: readonly { readonly uri: string; readonly sha256: string }[],
): Promise<readonly NamedStatement[]> {
  const report = await readGateReport(path);
  const { identity } = input.content;
  for (const field of ['repository', 'targetRef', 'baseCommit', 'headCommit', 'headTree'] as const)
    if (report.change[field] !== identity[field])
      throw new SallyportError('SP2505', `the gate judged another ${field}: ${report.change[field]}`);
  const policy = {
    uri: input.policy === undefined ? 'sallyport:built-in' : 'sallyport.yaml',
    sha256: policyDigestOf(input.policy),
  };
  const summary = gateSummaryOf(report, { policy, inputs, at: input.at, version: VERSION });
  const reviews = report.forgeReviews === undefined ? undefined : readForgeReview(report.forgeReviews);
  if (report.forgeReviews !== undefined && reviews === undefined)
    throw new SallyportError('SP2506', `${path}: forgeReviews are not as the gate writes them`);
  return [
    ...(reviews === undefined ? [] : [{ kind: 'forge-review', statement: forgeReviewStatement(identity, reviews) }]),
    { kind: 'verdict', statement: verdictStatement(identity, summary) },
    { kind: 'summary', statement: summaryStatement(identity, summary) },
  ];
}

/** The bill of materials of the change. @throws SallyportError SP2506 when the file is no CycloneDX document */
export async function inventoryStatements(path: string, input: StatementInput): Promise<readonly NamedStatement[]> {
  const document = parseJson(await readAttached(path));
  if (!isInventory(document))
    throw new SallyportError('SP2506', `${path} is no CycloneDX document`, {
      advice: 'Hand in what `sallyport inventory --format cyclonedx` wrote.',
    });
  return [{ kind: 'inventory', statement: inventoryStatement(input.content.identity, document) }];
}

/** Files by digest. @throws SallyportError SP2506 when one cannot be read */
export async function referenceStatements(
  paths: readonly string[],
  input: StatementInput,
): Promise<readonly NamedStatement[]> {
  const files: ReferredFile[] = [];
  for (const path of paths) {
    const sha256 = createHash('sha256')
      .update(await readAttached(path))
      .digest('hex');
    const [, mediaType] = MEDIA_TYPES.find(([ending]) => path.endsWith(ending)) ?? ['', 'application/octet-stream'];
    files.push({ name: basename(path), sha256, mediaType });
  }
  return [{ kind: 'reference', statement: referenceStatement(input.content.identity, files) }];
}

const MAX_ATTACHED = 256 * 1024 * 1024;
const MEDIA_TYPES: readonly (readonly [string, string])[] = [
  ['.sarif', 'application/sarif+json'],
  ['.sarif.json', 'application/sarif+json'],
  ['.json', 'application/json'],
  ['.ndjson', 'application/x-ndjson'],
  ['.html', 'text/html'],
  ['.md', 'text/markdown'],
  ['.txt', 'text/plain'],
];

function readAttached(path: string): Promise<Buffer> {
  return readFileNoFollow(path, MAX_ATTACHED).catch((cause: unknown) => {
    throw new SallyportError('SP2506', `cannot read ${path}`, { cause });
  });
}

function parseJson(text: Buffer): unknown {
  try {
    return JSON.parse(text.toString('utf8'));
  } catch (error) {
    // The caller says what the file is not.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Largest ledger that is kept in the repository. It is compressed there; what is larger is kept elsewhere. */
const MAX_STORED_LEDGER = 64 * 1024 * 1024;

/** Ledger and patch, so that whoever verifies later has what the statements speak of. */
export async function runFiles(content: ChangeContent, { ledger, patch }: ProvenRun): Promise<readonly RefFile[]> {
  const folder = evidenceFolder(content.identity);
  const files: RefFile[] = [{ path: `${folder}/run/changes.patch`, content: patch }];
  for (const name of LEDGER_FILES) {
    const bytes = await readFileNoFollow(join(ledger, name), MAX_STORED_LEDGER).catch((cause: unknown) => {
      const advice = 'Give --no-ledger and keep the ledger where whoever verifies can have it.';
      throw new SallyportError('SP2506', `the ledger's ${name} cannot be stored`, { cause, advice });
    });
    files.push({ path: `${folder}/run/ledger/${name}`, content: bytes });
  }
  return files;
}
