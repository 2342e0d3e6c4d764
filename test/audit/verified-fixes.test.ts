/** Every fix of every rule, on every example of every rule: alone and with all others. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Audit, allRules, auditTree, planVerifiedFixes, type VerifiedPlan } from '../../src/audit/index.ts';
import { type Edit, type FileChange, type Finding, type Fix, SEVERITIES } from '../../src/findings/index.ts';
import { loadReaders, type SourceTree } from '../../src/syntax/index.ts';
import { memoryTree } from '../support/memory-tree.ts';

const readers = await loadReaders();
/** How often each kind of fix is tried alone. */
const EACH = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 2);
const CONTEXT = { today: '2026-11-21' };

const WHY =
  /^(?:it would make another finding: |the finding would stay|the file would not be read whole|an agent would not be read)/;

type Files = Readonly<Record<string, string>>;

function auditOf(files: Files): Audit {
  return auditTree(memoryTree(files), readers, CONTEXT);
}

function planOf(audit: Audit, findings: readonly Finding[], safety: Fix['safety']): VerifiedPlan {
  return planVerifiedFixes(audit, findings, safety, readers, CONTEXT);
}

function after(files: Files, changes: readonly FileChange[]): Files {
  return { ...files, ...Object.fromEntries(changes.map(({ path, after: text }) => [path, text])) };
}

/** By hand, from the end to the beginning: what the planner does must be nothing else. */
function splice(text: string, edits: readonly Edit[]): string {
  return edits
    .toSorted((one, other) => other.span.start - one.span.start)
    .reduce((so, { span, text: put }) => so.slice(0, span.start) + put + so.slice(span.end), text);
}

/** Findings with this name that are as severe. */
function like({ findings }: Audit, { rule, subject, place, severity }: Finding): number {
  return findings.filter(
    (one) =>
      one.rule === rule &&
      one.subject === subject &&
      one.place.file === place.file &&
      SEVERITIES.indexOf(one.severity) <= SEVERITIES.indexOf(severity),
  ).length;
}

/** Each set of files once: examples of neighbouring rules are often the same. */
const trees = new Map<string, Files>();
for (const rule of allRules().values()) {
  for (const examples of [rule.attack, rule.benign]) {
    const files = Object.fromEntries(examples.map(({ file, text }) => [file, text]));
    trees.set(JSON.stringify(files), files);
  }
}

describe('every fix of the examples of every rule', () => {
  it('alone changes the bytes that it names and no other, and its finding is gone or milder', () => {
    const tried = new Map<string, number>();
    for (const files of trees.values()) {
      const audit = auditOf(files);
      for (const finding of audit.findings) {
        for (const fix of finding.fixes) {
          const name = `${finding.rule} ${fix.title.replace(/[\d.]+/g, '0')}`;
          const times = tried.get(name) ?? 0;
          if (times >= EACH) continue;
          const plan = planOf(audit, [{ ...finding, fixes: [fix] }], 'unsafe');
          if (plan.applied.length !== 1) continue;
          tried.set(name, times + 1);
          for (const { path, before, after: text } of plan.files) {
            if (before === undefined) continue;
            const own = fix.edits.filter(({ file }) => file === path);
            assert.equal(text, splice(files[path] ?? '', own), `${finding.rule} ${fix.title}`);
          }
          const left = like(auditOf(after(files, plan.files)), finding);
          assert.ok(left < like(audit, finding), `${finding.rule} ${fix.title} mends nothing`);
        }
      }
    }
    assert.ok(tried.size > 100, `only ${tried.size} kinds of fixes were tried`);
  });

  for (const safety of ['safe', 'unsafe'] as const) {
    it(`all ${safety} ones together leave files that are read whole, and a second start has nothing to do`, () => {
      for (const files of trees.values()) {
        const audit = auditOf(files);
        const plan = planOf(audit, audit.findings, safety);
        for (const { why } of plan.dropped) assert.match(why, WHY);
        if (plan.files.length === 0) continue;
        const mended = auditOf(after(files, plan.files));
        assert.deepEqual(
          mended.facts.gaps.filter(({ kind }) => kind === 'syntax').length,
          audit.facts.gaps.filter(({ kind }) => kind === 'syntax').length,
        );
        const again = planOf(mended, mended.findings, safety);
        assert.deepEqual(
          again.files.map(({ path }) => path),
          [],
          again.applied.map(({ finding, fix }) => `${finding.rule} ${fix.title}`).join('; '),
        );
      }
    });
  }
});

