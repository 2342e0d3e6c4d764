/** The file between two jobs: whole, or not believed. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { SallyportError } from '../../../src/errors/index.ts';
import { completeFinding } from '../../../src/findings/index.ts';
import { bundleReport, type PostingBundle, readBundle, writeBundle } from '../../../src/forges/index.ts';
import { draftOf, PATH, placeOf, ruleNamed, WORKFLOW } from '../../findings/sample-report.ts';
import { bundleWith, findingAt } from '../support/bundles.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 300);
const FILE = '.github/workflows/agent.yml';

function roundTrip(bundle: PostingBundle): PostingBundle {
  return readBundle(Buffer.from(writeBundle(bundle)));
}

/** The file with its bundle changed, and the digest made anew: a forger can do that, too. */
function forged(change: (bundle: Record<string, unknown>) => void): Buffer {
  const bundle = JSON.parse(JSON.stringify(bundleWith()));
  change(bundle);
  return Buffer.from(writeBundle(bundle));
}

function reportWith(...drafts: Parameters<typeof completeFinding>[0][]) {
  return {
    command: 'review',
    version: '0.1.0',
    findings: drafts.map((draft) => completeFinding(draft)),
    rules: [ruleNamed('SUP001'), ruleNamed('PATH001')],
    gaps: [],
    filesRead: 1,
    source: (path: string) => (path === FILE ? { path, text: WORKFLOW } : undefined),
  };
}

const DETAILS = {
  command: 'review',
  headCommit: 'a'.repeat(40),
  baseCommit: undefined,
  createdAt: '2026-01-01T00:00:00.000Z',
  verdict: 'blocked',
  blocks: true,
  complete: true,
  statement: 'No.',
} as const;

