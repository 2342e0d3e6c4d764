import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDuration, renderHtml, renderMarkdown, renderTerminal } from '../../src/run/report/index.ts';
import { assertReadable } from '../support/page-outline.ts';
import { HOSTILE, sampleReport } from './sample-report.ts';

const PLACE = { out: 'evi dence', workspace: '', takesChange: false };
const PLAIN = { colour: false, width: 100, place: PLACE };

test('text from the agent is inert in the terminal summary', () => {
  const text = renderTerminal(sampleReport(HOSTILE), PLAIN);
  assert.doesNotMatch(text, /\u001b/);
  assert.doesNotMatch(text, /\u202e/);
  assert.doesNotMatch(text, /^\s*::/m);
  assert.doesNotMatch(text, /##(?:\[|vso\[)/i);
});

test('text from the agent is inert in Markdown', () => {
  const text = renderMarkdown(sampleReport(HOSTILE));
  assert.doesNotMatch(text, /<script>/);
  assert.doesNotMatch(text, /\]\(http/);
  assert.doesNotMatch(text, /\u001b|\u202e/);
  assert.doesNotMatch(text, /^\s*::/m);
  assert.doesNotMatch(text, /##(?:\[|vso\[)/i);
});

test('text from the agent is inert in HTML, which loads nothing and runs nothing', () => {
  const text = renderHtml(sampleReport(HOSTILE));
  assert.doesNotMatch(text, /<script/);
  assert.doesNotMatch(text, /\u001b|\u202e/);
  assert.match(text, /default-src 'none'/);
});

test('the page can be read with a keyboard and a screen reader', () => {
  assertReadable(renderHtml(sampleReport('npm test')));
});

test('every report says what it did, what was refused and why, what left, what changed and where the evidence is', () => {
  const report = sampleReport('npm test');
  // What escapes punctuation in Markdown is invisible once it is rendered.
  const markdown = renderMarkdown(report).replaceAll(/\\|<!-- -->/g, '');
  for (const text of [renderTerminal(report, PLAIN), markdown, renderHtml(report)]) {
    for (const heading of ['What it did', 'What was refused', 'What left', 'What changed', 'Evidence'])
      assert.ok(text.includes(heading), heading);
    for (const fact of ['npm test', 'no-push', '20.0 KiB', 'SIGNED-UNANCHORED', '×3'])
      assert.ok(text.includes(fact), fact);
  }
});

test('a quiet run says that nothing was refused, left or changed', () => {
  const report = sampleReport('x');
  const quiet = renderTerminal(
    {
      ...report,
      activity: { ...report.activity, tools: [], refusedConnections: [] },
      dataFlow: { ...report.dataFlow, destinations: [] },
      change: { ...(report.change ?? assert.fail()), files: [], withheld: [], secretHits: [] },
    },
    PLAIN,
  );
  for (const sentence of ['Nothing was refused.', 'Nothing left the sandbox.', 'No file was changed.'])
    assert.ok(quiet.includes(sentence), sentence);
});

test('why a run ended is not taken for what came before the end', () => {
  const report = { ...sampleReport('x'), durationMs: 147, exitCode: 3 };
  const end = { kind: 'incomplete' as const, reason: 'the temporary directory cannot be used' };
  assert.match(
    renderTerminal({ ...report, end }, PLAIN),
    /: incomplete after 147 ms: the temporary directory cannot be used\.$/m,
  );
});

test('a run whose broker was lost does not say that nothing left', () => {
  const report = sampleReport('x');
  const lost = renderTerminal(
    { ...report, dataFlow: { ...report.dataFlow, accounted: false, destinations: [] } },
    PLAIN,
  );
  assert.ok(lost.includes('Not known: the broker was lost before it told.'));
  assert.ok(!lost.includes('Nothing left'));
});

test('a destination of which not every line was compared says so', () => {
  const report = sampleReport('x');
  const destinations = report.dataFlow.destinations.map((flow) => ({ ...flow, partial: true }));
  const shown = renderMarkdown({ ...report, dataFlow: { ...report.dataFlow, destinations } });
  assert.match(shown, /not everything was compared/);
});

test('the summary ends with what can be typed next', () => {
  const typed = (more: Partial<typeof PLACE>) =>
    renderTerminal(sampleReport('x'), { ...PLAIN, place: { ...PLACE, ...more } });
  assert.match(
    typed({}),
    /git apply 'evi dence\/changes\.patch'\n.*sallyport log verify --at-least signed 'evi dence\/ledger'$/,
  );
  assert.match(typed({ workspace: '..' }), /git -C \.\. apply '\/.*\/evi dence\/changes\.patch'/);
  assert.doesNotMatch(typed({ takesChange: true }), /git apply/);
});

test('colour is used only where it is asked for', () => {
  assert.match(renderTerminal(sampleReport('x'), { ...PLAIN, colour: true, width: 80 }), /\u001b\[1m/);
});

test('a duration never shows sixty seconds', () => {
  const shown = [999, 1000, 59_940, 59_960, 119_400, 119_600, 3_599_700].map(formatDuration);
  assert.deepEqual(shown, ['999 ms', '1.0 s', '59.9 s', '1 min 0 s', '1 min 59 s', '2 min 0 s', '60 min 0 s']);
});
