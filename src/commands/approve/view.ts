import type { ApprovalPredicate, ChangeIdentity, OwnerDemand, Presentation } from '../../attest/index.ts';

/** Everything that a person sees before deciding, once: terminal and page are two pictures of it. */
export interface ApprovalView {
  readonly decision: ApprovalPredicate['decision'];
  readonly breakGlass: boolean;
  readonly change: ChangeIdentity;
  readonly changeDigest: string;
  readonly evidence: Presentation;
  /** Why this signature may count for nothing, as far as is known here. */
  readonly warnings: readonly string[];
  /** What could not be looked at, one sentence each. */
  readonly gaps: readonly string[];
  readonly requester: string | undefined;
  /** What CODEOWNERS of the base asks for. */
  readonly demands: readonly OwnerDemand[];
  /** Whom the trust store of the base lets approve. */
  readonly approvers: readonly string[];
  readonly approver: string;
  readonly roles: readonly string[];
  readonly scope: readonly string[];
  /** Milliseconds that it will hold. */
  readonly lifetime: number;
  /** Must a reason be given? Only where a control or the glass is at stake: blanket prompts get rubber-stamped. */
  readonly reasonNeeded: boolean;
}

/** A list of lines under a heading; the order is that of importance. */
export interface ViewPart {
  readonly heading: string;
  readonly lines: readonly string[];
}

const HOUR = 3_600_000;

/** What was decided, in one line. */
export function titleOf({ decision, breakGlass, approver }: ApprovalView): string {
  if (decision === 'reject') return `${approver} rejects this change`;
  return breakGlass ? `${approver} BREAKS THE GLASS for this change` : `${approver} approves this change`;
}

/** The parts, in the order in which they are read. Text from the change is in them as it is: whoever prints escapes it. */
export function partsOf(view: ApprovalView): readonly ViewPart[] {
  const { change, evidence } = view;
  return [
    ...(view.warnings.length === 0 ? [] : [{ heading: 'Attention', lines: view.warnings }]),
    { heading: 'Change', lines: identityLines(view) },
    { heading: 'What it does to security controls', lines: orNone(controlLines(evidence)) },
    { heading: 'New findings', lines: orNone(findingLines(evidence)) },
    { heading: `Files (${evidence.files.length})`, lines: orNone(fileLines(evidence)) },
    ...(view.gaps.length === 0 ? [] : [{ heading: 'Not looked at', lines: view.gaps }]),
    { heading: 'Who must approve', lines: demandLines(view) },
    {
      heading: 'What is signed',
      lines: [
        view.scope.length === 0 ? 'the change as it is shown here' : `accepted: ${view.scope.join(', ')}`,
        `for ${change.targetRef} only; any new commit voids it`,
        `valid for ${durationText(view.lifetime)} from the moment of signing`,
      ],
    },
  ];
}

function identityLines({ change, changeDigest, evidence, requester }: ApprovalView): readonly string[] {
  return [
    `repository  ${change.repository}`,
    `target      ${change.targetRef}`,
    `base        ${change.baseCommit}`,
    `head        ${change.headCommit}`,
    `tree        ${change.headTree}`,
    `content     ${changeDigest}`,
    `policy      ${evidence.policyDigest}`,
    `asked by    ${requester ?? '(not known)'}`,
  ];
}

const SEVERITY_ORDER = ['critical', 'high', 'medium', 'low', 'info'];

function controlLines({ controls }: Presentation): readonly string[] {
  return bySeverity(controls).map(
    ({ direction, severity, control, message, before, after }) =>
      `${direction} (${severity}) ${control}: ${message} [${(after ?? before)?.file ?? 'no file'}]`,
  );
}

function findingLines({ findings }: Presentation): readonly string[] {
  return bySeverity(findings).map(
    ({ severity, rule, message, place, fingerprint }) =>
      `${severity} ${rule}: ${message} [${place.file}] ${fingerprint.slice(0, 16)}`,
  );
}

function fileLines({ files }: Presentation): readonly string[] {
  return files.map(
    ({ kind, path, previousPath }) =>
      `${kind.padEnd(8)} ${previousPath === undefined ? path : `${previousPath} -> ${path}`}`,
  );
}

function demandLines({ demands, approvers, roles, approver }: ApprovalView): readonly string[] {
  return [
    ...demands.map(
      ({ section, owners, approvals, paths }) =>
        `${section === '' ? '' : `[${section}] `}${approvals} of ${owners.join(' ')} for ${paths.slice(0, 5).join(', ')}${
          paths.length > 5 ? ` and ${paths.length - 5} more` : ''
        }`,
    ),
    ...(demands.length === 0 ? ['CODEOWNERS of the base asks for nobody'] : []),
    `approvers in the trust store: ${approvers.join(', ')}`,
    `${approver} acts for: ${roles.length === 0 ? 'nobody else' : roles.join(', ')}`,
  ];
}

function bySeverity<Row extends { readonly severity: string }>(rows: readonly Row[]): readonly Row[] {
  const rank = ({ severity }: Row): number => SEVERITY_ORDER.indexOf(severity);
  return [...rows].sort((one, other) => rank(one) - rank(other));
}

function orNone(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? ['none'] : lines;
}

/** `7 days`, `90 minutes`. */
function durationText(milliseconds: number): string {
  const hours = milliseconds / HOUR;
  if (hours >= 48 && hours % 24 === 0) return `${hours / 24} days`;
  return Number.isInteger(hours) ? `${hours} hours` : `${Math.round(milliseconds / 60_000)} minutes`;
}
