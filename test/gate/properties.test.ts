import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type GateEvidence, judge, mergeActionOf, type RunEvidence, strictnessOf } from '../../src/gate/index.ts';
import { defaultPolicy } from '../../src/policy/index.ts';
import { REASON_CASES } from './reason-cases.ts';
import { agentEvidence, approval, commit, control, controls, evidence, finding, RUN } from './sample.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 60);
const POLICY = defaultPolicy('claude-code');

const anyControl = fc.record({
  control: fc.constantFrom('guard-removed', 'test-deleted', 'failure-ignored', 'sink-added'),
  group: fc.constantFrom('guard' as const, 'test' as const, 'pipeline' as const, 'dependency' as const),
  direction: fc.constantFrom('weakened' as const, 'changed' as const, 'added-capability' as const, 'moved' as const),
  severity: fc.constantFrom('critical' as const, 'high' as const, 'medium' as const, 'low' as const),
  meta: fc.boolean(),
  subject: fc.constantFrom('a', 'b', 'c'),
});
const anyFinding = fc.record({
  severity: fc.constantFrom('critical' as const, 'high' as const, 'medium' as const),
  confidence: fc.constantFrom('high' as const, 'low' as const),
  fingerprint: fc.constantFrom('1'.repeat(64), '2'.repeat(64), '3'.repeat(64)),
});
const anyApproval = fc.record({
  approver: fc.constantFrom('carol', 'dan', 'dev', 'alice'),
  scope: fc.subarray(['GATE010', 'GATE021', 'GATE030', 'guard-removed', '1'.repeat(64)]),
  decision: fc.constantFrom('approve' as const, 'approve' as const, 'reject' as const),
  breakGlass: fc.constantFrom(false, false, true),
});
const anyBase = fc.constantFrom(...REASON_CASES.flatMap(({ attack, benign }) => [attack, benign]), agentEvidence());

interface Extra {
  readonly controls: readonly Partial<Parameters<typeof control>[0]>[];
  readonly findings: readonly Partial<ReturnType<typeof finding>>[];
  readonly approvals: readonly Partial<ReturnType<typeof approval>>[];
}

const anyExtra: fc.Arbitrary<Extra> = fc.record({
  controls: fc.array(anyControl, { maxLength: 4 }),
  findings: fc.array(anyFinding, { maxLength: 3 }),
  approvals: fc.array(anyApproval, { maxLength: 4 }),
});

function withExtra(base: GateEvidence, { controls: rows, findings, approvals }: Extra): GateEvidence {
  const signed = approvals.map((one, index) =>
    approval({ ...one, nonce: `n${index}`.padEnd(22, 'x'), statement: `s${index}`.padEnd(64, '0') }),
  );
  return {
    ...base,
    controls: { ...base.controls, changes: [...base.controls.changes, ...rows.map((row) => control(row))] },
    findings: [...base.findings, ...findings.map((row) => finding(row))],
    approvals: [...base.approvals, ...signed],
  };
}

function strictness(one: GateEvidence): number {
  return strictnessOf(judge(one, POLICY).verdict);
}

test('more evidence of a problem never makes the verdict more lenient', () => {
  fc.assert(
    fc.property(anyBase, anyExtra, anyExtra, (base, extra, worse) => {
      const before = withExtra(base, extra);
      const after = withExtra(before, { ...worse, approvals: [] });
      assert.ok(strictness(after) >= strictness(before));
    }),
    { numRuns: RUNS },
  );
});

test('each kind of bad evidence, added to any change, never makes the verdict more lenient', () => {
  for (const { attack } of REASON_CASES) {
    const problems: readonly Partial<GateEvidence>[] = [
      { merge: { kind: 'conflict', paths: ['x'] } },
      { review: { state: 'not-reviewed', reason: 'an error' } },
      { origin: { kind: 'unknown-origin', signs: ['a sign'] } },
      { gaps: [...attack.gaps, { kind: 'cap', message: 'cut', place: { file: 'x', span: { start: 0, end: 0 } } }] },
      {
        controls: {
          ...attack.controls,
          gaps: [{ kind: 'syntax', message: 'no', place: { file: 'x', span: { start: 0, end: 0 } } }],
        },
      },
      { texts: [...attack.texts, { name: 'message', text: 'a\u202eb' }] },
      { knownSecrets: [{ name: 'DEPLOY_KEY', encoding: 'base64', where: 'x' }] },
    ];
    for (const problem of problems) {
      // A record that is bad is worse than none; what is compared is the same change without the problem.
      if (problem.origin !== undefined && attack.origin.kind === 'agent-run') continue;
      assert.ok(strictness({ ...attack, ...problem }) >= strictness(attack), JSON.stringify(problem));
    }
  }
});

