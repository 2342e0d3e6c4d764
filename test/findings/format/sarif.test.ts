import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { compareReports, hashLines, type Report, renderReport } from '../../../src/findings/index.ts';
import { draftOf, hostileReport, PATH, reportOf, ruleNamed, suppress, WORKFLOW } from '../sample-report.ts';

const require = createRequire(import.meta.url);
/** The package for this system, which carries the OASIS schema beside its program. */
const TOOL = dirname(require.resolve(`@microsoft/sarif-multitool-${process.platform}/package.json`));
const PROGRAM = join(TOOL, process.platform === 'win32' ? 'Sarif.Multitool.exe' : 'Sarif.Multitool');

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
const validate = ajv.compile(JSON.parse(readFileSync(join(TOOL, 'sarif-2.1.0.json'), 'utf8')));

/** Only what the tests look at. */
interface Log {
  readonly runs: readonly [
    {
      readonly tool: {
        readonly driver: { readonly rules: readonly { id: string; properties: Record<string, unknown> }[] };
      };
      readonly invocations: readonly [
        {
          executionSuccessful: boolean;
          toolExecutionNotifications: readonly { level: string; message: { text: string } }[];
        },
      ];
      readonly columnKind: string;
      // The schema check vouches for the shape; the tests compare whole values.
      readonly results: readonly Record<string, unknown>[];
    },
  ];
}

function log(report: Report, options = {}): Log['runs'][0] {
  const text = renderReport(report, 'sarif', options);
  const value: unknown = JSON.parse(text);
  assert.ok(validate(value), JSON.stringify(validate.errors?.slice(0, 3)));
  // Valid by the schema, checked the line before.
  return (value as Log).runs[0];
}

const FILE = '.github/workflows/agent.yml';
const report = reportOf([draftOf(), PATH]);
const physical = (startLine: number, startColumn: number, endColumn: number) => ({
  artifactLocation: { uri: FILE, uriBaseId: 'SRCROOT' },
  region: { startLine, startColumn, endLine: startLine, endColumn },
});

test('a path is one result with its steps, related places, fix and fingerprints', () => {
  const { results, columnKind } = log(report);
  assert.equal(columnKind, 'utf16CodeUnits');
  assert.deepEqual(results[0], {
    ruleId: 'PATH001/critical',
    ruleIndex: 3,
    level: 'error',
    message: {
      text: 'Anybody who opens an issue decides what the agent does.\n\nThe gate is open.\nNothing else stands in the way.\n\nCut: give the job no token',
    },
    locations: [{ physicalLocation: physical(8, 19, 49) }],
    relatedLocations: [{ id: 1, physicalLocation: physical(3, 3, 9), message: { text: 'the job' } }],
    codeFlows: [
      {
        threadFlows: [
          {
            locations: [
              ['anybody opens an issue', physical(1, 5, 11), 'trigger', 'essential'],
              ['its text is the prompt', physical(8, 19, 49), 'source', 'important'],
              ['the agent obeys it', physical(6, 15, 28), 'sink', 'essential'],
            ].map(([text, physicalLocation, kind, importance], index) => ({
              location: { physicalLocation, message: { text } },
              executionOrder: index + 1,
              kinds: [kind],
              importance,
            })),
          },
        ],
      },
    ],
    fixes: [
      {
        description: { text: 'Pin it (safe)' },
        artifactChanges: [
          {
            artifactLocation: { uri: FILE, uriBaseId: 'SRCROOT' },
            replacements: [
              {
                deletedRegion: { startLine: 6, startColumn: 25, endLine: 6, endColumn: 28 },
                insertedContent: { text: '@0123456789012345678901234567890123456789' },
              },
            ],
          },
        ],
      },
    ],
    suppressions: [],
    fingerprints: { 'sallyport/1': report.findings[1]?.fingerprint },
    partialFingerprints: { primaryLocationLineHash: hashLines(WORKFLOW)[7] },
    properties: { severity: 'critical', confidence: 'high', subject: 'job triage' },
  });
});

