import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderReport } from '../../../src/findings/index.ts';
import {
  judge,
  locateEvidence,
  REASONS,
  remarksOf,
  renderGateHtml,
  renderGateJson,
  renderGateMarkdown,
  renderGateReasons,
  renderGateText,
  reportGate,
} from '../../../src/gate/index.ts';
import { defaultPolicy } from '../../../src/policy/index.ts';
import { assertReadable } from '../../support/page-outline.ts';
import { agentEvidence, approval, control, controls, evidence } from '../sample.ts';

const POLICY = defaultPolicy('claude-code');
const HOSTILE = '::error::</li><script>x</script>\u001b[2J![a](https://evil.example.test)\u202e';
const CHANGE = evidence({ controls: controls({}, { message: HOSTILE, meta: true, control: 'tls-off' }) });
const RESULT = judge(CHANGE, POLICY);
const source = (path: string) => (path === 'src/a.ts' ? { path, text: 'let a = 2;\n' } : undefined);

test('the verdict stands in the first line, then the reasons with who lifts them', () => {
  const lines = renderGateText(RESULT, { colour: false }).split('\n');
  assert.match(lines[0] ?? '', /^blocked: /);
  const text = lines.join('\n');
  assert.ok(text.indexOf('GATE021') < text.indexOf('GATE020'));
  assert.equal(text.split('lifted by: ').length - 1, RESULT.reasons.length);
});

test('evidence that stands in a file is shown with its line, for people', () => {
  const shown = renderGateText(locateEvidence(RESULT, source), { colour: false });
  assert.match(shown, /src\/a\.ts:1:\d+/);
  const elsewhere = renderGateText(
    locateEvidence(RESULT, () => undefined),
    { colour: false },
  );
  assert.doesNotMatch(elsewhere, /src\/a\.ts:\d/);
});

test('a pass says so and gives no reason', () => {
  const text = renderGateText(judge(evidence(), POLICY), { colour: false });
  assert.match(text, /^pass: /);
  assert.ok(!text.includes('GATE'));
});

test('text from a change has no power over a terminal, a job log, a page or a comment', () => {
  const text = renderGateText(RESULT, { colour: false });
  assert.ok(!text.includes('\u001b') && !text.includes('\u202e') && !/^::error/m.test(text));
  const html = renderGateHtml(RESULT);
  assert.ok(!html.includes('<script') && !html.includes('\u202e'));
  assertReadable(html);
  const markdown = renderGateMarkdown(RESULT);
  assert.ok(!markdown.includes('<script') && !markdown.includes('![a](') && !markdown.includes('\u202e'));
});

test('JSON tells everything that a verdict is signed on', () => {
  const run = agentEvidence({ approvals: [approval({ expiresAt: '2027-01-15T11:30:00Z' })] });
  const text = renderGateJson(judge(run, POLICY), run, { version: '0', faults: ['x.json: bad'], source });
  const value: Record<string, unknown> = JSON.parse(text);
  assert.equal(value['format'], 'sallyport-gate/1');
  assert.equal(value['verdict'], 'needs-approval');
  assert.equal(value['exitCode'], 1);
  assert.deepEqual(value['change'], { ...run.change });
  assert.equal(value['label'], 'ai-assisted');
  assert.match(text, /"notBelieved": \[\s*"x\.json: bad"/);
  assert.match(text, /it has expired/);
});

test('JSON tells where a change comes from, and the signs of it', () => {
  const originOf = (change: typeof CHANGE): unknown =>
    JSON.parse(renderGateJson(judge(change, POLICY), change, { version: '0', faults: [], source })).origin;
  assert.deepEqual(originOf(evidence()), { kind: 'human' });
  const signs = ['the branch is called claude/x'];
  const signed = evidence({ origin: { kind: 'unknown-origin', signs } });
  assert.deepEqual(originOf(signed), { kind: 'unknown-origin', signs });
});

test('Markdown has each reason under the heading of its verdict, and no heading without one', () => {
  const headings = (text: string) => text.split('\n').filter((line) => line.startsWith('### '));
  const blocked = renderGateMarkdown(judge(evidence({ texts: [{ name: 'message', text: 'a\u202eb' }] }), POLICY));
  assert.equal(headings(blocked).length, 1);
  const conflict = evidence({ merge: { kind: 'conflict', paths: ['a'] } });
  const waiting = renderGateMarkdown(judge(conflict, POLICY));
  assert.equal(headings(waiting).length, 1);
  assert.notDeepEqual(headings(waiting), headings(blocked));
  assert.ok(waiting.indexOf('GATE060') > waiting.indexOf('### '));
  assert.deepEqual(headings(renderGateMarkdown(judge(evidence(), POLICY))), []);
});

test('SARIF has a result at the place of each line of evidence', () => {
  const sarif: { runs: readonly { results: readonly { ruleId: string; level: string }[] }[] } = JSON.parse(
    renderReport(reportGate(RESULT, '0', source), 'sarif'),
  );
  const results = sarif.runs[0]?.results ?? [];
  assert.deepEqual(results.map(({ ruleId, level }) => [ruleId.slice(0, 7), level]).sort(), [
    ['GATE020', 'warning'],
    ['GATE021', 'error'],
  ]);
});

test('SARIF has the quieter rows of the control diff as notes, and no row twice', () => {
  const loud = control({ subject: 'loud', message: 'loud' });
  const quiet = control({ subject: 'quiet', message: 'quiet', severity: 'medium' });
  const stronger = control({ subject: 'stronger', message: 'stronger', direction: 'strengthened' });
  const shown = evidence({ controls: { ...CHANGE.controls, changes: [loud, quiet, stronger] } });
  const result = judge(shown, POLICY);
  const sarif: {
    runs: readonly { results: readonly { ruleId: string; level: string; message: { text: string } }[] }[];
  } = JSON.parse(renderReport(reportGate(result, '0', source, remarksOf(result, shown.controls)), 'sarif'));
  const rows = (sarif.runs[0]?.results ?? []).map(({ ruleId, level, message }) => [
    ruleId.split('/')[0],
    level,
    ['loud', 'quiet', 'stronger'].find((word) => message.text.includes(word)),
  ]);
  assert.deepEqual(rows.sort(), [
    ['GATE020', 'warning', 'loud'],
    [quiet.control, 'note', 'quiet'],
  ]);
});

test('a reason with a hundred lines of evidence shows some and counts the rest', () => {
  const many = evidence({
    controls: {
      ...CHANGE.controls,
      changes: Array.from({ length: 100 }, (_, at) => control({ subject: `s${at}`, message: `m${at}` })),
    },
  });
  assert.match(renderGateText(judge(many, POLICY), { colour: false }), /and 88 more/);
});

test('the reference names every reason', () => {
  const text = renderGateReasons();
  for (const { code, name } of REASONS) assert.ok(text.includes(`### ${code} ${name}`));
});

test('a place that is a file as a whole has no line', () => {
  const [reason] = RESULT.reasons;
  assert.ok(reason);
  const whole = { file: 'src/a.ts', span: { start: 0, end: 0 } };
  const { reasons } = locateEvidence(
    { ...RESULT, reasons: [{ ...reason, evidence: ['src/a.ts: modified'], places: [whole] }] },
    source,
  );
  assert.deepEqual(reasons[0]?.evidence, ['src/a.ts: modified']);
});

test('whoever approved is text in the page, too', () => {
  const refused = [{ approver: '<img src=x>', reason: '<b>' }];
  const page = renderGateHtml({ ...RESULT, approvals: { ...RESULT.approvals, refused } });
  assert.doesNotMatch(page, /<img|<b>/);
});
