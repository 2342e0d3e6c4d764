/** `sallyport ci` as a pipeline starts it, in repositories of real git. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { openRepository, PROGRAM, type Repository } from './support/repository.ts';

const APP = [
  "const app = require('express')();",
  'function requireAdmin(req, res, next) {',
  "  if (req.session.role !== 'admin') return res.sendStatus(403);",
  '  next();',
  '}',
  "app.get('/users/:id', requireAdmin, (req, res) => {",
  "  db.query('select * from users where id = ?', [req.params.id]);",
  '});',
  '',
].join('\n');
const INJECTED = APP.replace("= ?', [req.params.id]", "= ' + req.params.id");
const WORKFLOW = [
  'name: agent',
  'on: issues',
  'permissions: { contents: write }',
  'jobs:',
  '  fix:',
  '    runs-on: ubuntu-24.04',
  '    steps:',
  '      - uses: actions/checkout@v4',
  '      - run: claude -p "${{ github.event.issue.body }}" --dangerously-skip-permissions',
  '        env: { ANTHROPIC_API_KEY: "${{ secrets.ANTHROPIC_API_KEY }}" }',
  '',
].join('\n');

/** `topic` is checked out, and left `main` behind. */
function openGround(): Repository {
  const repository = openRepository();
  repository.commit({ 'src/app.js': APP });
  execFileSync('git', ['checkout', '-q', '-b', 'topic'], { cwd: repository.root, stdio: 'ignore' });
  return repository;
}

interface Answer {
  readonly format: string;
  readonly verdict: string;
  readonly gate: { readonly reasons: readonly { readonly code: string }[] };
  readonly report: { readonly findings: readonly { readonly rule: string }[] };
}

/** Rules of findings and codes of reasons. */
function rules(stdout: string): readonly string[] {
  const { format, gate, report }: Answer = JSON.parse(stdout);
  assert.equal(format, 'sallyport-ci/1');
  return [...new Set([...report.findings.map(({ rule }) => rule), ...gate.reasons.map(({ code }) => code)])].sort();
}

describe('the whole path of one change', () => {
  test('a clean change of a person passes with 0 and says what was done', () => {
    using repository = openGround();
    repository.commit({ 'src/app.js': APP.replaceAll('users', 'people') });
    const { code, stdout, stderr } = repository.sallyport('ci');
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /^audit: 0 new findings$/m);
    assert.match(stdout, /^review: \d+ of \d+ changed stretch(?:es)? looked at, 0 new findings$/m);
    assert.match(stdout, /^gate: 0 reasons against this change$/m);
  });

  test('an injection, a lost guard and an open agent are in one report, and the change is blocked', () => {
    using repository = openGround();
    repository.commit({
      'src/app.js': INJECTED.replace(/ {2}if .*\n/, ''),
      '.github/workflows/agent.yml': WORKFLOW,
    });
    const { code, stdout } = repository.sallyport('ci', '--format', 'json');
    const found = rules(stdout);
    assert.equal(code, 1);
    assert.ok(found.includes('CODE01'), 'the review’s');
    assert.ok(found.includes('GATE020'), 'the gate’s');
    assert.ok(
      found.some((rule) => rule.startsWith('PATH')),
      'the audit’s',
    );
  });

  test('what was there before is nobody’s fault here', () => {
    using repository = openRepository();
    repository.commit({ 'src/app.js': INJECTED, '.github/workflows/agent.yml': WORKFLOW });
    execFileSync('git', ['checkout', '-q', '-b', 'topic'], { cwd: repository.root, stdio: 'ignore' });
    repository.commit({ 'README.md': 'Words.\n' });
    const { code, stdout } = repository.sallyport('ci', '--format', 'json');
    assert.deepEqual([code, rules(stdout)], [0, []]);
  });

  test('the job’s target is the base, and who started it cannot approve', () => {
    using repository = openGround();
    execFileSync('git', ['update-ref', 'refs/remotes/origin/main', 'main'], { cwd: repository.root });
    repository.commit({ 'src/app.js': INJECTED });
    const event = join(repository.root, 'event.json');
    const head = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: repository.root, encoding: 'utf8' }).trim();
    const pull = { number: 7, head: { sha: head, repo: { full_name: 'acme/app' } }, base: { ref: 'main' } };
    writeFileSync(event, JSON.stringify({ pull_request: pull, sender: { login: 'mallory' } }));
    const env = {
      PATH: process.env['PATH'],
      HOME: repository.root,
      GITHUB_ACTIONS: 'true',
      GITHUB_EVENT_NAME: 'pull_request',
      GITHUB_REPOSITORY: 'acme/app',
      GITHUB_BASE_REF: 'main',
      GITHUB_EVENT_PATH: event,
    };
    const summary = join(repository.root, 'summary.md');
    const bundle = join(repository.root, 'bundle.json');
    const words = ['ci', '--summary', summary, '--bundle', bundle];
    const { status } = spawnSync(PROGRAM, words, { cwd: repository.root, encoding: 'utf8', env });
    assert.equal(status, 1);
    assert.match(readFileSync(summary, 'utf8'), /^## Sallyport gate: blocked[\s\S]*CODE01/m);
    const { bundle: posted } = JSON.parse(readFileSync(bundle, 'utf8'));
    assert.deepEqual(
      [posted.producer.command, posted.verdict, posted.change.headCommit, posted.blocks],
      ['ci', 'blocked', head, true],
    );
  });

  test('a tag that is called like the protected branch does not bring its own policy', () => {
    using repository = openRepository();
    const git = (...words: string[]): string =>
      execFileSync('git', words, { cwd: repository.root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    repository.commit({ 'sallyport.yaml': 'version: 1\nmerge: { require: [{ approvals: 2 }] }\n' });
    git('update-ref', 'refs/remotes/origin/main', 'main');
    git('checkout', '-q', '-b', 'topic');
    const loose = repository.commit({ 'sallyport.yaml': 'version: 1\n' });
    repository.commit({ 'a.txt': 'work\n' });
    const judge = (command: string, ...base: readonly string[]): readonly unknown[] => {
      const env = { PATH: process.env['PATH'], HOME: repository.root, GITHUB_ACTIONS: 'true', GITHUB_BASE_REF: 'main' };
      const job = { ...env, GITHUB_EVENT_NAME: 'pull_request', GITHUB_REPOSITORY: 'acme/app' };
      const words = [command, ...base, '--format', 'sarif'];
      const { status, stderr } = spawnSync(PROGRAM, words, { cwd: repository.root, encoding: 'utf8', env: job });
      return [status, /^SP1312/m.test(stderr)];
    };
    const asked = [1, false];
    assert.deepEqual(judge('ci'), asked);
    for (const name of ['main', 'origin/main']) git('tag', name, loose);
    assert.deepEqual(judge('ci'), asked);
    assert.deepEqual(judge('gate'), asked);
    assert.deepEqual(judge('gate', '--base', 'refs/heads/main'), asked);
    for (const name of ['main', 'origin/main']) assert.deepEqual(judge('gate', '--base', name), [2, true]);
  });

  test('a mistake is one line, as JSON where JSON was asked for', () => {
    using repository = openGround();
    const { code, stdout, stderr } = repository.sallyport('ci', '--base', 'nowhere', '--format', 'json');
    assert.equal(code, 2);
    assert.equal(JSON.parse(stdout).error.code, 'SP1308');
    assert.match(stderr, /^SP1308 "nowhere" names no commit/);
  });
});
