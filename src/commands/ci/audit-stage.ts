import {
  type AuditDifference,
  type AuditPolicy,
  type AuditReport,
  auditTree,
  compareAudits,
  reportAudit,
} from '../../audit/index.ts';
import type { SuppressionEntry } from '../../findings/index.ts';
import { loadReaders, type Readers, type SourceTree } from '../../syntax/index.ts';
import { readBaselineOf, readPolicies, type Trusted } from '../audit/policy-files.ts';
import { VERSION } from '../version.ts';

export interface AuditSides {
  readonly before: SourceTree;
  readonly after: SourceTree;
  /** Where policy, baseline and suppressions are read from. */
  readonly trusted: Trusted;
  readonly organisation: string | undefined;
  /** YYYY-MM-DD */
  readonly today: string;
}

export interface AuditedChange {
  readonly difference: AuditDifference;
  readonly policy: AuditPolicy;
}

/** What a change adds to the ways in which an attacker could use the agents of the repository. */
export async function auditChange(sides: AuditSides): Promise<AuditedChange> {
  const { before, after, trusted, organisation, today } = sides;
  const [readers, policy, baseline] = await Promise.all([
    loadReaders(),
    readPolicies(trusted, organisation),
    readBaselineOf(trusted, undefined),
  ]);
  const judge = (tree: SourceTree) => auditSide(tree, { readers, policy, baseline, trusted, today });
  return { difference: compareAudits(judge(before), judge(after)), policy };
}

interface AuditGround extends Pick<AuditSides, 'trusted' | 'today'> {
  readonly readers: Readers;
  readonly policy: AuditPolicy;
  readonly baseline: readonly SuppressionEntry[];
}

function auditSide(tree: SourceTree, { readers, policy, baseline, trusted, today }: AuditGround) {
  const audit = auditTree(tree, readers, { today });
  const report: AuditReport = reportAudit(audit, {
    profile: 'standard',
    version: VERSION,
    today,
    base: trusted.tree,
    policy,
    baseline,
  });
  return { audit, report };
}
