import { countApprovals } from '../attest/index.ts';
import { type Decision, INITIAL_STATE, type Policy } from '../policy/index.ts';
import { liftedBy, lifts } from './lifting.ts';
import { mergeActionOf, sizeOf } from './merge-action.ts';
import type { GateEvidence, GateReason, GateResult } from './model.ts';
import { type Occurrence, occurrence, type ReasonRow, type View } from './reason.ts';
import { REASONS } from './reasons/index.ts';
import { policyOccurrence, refusedApprovals } from './reasons/merge.ts';
import { strictest, strictnessOf } from './strictness.ts';

/** No policy asks for more people than this. */
const MOST_APPROVALS = 20;

/**
 * The verdict on a change. Pure: the same evidence and policy give the same answer on every machine, in whatever order
 * the evidence was gathered. The strictest reason wins; an approval takes away only what an approval may.
 */
export function judge(evidence: GateEvidence, policy: Policy): GateResult {
  const view = viewOf(evidence, policy);
  const found = REASONS.flatMap((row) => row.find(view).map((one) => ({ row, one })));
  const open = found.filter(({ row, one }) => !lifts(row, one, view));
  const lifted = found.filter(({ row, one }) => lifts(row, one, view));
  const accepted = acceptedFindings(lifted);
  const decideWith = (more: number): Decision =>
    policy.decide(mergeActionOf(evidence, view.approvals.counted.length + more, accepted), INITIAL_STATE);
  const decision = decideWith(0);
  const code = decision.verdict === 'ask' ? 'GATE071' : 'GATE070';
  const reasons = [...open, ...policyOccurrence(decision).map((one) => ({ row: rowOf(code), one }))];
  const waiting = reasons.some(({ one }) => one.verdict === 'needs-approval');
  const refused = refusedApprovals(view);
  const notCounted = waiting ? refused.map((one) => ({ row: rowOf('GATE062'), one: describeRefused(one) })) : [];
  return {
    verdict: strictest(reasons.map(({ one }) => one.verdict)),
    reasons: groupReasons([...reasons, ...notCounted], view),
    label: evidence.origin.kind === 'agent-run' ? 'ai-assisted' : evidence.origin.kind,
    approvalsMissing: waiting ? Math.max(isShort(open, view) ? 1 : 0, missingFor(decideWith)) : 0,
    lifted: groupReasons(lifted, view),
    approvals: {
      counted: view.approvals.counted.map(({ approver }) => approver).sort(),
      carried: view.approvals.counted
        .flatMap(({ approver, carriedFrom }) => (carriedFrom === undefined ? [] : [{ approver, from: carriedFrom }]))
        .sort((one, other) => compare(one.approver, other.approver)),
      refused,
      breakGlass: view.approvals.breakGlass,
      ...(evidence.forge === undefined || evidence.forge.pushersComplete === true ? {} : { pushersUnknown: true }),
    },
    policy: { verdict: decision.verdict, rule: decision.rule, reason: decision.reason },
    size: sizeOf(evidence),
  };
}

function viewOf(evidence: GateEvidence, policy: Policy): View {
  const approvals = countApprovals({
    approvals: evidence.approvals,
    change: evidence.change,
    people: evidence.people,
    presented: evidence.presented,
    now: evidence.now,
    known: evidence.knownStatements,
    forgeReviews: policy.forgeReviews,
  });
  return { evidence, policy, approvals, isHuman: evidence.origin.kind === 'human' };
}

function rowOf(code: ReasonRow['code']): ReasonRow {
  const row = REASONS.find((one) => one.code === code);
  if (row === undefined) throw new RangeError(`no reason ${code}`);
  return row;
}

function describeRefused({ approver, reason }: { readonly approver: string; readonly reason: string }): Occurrence {
  return occurrence('needs-approval', 'approval', `the approval of ${approver} does not count: ${reason}`);
}

function isShort(open: readonly { readonly one: Occurrence }[], { approvals }: View): boolean {
  return open.some(({ one }) => one.lift === 'approval') || approvals.counted.length === 0;
}

/** Fingerprints of findings that a person took on. */
function acceptedFindings(lifted: readonly Found[]): ReadonlySet<string> {
  return new Set(lifted.flatMap(({ row, one }) => (row.code === 'GATE030' ? one.names.slice(0, 1) : [])));
}

/** The fewest further approvals with which the policy no longer asks; 0 when it does not ask now. */
function missingFor(decideWith: (more: number) => Decision): number {
  for (let more = 0; more <= MOST_APPROVALS; more += 1) if (decideWith(more).verdict !== 'ask') return more;
  return MOST_APPROVALS;
}

interface Found {
  readonly row: ReasonRow;
  readonly one: Occurrence;
}

/** One reason for each code, verdict and way out; the strictest first, then by code. */
function groupReasons(found: readonly Found[], view: View): readonly GateReason[] {
  const groups = Map.groupBy(found, ({ row, one }) => `${row.code} ${one.verdict} ${one.lift}`);
  const reasons = [...groups.values()].map((group): GateReason => {
    const lines = distinct(group.map(({ one }) => one));
    const { row, one } = group[0] ?? { row: rowOf('GATE070'), one: occurrence('blocked', 'nobody', '') };
    return {
      code: row.code,
      verdict: one.verdict,
      message: row.title,
      evidence: lines.map(({ text }) => text),
      liftedBy: liftedBy(one.lift, row, lines, view),
      places: lines.map(({ place }) => place),
    };
  });
  return reasons.sort(
    (one, other) =>
      strictnessOf(other.verdict) - strictnessOf(one.verdict) ||
      compare(one.code, other.code) ||
      compare(one.liftedBy, other.liftedBy),
  );
}

/** By text: the same said twice is said once, and the order of the evidence does not show. */
function distinct(occurrences: readonly Occurrence[]): readonly Occurrence[] {
  const keyOf = ({ text, place }: Occurrence): string =>
    `${place?.file ?? ''}\0${String(place?.span.start ?? 0).padStart(12, '0')}\0${text}`;
  const rows = new Map(occurrences.map((one) => [keyOf(one), one]));
  return [...rows].sort(([one], [other]) => compare(one, other)).map(([, row]) => row);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
