import type { Approval, ChangeIdentity } from '../../src/attest/index.ts';
import type { ControlChange, ControlDiff } from '../../src/controls/index.ts';
import { completeFinding, type Finding } from '../../src/findings/index.ts';
import type { GateEvidence, GateResult, RunEvidence } from '../../src/gate/index.ts';
import { type CommitRecord, compareTrees, type TreeChange } from '../../src/workspace/index.ts';
import { memoryTree } from '../support/memory-tree.ts';

export const CHANGE: ChangeIdentity = {
  repository: 'git+https://forge.example.test/acme/app',
  targetRef: 'refs/heads/main',
  baseCommit: 'a'.repeat(40),
  headCommit: 'b'.repeat(40),
  headTree: 'c'.repeat(40),
};

export const NOW = '2027-01-15T12:00:00Z';
const DIGEST = 'd'.repeat(64);

export const RUN: RunEvidence = {
  runId: 'run-1',
  ledger: 'SIGNED-UNANCHORED',
  agent: 'claude-code 2.1.400',
  model: 'claude-sonnet-5',
  requestedBy: 'alice',
  policyDigest: DIGEST,
  baseCommit: CHANGE.baseCommit,
  resultTree: CHANGE.headTree,
  patchSha256: 'e'.repeat(64),
  withheld: [],
};

export const NO_CONTROLS: ControlDiff = { changes: [], score: 0, gaps: [], compared: 0 };

/** A person's small change to a source file, with nothing to say against it. */
export function evidence(over: Partial<GateEvidence> = {}): GateEvidence {
  return {
    change: CHANGE,
    files: filesOf({ 'src/a.ts': 'let a = 1;\n' }, { 'src/a.ts': 'let a = 2;\n' }),
    origin: { kind: 'human' },
    people: { requester: undefined, author: 'Dev <dev@example.test>', lastPusher: undefined, authors: [], agents: [] },
    policyDigest: DIGEST,
    controls: NO_CONTROLS,
    findings: [],
    review: undefined,
    approvals: [],
    attestations: [],
    texts: [],
    knownSecrets: [],
    now: NOW,
    commits: [],
    merge: { kind: 'clean', tree: CHANGE.headTree, commit: 'f'.repeat(40) },
    gaps: [],
    presented: undefined,
    knownStatements: [],
    owners: [],
    ...over,
  };
}

/** The same, made by an agent in a run that is on record and reviewed. */
export function agentEvidence(over: Partial<GateEvidence> = {}, run: Partial<RunEvidence> = {}): GateEvidence {
  return evidence({
    origin: { kind: 'agent-run', run: { ...RUN, ...run } },
    review: { state: 'reviewed', reason: 'every changed stretch was looked at' },
    ...over,
  });
}

export function filesOf(
  before: { readonly [path: string]: string },
  after: { readonly [path: string]: string },
): readonly TreeChange[] {
  return compareTrees(memoryTree(before), memoryTree(after));
}

export function control(over: Partial<ControlChange> = {}): ControlChange {
  return {
    control: 'guard-removed',
    group: 'guard',
    direction: 'weakened',
    severity: 'high',
    confidence: 'high',
    message: 'The check `isAdmin` is gone.',
    scope: 'remove',
    before: { file: 'src/a.ts', span: { start: 0, end: 1 } },
    after: { file: 'src/a.ts', span: { start: 0, end: 1 } },
    subject: 'isAdmin',
    meta: false,
    ...over,
  };
}

export function controls(...changes: readonly Partial<ControlChange>[]): ControlDiff {
  return { ...NO_CONTROLS, changes: changes.map(control) };
}

export function finding(over: Partial<Finding> = {}): Finding {
  const draft = completeFinding({
    rule: 'CODE001',
    message: 'A parameter reaches exec',
    severity: 'high',
    confidence: 'high',
    place: { file: 'src/a.ts', span: { start: 0, end: 1 } },
    subject: 'exec',
  });
  return { ...draft, ...over };
}

export function commit(over: Partial<CommitRecord> = {}): CommitRecord {
  const dev = { name: 'Dev', email: 'dev@example.test' };
  return {
    id: '1'.repeat(40),
    tree: CHANGE.headTree,
    author: dev,
    committer: dev,
    message: 'change',
    files: [],
    ...over,
  };
}

/** An approval by somebody who has no part in the change. */
export function approval(over: Partial<Approval> = {}): Approval {
  const approver = over.approver ?? 'carol';
  return {
    decision: 'approve',
    approver,
    names: [approver, `${approver}@example.test`],
    roles: [],
    method: 'ssh',
    userVerified: false,
    change: CHANGE,
    scope: [],
    reason: '',
    decidedAt: '2027-01-15T11:00:00Z',
    expiresAt: '2027-01-16T11:00:00Z',
    nonce: `nonce-of-${approver}-0123456789`,
    presented: '0'.repeat(64),
    breakGlass: false,
    statement: `statement of ${approver}`.padEnd(64, '0'),
    ...over,
  };
}

export function codesOf({ reasons }: GateResult): readonly string[] {
  return [...new Set(reasons.map(({ code }) => code))].sort();
}