describe('a posting bundle', () => {
  it('is read as it was written', () => assert.deepEqual(roundTrip(bundleWith()), bundleWith()));

  it('comes from a report: lines, steps, most severe first, nothing that is suppressed', () => {
    const report = reportWith(draftOf(), PATH, draftOf({ subject: 'accepted' }));
    const accepted = { by: 'policy', reason: 'known', until: undefined, place: undefined } as const;
    const findings = report.findings.map((finding) =>
      finding.subject === 'accepted' ? { ...finding, suppression: accepted } : finding,
    );
    const bundle = roundTrip(bundleReport({ ...report, findings }, DETAILS));
    assert.deepEqual(
      bundle.findings.map(({ rule, severity, startLine, flow }) => [rule, severity, startLine, flow.length]),
      [
        ['PATH001', 'critical', 8, 3],
        ['SUP001', 'medium', 6, 0],
      ],
    );
  });

  it('has a safe fix of the line as a suggestion of whole lines, and no other', () => {
    const edit = { ...placeOf(FILE, 'acme/agent@v1'), text: 'acme/agent@0123' };
    const fix = { title: 'Pin it', safety: 'safe', edits: [edit], creates: [] } as const;
    const suggestionOf = (...fixes: (typeof fix | (Omit<typeof fix, 'safety'> & { safety: 'unsafe' }))[]) =>
      bundleReport(reportWith(draftOf({ fixes })), DETAILS).findings[0]?.suggestion;
    assert.deepEqual(suggestionOf(fix), { startLine: 6, endLine: 6, text: '      - uses: acme/agent@0123' });
    assert.equal(suggestionOf({ ...fix, safety: 'unsafe' }), undefined);
    const windows = {
      ...reportWith(draftOf({ fixes: [fix] })),
      source: (path: string) => ({ path, text: WORKFLOW.replaceAll('\n', '\r') }),
    };
    assert.equal(bundleReport(windows, DETAILS).findings[0]?.suggestion, undefined);
    const creates = [{ file: 'new', content: 'x' }];
    const other = { ...edit, file: 'README.md' };
    const away = { ...placeOf(FILE, 'on: issues'), text: 'on: push' };
    for (const change of [{ creates }, { edits: [other] }, { edits: [away] }])
      assert.equal(
        bundleReport(reportWith(draftOf({ fixes: [{ ...fix, ...change }] })), DETAILS).findings[0]?.suggestion,
        undefined,
      );
  });

  it('has a suggestion of exactly the lines that several edits touch, or none', () => {
    const suggestionIn = (text: string, finding: string, ...edits: (readonly [number, number, string])[]) => {
      const place = { file: FILE, span: { start: text.indexOf(finding), end: text.indexOf(finding) + 1 } };
      const fix = {
        title: 'Mend it',
        safety: 'safe' as const,
        creates: [],
        edits: edits.map(([start, end, replacement]) => ({ file: FILE, span: { start, end }, text: replacement })),
      };
      const report = { ...reportWith(draftOf({ place, fixes: [fix] })), source: () => ({ path: FILE, text }) };
      return bundleReport(report, DETAILS).findings[0]?.suggestion;
    };
    const text = 'one\ntwo\nthree\nfour';
    assert.deepEqual(suggestionIn(text, 'two', [5, 6, 'W'], [8, 9, 'T']), {
      ...{ startLine: 2, endLine: 3, text: 'tWo\nThree' },
    });
    assert.deepEqual(suggestionIn(text, 'one', [0, 0, 'zero\n']), { startLine: 1, endLine: 1, text: 'zero\none' });
    assert.deepEqual(suggestionIn(text, 'two', [4, 8, '']), { startLine: 2, endLine: 3, text: 'three' });
    assert.deepEqual(suggestionIn(text, 'four', [14, 18, '4']), { startLine: 4, endLine: 4, text: '4' });
    assert.deepEqual(suggestionIn('\nfoo\n', 'foo', [0, 2, 'F']), { startLine: 1, endLine: 2, text: 'Foo' });
    // A forge takes an empty line at the end for none.
    assert.equal(suggestionIn('\nfoo\n', '\n', [0, 0, 'x\n']), undefined);
    assert.equal(suggestionIn(text, 'two', [4, 7, '']), undefined);
    assert.equal(suggestionIn(text, 'two', [5, 6, 'w'.repeat(5000)]), undefined);
  });

  it('takes five hundred findings, counts the rest, and is not complete then', () => {
    const drafts = Array.from({ length: 510 }, (_, index) => draftOf({ subject: `step ${index}` }));
    const { findings, omitted, complete } = bundleReport(reportWith(...drafts), DETAILS);
    assert.deepEqual([findings.length, omitted, complete], [500, 10, false]);
  });

  it('leaves out and counts a finding at a place that it cannot name', () => {
    const out = draftOf({ place: { file: '../outside', span: { start: 0, end: 0 } } });
    const { findings, omitted, complete } = roundTrip(bundleReport(reportWith(draftOf(), out), DETAILS));
    assert.deepEqual([findings.length, omitted, complete], [1, 1, false]);
  });

  it('is never larger than what is read: findings that do not fit are counted, evidence too, and no reason is lost', () => {
    const long = '\u00e4'.repeat(4000);
    const drafts = Array.from({ length: 500 }, (_, index) =>
      draftOf({ subject: `${index}`, message: long, detail: long }),
    );
    const reasons = Array.from({ length: 200 }, () => ({
      ...({ code: 'GATE001', verdict: 'blocked', message: long, liftedBy: long } as const),
      evidence: Array.from({ length: 200 }, () => long),
    }));
    const written = bundleReport(reportWith(...drafts), { ...DETAILS, reasons, notes: [long, long] });
    const { findings, omitted, complete, reasons: told } = roundTrip(written);
    assert.ok(findings.length > 50, String(findings.length));
    assert.deepEqual([findings.length + omitted, complete, told.length], [500, false, 200]);
    assert.equal(told.at(-1)?.evidence.at(-1), 'and 200 more, in the report');
  });

  it('takes a text with half a character', () => {
    const [finding] = roundTrip(bundleReport(reportWith(draftOf({ message: 'a \ud800 b' })), DETAILS)).findings;
    assert.equal(finding?.message, 'a <U+D800> b');
  });

  it('cuts long texts, shows hidden characters and blanks keys when it is written', () => {
    const key = `ghp_${'aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bD1fG3hJ5'}`;
    const message = `\u202e${key} ${'x'.repeat(9000)}`;
    const [finding] = roundTrip(bundleReport(reportWith(draftOf({ message })), DETAILS)).findings;
    assert.match(finding?.message ?? '', /^<U\+202E>\(.*ghp_.*\) x+…$/);
    assert.equal(finding?.message.length, 4000);
  });
});