test('a finding that is more severe than its rule belongs to a band of its own with its own security severity', () => {
  const { tool } = log(report);
  assert.deepEqual(
    tool.driver.rules.map(({ id, properties }) => [id, properties['security-severity']]),
    [
      ['PATH001', '8.0'],
      ['SUP001', '5.5'],
      ['CRD001', '5.5'],
      ['PATH001/critical', '9.5'],
    ],
  );
  assert.deepEqual(tool.driver.rules[0]?.properties['tags'], ['security', 'external/cwe/cwe-094']);
});

test('a rule of another scanner keeps its severity and its weaknesses, and its words are no markup of ours', () => {
  const link = '[all is well](https://evil.test)';
  const rule = ruleNamed('semgrep/python.shell', { family: 'SCAN', severity: 'high', title: link, why: link });
  const drafts = [
    draftOf({ rule: rule.id, severity: 'high' }),
    draftOf({ rule: rule.id, severity: 'low', subject: 'other' }),
  ];
  const options = { ruleAddress: 'https://docs.test/rules/' };
  const { tool, results } = log(reportOf(drafts, { rules: [rule, ruleNamed('SUP001')] }), options);
  const rules: readonly Record<string, unknown>[] = tool.driver.rules;
  assert.deepEqual(
    tool.driver.rules.map(({ id, properties }) => [id, properties['security-severity'], properties['tags']]),
    [
      ['semgrep/python.shell', '8.0', ['security', 'external/cwe/cwe-094']],
      ['SUP001', '5.5', ['security', 'external/cwe/cwe-094']],
      ['semgrep/python.shell/low', '2.5', ['security', 'external/cwe/cwe-094']],
    ],
  );
  assert.deepEqual(
    results.map(({ ruleId, ruleIndex }) => [ruleId, ruleIndex]),
    [
      ['semgrep/python.shell', 0],
      ['semgrep/python.shell/low', 2],
    ],
  );
  const shown = rules.map(({ help, helpUri }) => [Object.keys(Object(help)), helpUri]);
  const foreign = [['text'], undefined];
  assert.deepEqual(shown, [foreign, [['text', 'markdown'], 'https://docs.test/rules/SUP001.md'], foreign]);
});

test('severities become levels', () => {
  const severities = ['critical', 'high', 'medium', 'low', 'info'] as const;
  const { results } = log(reportOf(severities.map((severity) => draftOf({ severity, subject: severity }))));
  assert.deepEqual(
    results.map(({ level }) => level),
    ['error', 'error', 'warning', 'note', 'note'],
  );
});

test('a suppressed finding says who accepted it, or is left out on request', () => {
  const suppressed = { ...report, findings: report.findings.map(suppress) };
  assert.deepEqual(log(suppressed).results[0]?.['suppressions'], [
    { kind: 'external', status: 'accepted', justification: 'accepted', properties: { by: 'policy' } },
  ]);
  assert.deepEqual(log(suppressed, { suppressed: 'omit' }).results, []);
});

test('the baseline state is told when a comparison is given', () => {
  const comparison = compareReports(reportOf([draftOf()]), report);
  assert.deepEqual(
    log(report, { comparison }).results.map(({ baselineState }) => baselineState),
    ['new', 'unchanged'],
  );
  assert.equal(log(report).results[0]?.['baselineState'], undefined);
});

test('a gap that could hide something makes the execution unsuccessful; an unresolved reference does not', () => {
  const place = { file: 'README.md', span: { start: 0, end: 2 } };
  const withGap = (kind: 'syntax' | 'unresolved') =>
    log({ ...report, gaps: [{ kind, message: 'why', place }] }).invocations[0];
  assert.equal(log(report).invocations[0].executionSuccessful, true);
  assert.equal(withGap('unresolved').executionSuccessful, true);
  assert.equal(withGap('syntax').executionSuccessful, false);
  assert.deepEqual(
    withGap('syntax').toolExecutionNotifications.map(({ level, message }) => [level, message.text]),
    [['warning', 'syntax: why']],
  );
});

