/** What other scanners found, beside our own findings. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { renderReviewJson } from '../../src/review/index.ts';
import { type Files, newRules, reviewFiles } from './support/engine.ts';
import { COMMAND, SAFE } from './support/samples.ts';

const RUBY = 'module Main\n\ndef run(name)\n\tsystem("sh", "-c", name)\nend\n';

interface Told {
  readonly file: string;
  readonly line: number;
  readonly cwe?: number;
  readonly precision?: string;
}

function scan(...results: readonly Told[]) {
  const log = {
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Semgrep OSS',
            rules: results.map(({ cwe = 78, precision = 'high' }, index) => ({
              id: `rule-${index}`,
              defaultConfiguration: { level: 'error' },
              properties: { precision, tags: [`CWE-${cwe}: x`] },
            })),
          },
        },
        results: results.map(({ file, line }, index) => ({
          ruleId: `rule-${index}`,
          message: { text: 'told' },
          locations: [{ physicalLocation: { artifactLocation: { uri: file }, region: { startLine: line } } }],
        })),
      },
    ],
  };
  return { path: 'scan.sarif', text: JSON.stringify(log) };
}

function reviewScans(base: Files | undefined, head: Files, told: readonly Told[], before: readonly Told[] = []) {
  return reviewFiles(base, head, {
    scans: { head: [scan(...told)], base: before.length === 0 ? [] : [scan(...before)] },
  });
}

describe('a review with scans', () => {
  it('blocks for a new finding of a sure rule, asks for a medium one and passes a low one', async () => {
    const verdicts = [];
    for (const precision of ['high', 'medium', 'low']) {
      const { verdict } = await reviewScans({}, { 'a.txt': 'one\n' }, [{ file: 'a.txt', line: 1, precision }]);
      verdicts.push(verdict);
    }
    assert.deepEqual(verdicts, ['blocked', 'needs-approval', 'pass']);
  });

  it('leaves out what our engine says at that place, and counts it', async () => {
    const sink = COMMAND.split('\n').findIndex((line) => line.includes('shell=True')) + 1;
    const outcome = await reviewScans({ 'app.py': SAFE }, { 'app.py': COMMAND }, [
      { file: 'app.py', line: sink, cwe: 77 },
      { file: 'app.py', line: sink, cwe: 611 },
    ]);
    assert.deepEqual(outcome.scans?.known, [{ rule: 'semgrep/rule-0', by: 'CODE03', file: 'app.py' }]);
    assert.ok(newRules(outcome).includes('semgrep/rule-1'));
  });

  it('takes what the scan of the base has for old, wherever it moved', async () => {
    const told = [{ file: 'main.rb', line: 4 }];
    const head = { 'main.rb': `// more\n\n${RUBY}` };
    const outcome = await reviewScans({ 'main.rb': RUBY }, head, [{ file: 'main.rb', line: 6 }], told);
    assert.deepEqual(newRules(outcome), []);
    assert.ok(outcome.persisting.some(({ rule }) => rule === 'semgrep/rule-0'));
  });

  it('reports what is new against the base also on lines that did not change', async () => {
    const head = { 'main.rb': RUBY.replace('\n\n', '\n// more\n\n') };
    const outcome = await reviewScans(
      { 'main.rb': RUBY },
      head,
      [{ file: 'main.rb', line: 5 }],
      [{ file: 'main.rb', line: 1 }],
    );
    assert.deepEqual(newRules(outcome), ['semgrep/rule-0']);
  });

  it('without a scan of the base counts as new only what stands on changed lines, and says so', async () => {
    const head = { 'main.rb': `${RUBY}// more\n` };
    const outcome = await reviewScans({ 'main.rb': RUBY }, head, [
      { file: 'main.rb', line: 4 },
      { file: 'main.rb', line: 6, cwe: 79 },
    ]);
    assert.deepEqual([newRules(outcome), outcome.scans?.unknownAge], [['semgrep/rule-1'], 1]);
  });

  it('is not complete with a scan that was not taken in whole', async () => {
    const { verdict, coverage } = await reviewScans({}, { 'a.txt': 'one\n' }, [{ file: '../a.txt', line: 1 }]);
    assert.equal(verdict, 'incomplete');
    assert.match(coverage.hunks.find(({ file }) => file === 'scan.sarif')?.missing ?? '', /leaves the repository/);
  });

  it('shows no line on which a scanner found a key', async () => {
    const outcome = await reviewScans({}, { 'a.ini': 'key = s3cr3tvalue\n' }, [{ file: 'a.ini', line: 1, cwe: 798 }]);
    const options = {
      colour: false,
      width: 100,
      startedAt: '',
      endedAt: '',
      version: '0',
      onIncomplete: 'block',
      exitCode: 1,
    } as const;
    assert.doesNotMatch(renderReviewJson(outcome, options), /s3cr3t/);
    assert.equal(outcome.source('a.ini')?.text, 'key = ***********\n');
  });
});