test('no field of the run evidence can be removed or changed to a more lenient verdict', () => {
  const fields = Object.keys(RUN);
  const emptied: readonly unknown[] = [undefined, '', '0'.repeat(40)];
  for (const approvals of [[], [approval()], [approval(), approval({ approver: 'dan' })]]) {
    const whole = strictness(agentEvidence({ approvals }));
    for (const field of fields) {
      for (const value of emptied) {
        // Sound for the test only: it is what a reader of a hostile record could hand over.
        const run = { ...RUN, [field]: value } as RunEvidence;
        const changed = strictness(agentEvidence({ approvals, origin: { kind: 'agent-run', run } }));
        assert.ok(changed >= whole, `${field}=${String(value)}`);
      }
    }
  }
});

test('a pass with a record needs the whole record', () => {
  const approvals = [approval(), approval({ approver: 'dan' })];
  assert.equal(judge(agentEvidence({ approvals }), POLICY).verdict, 'pass');
  for (const field of ['ledger', 'policyDigest', 'baseCommit', 'resultTree', 'withheld'] as const) {
    const run = { ...RUN, [field]: undefined } as unknown as RunEvidence;
    assert.notEqual(
      judge(agentEvidence({ approvals, origin: { kind: 'agent-run', run } }), POLICY).verdict,
      'pass',
      field,
    );
  }
});

test('the order of the evidence never shows in the answer', () => {
  const reversed = <T>(list: readonly T[]): readonly T[] => [...list].reverse();
  fc.assert(
    fc.property(anyBase, anyExtra, (base, extra) => {
      const one = withExtra(base, extra);
      const other: GateEvidence = {
        ...one,
        files: reversed(one.files),
        findings: reversed(one.findings),
        approvals: reversed(one.approvals),
        commits: reversed(one.commits),
        texts: reversed(one.texts),
        gaps: reversed(one.gaps),
        attestations: reversed(one.attestations),
        owners: reversed(one.owners),
        controls: { ...one.controls, changes: reversed(one.controls.changes), gaps: reversed(one.controls.gaps) },
      };
      assert.deepEqual(judge(one, POLICY), judge(other, POLICY));
    }),
    { numRuns: RUNS },
  );
});

test('the same evidence gives the same answer again', () => {
  for (const { attack } of REASON_CASES) assert.deepEqual(judge(attack, POLICY), judge(attack, POLICY));
});

test('a file that becomes binary, one that is and one that is no more count as binary', () => {
  const binary = { kind: 'encoding', message: 'not text', place: { file: 'x', span: { start: 0, end: 0 } } } as const;
  const [text] = evidence().files;
  assert.ok(text);
  const size = (old: typeof text.old, now: typeof text.new) =>
    mergeActionOf(evidence({ files: [{ ...text, old, new: now }] }), 0).size?.binaryFiles;
  assert.deepEqual(
    [size(text.old, binary), size(undefined, binary), size(binary, text.new), size(text.old, text.new)],
    [1, 1, 1, 0],
  );
});

test('the policy is told what was found', () => {
  const action = mergeActionOf(
    evidence({
      controls: controls({}, { control: 'sink-added', group: 'sink', direction: 'added-capability' }),
      findings: [finding(), finding({ severity: 'low' })],
      commits: [commit({ files: [{ path: '.github/workflows/x.yml', kind: 'added', added: [] }] })],
    }),
    3,
  );
  assert.deepEqual(action.paths, ['.github/workflows/x.yml', 'src/a.ts']);
  assert.deepEqual(action.pathClasses, ['ci', 'source']);
  assert.deepEqual(action.weakened, ['guard', 'guard-removed']);
  assert.deepEqual(action.capabilities, ['sink-added']);
  assert.deepEqual(action.meta, ['ci']);
  assert.deepEqual(action.findings, { critical: 0, high: 1, medium: 0, low: 1 });
  assert.deepEqual(action.size, { files: 1, lines: 2, binaryFiles: 0 });
  assert.equal(action.origin, 'human');
  assert.equal(action.review, 'none');
  assert.equal(action.approvals, 3);
});