describe('planning fixes', () => {
  /** Three jobs; the fix in the middle breaks the file. */
  const rules = ['one', 'two', 'three'].map(
    (name) => `  ${name}:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n`,
  );
  const files: Files = { '.github/workflows/a.yml': `on: push\njobs:\n${rules.join('')}` };

  function finding(audit: Audit, id: string, text: string, at: string): Finding {
    const [model] = audit.findings;
    assert.ok(model);
    const start = (files['.github/workflows/a.yml'] ?? '').indexOf(at);
    const place = { file: '.github/workflows/a.yml', span: { start, end: start } };
    const fix: Fix = { title: id, safety: 'safe', edits: [{ ...place, text }], creates: [] };
    return { ...model, rule: id, place, fingerprint: id, subject: id, fixes: [fix] };
  }

  it('blames the fix that does the harm, not the last one of the file', () => {
    const audit = auditOf(files);
    const plan = planOf(
      audit,
      [
        finding(audit, 'A', '  # a\n', '  one:'),
        finding(audit, 'B', '  two: { ] }\n  steps: [\n', '  two:'),
        finding(audit, 'C', '  # c\n', '  three:'),
      ],
      'safe',
    );
    assert.deepEqual(
      plan.dropped.map(({ fix }) => fix.title),
      ['B'],
    );
    assert.deepEqual(
      plan.applied.map(({ fix }) => fix.title),
      ['A', 'C'],
    );
  });

  it('blames the same fix in a file among many as in that file alone, and makes the fixes of the others', () => {
    const names = Array.from({ length: 12 }, (_, index) => `.github/workflows/${String.fromCharCode(97 + index)}.yml`);
    const text = files['.github/workflows/a.yml'] ?? '';
    const audit = auditOf(Object.fromEntries(names.map((name) => [name, text])));
    const wanted = names.flatMap((file) =>
      [
        finding(audit, 'A', '  # a\n', '  one:'),
        finding(audit, 'B', file === names[4] ? '  two: { ] }\n  steps: [\n' : '  # b\n', '  two:'),
        finding(audit, 'C', '  # c\n', '  three:'),
      ].map((one) => ({
        ...one,
        place: { ...one.place, file },
        fingerprint: `${file} ${one.rule}`,
        fixes: one.fixes.map((fix) => ({ ...fix, edits: fix.edits.map((edit) => ({ ...edit, file })) })),
      })),
    );
    const plan = planOf(audit, wanted, 'safe');
    assert.deepEqual(
      plan.dropped.map(({ fix, finding: { place } }) => [fix.title, place.file]),
      [['B', names[4]]],
    );
    assert.equal(plan.applied.length, wanted.length - 1);
    assert.equal(plan.files.length, names.length);
  });

  const inString = (file: string, before: string, after: string) => {
    const files = { [file]: before };
    const audit = auditOf(files);
    const wanted = audit.findings
      .filter(({ rule }) => rule === 'EXE018')
      .map((finding) => ({ ...finding, fixes: finding.fixes.filter(({ title }) => title.startsWith('Deny')) }));
    const { files: changes } = planOf(audit, wanted, 'unsafe');
    assert.equal(changes[0]?.after ?? before, after);
  };
  const jenkins = (line: string) => `node('a') {\n  ${line}\n}\n`;
  const COMMAND = 'claude -p hello --permission-mode acceptEdits';
  const DENIED = (quote: string, file: string) =>
    COMMAND.replace('claude', `claude --disallowedTools ${quote}Edit(${file})${quote}`);

  it('writes quotes that do not end the string in which the command stands', () => {
    const groovy = (mark: string, quote: string) =>
      inString(
        'Jenkinsfile',
        jenkins(`sh ${mark}${COMMAND}${mark}`),
        jenkins(`sh ${mark}${DENIED(quote, 'Jenkinsfile')}${mark}`),
      );
    groovy('"', "'");
    groovy("'", '"');
    groovy("'''", '"');
    const yaml = (text: string, quote: string) => {
      const job = (command: string) => `a:\n  script:\n    - ${text.replace('COMMAND', command)}\n`;
      inString('.gitlab-ci.yml', job(COMMAND), job(quote === '' ? COMMAND : DENIED(quote, '.gitlab-ci.yml')));
    };
    yaml('COMMAND', '"');
    yaml('"COMMAND"', "'");
    yaml('bash -c "COMMAND"', "'");
    // Both kinds are taken: nothing is better than a broken command.
    yaml(`'bash -c "COMMAND"'`, '');
  });

  it('quotes what it adds to the arguments of an action, whose reader takes bare brackets for operators', () => {
    const job = (args: string) =>
      `on: issue_comment\njobs:\n  agent:\n    runs-on: ubuntu-latest\n    permissions:\n      contents: write\n    steps:\n      - uses: anthropics/claude-code-action@v1\n        with:\n          anthropic_api_key: \${{ secrets.KEY }}\n          claude_args: ${args}\n`;
    const argumentsBecome = (before: string, after: string) =>
      inString('.github/workflows/a.yml', job(before), job(after));
    const denied = (quote: string) => `--disallowedTools ${quote}Edit(.github/**)${quote}`;
    argumentsBecome('--max-turns 5', `${denied('"')} --max-turns 5`);
    argumentsBecome("'--max-turns 5'", `'${denied('"')} --max-turns 5'`);
    argumentsBecome('"--max-turns 5"', `"${denied("'")} --max-turns 5"`);
    argumentsBecome('|\n            --max-turns 5', `|\n            ${denied('"')} --max-turns 5`);
  });

  it('drops a fix after which an agent is no longer read with what it is told', () => {
    const files = { Jenkinsfile: jenkins(`sh "${COMMAND}"`) };
    const audit = auditOf(files);
    const [finding] = audit.findings.filter(({ rule }) => rule === 'EXE018');
    assert.ok(finding);
    const start = (files.Jenkinsfile ?? '').indexOf(' -p hello');
    // What is left of the command is read, and starts an agent that is told nothing.
    const edits = [{ file: 'Jenkinsfile', span: { start, end: start }, text: '" // ' }];
    const broken: Fix = { title: 'Break it', safety: 'unsafe', edits, creates: [] };
    const plan = planOf(audit, [{ ...finding, fixes: [broken] }], 'unsafe');
    assert.deepEqual(plan.applied, []);
    assert.match(plan.dropped[0]?.why ?? '', /an agent would not be read/);
  });

  it('makes two fixes of one place one after the other', () => {
    const tree: SourceTree = memoryTree({
      '.github/workflows/a.yml': `on:\n  issue_comment:\njobs:\n  agent:\n    runs-on: ubuntu-latest\n    steps:\n      - run: claude -p hello --tools Read\n        env:\n          ANTHROPIC_API_KEY: \${{ secrets.KEY }}\n`,
    });
    const audit = auditTree(tree, readers, CONTEXT);
    const wanted = audit.findings.filter(({ rule }) => rule === 'LIF001' || rule === 'GAT013');
    const plan = planOf(audit, wanted, 'unsafe');
    assert.match(plan.files[0]?.after ?? '', /timeout-minutes: 30/);
    assert.match(plan.files[0]?.after ?? '', /concurrency:/);
    assert.deepEqual(plan.skipped, []);
  });
});
