import { isApprovalBundle, verifyApproval } from '../approval/index.ts';
import type { ChangeContent } from '../change/change-identity.ts';
import { BUNDLE_ENDING } from '../evidence/evidence-store.ts';
import type { Approval, StatementFault, VerifiedStatement } from '../model.ts';
import { PREDICATE_ROLES, PREDICATES } from '../predicate-roles.ts';
import type { RunRecord } from '../run-record/run-record.ts';
import { faultAt, isFault } from './fault.ts';
import { matchChange, type PatchResult } from './match-change.ts';
import { openBundle, type Trust } from './open-bundle.ts';

/** One change with everything that is stored for it, and what it is judged by. */
export interface ChangeEvidence {
  readonly content: ChangeContent;
  /** Name of the file to its bytes. */
  readonly files: ReadonlyMap<string, Buffer>;
  /** How many more are stored than were read. */
  readonly unlisted: number;
  readonly trust: Trust;
  /** Text of the policy file at the protected ref. */
  readonly policy: string | undefined;
  readonly run: RunRecord | undefined;
  readonly patch: PatchResult | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly maxAge?: number | undefined;
}

/** What is proven of a change: the input of the judgement that is made again. */
export interface ProvenChange {
  readonly content: ChangeContent;
  readonly statements: readonly VerifiedStatement[];
  readonly approvals: readonly Approval[];
  readonly run: RunRecord | undefined;
  /**
   * Whether somebody who may do so signed that a run made this very change, be it that the ledger tells otherwise.
   * A ledger that merely lies beside the evidence is nobody's: whoever may push can put one there.
   */
  readonly runStated: boolean;
}

/** The policy applied anew. `reasons` say in words what stands against the change. */
export interface Rederived {
  readonly verdict: 'pass' | 'needs-approval' | 'blocked' | 'incomplete';
  readonly reasons: readonly string[];
}

export type Rederive = (proven: ProvenChange) => Promise<Rederived>;

export interface FaultyBundle {
  /** Name of its file. */
  readonly name: string;
  readonly fault: StatementFault;
}

export interface ChangeVerification {
  readonly verdict: 'verified' | 'failed' | 'incomplete';
  /** In words, most important first; empty when it is verified. */
  readonly reasons: readonly string[];
  readonly proven: ProvenChange;
  /** Bundles that are not believed. They count for nothing, and alone they spoil nothing. */
  readonly faults: readonly FaultyBundle[];
}

const TYPES: readonly string[] = [...PREDICATE_ROLES.keys()];

/**
 * All fourteen steps over everything that is stored for a change. A signed pass is needed, and it is not enough: the
 * judgement is made again on what the statements prove.
 */
export async function verifyChange(evidence: ChangeEvidence, rederive: Rederive): Promise<ChangeVerification> {
  const statements: VerifiedStatement[] = [];
  const faults: FaultyBundle[] = [];
  const people: (readonly [string, string])[] = [];
  for (const [name, bytes] of evidence.files) {
    if (!name.endsWith('.json') || name.includes('/')) continue;
    const text = bytes.toString('utf8');
    if (isApprovalBundle(text)) {
      people.push([name, text]);
      continue;
    }
    const result = await verifyStatement(name, bytes, evidence);
    if (isFault(result)) faults.push({ name, fault: result });
    else statements.push(result);
  }
  const approvals: Approval[] = [];
  const moment = Math.min(evidence.now, verdictMoment(statements) ?? evidence.now);
  for (const [name, text] of people) {
    const result = await verifyApproval(text, evidence.trust.store, moment);
    if ('fault' in result) faults.push({ name, fault: result.fault });
    else approvals.push(result.approval);
  }
  const { content, run } = evidence;
  const proven = { content, statements, approvals, run, runStated: isRunStated(statements, faults) };
  const missing = whatIsMissing(statements, faults, evidence.unlisted);
  if (missing !== undefined) return { ...missing, proven, faults };
  const judged = await rederive(proven);
  if (judged.verdict === 'pass') return { verdict: 'verified', reasons: [], proven, faults };
  const fault = faultAt('verdict', `judged again, the change is ${judged.verdict}`);
  const verdict = judged.verdict === 'incomplete' ? 'incomplete' : 'failed';
  return { verdict, reasons: [`step ${fault.step}: ${fault.message}`, ...judged.reasons], proven, faults };
}

async function verifyStatement(
  name: string,
  bytes: Buffer,
  evidence: ChangeEvidence,
): Promise<VerifiedStatement | StatementFault> {
  if (!name.endsWith(BUNDLE_ENDING)) return faultAt('schema', 'it is no bundle');
  const opened = await openBundle(bytes, evidence.trust, TYPES, evidence.now);
  if (isFault(opened)) return opened;
  return matchChange(opened, evidence) ?? { statement: opened.statement, signer: opened.signer };
}

const RUN_TYPES: readonly string[] = [PREDICATES.aiChange, PREDICATES.runtimeTrace];
const LOG_STEP = faultAt('log', '').step;

/** A statement that falls at the ledger was signed by a runner, for this change, on this base, under this policy. */
function isRunStated(statements: readonly VerifiedStatement[], faults: readonly FaultyBundle[]): boolean {
  return (
    statements.some(({ statement }) => RUN_TYPES.includes(statement.predicateType)) ||
    faults.some(({ fault }) => fault.step === LOG_STEP)
  );
}

/** When the gate looked at the approvals: one that expires after the merge does not undo it. Milliseconds. */
export function verdictMoment(statements: readonly VerifiedStatement[]): number | undefined {
  const summary = statements.find(({ statement }) => statement.predicateType === PREDICATES.summary);
  const moment = Date.parse(String(summary?.statement.predicate['timeVerified']));
  return Number.isFinite(moment) ? moment : undefined;
}

/** Without a signed pass of the gate nothing else matters; a run whose ledger is gone is not proven. */
function whatIsMissing(
  statements: readonly VerifiedStatement[],
  faults: readonly FaultyBundle[],
  unlisted: number,
): Pick<ChangeVerification, 'verdict' | 'reasons'> | undefined {
  const summaries = statements.filter(({ statement }) => statement.predicateType === PREDICATES.summary);
  if (summaries.some(({ statement }) => statement.predicate['verificationResult'] !== 'PASSED'))
    return { verdict: 'failed', reasons: ['the gate signed that the change did not pass'] };
  // Whoever may add files could push a rejection or a failed verdict behind the limit.
  if (unlisted > 0)
    return {
      verdict: 'incomplete',
      reasons: [
        `${unlisted} more files are stored for it than were read: an administrator takes out what is none of it, or names the evidence before it with --evidence`,
      ],
    };
  const unread = faults.find(({ fault }) => fault.code === 'log/missing');
  if (summaries.length > 0 && unread !== undefined)
    return { verdict: 'incomplete', reasons: [`${unread.name}: step ${unread.fault.step}: ${unread.fault.message}`] };
  if (summaries.length > 0) return undefined;
  const told = faults.map(({ name, fault }) => `${name}: step ${fault.step} (${fault.code}): ${fault.message}`);
  return { verdict: 'failed', reasons: ['no valid verification summary of the gate', ...told] };
}
