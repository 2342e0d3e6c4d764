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

test('a control that became stronger by going away explains no line that came', () => {
  const gone = { direction: 'strengthened', severity: 'low', after: undefined } as const;
  const before = { file: WORKFLOW, span: { start: OLD.indexOf('permissions'), end: OLD.indexOf('jobs') } };
  const files = filesOf({ [WORKFLOW]: OLD }, { [WORKFLOW]: 'on: push\nenv: { NODE_OPTIONS: -r ./x }\njobs: {}\n' });
  assert.ok(codes(evidence({ files, controls: controls({ ...gone, before }) })).includes('GATE010'));
});

test('beside a control that changed or a new capability nothing in the file is explained', () => {
  const now = 'on: push\npermissions: {}\njobs: {}\n';
  const { controls: stronger } = strengthened(now);
  for (const direction of ['changed', 'added-capability'] as const) {
    const other = controls({ direction, before: undefined, after: { file: WORKFLOW, span: { start: 0, end: 2 } } });
    const both = { ...stronger, changes: [...stronger.changes, ...other.changes] };
    assert.ok(codes({ ...strengthened(now), controls: both }).includes('GATE010'), direction);
  }
});

test('a pipeline that gets another name is another pipeline, though no line of it changed', () => {
  const files = filesOf({ [WORKFLOW]: OLD }, { '.github/workflows/release.yml': OLD });
  assert.deepEqual(reasonOf(evidence({ files }), 'GATE010')?.evidence, [`${WORKFLOW} → .github/workflows/release.yml`]);
  const [moved] = filesOf({ [WORKFLOW]: OLD }, { 'docs/ci.yml': OLD });
  assert.equal(moved?.kind, 'renamed');
  assert.ok(codes(evidence({ files: [moved] })).includes('GATE010'));
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

const scoped = async (file: string) =>
  compilePolicy({ repository: await parsePolicy(`version: 1\nfile: ${file}\n`, 'sallyport.yaml') });
const SCOPE = '{ write: { allow: ["src/**"] }, delete: { allow: ["src/**"] } }';
const LINES = 'one\ntwo\nthree\n';
const placesIn = (result: ReturnType<typeof judge>, code: string) =>
  result.reasons.find((reason) => reason.code === code)?.places.map((place) => place?.file);

test('an agent that moves a file out of where it may not delete has deleted it', async () => {
  const policy = await scoped(SCOPE);
  const moved = (from: string, to: string) =>
    placesIn(judge(agentEvidence({ files: filesOf({ [from]: LINES }, { [to]: LINES }) }), policy), 'GATE007');
  assert.equal(filesOf({ 'infra/main.tf': LINES }, { 'src/notes.txt': LINES })[0]?.kind, 'renamed');
  assert.deepEqual(moved('infra/main.tf', 'src/notes.txt'), ['infra/main.tf']);
  assert.deepEqual(moved('src/a.ts', 'infra/a.ts'), ['infra/a.ts']);
  assert.deepEqual(moved('infra/a.ts', 'infra/b.ts'), ['infra/a.ts', 'infra/b.ts']);
  assert.equal(moved('src/a.ts', 'src/b.ts'), undefined);
});

test('a test that is moved among the tests is not deleted, and one that is moved to where none is looked for is', () => {
  const moved = (to: string) =>
    placesIn(judge(agentEvidence({ files: filesOf({ 'test/a.test.ts': LINES }, { [to]: LINES }) }), POLICY), 'GATE007');
  assert.equal(moved('test/b.test.ts'), undefined);
  assert.deepEqual(moved('src/a.txt'), ['test/a.test.ts']);
});

test('how large a file may be that an agent writes holds at the merge, too', async () => {
  const policy = await scoped('{ write: { allow: [{ path: "src/**", max: 13 }] } }');
  const places = (text: string) =>
    placesIn(judge(agentEvidence({ files: filesOf({}, { 'src/a.ts': text }) }), policy), 'GATE007');
  assert.equal(places('thirteen byte'), undefined);
  assert.deepEqual(places('fourteen bytes'), ['src/a.ts']);
});

test('what the run withheld is in the change also when it only left its place', () => {
  const files = filesOf({ 'test/a.test.ts': LINES }, { 'test/b.test.ts': LINES });
  const withheld = (path: string) => placesIn(judge(agentEvidence({ files }, { withheld: [path] }), POLICY), 'GATE006');
  assert.deepEqual(withheld('test/a.test.ts'), ['test/a.test.ts']);
  assert.deepEqual(withheld('test/b.test.ts'), ['test/b.test.ts']);
  assert.equal(withheld('test/c.test.ts'), undefined);
});

test('a key in the name of a file that only a commit had, or where a link points, is a key in the change', () => {
  const key = `ghp_${'aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xY1z2A'}`;
  const passing = (path: string) => evidence({ commits: [commit({ files: [{ path, kind: 'added', added: [] }] })] });
  assert.equal(reasonOf(passing(`notes/${key}`), 'GATE040')?.verdict, 'blocked');
  assert.ok(!codes(passing('notes/plain')).includes('GATE040'));
  const link = (target: string) => {
    const after = { kind: 'link' as const, path: 'latest', target, leaves: false };
    const file = { path: 'latest', before: undefined, after, previousPath: undefined, old: undefined, new: undefined };
    return evidence({ files: [{ ...file, kind: 'added', hunks: [] }] });
  };
  assert.equal(reasonOf(link(key), 'GATE040')?.verdict, 'blocked');
  assert.ok(!codes(link('notes/plain')).includes('GATE040'));
});

test('a hidden mark at the head of an added stretch is seen', () => {
  const files = filesOf({ 'src/a.ts': 'a\n' }, { 'src/a.ts': 'a\n\ufeffb\n' });
  assert.ok(codes(evidence({ files })).includes('GATE041'));
});