describe('a bundle that is not believed', () => {
  const refuses = (content: Uint8Array, message = /./) =>
    assert.throws(
      () => readBundle(content),
      (error) => error instanceof SallyportError && error.code === 'SP2408' && message.test(error.message),
    );

  it('was cut, changed or is none', () => {
    const text = writeBundle(bundleWith());
    refuses(Buffer.from(text.slice(0, -20)));
    refuses(Buffer.from(text.replace('src/app.py', 'src/apq.py')), /digest/);
    refuses(Buffer.from(text.replace('"blocked"', '"pass"')));
    for (const other of ['', '{}', '[]', 'null', '"x"', '{"sha256":"","bundle":{}}']) refuses(Buffer.from(other));
    refuses(Buffer.from([0x22, 0xff, 0x22]), /UTF-8/);
    refuses(Buffer.alloc(8 * 1024 * 1024 + 1, ' '), /larger/);
  });

  for (const [what, change] of [
    ['a field that is not of the format', (bundle) => Object.assign(bundle, { markdown: '<img>' })],
    ['another format', (bundle) => Object.assign(bundle, { format: 'sallyport-posting/2' })],
    ['a verdict that passes and blocks', (bundle) => Object.assign(bundle, { verdict: 'pass', blocks: true })],
    ['a blocked verdict that does not block', (bundle) => Object.assign(bundle, { blocks: false })],
    ['a short commit', (bundle) => Object.assign(bundle, { change: { headCommit: 'abc1234' } })],
    ['a branch for a commit', (bundle) => Object.assign(bundle, { change: { headCommit: 'main' } })],
    ['no time', (bundle) => Object.assign(bundle, { createdAt: 'yesterday' })],
    ['too many notes', (bundle) => Object.assign(bundle, { notes: Array(51).fill('x') })],
    ['a text that is too long', (bundle) => Object.assign(bundle, { statement: 'x'.repeat(4001) })],
    ['a label with a comma', (bundle) => Object.assign(bundle, { labels: { add: ['a,b'], remove: [] } })],
    ['a label of others', (bundle) => Object.assign(bundle, { labels: { add: ['ok-to-test'], remove: [] } })],
    ['to take off a label of others', (bundle) => Object.assign(bundle, { labels: { add: [], remove: ['hold'] } })],
    ['a branch with a blank', (bundle) => Object.assign(bundle['change'] ?? {}, { targetBranch: 'main (gate)' })],
    [
      'a branch with something hidden',
      (bundle) => Object.assign(bundle['change'] ?? {}, { targetBranch: 'ma\u200bin' }),
    ],
    ['a branch without a name', (bundle) => Object.assign(bundle['change'] ?? {}, { targetBranch: '' })],
    ['a path that leads out', (bundle) => Object.assign(bundle, { findings: [findingAt(1, { path: '../x' })] })],
    ['an absolute path', (bundle) => Object.assign(bundle, { findings: [findingAt(1, { path: '/etc/passwd' })] })],
    ['line zero', (bundle) => Object.assign(bundle, { findings: [findingAt(0)] })],
    ['lines backwards', (bundle) => Object.assign(bundle, { findings: [findingAt(3, { endLine: 2 })] })],
    [
      'markup for a fingerprint',
      (bundle) => Object.assign(bundle, { findings: [findingAt(3, { fingerprint: 'a-->b<!--' })] }),
    ],
    ['half a character', (bundle) => Object.assign(bundle, { statement: '\ud800' })],
  ] satisfies readonly (readonly [string, (bundle: Record<string, unknown>) => void])[]) {
    it(`holds ${what}`, () => {
      const made = () => readBundle(forged(change));
      assert.throws(made, { code: 'SP2408' });
    });
  }

  it('is any other text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string({ unit: 'binary' })), (text) => refuses(Buffer.from(text))),
      { numRuns: RUNS },
    );
  });
});

describe('every single change of a bundle', () => {
  const leaves = (value: unknown, path: readonly string[] = []): readonly (readonly string[])[] =>
    value !== null && typeof value === 'object'
      ? Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]))
      : [path];
  const bundle = bundleWith({
    reasons: [{ code: 'G1', verdict: 'blocked', message: 'm', evidence: ['e'], liftedBy: 'l' }],
  });

  it('is noticed by the digest', () => {
    const whole = JSON.parse(writeBundle(bundle));
    for (const path of leaves(whole.bundle)) {
      const copy = structuredClone(whole);
      let inner = copy.bundle;
      for (const key of path.slice(0, -1)) inner = inner[key];
      const last = path.at(-1) ?? '';
      const old = inner[last];
      inner[last] = typeof old === 'string' ? `${old}x` : typeof old === 'number' ? old + 1 : !old;
      assert.throws(() => readBundle(Buffer.from(JSON.stringify(copy))), { code: 'SP2408' }, path.join('.'));
    }
  });
});
