/** What a change is made of: how large it is, and entries that are no text. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type GateEvidence, judge } from '../../src/gate/index.ts';
import { compilePolicy, defaultPolicy, parsePolicy } from '../../src/policy/index.ts';
import type { TreeChange } from '../../src/workspace/index.ts';
import { agentEvidence, approval, evidence, filesOf } from './sample.ts';

const POLICY = defaultPolicy('claude-code');
type Entry = NonNullable<TreeChange['after']>;

const findIn = (change: GateEvidence, code: string, policy = POLICY) =>
  judge(change, policy).reasons.find((reason) => reason.code === code);

/** One entry that has no text to compare. */
function entryOf(after: Entry | undefined, before?: Entry): readonly TreeChange[] {
  const path = (after ?? before)?.path ?? '';
  const kind = after === undefined ? 'removed' : before === undefined ? 'added' : 'modified';
  return [{ path, kind, previousPath: undefined, before, after, old: undefined, new: undefined, hunks: [] }];
}

const linesOf = (count: number) => filesOf({}, { 'src/a.ts': 'x\n'.repeat(count) });

test('as many lines as a person reads are not too many, and one more is', () => {
  assert.equal(findIn(evidence({ files: linesOf(20_000) }), 'GATE050'), undefined);
  const reason = findIn(evidence({ files: linesOf(20_001) }), 'GATE050');
  assert.deepEqual([reason?.verdict, reason?.evidence], ['needs-approval', ['20001 changed lines, more than 20000']]);
  const approved = evidence({ files: linesOf(20_001), approvals: [approval()] });
  assert.equal(findIn(approved, 'GATE050'), undefined);
});

test('files and bytes are held against the limits of the policy', async () => {
  const text = 'version: 1\nlimits: { patchFiles: 2, patch: 1MiB }\n';
  const policy = await compilePolicy({ repository: await parsePolicy(text, 'sallyport.yaml') });
  const named = (count: number) =>
    filesOf({}, Object.fromEntries(Array.from({ length: count }, (_, at) => [`src/${at}.ts`, 'x\n'])));
  assert.equal(findIn(evidence({ files: named(2) }), 'GATE050', policy), undefined);
  assert.deepEqual(findIn(evidence({ files: named(3) }), 'GATE050', policy)?.evidence, ['3 files, more than 2']);
  const file = (path: string, size: number): Entry => ({ kind: 'file', path, size, executable: false });
  const halves = (second: number) => [...entryOf(file('a.png', 524_288)), ...entryOf(file('b.png', second))];
  assert.equal(findIn(evidence({ files: halves(524_288) }), 'GATE050', policy), undefined);
  assert.deepEqual(findIn(evidence({ files: halves(524_289) }), 'GATE050', policy)?.evidence, [
    '2 MiB of files, more than 1',
  ]);
  // What goes away is no weight.
  assert.equal(findIn(evidence({ files: entryOf(undefined, file('a.png', 9_000_000)) }), 'GATE050', policy), undefined);
});

const SUBMODULE: Entry = { kind: 'submodule', path: 'vendor/tool', id: '5'.repeat(40) };

test('another repository at a path needs a person, whoever put it there; one that goes does not', () => {
  for (const change of [evidence({ files: entryOf(SUBMODULE) }), agentEvidence({ files: entryOf(SUBMODULE) })])
    assert.deepEqual(findIn(change, 'GATE052')?.evidence, ['vendor/tool: submodule, added']);
  const moved = entryOf({ ...SUBMODULE, id: '6'.repeat(40) }, SUBMODULE);
  assert.deepEqual(findIn(evidence({ files: moved }), 'GATE052')?.evidence, ['vendor/tool: submodule, modified']);
  assert.equal(findIn(evidence({ files: entryOf(undefined, SUBMODULE) }), 'GATE052'), undefined);
});

test('a link of an agent needs a person, a link of a person does not, and one that leaves blocks both', () => {
  const link = (leaves: boolean): readonly TreeChange[] =>
    entryOf({ kind: 'link', path: 'docs/latest', target: leaves ? '../../etc' : 'v2', leaves });
  assert.equal(findIn(agentEvidence({ files: link(false) }), 'GATE052')?.verdict, 'needs-approval');
  assert.equal(findIn(agentEvidence({ files: link(false), approvals: [approval()] }), 'GATE052'), undefined);
  assert.equal(findIn(evidence({ files: link(false) }), 'GATE052'), undefined);
  const leaving = link(true);
  for (const change of [evidence({ files: leaving, approvals: [approval()] }), agentEvidence({ files: leaving })])
    assert.equal(findIn(change, 'GATE052')?.verdict, 'blocked');
});

test('a merge that could not be tried leaves the verdict open, approved or not', () => {
  for (const approvals of [[], [approval()]]) {
    const result = judge(evidence({ merge: { kind: 'failed', reason: 'git said no' }, approvals }), POLICY);
    const reason = result.reasons.find(({ code }) => code === 'GATE060');
    assert.deepEqual([result.verdict, reason?.evidence], ['incomplete', ['the merge was not tried: git said no']]);
  }
});
