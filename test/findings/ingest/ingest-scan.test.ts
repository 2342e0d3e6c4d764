import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type IngestedScan, ingestScan } from '../../../src/findings/index.ts';
import {
  APP,
  at,
  BANDIT,
  BANDIT_JSON,
  CODEQL,
  GITLEAKS,
  GITLEAKS_JSON,
  KEY,
  SEMGREP,
  SNYK,
  sarif,
} from './sample-scans.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 200);

function ingest(text: string): IngestedScan {
  return ingestScan({ path: 'scan.json', text }, (path) => (path === 'app.py' ? { path, text: APP } : undefined));
}

function textAt({ findings }: IngestedScan): string {
  const span = findings[0]?.place.span;
  return span ? APP.slice(span.start, span.end) : '';
}

describe('results of other scanners', () => {
  it('whose weight is only the name of something that every object has weigh what one without a weight does', () => {
    for (const word of ['constructor', '__proto__', 'valueOf']) {
      const properties = { issue_severity: word, issue_confidence: word };
      const result = { ruleId: 'X', level: word, message: { text: 'm' }, locations: [at('app.py')], properties };
      for (const name of ['Bandit', 'gitleaks', 'other']) {
        const [finding] = ingest(sarif({ driver: { name }, results: [result] })).findings;
        assert.deepEqual([finding?.severity, finding?.confidence], ['medium', 'medium'], `${name} ${word}`);
      }
    }
  });

  it('are about a key when one of their weaknesses is, and only those places are withheld', () => {
    const rules = [
      { id: 'K', help: { text: 'How to mend it' }, properties: { tags: ['CWE-79', 'CWE-798'] } },
      { id: 'X', shortDescription: { text: 'Markup' }, properties: { tags: ['CWE-79'] } },
    ];
    const result = (ruleId: string, startLine: number) => ({
      ...{ ruleId, message: { text: "found 'correct horse battery'" } },
      locations: [at('app.py', { startLine })],
    });
    const scan = ingest(sarif({ driver: { name: 'other', rules }, results: [result('K', 5), result('X', 4)] }));
    assert.deepEqual(scan.secrets, [scan.findings[0]?.place]);
    assert.deepEqual(
      scan.findings.map(({ message }) => message.includes('horse')),
      [false, true],
    );
    assert.deepEqual(
      scan.rules.map(({ why }) => why),
      ['How to mend it', 'Markup'],
    );
  });

  it('at a path that is none of the repository are not taken in, and those at odd spellings of one are', () => {
    const gapOf = (uri: string) =>
      ingest(
        sarif({ driver: { name: 'o' }, results: [{ ruleId: 'X', message: { text: 'm' }, locations: [at(uri)] }] }),
      ).gaps[0]?.message.replace(/^o: a result: /, '');
    for (const [uri, fault] of [
      ['/app.py', 'a path is not relative to the root of the repository'],
      ['\\app.py', 'a path is not relative to the root of the repository'],
      ['C:\\app.py', 'a path is not relative to the root of the repository'],
      ['file:///work/app.py', 'a path is not relative to the root of the repository'],
      ['https://x.test/app.py', 'a path is not relative to the root of the repository'],
      ['a/../../app.py', 'a path leaves the repository'],
      ['%2e%2e/app.py', 'a path leaves the repository'],
      ['a\\..\\app.py', 'a path leaves the repository'],
      ['.git/config', "a path lies in git's own directory"],
      ['a/.GIT/config', "a path lies in git's own directory"],
      ['a%00b', 'a path has control characters'],
      ['%', 'a path is not encoded as an address is'],
      ['./', 'a path is empty'],
      ['a'.repeat(5000), 'a path is too long'],
      ['app.py', undefined],
      ['./app.py', undefined],
      ['file://./app.py', undefined],
      ['.//app%2Epy', undefined],
    ] as const)
      assert.equal(gapOf(uri), fault, uri);
  });

  it('that have no place in what is reviewed are counted by their reason', () => {
    const result = (uri: string) => ({ ruleId: 'X', message: { text: 'm' }, locations: [at(uri)] });
    const results = [result('gone.py'), result('other.py'), result('../up.py')];
    const { findings, gaps } = ingest(sarif({ driver: { name: 'other' }, results }));
    assert.deepEqual(
      [findings.length, gaps.map(({ message }) => message)],
      [0, ['other: 2 results: its file is not in what is reviewed', 'other: a result: a path leaves the repository']],
    );
  });

  it('take no longer because a text of a rule, or a line of the program, has millions of characters', () => {
    const long = "'x ".repeat(2_000_000);
    const rules = [
      { id: 'R', shortDescription: { text: long }, help: { text: long }, properties: { tags: ['CWE-798'] } },
    ];
    const results = Array.from({ length: 1000 }, (_, index) => ({
      ruleId: `R/${index}`,
      ruleIndex: 0,
      message: { text: 'm' },
      locations: [at('min.js', { startLine: 1, startColumn: 1000 })],
    }));
    const text = sarif({ driver: { name: 'Bandit', rules }, results, run: { columnKind: 'unicodeCodePoints' } });
    const line = 'a'.repeat(5_000_000);
    const before = process.threadCpuUsage();
    const { findings } = ingestScan({ path: 's', text }, (path) => ({ path, text: line }));
    const { user, system } = process.threadCpuUsage(before);
    assert.equal(findings.length, 1000);
    assert.ok(user + system < 10_000_000, `${(user + system) / 1e6} s`);
  });

  it('of each tool become findings with its prefix, weight, weakness and place', () => {
    const cases = [
      [
        SEMGREP,
        'semgrep/python.lang.shell-true',
        'high',
        'medium',
        ['CWE-78'],
        "subprocess.run('ls ' + name, shell=True)",
      ],
      [BANDIT, 'bandit/B105', 'high', 'low', ['CWE-259'], "'correct horse battery'"],
      [CODEQL, 'codeql/py/code-injection', 'critical', 'high', ['CWE-94'], 'eval(name)'],
      [GITLEAKS, 'gitleaks/github-pat', 'high', 'medium', ['CWE-798'], "'correct horse battery'"],
      [GITLEAKS_JSON, 'gitleaks/github-pat', 'high', 'medium', ['CWE-798'], "    password = 'correct horse battery'"],
      [BANDIT_JSON, 'bandit/B602', 'high', 'high', ['CWE-78'], "subprocess.run('ls ' + name, shell=True)"],
      [
        SNYK,
        'snyk/python/CommandInjection',
        'high',
        'high',
        ['CWE-78'],
        "    subprocess.run('ls ' + name, shell=True)",
      ],
    ] as const;
    for (const [text, rule, severity, confidence, tags, marked] of cases) {
      const scan = ingest(text);
      const [finding] = scan.findings;
      assert.deepEqual([finding?.rule, finding?.severity, finding?.confidence], [rule, severity, confidence]);
      assert.deepEqual([scan.rules[0]?.tags, scan.gaps], [tags, []], rule);
      assert.equal(textAt(scan), marked, rule);
    }
  });

  it('keep their flow, and links in a message are its text', () => {
    const [finding] = ingest(CODEQL).findings;
    assert.equal(finding?.message, 'This code depends on a value.');
    assert.deepEqual(
      finding?.flow?.map(({ role }) => role),
      ['source', 'sink'],
    );
  });

  it('bring no key and no password into anything that is kept', () => {
    for (const text of [GITLEAKS, GITLEAKS_JSON, BANDIT]) {
      const kept = JSON.stringify(ingest(text));
      assert.doesNotMatch(kept, /correct horse|battery/);
      assert.ok(!kept.includes(KEY));
      assert.ok(!kept.includes('somebody'));
      assert.equal(ingest(text).secrets.length, 1);
    }
    const told = sarif({ results: [{ ruleId: 'x', message: { text: `found ${KEY}` }, locations: [at('app.py')] }] });
    assert.ok(!JSON.stringify(ingest(told)).includes(KEY));
  });

  it('count columns in the unit that the scan names', () => {
    const places = [{ startLine: 6, startColumn: 17, endColumn: 27 }];
    const scan = (columnKind: string): string =>
      sarif({
        run: { columnKind },
        results: places.map((region) => ({ ruleId: 'x', message: { text: 'm' }, locations: [at('app.py', region)] })),
      });
    assert.equal(textAt(ingest(scan('unicodeCodePoints'))), 'eval(name)');
    assert.notEqual(textAt(ingest(scan('utf16CodeUnits'))), 'eval(name)');
  });

  it('that name no file of the tree are gaps, never findings', () => {
    const paths = [
      '../app.py',
      'a/../../app.py',
      '%2e%2e/app.py',
      '/etc/passwd',
      'file:///srv/app.py',
      'https://example.test/app.py',
      'C:\\app.py',
      '\\\\host\\app.py',
      '.git/config',
      'app.py%00',
      '%zz',
      '',
      'other.py',
    ];
    for (const path of paths) {
      const scan = ingest(sarif({ results: [{ ruleId: 'x', message: { text: 'm' }, locations: [at(path)] }] }));
      assert.deepEqual([scan.findings.length, scan.gaps.length], [0, 1], path);
    }
    for (const path of ['app.py', './app.py', 'file://./app.py', 'x/..%2Fapp.py'].slice(0, 3))
      assert.equal(
        ingest(sarif({ results: [{ ruleId: 'x', message: { text: 'm' }, locations: [at(path)] }] })).gaps.length,
        0,
      );
  });

  it('that climb out of the tree are told so, not looked up', () => {
    for (const path of ['../app.py', 'a/../../app.py', '%2e%2e/app.py', '..\\\\app.py']) {
      const asked: string[] = [];
      const text = sarif({ results: [{ ruleId: 'x', message: { text: 'm' }, locations: [at(path)] }] });
      const { gaps } = ingestScan({ path: 'scan.json', text }, (name) => {
        asked.push(name);
        return undefined;
      });
      assert.match(gaps[0]?.message ?? '', /leaves the repository/, path);
      assert.deepEqual(asked, []);
    }
  });

  it('of a scanner for keys are about keys whatever weakness they name', () => {
    const scan = ingest(GITLEAKS.replace('"shortDescription"', '"properties":{"tags":["CWE-200"]},"shortDescription"'));
    assert.deepEqual(scan.rules[0]?.tags, ['CWE-200']);
    assert.doesNotMatch(JSON.stringify(scan), /correct horse/);
    assert.equal(scan.secrets.length, 1);
  });

  it('are not silenced by what the code or the scan says about itself', () => {
    const one = { ruleId: 'x', message: { text: 'm' }, locations: [at('app.py')] };
    const scan = ingest(
      sarif({
        results: [{ ...one, suppressions: [{ kind: 'inSource' }], baselineState: 'unchanged', level: 'error' }],
      }),
    );
    assert.deepEqual([scan.findings.length, scan.findings[0]?.severity], [1, 'high']);
    assert.match(scan.findings[0]?.detail ?? '', /told to leave it out/);
    assert.equal(ingest(sarif({ results: [{ ...one, kind: 'pass' }] })).findings.length, 0);
  });

  it('of a scanner that failed are a gap', () => {
    const failed = [
      sarif({ run: { invocations: [{ executionSuccessful: false }] } }),
      sarif({ run: { invocations: [{ toolExecutionNotifications: [{ level: 'error' }] }] } }),
      sarif({ run: { results: null } }),
      JSON.stringify({ errors: [{ filename: 'a.py', reason: 'syntax' }], metrics: {}, results: [] }),
    ];
    for (const text of failed) assert.equal(ingest(text).gaps.length, 1, text);
  });

  it('that are broken are gaps, and the rest is read', () => {
    const good = { ruleId: 'x', message: { text: 'm' }, locations: [at('app.py')] };
    const bad = [null, 7, {}, { ruleId: 1, message: {} }, { message: { text: 'm' } }, { ruleId: 'x', message: {} }];
    const scan = ingest(sarif({ results: [...bad, good] }));
    assert.deepEqual([scan.findings.length, scan.gaps.length], [1, bad.length]);
    for (const text of [
      '',
      '{',
      '[]',
      'null',
      '{}',
      '{"runs":7}',
      '{"version":"1.0.0","runs":[]}',
      '{"version":"2.1.0","runs":[1]}',
    ]) {
      const { findings, gaps } = ingest(text);
      assert.equal(findings.length, 0);
      if (text !== '[]') assert.equal(gaps.length, 1, text);
    }
  });

  it('beyond the cap are counted as not read', () => {
    const one = { ruleId: 'x', message: { text: 'm' }, locations: [at('app.py')] };
    const scan = ingest(sarif({ results: Array.from({ length: 25_010 }, () => one) }));
    assert.deepEqual([scan.findings.length, scan.gaps.length], [25_000, 1]);
  });

  it('of any shape neither throw nor point outside of the tree', () => {
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom(null, true, -1, 0, 4, 1e300, 'app.py', '../x', 'error', '2.1.0', KEY),
        fc.array(tie('any'), { maxLength: 3 }),
        fc.dictionary(
          fc.constantFrom(
            'ruleId',
            'message',
            'text',
            'locations',
            'physicalLocation',
            'region',
            'startLine',
            'uri',
            '__proto__',
          ),
          tie('any'),
        ),
      ),
    })).any;
    fc.assert(
      fc.property(value, value, (result, rules) => {
        const text = sarif({ driver: { name: 'Semgrep', rules }, results: [result] });
        const { findings, gaps } = ingest(text);
        assert.ok(findings.every(({ place }) => place.file === 'app.py'));
        assert.ok(findings.length + gaps.length >= 0);
      }),
      { numRuns: RUNS },
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        ingest(text);
      }),
      { numRuns: RUNS },
    );
  });
});
