import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Rule } from '../../../src/audit/rule.ts';
import { AZ_RULES } from '../../../src/audit/rules/az/index.ts';
import { GL_RULES } from '../../../src/audit/rules/gl/index.ts';
import { JK_RULES } from '../../../src/audit/rules/jk/index.ts';
import { readFacts } from '../../../src/facts/index.ts';
import type { FindingDraft } from '../../../src/findings/index.ts';
import { loadReaders } from '../../../src/syntax/index.ts';
import { memoryTree } from '../../support/memory-tree.ts';

const readers = await loadReaders();
const RULES = [...GL_RULES, ...JK_RULES, ...AZ_RULES];

function report(rule: Rule, files: Record<string, string>): readonly FindingDraft[] {
  return [...rule.check(readFacts(memoryTree(files), readers), { today: '2026-11-21' })];
}

function reportBy(id: string, file: string, text: string): readonly FindingDraft[] {
  const rule = RULES.find((one) => one.id === id);
  assert.ok(rule);
  return report(rule, { [file]: text });
}

function textAt(text: string, { place }: FindingDraft): string {
  return text.slice(place.span.start, place.span.end);
}

function gitlab(script: string, around = ''): string {
  return `review:\n${around}  script:\n${script}`;
}

function pipeline(steps: string): string {
  return `pipeline {\n  agent any\n  stages {\n    stage('A') {\n      steps {\n        script {\n${steps}\n        }\n      }\n    }\n  }\n}\n`;
}

describe('rules of GitLab, Jenkins and Azure', () => {
  for (const rule of RULES) {
    const files = Object.fromEntries(rule.attack.map(({ file, text }) => [file, text]));
    const found = report(rule, files);
    it(`${rule.id} reports its attack, with the severity of its table`, () => {
      assert.ok(found.length > 0);
      assert.ok(found.every(({ severity }) => severity !== 'info'));
    });
    it(`${rule.id} lets its benign twin through`, () => {
      assert.deepEqual(report(rule, Object.fromEntries(rule.benign.map(({ file, text }) => [file, text]))), []);
    });
    if (rule.fix === 'none') continue;
    it(`${rule.id} mends its attack, and the pipeline still reads the same agent`, () => {
      const fixable = found.find(({ fixes }) => fixes?.[0] !== undefined);
      const fix = fixable?.fixes?.[0];
      assert.ok(fix, 'no fix');
      const path = fix.edits[0]?.file ?? '';
      let text = files[path] ?? '';
      for (const { span, text: put } of fix.edits.toSorted((a, b) => b.span.start - a.span.start)) {
        text = text.slice(0, span.start) + put + text.slice(span.end);
      }
      const facts = readFacts(memoryTree({ ...files, [path]: text }), readers);
      assert.deepEqual(facts.gaps, []);
      assert.equal(facts.runs.length, 1);
      const left = [...rule.check(facts, { today: '2026-11-21' })].map(({ subject }) => subject);
      assert.ok(!left.includes(fixable?.subject ?? ''), left.join());
      assert.ok(
        left.every((subject) => found.some((one) => one.subject === subject)),
        'the fix makes a new finding',
      );
    });
  }
});

describe('GL003', () => {
  const find = (script: string, around?: string) => reportBy('GL003', '.gitlab-ci.yml', gitlab(script, around));

  it('finds the text behind a variable of the file', () => {
    const found = find('    - claude -p "$ASK"\n', '  variables:\n    ASK: Review $CI_MERGE_REQUEST_DESCRIPTION\n');
    assert.match(found[0]?.message ?? '', /CI_MERGE_REQUEST_DESCRIPTION/);
  });

  it('finds the text behind a variable of the shell', () => {
    assert.equal(find('    - ASK="Review $CI_COMMIT_MESSAGE"\n    - claude -p "$ASK"\n').length, 1);
  });

  it('calls it critical where a second interpreter reads the text, and not where it only is an argument', () => {
    const severities = (script: string) => find(script).map(({ severity }) => severity);
    assert.deepEqual(severities('    - bash -c "echo $CI_COMMIT_TITLE"\n    - claude -p x\n'), ['critical']);
    assert.deepEqual(severities('    - bash -c \'echo "$CI_COMMIT_TITLE"\'\n    - claude -p x\n'), []);
    assert.deepEqual(severities('    - echo "$CI_COMMIT_TITLE"\n    - claude -p x\n'), []);
  });

  it('points at the variable', () => {
    const text = gitlab('    - claude -p "Look at $CI_COMMIT_TITLE"\n');
    const [finding] = reportBy('GL003', '.gitlab-ci.yml', text);
    assert.equal(finding && textAt(text, finding), '$CI_COMMIT_TITLE');
  });
});

