import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  applySuppressions,
  completeFindings,
  readSuppressionComments,
  type SuppressionEntry,
  type SuppressionSources,
} from '../../../src/findings/index.ts';
import { draftOf, placeOf } from '../sample-report.ts';

const RULES = new Set(['SUP001', 'CRD001']);

function sources(change: Partial<SuppressionSources>): SuppressionSources {
  return { comments: [], policy: [], baseline: [], rules: RULES, today: '2026-11-21', ...change };
}

function scene(directive: string) {
  const text = `${directive}\nuses: acme/agent@v1\nuses: acme/agent@v1\n`;
  const second = text.lastIndexOf('acme');
  const findings = completeFindings([
    draftOf({ place: placeOf('a.yml', 'acme/agent@v1', text) }),
    draftOf({ place: { file: 'a.yml', span: { start: second, end: second + 13 } } }),
    draftOf({ rule: 'CRD001', place: placeOf('a.yml', 'acme/agent@v1', text) }),
  ]);
  return { findings, comments: readSuppressionComments({ path: 'a.yml', text }).comments };
}

test('a comment suppresses the named rule on the next line and nothing else', () => {
  const { findings, comments } = scene('# sallyport: ignore[SUP001] reason="vendored"');
  const outcome = applySuppressions(findings, sources({ comments }));
  assert.deepEqual(outcome.faults, []);
  assert.deepEqual(
    outcome.findings.map(({ suppression }) => suppression?.reason),
    ['vendored', undefined, undefined],
  );
  assert.deepEqual(outcome.findings[0]?.suppression, {
    by: 'comment',
    reason: 'vendored',
    until: undefined,
    place: { file: 'a.yml', span: { start: 0, end: 45 } },
  });
});

test('a comment of another file suppresses nothing', () => {
  const { findings, comments } = scene('# sallyport: ignore[SUP001] reason="r"');
  const elsewhere = findings.map((finding) => ({ ...finding, place: { ...finding.place, file: 'b.yml' } }));
  const outcome = applySuppressions(elsewhere, sources({ comments }));
  assert.ok(outcome.findings.every(({ suppression }) => suppression === undefined));
  assert.deepEqual(
    outcome.faults.map(({ kind }) => kind),
    ['unused'],
  );
});

test('ignore-file suppresses the rule in the whole file', () => {
  const { findings, comments } = scene('# sallyport: ignore-file[SUP001] reason="r"');
  const outcome = applySuppressions(findings, sources({ comments }));
  assert.deepEqual(
    outcome.findings.map(({ suppression }) => suppression !== undefined),
    [true, true, false],
  );
});

test('a suppression holds on its last day and not on the next', () => {
  const { findings, comments } = scene('# sallyport: ignore[SUP001] reason="r" until=2026-11-21');
  const held = applySuppressions(findings, sources({ comments }));
  assert.ok(held.findings[0]?.suppression);
  assert.deepEqual(held.faults, []);
  const over = applySuppressions(findings, sources({ comments, today: '2026-11-22' }));
  assert.equal(over.findings[0]?.suppression, undefined);
  assert.deepEqual(
    over.faults.map(({ kind, message }) => [kind, message]),
    [['expired', 'the suppression of SUP001 held until 2026-11-21']],
  );
});

test('a date that is no day, an unknown rule and an unused rule are faults', () => {
  const dated = scene('# sallyport: ignore[SUP001] reason="r" until=2026-02-30');
  const outcome = applySuppressions(dated.findings, sources({ comments: dated.comments }));
  assert.equal(outcome.findings[0]?.suppression, undefined);
  assert.deepEqual(
    outcome.faults.map(({ kind }) => kind),
    ['bad-date'],
  );
  const unknown = scene('# sallyport: ignore[SUP001,NOPE1] reason="r"');
  const other = applySuppressions(unknown.findings, sources({ comments: unknown.comments }));
  assert.ok(other.findings[0]?.suppression);
  assert.deepEqual(
    other.faults.map(({ kind, message }) => [kind, message]),
    [['unknown-rule', 'there is no rule NOPE1']],
  );
});

test('policy and baseline suppress by fingerprint; the comment comes first and all that match are used', () => {
  const { findings, comments } = scene('# sallyport: ignore[SUP001] reason="comment"');
  const entry = (reason: string, fingerprint = findings[0]?.fingerprint ?? ''): SuppressionEntry => {
    return { fingerprint, reason, until: undefined, place: undefined };
  };
  const policy = [entry('policy'), entry('policy too', findings[1]?.fingerprint)];
  const outcome = applySuppressions(
    findings,
    sources({ comments, policy, baseline: [entry('base'), entry('gone', 'f'.repeat(64))] }),
  );
  assert.deepEqual(
    outcome.findings.map(({ suppression }) => suppression && [suppression.by, suppression.reason]),
    [['comment', 'comment'], ['policy', 'policy too'], undefined],
  );
  assert.deepEqual(
    outcome.faults.map(({ kind, by }) => [kind, by]),
    [['unused', 'baseline']],
  );
});
