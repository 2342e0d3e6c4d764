/** Reasons that depend on what else the change does, or on who made it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type GateEvidence, judge } from '../../src/gate/index.ts';
import { compilePolicy, defaultPolicy, parsePolicy } from '../../src/policy/index.ts';
import { agentEvidence, codesOf, commit, controls, evidence, filesOf } from './sample.ts';

const POLICY = defaultPolicy('claude-code');
const WORKFLOW = '.github/workflows/ci.yml';
const OLD = 'on: push\npermissions: write-all\njobs: {}\n';
const codes = (change: GateEvidence): readonly string[] => codesOf(judge(change, POLICY));
const reasonOf = (change: GateEvidence, code: string) =>
  judge(change, POLICY).reasons.find((reason) => reason.code === code);

/** A person's change of the workflow, in which one control became stronger where it stands. */
function strengthened(now: string): GateEvidence {
  const start = now.indexOf('permissions');
  const after = { file: WORKFLOW, span: { start, end: start + 'permissions'.length } };
  const files = filesOf({ [WORKFLOW]: OLD }, { [WORKFLOW]: now });
  return evidence({ files, controls: controls({ direction: 'strengthened', severity: 'low', before: after, after }) });
}

test('a stronger control explains its own line, and not the lines that came with it', () => {
  assert.ok(!codes(strengthened('on: push\npermissions: {}\njobs: {}\n')).includes('GATE010'));
  const more = 'on: push\npermissions: {}\nenv:\n  A: 1\n  B: 2\n  C: 3\njobs: {}\n';
  assert.ok(codes(strengthened(more)).includes('GATE010'));
});

test('a remark explains nothing where a control of the same file became weaker', () => {
  const files = filesOf({ [WORKFLOW]: OLD }, { [WORKFLOW]: `# a remark\n${OLD}` });
  assert.ok(!codes(evidence({ files })).includes('GATE010'));
  const after = { file: WORKFLOW, span: { start: 0, end: 1 } };
  assert.ok(codes(evidence({ files, controls: controls({ after }) })).includes('GATE010'));
});

test('a pipeline that the result has is told once, and one that only a commit had is told, too', () => {
  const touched = commit({ files: [{ path: WORKFLOW, kind: 'modified', added: [] }] });
  const files = filesOf({ [WORKFLOW]: OLD }, { [WORKFLOW]: `${OLD}env: {}\n` });
  assert.equal(reasonOf(evidence({ files, commits: [touched] }), 'GATE010')?.evidence.length, 1);
  assert.match(reasonOf(evidence({ commits: [touched] }), 'GATE010')?.evidence[0] ?? '', /not in the result/);
});

test('a pipeline that is changed is shown at its first changed line, and one that is gone as a file', () => {
  const placeOf = (after: { readonly [path: string]: string }) =>
    reasonOf(evidence({ files: filesOf({ [WORKFLOW]: OLD }, after) }), 'GATE010')?.places[0];
  const start = OLD.length;
  assert.deepEqual(placeOf({ [WORKFLOW]: `${OLD}env: {}\n` }), { file: WORKFLOW, span: { start, end: start } });
  assert.deepEqual(placeOf({}), { file: WORKFLOW, span: { start: 0, end: 0 } });
});

test('a test that is gone blocks together with code, and alone needs a person, from medium on', () => {
  const lost = (severity: 'medium' | 'low') =>
    controls({ control: 'test-removed', group: 'test', meta: true, severity });
  const code = filesOf({ 'src/a.ts': 'a\n' }, { 'src/a.ts': 'b\n' });
  const tests = filesOf({ 'test/a.test.ts': 'a\n' }, { 'test/a.test.ts': 'b\n' });
  assert.equal(reasonOf(evidence({ files: code, controls: lost('medium') }), 'GATE021')?.verdict, 'blocked');
  assert.equal(reasonOf(evidence({ files: tests, controls: lost('medium') }), 'GATE021')?.verdict, 'needs-approval');
  assert.ok(!codes(evidence({ files: code, controls: lost('low') })).includes('GATE021'));
});

test('a medium loss needs a person in dependencies, and not in ordinary code', () => {
  const medium = (group: 'dependency' | 'guard') => evidence({ controls: controls({ group, severity: 'medium' }) });
  assert.ok(codes(medium('dependency')).includes('GATE020'));
  assert.ok(!codes(medium('guard')).includes('GATE020'));
});

test('a program that stays one is no new program', () => {
  const files = filesOf({ 'run.sh': 'a\n' }, { 'run.sh': 'b\n' });
  assert.ok(!codes(agentEvidence({ files })).includes('GATE053'));
  assert.ok(codes(agentEvidence({ files: filesOf({}, { 'run.sh': 'b\n' }) })).includes('GATE053'));
});

test('a ledger that is not whole leaves the verdict open', () => {
  assert.equal(reasonOf(agentEvidence({}, { ledger: 'INCOMPLETE' }), 'GATE002')?.verdict, 'incomplete');
  assert.equal(reasonOf(agentEvidence({}, { ledger: 'SIGNED-UNANCHORED' }), 'GATE002'), undefined);
});

test('an agent that may write a file may not delete it where the policy says so', async () => {
  const text =
    'version: 1\nfile:\n  write: { allow: [{ path: "src/**" }] }\n  delete: { allow: [{ path: "tmp/**" }] }\n';
  const policy = await compilePolicy({ repository: await parsePolicy(text, 'sallyport.yaml') });
  const codesOfChange = (after: { readonly [path: string]: string }) =>
    codesOf(judge(agentEvidence({ files: filesOf({ 'src/a.ts': 'a\n' }, after) }), policy));
  assert.ok(!codesOfChange({ 'src/a.ts': 'b\n' }).includes('GATE007'));
  assert.ok(codesOfChange({}).includes('GATE007'));
});

test('a hidden mark at the head of an added stretch is seen', () => {
  const files = filesOf({ 'src/a.ts': 'a\n' }, { 'src/a.ts': 'a\n\ufeffb\n' });
  assert.ok(codes(evidence({ files })).includes('GATE041'));
});
