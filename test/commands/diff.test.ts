/** `sallyport diff` as a person and a pipeline start it, in repositories of real git. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { assertReadable } from '../support/page-outline.ts';
import { openRepository } from './support/repository.ts';

const WORKFLOW = '.github/workflows/ci.yml';
const CHECK = 'on: push\njobs:\n  sec:\n    runs-on: ubuntu-latest\n    steps:\n      - run: npm audit\n';
const WEAK = CHECK.replace('npm audit', 'npm audit || true');
const LIST = 'allowed_hosts: [app.example.test]\n';

/** What a hostile name would do in a page, a table or a terminal. */
const HOSTILE = '<script>alert(1)</script>|`\u001b[31m';

describe('sallyport diff', () => {
  it('ends with 0 for nothing weakened, 1 for a disarmed check, 3 for what it could not compare, 2 for a mistake', () => {
    using repository = openRepository();
    repository.commit({ [WORKFLOW]: CHECK, 'config/app.yaml': LIST });
    repository.commit({ 'config/app.yaml': `# ours\n${LIST}` });
    assert.equal(repository.sallyport('diff', 'HEAD~1..HEAD').code, 0);
    repository.commit({ [WORKFLOW]: WEAK });
    assert.equal(repository.sallyport('diff', 'HEAD~1..HEAD').code, 1);
    repository.commit({
      'config/app.yaml': 'allowed_hosts: [app.example.test, b.example.test]\n',
      '.nycrc.json': '{"lines":90}',
    });
    assert.equal(repository.sallyport('diff', 'HEAD~1..HEAD').code, 0, 'medium, and no check of checks');
    repository.commit({ '.nycrc.json': '{"lines":10}' });
    assert.equal(repository.sallyport('diff', 'HEAD~1..HEAD').code, 1, 'medium, and a check of checks');
    repository.commit({ 'config/app.yaml': 'a: [1\nb: }\n' });
    assert.equal(repository.sallyport('diff', 'HEAD~1').code, 3);
    assert.equal(repository.sallyport('diff', 'nowhere..HEAD').code, 2);
    assert.equal(repository.sallyport('diff', '..HEAD').code, 2);
    assert.equal(repository.sallyport('diff', '--format', 'tea').code, 2);
  });

  it('shows both lines, the class, and what became stronger', () => {
    using repository = openRepository();
    repository.commit({ [WORKFLOW]: CHECK, '.npmrc': 'fund=false\n' });
    repository.commit({ [WORKFLOW]: WEAK, '.npmrc': 'fund=false\nignore-scripts=true\n' });
    const { stdout } = repository.sallyport('diff', 'HEAD~1..HEAD');
    assert.match(stdout, /Weakened\n\n {2}high {5}\.github\/workflows\/ci\.yml:6 {2}pipeline-failure-ignored, meta/);
    assert.match(stdout, /- +6 │ +- run: npm audit\n +\+ +6 │ +- run: npm audit \|\| true/);
    assert.match(stdout, /Strengthened/);
    assert.match(stdout, /1 weakened \(1 high\)/);
    assert.ok(!stdout.includes('\u001b'), 'no colours on a pipe');
  });

  it('says why and what to do when it is asked', () => {
    using repository = openRepository();
    repository.commit({ [WORKFLOW]: CHECK });
    repository.commit({ [WORKFLOW]: WEAK });
    const { stdout } = repository.sallyport('diff', 'HEAD~1..HEAD', '--explain');
    assert.match(stdout, /Why: .+\n +Do: .+/);
  });

  it('compares the files as they are, and what a branch did since it left the trunk', () => {
    using repository = openRepository();
    repository.commit({ [WORKFLOW]: CHECK });
    repository.write({ [WORKFLOW]: WEAK });
    assert.equal(repository.sallyport('diff').code, 2);
    assert.equal(repository.sallyport('diff', '--working-tree').code, 1);
    execFileSync('git', ['checkout', '-q', '-b', 'topic'], { cwd: repository.root });
    repository.commit({ [WORKFLOW]: WEAK });
    repository.commit({ 'notes.txt': 'x\n' });
    assert.equal(repository.sallyport('diff').code, 1);
  });

  it('gives JSON with positions of both sides, also when the answer is an error', () => {
    using repository = openRepository();
    const base = repository.commit({ [WORKFLOW]: CHECK });
    const head = repository.commit({ [WORKFLOW]: CHECK.replace('npm audit', 'npm run build') });
    const { stdout } = repository.sallyport('diff', 'HEAD~1..HEAD', '--format', 'json');
    const report = JSON.parse(stdout);
    assert.deepEqual([report.format, report.base, report.head, report.exitCode], ['sallyport-diff/1', base, head, 1]);
    const [change] = report.changes;
    assert.deepEqual(
      [change.control, change.direction, change.before.startLine, change.after.startLine],
      ['pipeline-check-removed', 'weakened', 6, 6],
    );
    const { code, stdout: error } = repository.sallyport('diff', 'nowhere', '--format', 'json');
    assert.equal(code, 2);
    assert.equal(JSON.parse(error).error.code, 'SP1308');
  });

  it('gives SARIF whose rules carry their help', () => {
    using repository = openRepository();
    repository.commit({ [WORKFLOW]: CHECK });
    repository.commit({ [WORKFLOW]: WEAK });
    const { stdout } = repository.sallyport('diff', 'HEAD~1..HEAD', '--format', 'sarif');
    const [run] = JSON.parse(stdout).runs;
    const [rule] = run.tool.driver.rules;
    assert.equal(rule.id, 'pipeline-failure-ignored');
    assert.ok(rule.fullDescription.text.length > 20 && rule.help.text.length > 20);
    assert.equal(run.results[0].locations[0].physicalLocation.region.startLine, 6);
  });

  it('writes a page that stands alone, with nothing of the change in it but text', () => {
    using repository = openRepository();
    repository.commit({ [WORKFLOW]: CHECK, 'config/app.yaml': LIST });
    repository.commit({
      [WORKFLOW]: WEAK,
      'config/app.yaml': `allowed_hosts: [app.example.test, ${JSON.stringify(HOSTILE)}]\n`,
    });
    const page = join(repository.root, 'diff.html');
    assert.equal(repository.sallyport('diff', 'HEAD~1..HEAD', '--format', 'html', '--output', page).code, 1);
    const html = readFileSync(page, 'utf8');
    assert.ok(!/<script|\son\w+=|https?:\/\//.test(html));
    assert.match(html, /Content-Security-Policy" content="default-src 'none'/);
    assert.match(
      html,
      /<td class="old"><pre>.*npm audit<\/pre><\/td><td class="new"><pre>.*npm audit \|\| true<\/pre>/s,
    );
    assert.ok(!html.includes('\u001b'));
    assertReadable(html);
  });

  it('lets no text of the change act in a terminal or in Markdown', () => {
    using repository = openRepository();
    repository.commit({ 'config/app.yaml': LIST });
    repository.commit({
      'config/app.yaml': `allowed_hosts: [app.example.test, ${JSON.stringify(HOSTILE)}, "@acme/dev"]\n# \`\`\`\n`,
    });
    assert.ok(!repository.sallyport('diff', 'HEAD~1..HEAD').stdout.includes('\u001b'));
    const { stdout } = repository.sallyport('diff', 'HEAD~1..HEAD', '--format', 'markdown');
    const table = stdout.split('\n').filter((line) => line.startsWith('| '));
    assert.ok(table.length >= 2);
    for (const line of table)
      assert.ok(!/<script|(?<!\\)\|.*(?<!\\)\|.*(?<!\\)\|.*(?<!\\)\|.*(?<!\\)\|/.test(line), line);
  });

  it('runs nothing of the repository', () => {
    using repository = openRepository();
    repository.commit({ [WORKFLOW]: CHECK });
    repository.commit({ [WORKFLOW]: WEAK, '.gitattributes': '*.yml diff=evil filter=evil\n' });
    const mark = join(repository.root, 'ran');
    for (const key of ['diff.evil.textconv', 'diff.evil.command', 'filter.evil.smudge', 'core.fsmonitor'])
      execFileSync('git', ['config', key, `touch ${mark}`], { cwd: repository.root });
    assert.equal(repository.sallyport('diff', 'HEAD~1..HEAD').code, 1);
    assert.ok(!existsSync(mark));
  });
});
