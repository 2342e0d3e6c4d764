/** `sallyport review` as a person and a pipeline start it, in repositories of real git. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { COMMAND, SAFE } from '../review/support/samples.ts';
import { openRepository, type Repository } from './support/repository.ts';

interface Review {
  readonly format: string;
  readonly verdict: string;
  readonly state: string;
  readonly coverage: { readonly hunks: readonly { readonly file: string }[]; readonly excluded: readonly unknown[] };
  readonly report: {
    readonly findings: readonly {
      readonly rule: string;
      readonly fingerprint: string;
      readonly suppression?: unknown;
    }[];
  };
}

function reviewJson(
  repository: Repository,
  ...words: string[]
): { readonly code: number | null; readonly review: Review } {
  const { code, stdout } = repository.sallyport('review', '--format', 'json', ...words);
  const review: Review = JSON.parse(stdout);
  return { code, review };
}

describe('sallyport review', () => {
  it('ends with 1 for a finding, 0 for none, 3 for what it did not review, 2 for a mistake', () => {
    using repository = openRepository();
    repository.commit({ 'app.py': SAFE });
    repository.commit({ 'app.py': COMMAND });
    assert.equal(repository.sallyport('review', '--base', 'HEAD~1').code, 1);
    const through = repository.sallyport('review', '--base', 'HEAD~1', '--fail-on', 'never');
    assert.deepEqual(
      [through.code, /CODE03/.test(through.stdout), /Verdict: (.*)/.exec(through.stdout)?.[1]],
      [0, true, 'pass: everything that changed was reviewed, and no new finding blocks.'],
    );
    repository.commit({ 'app.py': SAFE });
    assert.equal(repository.sallyport('review', '--base', 'HEAD~1').code, 0);
    repository.commit({ 'main.rb': 'module Main\n' });
    assert.equal(repository.sallyport('review', '--base', 'HEAD~1').code, 3);
    assert.equal(repository.sallyport('review', '--base', 'HEAD~1', '--on-incomplete', 'warn').code, 0);
    assert.equal(repository.sallyport('review', '--base', 'nowhere').code, 2);
  });

  it('reviews the last commit on the trunk and the branch off it', () => {
    using repository = openRepository();
    repository.commit({ 'app.py': SAFE });
    repository.commit({ 'app.py': COMMAND });
    assert.equal(repository.sallyport('review').code, 1);
    execFileSync('git', ['checkout', '-q', '-b', 'topic'], { cwd: repository.root });
    repository.commit({ 'notes.txt': 'hello\n' });
    const { code, review } = reviewJson(repository);
    assert.equal(code, 0);
    assert.deepEqual(
      review.coverage.hunks.map(({ file }) => file),
      ['notes.txt'],
    );
  });

  it('does not count against a branch what came to the trunk since', () => {
    using repository = openRepository();
    const start = repository.commit({ 'app.py': COMMAND });
    repository.commit({ 'app.py': SAFE });
    execFileSync('git', ['checkout', '-q', '-b', 'topic', start], { cwd: repository.root });
    repository.commit({ 'notes.txt': 'hello\n' });
    assert.equal(repository.sallyport('review', '--base', 'main').code, 0);
  });

  it('reviews what is not committed, and everything', () => {
    using repository = openRepository();
    repository.commit({ 'app.py': SAFE });
    assert.equal(repository.sallyport('review', '--working-tree').code, 0);
    repository.write({ 'app.py': COMMAND });
    assert.equal(repository.sallyport('review', '--working-tree').code, 1);
    assert.equal(repository.sallyport('review', '--all').code, 1);
    repository.write({ 'app.py': SAFE, '.gitignore': 'build/\n', 'build/out.rb': 'module Main\n' });
    assert.equal(repository.sallyport('review', '--working-tree').code, 0);
    repository.write({ '.gitignore': 'build/\napp.py\n', 'app.py': COMMAND });
    assert.equal(repository.sallyport('review', '--working-tree').code, 1);
  });

  it('reads policy and decisions from the base: a change cannot settle what it adds', () => {
    using repository = openRepository();
    repository.commit({ 'app.py': SAFE });
    repository.commit({ 'app.py': COMMAND });
    const found = reviewJson(repository, '--base', 'HEAD~1').review.report.findings;
    const decisions = found.map(
      ({ fingerprint }) =>
        `    - { fingerprint: ${fingerprint}, decision: false-positive, reason: tested, author: ada }`,
    );
    const policy = `version: 1\nreview:\n  decisions:\n${decisions.join('\n')}\n  exclude:\n    - { paths: [app.py], reason: mine }\n`;
    repository.write({ 'app.py': SAFE });
    const clean = repository.commit({ 'app.py': SAFE });
    const own = repository.commit({ 'app.py': COMMAND, 'sallyport.yaml': policy });
    assert.equal(repository.sallyport('review', '--base', clean, '--head', own).code, 1);
    const settled = repository.commit({ 'app.py': SAFE, 'sallyport.yaml': policy.split('  exclude')[0] ?? '' });
    repository.commit({ 'app.py': COMMAND });
    const { code, review } = reviewJson(repository, '--base', settled);
    assert.equal(code, 0);
    assert.ok(review.report.findings.length > 0 && review.report.findings.every(({ suppression }) => suppression));
  });

  it('prints JSON on every exit', () => {
    using repository = openRepository();
    repository.commit({ 'main.rb': 'module Main\n' });
    repository.commit({ 'main.rb': 'module Other\n', 'sallyport.yaml': 'version: 1\n' });
    assert.equal(reviewJson(repository, '--base', 'HEAD~1').code, 3);
    assert.equal(reviewJson(repository, '--base', 'nowhere').code, 2);
    repository.commit({ 'sallyport.yaml': 'version: 99\n' });
    assert.equal(reviewJson(repository, '--base', 'HEAD').code, 2);
  });

  it('writes every format', () => {
    using repository = openRepository();
    repository.commit({ 'app.py': SAFE });
    repository.commit({ 'app.py': COMMAND });
    for (const format of ['text', 'json', 'sarif', 'markdown', 'html', 'github', 'gitlab', 'gitlab-sast', 'junit']) {
      const file = join(repository.root, `out.${format}`);
      const { code } = repository.sallyport('review', '--base', 'HEAD~1', '--format', format, '--output', file);
      assert.equal(code, 1, format);
      assert.match(readFileSync(file, 'utf8'), /app\.py/, format);
    }
  });
});

describe('a hostile repository', () => {
  it('gets nothing to run: no hook, filter, monitor or package script', () => {
    using repository = openRepository();
    const marker = join(repository.root, 'ran');
    repository.commit({ 'app.py': SAFE, '.gitattributes': '* filter=evil diff=evil\n' });
    repository.commit({ 'app.py': COMMAND, 'package.json': `{"scripts":{"prepare":"touch ${marker}"}}` });
    const program = join(repository.root, 'evil.sh');
    writeFileSync(program, `#!/bin/sh\ntouch ${marker}\ncat\n`);
    chmodSync(program, 0o755);
    const settings = {
      'core.fsmonitor': program,
      'filter.evil.smudge': program,
      'diff.evil.textconv': program,
      'diff.external': program,
      'core.pager': program,
    };
    for (const [name, value] of Object.entries(settings))
      execFileSync('git', ['config', name, value], { cwd: repository.root });
    mkdirSync(join(repository.root, '.claude'), { recursive: true });
    writeFileSync(
      join(repository.root, '.claude/settings.json'),
      JSON.stringify({ hooks: { SessionStart: [{ hooks: [{ type: 'command', command: program }] }] } }),
    );
    assert.equal(repository.sallyport('review', '--base', 'HEAD~1').code, 1);
    assert.equal(repository.sallyport('review', '--working-tree').code, 0);
    assert.ok(!existsSync(marker));
  });

  it('cannot hide code in a folder that looks installed', () => {
    using repository = openRepository();
    repository.commit({ 'app.py': SAFE });
    repository.commit({ 'venv/app.py': COMMAND, 'node_modules/x/tool.rb': 'module Main\n' });
    const { code, review } = reviewJson(repository, '--base', 'HEAD~1');
    assert.equal(code, 1);
    assert.deepEqual(review.coverage.hunks.map(({ file }) => file).toSorted(), [
      'node_modules/x/tool.rb',
      'venv/app.py',
    ]);
  });

  it('cannot lead the reader out of the checkout by a link', () => {
    using repository = openRepository();
    repository.commit({ 'a.txt': 'x\n' });
    symlinkSync('/etc/passwd', join(repository.root, 'b.txt'));
    repository.commit({});
    const { code, review } = reviewJson(repository, '--base', 'HEAD~1');
    assert.equal(code, 1);
    assert.deepEqual(
      review.report.findings.map(({ rule }) => rule),
      ['REV05'],
    );
  });

  it('cannot write a command for the CI system or the terminal into the report', () => {
    using repository = openRepository();
    repository.commit({ 'app.py': SAFE });
    repository.commit({ 'x\u001b]0;title\u0007.rb': '::set-output name=a::b\n' });
    const { stdout } = repository.sallyport('review', '--base', 'HEAD~1');
    assert.ok(!stdout.includes('\u001b]'));
    assert.ok(!/^::/m.test(stdout));
  });

  it('is read to a known end when a file is deeply nested', () => {
    using repository = openRepository();
    repository.commit({ 'app.py': SAFE });
    repository.commit({ 'deep.py': `x = ${'['.repeat(20_000)}${']'.repeat(20_000)}\n` });
    const { code } = repository.sallyport('review', '--base', 'HEAD~1');
    assert.ok(code === 3 || code === 0);
  });
});
