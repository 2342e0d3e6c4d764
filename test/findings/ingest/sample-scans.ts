/** Scans in the form of each tool, written for these tests. */

/** A key of the shape that a vendor gives its own, made of parts so that no scanner of ours stops at this file. */
export const KEY = ['ghp_', '1a2B3c4D5e6F7g8H9i0J', '1k2L3m4N5o6P7q8R'].join('');

export const APP = `import subprocess

def run(name):
    subprocess.run('ls ' + name, shell=True)
    password = 'correct horse battery'
    return '${'\u{1f600}'}', eval(name)
`;

export interface SarifParts {
  readonly driver?: object;
  readonly results?: unknown;
  readonly run?: object;
}

/** A SARIF log with one run. */
export function sarif({ driver = { name: 'Semgrep OSS' }, results = [], run = {} }: SarifParts): string {
  return JSON.stringify({ version: '2.1.0', runs: [{ tool: { driver }, results, ...run }] });
}

export function at(uri: string, region: object = { startLine: 4 }): object {
  return { physicalLocation: { artifactLocation: { uri, uriBaseId: '%SRCROOT%' }, region } };
}

/** What Semgrep writes. */
export const SEMGREP = sarif({
  driver: {
    name: 'Semgrep OSS',
    rules: [
      {
        id: 'python.lang.shell-true',
        defaultConfiguration: { level: 'error' },
        shortDescription: { text: 'Semgrep Finding: python.lang.shell-true' },
        properties: { precision: 'very-high', tags: ['CWE-78: OS Command Injection', 'MEDIUM CONFIDENCE', 'security'] },
      },
    ],
  },
  results: [
    {
      ruleId: 'python.lang.shell-true',
      message: { text: 'A command is built from name' },
      locations: [at('app.py', { startLine: 4, startColumn: 5, endLine: 4, endColumn: 45 })],
    },
  ],
});

/** What Bandit writes as SARIF; the password is in the message and in the snippet. */
export const BANDIT = sarif({
  driver: {
    name: 'Bandit',
    rules: [
      {
        id: 'B105',
        name: 'hardcoded_password_string',
        properties: { tags: ['external/cwe/cwe-259'], precision: 'medium' },
      },
    ],
  },
  results: [
    {
      ruleId: 'B105',
      ruleIndex: 0,
      level: 'note',
      message: { text: "Possible hardcoded password: 'correct horse battery'" },
      locations: [
        at('app.py', { startLine: 5, startColumn: 16, snippet: { text: "password = 'correct horse battery'" } }),
      ],
      properties: { issue_severity: 'HIGH', issue_confidence: 'LOW' },
    },
  ],
});

/** What CodeQL writes: rules in an extension, a score, a flow, links in messages. */
export const CODEQL = sarif({
  driver: { name: 'CodeQL' },
  run: {
    columnKind: 'utf16CodeUnits',
    artifacts: [{ location: { uri: 'app.py', uriBaseId: '%SRCROOT%', index: 0 } }],
    tool: {
      driver: { name: 'CodeQL', rules: [] },
      extensions: [
        {
          name: 'codeql/python-queries',
          rules: [
            {
              id: 'py/code-injection',
              shortDescription: { text: 'Code injection' },
              properties: { 'security-severity': '9.3', precision: 'high', tags: ['external/cwe/cwe-094'] },
            },
          ],
        },
      ],
    },
  },
  results: [
    {
      ruleId: 'py/code-injection',
      rule: { id: 'py/code-injection', index: 0, toolComponent: { index: 0 } },
      message: { text: 'This code depends on [a value](1).' },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { index: 0 },
            region: { startLine: 6, startColumn: 18, endColumn: 28 },
          },
        },
      ],
      codeFlows: [
        {
          threadFlows: [
            {
              locations: [
                { location: { ...at('app.py', { startLine: 3 }), message: { text: 'name' } } },
                { location: { ...at('app.py', { startLine: 6 }), message: { text: 'name' } } },
              ],
            },
          ],
        },
      ],
    },
  ],
});

/** What gitleaks writes as SARIF: no level, the key as snippet. */
export const GITLEAKS = sarif({
  driver: { name: 'gitleaks', rules: [{ id: 'github-pat', shortDescription: { text: 'GitHub token' } }] },
  results: [
    {
      ruleId: 'github-pat',
      message: { text: `github-pat has detected secret ${KEY} for file app.py` },
      locations: [at('app.py', { startLine: 5, startColumn: 16, endColumn: 39, snippet: { text: KEY } })],
      partialFingerprints: { author: 'somebody', email: 'somebody@example.test', commitMessage: KEY },
    },
  ],
});

/** The own JSON of gitleaks. */
export const GITLEAKS_JSON = JSON.stringify([
  {
    RuleID: 'github-pat',
    Description: 'GitHub token',
    File: 'app.py',
    StartLine: 5,
    EndLine: 5,
    Secret: KEY,
    Match: KEY,
  },
]);

/** The own JSON of Bandit. */
export const BANDIT_JSON = JSON.stringify({
  errors: [],
  metrics: {},
  results: [
    {
      filename: './app.py',
      test_id: 'B602',
      test_name: 'subprocess_popen_with_shell_equals_true',
      issue_text: 'subprocess call with shell=True identified.',
      issue_severity: 'HIGH',
      issue_confidence: 'HIGH',
      issue_cwe: { id: 78, link: 'https://cwe.mitre.org/data/definitions/78.html' },
      line_number: 4,
      line_range: [4],
      col_offset: 4,
      end_col_offset: 44,
    },
  ],
});

/** What Snyk Code writes: the severity as level, the weakness in a list of its own. */
export const SNYK = sarif({
  driver: {
    name: 'SnykCode',
    rules: [
      {
        id: 'python/CommandInjection',
        shortDescription: { text: 'Command Injection' },
        properties: { cwe: ['CWE-78'], precision: 'very-high' },
      },
    ],
  },
  results: [
    {
      ruleId: 'python/CommandInjection',
      ruleIndex: 0,
      level: 'error',
      message: { text: 'Unsanitized input', arguments: ['x'] },
      locations: [at('app.py')],
    },
  ],
});
