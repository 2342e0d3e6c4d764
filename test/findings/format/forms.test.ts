import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareReports, type FindingDraft, REPORT_FORMATS, renderReport } from '../../../src/findings/index.ts';
import { assertReadable } from '../../support/page-outline.ts';
import { draftOf, PATH, reportOf, suppress } from '../sample-report.ts';

const FILE = '.github/workflows/agent.yml';
const report = reportOf([draftOf(), PATH], {
  gaps: [{ kind: 'syntax', message: 'cannot be read', place: { file: 'README.md', span: { start: 3, end: 4 } } }],
});
const [single, path] = report.findings;

test('text: paths first with numbered steps and carets, then files, summary, next steps and gaps', () => {
  assert.equal(
    renderReport(report, 'text'),
    `Attack paths

  critical PATH001 (confidence high) ${FILE}:8:19
    Anybody who opens an issue decides what the agent does
    The gate is open.
    Nothing else stands in the way.
    1. trigger: anybody opens an issue
       ${FILE}:1:5
       1 │ on: issues
         │     ^^^^^^
    2. source: its text is the prompt
       ${FILE}:8:19
       8 │           prompt: $\{{ github.event.issue.body }}
         │                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    3. sink: the agent obeys it
       ${FILE}:6:15
       6 │       - uses: acme/agent@v1
         │               ^^^^^^^^^^^^^
    also ${FILE}:3:3: the job
    cut: give the job no token
    fix (safe): Pin it

${FILE}

  medium SUP001 (confidence high) ${FILE}:6:15
    The action is not pinned
    5 │     steps:
    6 │       - uses: acme/agent@v1
      │               ^^^^^^^^^^^^^
    do: Pin the action

2 findings: 1 critical, 1 medium; 1 attack path; 2 files read; 1 gap

  Begin with the cut of the first attack path: it is the cheapest way to end it.
  1 finding can be mended now: sallyport audit --fix

Not read
  README.md:1:4: cannot be read
`,
  );
});

test('text: what a person has to look at is named with the command that shows it', () => {
  const span = { start: 0, end: 0 };
  const fix = {
    title: 'Name it',
    safety: 'unsafe' as const,
    edits: [{ file: FILE, span, text: '# named\n' }],
    creates: [],
  };
  const text = renderReport(reportOf([{ ...draftOf(), fixes: [fix] }]), 'text');
  assert.match(text, /1 finding more with fixes that want your eyes: sallyport audit --fix-plan --fix-unsafe\n/);
});

test('text: without findings the summary says so', () => {
  assert.equal(renderReport(reportOf([]), 'text'), 'no findings; 2 files read\n');
});

test('text: no line is wider than the terminal but for a path, and carets stand under what they mean', () => {
  const wide = `key: ${'界'.repeat(5)}\t${'x'.repeat(300)} target ${'y'.repeat(300)}\n`;
  const start = wide.indexOf('target');
  const draft = draftOf({
    message: 'word '.repeat(60).trim(),
    place: { file: 'w.yml', span: { start, end: start + 6 } },
  });
  const lines = renderReport(reportOf([draft], {}, { 'w.yml': wide }), 'text', { width: 60 }).split('\n');
  for (const line of lines) assert.ok(line.length <= 60, line);
  const marked = lines.findIndex((line) => line.includes('target'));
  assert.equal(lines[marked + 1]?.indexOf('^^^^^^'), lines[marked]?.indexOf('target'));
});