test('more results than code scanning shows are cut by severity, and a notification says how many', () => {
  const many = Array.from({ length: 5010 }, (_, index) =>
    draftOf({ subject: `${index}`, severity: index < 5 ? 'low' : 'medium' }),
  );
  const { results, invocations } = log({ ...reportOf([]), findings: reportOf(many).findings });
  assert.equal(results.length, 5000);
  assert.ok(results.every(({ level }) => level === 'warning'));
  assert.equal(invocations[0].executionSuccessful, false);
  assert.match(
    invocations[0].toolExecutionNotifications[0]?.message.text ?? '',
    /^10 less severe results were left out/,
  );
});

test('a log that would be too large is cut', () => {
  const detail = 'x'.repeat(3900);
  const findings = reportOf(
    Array.from({ length: 4990 }, (_, index) => draftOf({ subject: `${index}`.repeat(500), detail })),
  ).findings;
  const text = renderReport(reportOf([], { findings }), 'sarif');
  assert.ok(Buffer.byteLength(text) <= 25_000_000);
  assert.ok(text.includes('less severe results were left out'));
});

test('brackets in a message are no link, and paths are relative references', () => {
  const file = 'a b/#%[x]?\u202e:y.yml';
  const drafts = [
    draftOf({ message: 'see [here](https://example.test) \u202e', place: { file, span: { start: 0, end: 1 } } }),
  ];
  const result = log(reportOf(drafts, {}, { [file]: 'x\n' })).results[0];
  assert.deepEqual(result?.['message'], { text: 'see \\[here\\](https://example.test) <U+202E>.' });
  assert.deepEqual(result?.['locations'], [
    {
      physicalLocation: {
        artifactLocation: { uri: 'a%20b/%23%25%5Bx%5D%3F%E2%80%AE%3Ay.yml', uriBaseId: 'SRCROOT' },
        region: { startLine: 1, startColumn: 1, endLine: 1, endColumn: 2 },
      },
    },
  ]);
});

test('a result in a file that is not at hand stands at its first character: GitHub wants a region', () => {
  const result = log(reportOf([draftOf({ place: { file: 'gone.yml', span: { start: 3, end: 4 } } })])).results[0];
  assert.deepEqual(result?.['locations'], [
    {
      physicalLocation: {
        region: { startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 },
        artifactLocation: { uri: 'gone.yml', uriBaseId: 'SRCROOT' },
      },
    },
  ]);
  assert.deepEqual(result?.['partialFingerprints'], {});
});

test('sarif-multitool finds no error in what we write', { skip: !existsSync(PROGRAM) }, () => {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-sarif-'));
  try {
    // The package unpacks it without the right to execute.
    const program = join(directory, 'multitool');
    copyFileSync(PROGRAM, program);
    chmodSync(program, 0o755);
    const creating = draftOf({
      fixes: [{ title: 'new', safety: 'unsafe', edits: [], creates: [{ file: 'new.yml', content: 'x\n' }] }],
    });
    const comparison = compareReports(reportOf([draftOf()]), report);
    writeFileSync(
      join(directory, 'one.sarif'),
      renderReport(report, 'sarif', { comparison, ruleAddress: 'https://example.test/rules/' }),
    );
    writeFileSync(join(directory, 'two.sarif'), renderReport(hostileReport(), 'sarif'));
    writeFileSync(join(directory, 'three.sarif'), renderReport(reportOf([creating]), 'sarif'));
    writeFileSync(join(directory, 'four.sarif'), renderReport(reportOf([]), 'sarif'));
    const files = ['one', 'two', 'three', 'four'].map((name) => join(directory, `${name}.sarif`));
    const { status, stdout, stderr } = spawnSync(program, ['validate', ...files], { encoding: 'utf8', cwd: directory });
    const output = `${stdout}${stderr}`;
    assert.equal(status, 0, output);
    assert.doesNotMatch(output, /\): error /);
    assert.match(output, /4 files scanned/);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