describe('GL009', () => {
  it('calls a key that is written down critical, and says nothing of a place holder', () => {
    const find = (value: string) =>
      reportBy('GL009', '.gitlab-ci.yml', `variables:\n  OPENAI_API_KEY: ${value}\n${gitlab('    - codex exec x\n')}`);
    assert.deepEqual(
      find('sk-not-a-real-key-0123456789').map(({ severity }) => severity),
      ['critical'],
    );
    assert.deepEqual(
      find('$TEAM_KEY').map(({ severity }) => severity),
      ['medium'],
    );
    assert.deepEqual(
      find('unused').map(({ severity }) => severity),
      [],
    );
  });
});

describe('GL008', () => {
  it('lets a cache through whose key belongs to the branch', () => {
    const around =
      '  rules: [{if: $CI_PIPELINE_SOURCE == "merge_request_event"}]\n  cache: {key: $CI_COMMIT_REF_SLUG, paths: [x]}\n';
    assert.deepEqual(reportBy('GL008', '.gitlab-ci.yml', gitlab('    - claude -p x\n', around)), []);
  });
});

describe('JK001', () => {
  it('calls a parameter that members choose high, and a choice nothing', () => {
    const find = (kind: string) =>
      reportBy(
        'JK001',
        'Jenkinsfile',
        pipeline(`properties([parameters([${kind}(name: 'ASK')])])\nsh "claude -p '\${params.ASK}'"`),
      ).map(({ severity }) => severity);
    assert.deepEqual(find('string'), ['high']);
    assert.deepEqual(find('choice'), []);
  });

  it('finds content of the change that a local variable holds', () => {
    const text = pipeline(`def diff = sh(script: 'git diff main', returnStdout: true)\nsh "claude -p '\${diff}'"`);
    const [finding] = reportBy('JK001', 'Jenkinsfile', text);
    assert.equal(finding?.severity, 'critical');
    assert.equal(finding && textAt(text, finding), `\${diff}`);
  });
});

describe('JK004', () => {
  it('finds code of the tree that is loaded', () => {
    const found = reportBy('JK004', 'Jenkinsfile', pipeline("load 'ci/review.groovy'\nsh 'claude -p x'"));
    assert.deepEqual(
      found.map(({ message }) => message),
      ['load ci/review.groovy runs code of the tree in the controller'],
    );
  });
});

describe('AZ002', () => {
  it('is critical where anybody starts it, high where members do, and milder for what a member types in', () => {
    const find = (script: string, head = '') =>
      reportBy('AZ002', 'azure-pipelines.yml', `${head}steps:\n- bash: ${script}\n`).map(({ severity }) => severity);
    const webhook = 'resources:\n  webhooks:\n  - webhook: issue\n    connection: c\n';
    assert.deepEqual(find(`claude -p "\${{ parameters.issue.body }}"`, webhook), ['critical', 'high']);
    assert.deepEqual(find('claude -p "$(Build.SourceVersionMessage)"'), ['high', 'high']);
    assert.deepEqual(find(`claude -p "\${{ parameters.ask }}"`), ['medium', 'medium']);
    assert.deepEqual(find('claude -p "$BUILD_SOURCEVERSIONMESSAGE"'), ['high']);
    assert.deepEqual(find('claude -p "$(Build.BuildId)"'), []);
  });
});

describe('GL007', () => {
  it('reports a tree that stays, and not a folder that is made anew', () => {
    const find = (strategy: string) =>
      reportBy(
        'GL007',
        '.gitlab-ci.yml',
        gitlab('    - claude -p x\n', `  variables:\n    GIT_STRATEGY: ${strategy}\n`),
      );
    assert.equal(find('none').length, 1);
    assert.equal(find('fetch').length, 1);
    assert.deepEqual(find('empty'), []);
  });
});