test('text: colours only when asked for, and nothing else changes', () => {
  const coloured = renderReport(report, 'text', { colour: true });
  assert.ok(coloured.includes('\u001b[1;31mcritical\u001b[0m'));
  assert.equal(coloured.replaceAll(/\u001b\[[\d;]*m/g, ''), renderReport(report, 'text'));
});

test('json: offsets and lines of every place, and what the summary counts', () => {
  const value = JSON.parse(renderReport(report, 'json', { comparison: compareReports(reportOf([PATH]), report) }));
  assert.equal(value.format, 'sallyport-findings/1');
  assert.deepEqual(value.summary, {
    critical: 1,
    high: 0,
    medium: 1,
    low: 0,
    info: 0,
    suppressed: 0,
    filesRead: 2,
    complete: false,
  });
  assert.deepEqual(value.findings[0], {
    fingerprint: single?.fingerprint,
    rule: 'SUP001',
    severity: 'medium',
    confidence: 'high',
    message: 'The action is not pinned',
    subject: 'job triage, step 1',
    place: { file: FILE, start: 79, end: 92, startLine: 6, startColumn: 15, endLine: 6, endColumn: 28 },
    flow: [],
    related: [],
    fixes: [],
    baseline: 'new',
  });
  assert.equal(value.findings[1].baseline, 'unchanged');
  assert.deepEqual(Object.keys(value.rules[0]), [
    'id',
    'name',
    'title',
    'what',
    'why',
    'severity',
    'confidence',
    'tier',
    'family',
    'fix',
    'advice',
    'tags',
    'sources',
  ]);
});

test('markdown: paths with steps, other findings as a table', () => {
  const text = renderReport(report, 'markdown');
  assert.ok(text.includes('1. **trigger** anybody opens an issue (.github/workflows/agent.yml:1:5)'));
  assert.ok(text.includes('   ```\n   on: issues\n   ```'));
  assert.ok(
    text.includes('| medium | SUP001 | .github/workflows/agent.yml:6:15 | The action is not pinned | Pin the action |'),
  );
});

test('markdown: a comment never gets longer than the forge takes, the most severe stay, and a note says what is left out', () => {
  const fat = '\u202e|'.repeat(400);
  const drafts: FindingDraft[] = Array.from({ length: 900 }, (_, index) =>
    draftOf({ subject: `${index}`, severity: 'low', message: `low ${index}` }),
  );
  drafts.push(draftOf({ subject: 'top', severity: 'high', message: 'the worst' }));
  drafts.push({
    ...PATH,
    detail: fat,
    flow: Array.from({ length: 40 }, () => ({ place: PATH.place, message: fat, role: 'source' as const })),
  });
  const gaps = Array.from({ length: 500 }, () => ({ kind: 'cap' as const, message: fat, place: PATH.place }));
  const text = renderReport(reportOf(drafts, { gaps }), 'markdown');
  assert.ok(Buffer.byteLength(text) <= 65_536);
  assert.ok(text.includes('the worst'));
  assert.match(text, /> \d+ findings left out: a comment has at most 65536 characters/);
  assert.match(text, /and \d+ more gaps|Not read/);
});

test('html: one page without script or request, with every finding', () => {
  const text = renderReport(report, 'html');
  assert.ok(text.includes(`content="default-src 'none'; style-src 'unsafe-inline'"`));
  assert.doesNotMatch(text, /<script|<link|<img|https?:|url\(/);
  assert.ok(text.includes('<mark>acme/agent@v1</mark>'));
  assertReadable(text);
  assert.ok(text.includes('color-scheme: light dark') && text.includes('@media print'));
});

test('github: one command a finding with exact positions, at most ten of a kind', () => {
  assert.deepEqual(renderReport(report, 'github').split('\n').slice(0, 2), [
    `::error file=${FILE},line=8,endLine=8,col=19,endColumn=49,title=PATH001 Title of PATH001::Anybody who opens an issue decides what the agent does%0AThe gate is open.%0ANothing else stands in the way.%0ACut: give the job no token`,
    `::warning file=${FILE},line=6,endLine=6,col=15,endColumn=28,title=SUP001 Title of SUP001::The action is not pinned`,
  ]);
  const many = Array.from({ length: 25 }, (_, index) =>
    draftOf({ subject: `${index}`, severity: index < 12 ? 'high' : 'low' }),
  );
  const lines = renderReport(reportOf(many), 'github').split('\n');
  assert.equal(lines.filter((line) => line.startsWith('::error ')).length, 10);
  assert.equal(lines.filter((line) => line.startsWith('::notice ')).length, 10);
  assert.ok(lines.some((line) => line.startsWith('5 findings without annotation')));
});

test('gitlab: code quality entries have the required fields', () => {
  assert.deepEqual(JSON.parse(renderReport(report, 'gitlab')), [
    {
      description: 'PATH001: Anybody who opens an issue decides what the agent does',
      check_name: 'PATH001',
      fingerprint: path?.fingerprint,
      severity: 'blocker',
      location: { path: FILE, lines: { begin: 8 } },
    },
    {
      description: 'SUP001: The action is not pinned',
      check_name: 'SUP001',
      fingerprint: single?.fingerprint,
      severity: 'major',
      location: { path: FILE, lines: { begin: 6 } },
    },
  ]);
});

test('gitlab-sast: scan, identifiers, location and code flow as schema 15.2.1 wants them', () => {
  const value = JSON.parse(
    renderReport(report, 'gitlab-sast', { startedAt: '2026-11-21T10:00:00.123Z', endedAt: '2026-11-21T10:00:02Z' }),
  );
  assert.equal(value.version, '15.2.1');
  assert.deepEqual(value.scan, {
    type: 'sast',
    status: 'failure',
    analyzer: { id: 'sallyport', name: 'Sallyport', version: '0.1.0', vendor: { name: 'Sallyport' } },
    scanner: { id: 'sallyport', name: 'Sallyport', version: '0.1.0', vendor: { name: 'Sallyport' } },
    start_time: '2026-11-21T10:00:00',
    end_time: '2026-11-21T10:00:02',
    messages: [{ level: 'warn', value: 'README.md: syntax: cannot be read' }],
  });
  const [first] = value.vulnerabilities;
  assert.equal(first.id, path?.fingerprint);
  assert.equal(first.severity, 'Critical');
  assert.deepEqual(first.identifiers, [
    { type: 'sallyport_rule', name: 'PATH001 rule-path001', value: 'PATH001' },
    { type: 'cwe', name: 'CWE-94', value: '94', url: 'https://cwe.mitre.org/data/definitions/94.html' },
  ]);
  assert.deepEqual(first.location, { file: FILE, start_line: 8, end_line: 8 });
  assert.deepEqual(first.tracking.items, [
    {
      ...{ file: FILE, start_line: 8, end_line: 8 },
      signatures: [{ algorithm: 'scope_offset', value: path?.fingerprint }],
    },
  ]);
  assert.equal(
    first.description,
    [
      'Anybody who opens an issue decides what the agent does',
      'The gate is open. Nothing else stands in the way.',
      'Cut: give the job no token',
    ].join('\n\n'),
  );
  assert.deepEqual(
    first.details.path.items[0].map((node: { node_type: string; file_location: { line_start: number } }) => [
      node.node_type,
      node.file_location.line_start,
    ]),
    [
      ['source', 1],
      ['source', 8],
      ['sink', 6],
    ],
  );
});

test('junit: failures, skipped and passed tests, and errors for gaps, add up', () => {
  const [first, second] = report.findings;
  assert.ok(first && second);
  const text = renderReport({ ...report, findings: [suppress(first), second] }, 'junit');
  assert.ok(text.includes('<testsuites name="sallyport audit" tests="4" failures="1" errors="1" skipped="1">'));
  assert.ok(text.includes('<skipped message="policy: accepted"/>'));
  assert.ok(
    text.includes('<failure type="critical" message="Anybody who opens an issue decides what the agent does">'),
  );
  assert.ok(text.includes('<testcase name="Title of CRD001" classname="CRD001"/>'));
  assert.ok(text.includes('<error type="syntax" message="cannot be read"/>'));
});

test('markdown: what was not read is listed under a title of its own, and without gaps there is none', () => {
  assert.match(renderReport(report, 'markdown'), /\n\n### Not read\n\n- README\\?\.md:1:4: syntax: cannot be read\n/);
  assert.doesNotMatch(renderReport({ ...report, gaps: [] }, 'markdown'), /Not read|more gap/);
});

test('junit: each rule has one suite, each finding its line and its steps; what does not occur has no suite', () => {
  const [first, second] = report.findings;
  assert.ok(first && second);
  const text = renderReport({ ...report, findings: [suppress(first), second], gaps: [] }, 'junit');
  const names = [...text.matchAll(/<testsuite name="(\S+)[^"]*" (.*)>/g)].map(
    ([, name, counts]) => `${name} ${counts}`,
  );
  assert.deepEqual(names, [
    'PATH001 tests="1" failures="1" errors="0" skipped="0"',
    'SUP001 tests="1" failures="0" errors="0" skipped="1"',
    'CRD001 tests="1" failures="0" errors="0" skipped="0"',
  ]);
  assert.match(text, new RegExp(`name="${FILE}:8:19 Anybody [^"]*" classname="${FILE}" file="${FILE}" line="8"`));
  assert.match(text, new RegExp(`\\n1\\. ${FILE}:1:5 trigger: anybody opens an issue\\n2\\. `));
  const foreign = renderReport({ ...report, rules: [], gaps: [] }, 'junit');
  assert.deepEqual(
    [...foreign.matchAll(/<testsuite name="([^"]*)"/g)].map(([, name]) => name),
    ['SUP001 SUP001', 'PATH001 PATH001'],
  );
});

test("suppressed findings are counted by people's formats and left out of the lists", () => {
  const suppressed = { ...report, findings: report.findings.map(suppress) };
  for (const format of ['text', 'markdown', 'github'] as const) {
    const text = renderReport(suppressed, format);
    assert.ok(text.includes('2 suppressed'), format);
    assert.ok(!text.includes('Anybody who opens'), format);
  }
  assert.deepEqual(JSON.parse(renderReport(suppressed, 'gitlab')), []);
});

test('every format ends with a line break and gives the same bytes twice', () => {
  for (const format of REPORT_FORMATS) {
    const text = renderReport(report, format);
    assert.ok(text.endsWith('\n'), format);
    assert.equal(renderReport(reportOf([draftOf(), PATH], { gaps: report.gaps }), format), text, format);
  }
});

test('text: a reason that many files share is said once, and the first of them are named', () => {
  const gaps = Array.from({ length: 11 }, (_, index) => ({
    kind: 'unreadable' as const,
    message: 'not reviewed: nobody reads this language',
    place: { file: `src/page${index}.astro`, span: { start: 0, end: 0 } },
  }));
  const other = {
    kind: 'unreadable' as const,
    message: 'not text',
    place: { file: 'a.bin', span: { start: 0, end: 0 } },
  };
  const text = renderReport({ ...reportOf([]), gaps: [...gaps, other] }, 'text');
  assert.match(text, /\n {2}11 files: not reviewed: nobody reads this language\n {4}src\/page0\.astro\n/);
  assert.match(text, /\n {4}src\/page7\.astro\n {4}and 3 more\n {2}a\.bin[^\n]*: not text\n/);
  assert.equal(text.match(/nobody reads this language/g)?.length, 1);
});
