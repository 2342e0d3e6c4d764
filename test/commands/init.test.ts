/** `sallyport init` in repositories of real git. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { openRepository } from './support/repository.ts';

const AGENT = '.github/workflows/sallyport-agent.yml';
const CHECK = '.github/workflows/sallyport-check.yml';

describe('sallyport init', () => {
  it('writes a policy that is in order and pipelines that the audit finds nothing in', () => {
    using repository = openRepository();
    repository.commit({ 'README.md': 'words\n' });
    const { code, stdout, stderr } = repository.sallyport('init');
    assert.equal(code, 0, stderr);
    assert.deepEqual(stdout.trim().split('\n'), ['wrote    sallyport.yaml', `wrote    ${AGENT}`, `wrote    ${CHECK}`]);
    assert.match(repository.sallyport('policy', 'check').stdout, /in order, 0 warnings/);
    const audit = repository.sallyport('audit', '--fail-on', 'info');
    assert.equal(audit.code, 0, audit.stdout);
    const again = repository.sallyport('init');
    assert.equal(again.stdout, '');
    assert.match(again.stderr, /sallyport\.yaml is as it should be/);
  });

  it('prints with --dry-run the patch that would do the same, and writes nothing', () => {
    using repository = openRepository();
    repository.commit({ 'README.md': 'words\n' });
    const { stdout } = repository.sallyport('init', '--dry-run', '--ci', 'gitlab', '--agent', 'codex');
    assert.ok(!existsSync(join(repository.root, 'sallyport.yaml')));
    execFileSync('git', ['apply'], { cwd: repository.root, input: stdout });
    assert.match(readFileSync(join(repository.root, '.gitlab-ci.yml'), 'utf8'), /codex exec/);
    assert.equal(repository.sallyport('init', '--ci', 'gitlab', '--agent', 'codex').stdout, '');
  });

  it('keeps a file that is there and shows the difference; --force replaces it', () => {
    using repository = openRepository();
    repository.commit({ 'sallyport.yaml': 'version: 1\n' });
    const { stdout, stderr } = repository.sallyport('init');
    assert.match(stdout, /--- a\/sallyport\.yaml/);
    assert.match(stderr, /sallyport\.yaml is there already and was kept/);
    assert.equal(readFileSync(join(repository.root, 'sallyport.yaml'), 'utf8'), 'version: 1\n');
    assert.match(repository.sallyport('init', '--force').stdout, /replaced sallyport\.yaml/);
    assert.match(readFileSync(join(repository.root, 'sallyport.yaml'), 'utf8'), /agent: claude-code/);
  });

  it('adds no second agent beside one that runs already, but shows how to mend it and what would replace it', () => {
    using repository = openRepository();
    repository.commit({
      '.github/workflows/triage.yml': `on: issues
permissions: {}
jobs:
  triage:
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
      - run: claude -p "Sort the issue" --allowedTools Bash
        env:
          ANTHROPIC_API_KEY: \${{ secrets.ANTHROPIC_API_KEY }}
`,
    });
    const { stdout, stderr } = repository.sallyport('init');
    assert.ok(!existsSync(join(repository.root, AGENT)));
    assert.ok(existsSync(join(repository.root, CHECK)));
    assert.match(stdout, /\+ +- run: sallyport run -- claude/);
    assert.match(stdout, /\+\+\+ b\/\.github\/workflows\/sallyport-agent\.yml/);
    assert.match(stderr, /triage\.yml starts an agent already: the patch mends it/);
    assert.match(stderr, /Next: .*, set SALLYPORT_PACKAGE as the files say,/);
    const dry = repository.sallyport('init', '--dry-run');
    assert.match(
      dry.stderr,
      /triage\.yml starts an agent already: without --dry-run the patch that mends it is printed/,
    );
  });

  it('says what has to be bound in of the files that it writes, and of no other', () => {
    using repository = openRepository();
    repository.commit({ '.gitlab-ci.yml': 'fix:\n  script:\n    - claude -p "Mend it" --allowedTools "Edit"\n' });
    const { stdout, stderr } = repository.sallyport('init');
    assert.match(stdout, /^wrote {4}\.gitlab\/sallyport-check\.gitlab-ci\.yml$/m);
    assert.match(
      stderr,
      /Add to the `include:` of \.gitlab-ci\.yml: - local: \.gitlab\/sallyport-check\.gitlab-ci\.yml/,
    );
    assert.doesNotMatch(stderr, /include.*sallyport\.gitlab-ci/);
  });

  it('writes through no link of the repository', () => {
    using repository = openRepository();
    const outside = mkdtempSync(join(tmpdir(), 'sallyport-outside-'));
    symlinkSync(outside, join(repository.root, '.github'));
    const { code, stderr } = repository.sallyport('init', '--ci', 'github');
    assert.equal(code, 2);
    assert.match(stderr, /SP2106 .*\.github is a link/);
    assert.ok(!existsSync(join(outside, 'workflows')));
    assert.ok(!existsSync(join(repository.root, 'sallyport.yaml')));
  });
});
