import type { Approval, ApprovalCount, OwnerDemand } from '../../attest/index.ts';
import { escapeJson, escapeTerminal } from '../../text/index.ts';

/** What `--show` says of a change. */
export interface ApprovalsOfChange {
  readonly head: string;
  readonly count: ApprovalCount;
  /** CODEOWNERS that no approval meets yet. */
  readonly missing: readonly OwnerDemand[];
  /** Files that are no valid approval. */
  readonly faults: readonly string[];
}

/** For a terminal. */
export function formatApprovals({ head, count, missing, faults }: ApprovalsOfChange): string {
  const lines = [
    ...(count.breakGlass ? ['*** THE GLASS WAS BROKEN: this is an incident; see the reasons below ***'] : []),
    `${count.counted.length} ${count.counted.length === 1 ? 'approval counts' : 'approvals count'} for ${head.slice(0, 12)}`,
    ...count.counted.map((approval) => `  counts    ${describe(approval)}`),
    ...count.rejections.map((approval) => `  REJECTED  ${describe(approval)}`),
    ...count.refused.map(({ approval, reason }) => `  does not  ${describe(approval)}\n            ${reason}`),
    ...faults.map((fault) => `  invalid   ${fault}`),
    ...missing.map(
      ({ owners, approvals, paths }) => `  missing   ${approvals} of ${owners.join(' ')} for ${paths.join(', ')}`,
    ),
  ];
  return `${lines
    .flatMap((line) => line.split('\n'))
    .map(escapeTerminal)
    .join('\n')}\n`;
}

function describe({ approver, method, decidedAt, expiresAt, reason, scope, breakGlass, change }: Approval): string {
  const what = scope.length === 0 ? '' : `, accepts ${scope.join(' ')}`;
  const glass = breakGlass ? ', BREAKS THE GLASS' : '';
  const why = reason === '' ? '' : `: ${reason.replaceAll('\n', ' ')}`;
  return `${approver} (${method}) ${decidedAt}, until ${expiresAt}, for ${change.headCommit.slice(0, 12)}${what}${glass}${why}`;
}

/** The same for a program. */
export function approvalsJson({ head, count, missing, faults }: ApprovalsOfChange): string {
  const report = {
    format: 'sallyport-approvals/1',
    head,
    counted: count.counted,
    rejections: count.rejections,
    refused: count.refused.map(({ approval, code, reason }) => ({ code, reason, approval })),
    breakGlass: count.breakGlass,
    missingOwners: missing,
    faults,
  };
  return `${escapeJson(JSON.stringify(report, undefined, 2))}\n`;
}
