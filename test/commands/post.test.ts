/** Two jobs: one looks at the change and has no rights, the other has rights and sees only the bundle. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { writeBundle } from '../../src/forges/index.ts';
import { bundleWith } from '../forges/support/bundles.ts';
import { type Github, startGithub, TOKEN } from '../forges/support/github-server.ts';
import { COMMAND, SAFE } from '../review/support/samples.ts';
import { openRepository, type Repository } from './support/repository.ts';

/** A repository with a change, and the bundle of its review. */
function reviewed() {
  const repository = openRepository();
  const base = repository.commit({ 'app.py': SAFE });
  const head = repository.commit({ 'app.py': COMMAND });
  const { code } = repository.sallyport('review', '--base', base, '--bundle', 'bundle.json');
  assert.equal(code, 1);
  return { repository, base, head };
}

/** A directory with a bundle and nothing else: more the second job does not have. */
function withBundle(): Repository {
  const repository = openRepository();
  repository.write({ 'bundle.json': writeBundle(bundleWith()) });
  return repository;
}

function jobOn(github: Github): Record<string, string> {
  return {
    GITHUB_ACTIONS: 'true',
    GITHUB_API_URL: github.url,
    GITHUB_REPOSITORY: 'acme/app',
    GITHUB_REF: 'refs/pull/7/merge',
    GITHUB_TOKEN: TOKEN,
  };
}

function patchOf(text: string): string {
  const lines = text.split('\n').slice(0, -1);
  return `@@ -0,0 +1,${lines.length} @@\n${lines.map((line) => `+${line}`).join('\n')}`;
}

describe('sallyport post', () => {
  it('posts what the review found, ends with 1 while it blocks, and never prints the token', async () => {
    const { repository, base, head } = reviewed();
    using _ = repository;
    await using github = await startGithub({ head, files: [{ filename: 'app.py', patch: patchOf(COMMAND) }] });
    const reply = { status: 200, body: { merge_base_commit: { sha: base } } };
    github.faults.push({ method: 'GET', path: /compare/, reply });
    const { code, stdout, stderr } = await repository.sallyportBeside(jobOn(github), 'post', 'bundle.json');
    assert.equal(code, 1, stderr);
    assert.match(stdout, /^Posted to acme\/app number 7 at [0-9a-f]{12}: review blocked$/m);
    assert.match(stdout, /^ {2}remarks: [1-9]\d* new, 0 updated, 0 settled, 0 unchanged$/m);
    assert.doesNotMatch(stdout + stderr, new RegExp(TOKEN));
    assert.equal(github.state.checks[0]?.['head_sha'], head);
    assert.match(github.state.remarks[0]?.body ?? '', /\*\*critical\*\*/);
  });

  it('posts nothing on another commit, ends with 3, and answers in JSON when asked to', async () => {
    using repository = withBundle();
    await using github = await startGithub({ head: 'e'.repeat(40) });
    const { code, stdout } = await repository.sallyportBeside(jobOn(github), 'post', 'bundle.json', '--format', 'json');
    assert.equal(code, 3);
    assert.equal(JSON.parse(stdout).error.code, 'SP2407');
    assert.equal(github.sent('POST', /repos/).length, 0);
  });

  it('makes no other commit pass than that of the job, where the job has no request', async () => {
    using repository = withBundle();
    await using github = await startGithub();
    // A job of another workflow for a change of a fork: it is told the commit, and no number.
    const jobAbout = (head: string): Record<string, string> => {
      const event = { workflow_run: { head_sha: head, pull_requests: [] } };
      repository.write({ 'event.json': JSON.stringify(event) });
      const { GITHUB_REF: _, ...job } = jobOn(github);
      return { ...job, GITHUB_EVENT_NAME: 'workflow_run', GITHUB_EVENT_PATH: join(repository.root, 'event.json') };
    };
    const other = await repository.sallyportBeside(jobAbout('e'.repeat(40)), 'post', 'bundle.json');
    assert.deepEqual([other.code, github.state.checks.length], [3, 0]);
    assert.match(other.stderr, /SP2407 the bundle is about a{40}, and this job about e{40}/);
    const own = await repository.sallyportBeside(jobAbout('a'.repeat(40)), 'post', 'bundle.json');
    assert.deepEqual([own.code, github.state.checks.length], [1, 1], own.stderr);
  });

  it('needs no forge to show what it would send', async () => {
    using repository = withBundle();
    const { code, stdout } = await repository.sallyportBeside(
      {},
      'post',
      'bundle.json',
      ...['--dry-run', '--forge', 'gitlab', '--repository', 'group/app', '--number', '3'],
    );
    const preview = JSON.parse(stdout);
    assert.deepEqual([code, preview.check.conclusion, preview.number], [0, 'failure', 3]);
  });

  it('ends with 2 for what is missing, and says which variable', async () => {
    using repository = withBundle();
    const where = ['--forge', 'github', '--repository', 'acme/app', '--number', '7'];
    for (const [words, message] of [
      [['bundle.json'], /SP2402 .*which forge/],
      [['bundle.json', '--forge', 'gitlab'], /SP2402 .*which repository/],
      [['bundle.json', ...where], /SP2402 there is no token for github — Set one of .*GITHUB_TOKEN/],
      [['nowhere.json', ...where], /SP2409/],
      [['bundle.json', ...where, '--number', '0'], /SP1001/],
    ] as const) {
      const { code, stderr } = await repository.sallyportBeside({}, 'post', ...words);
      assert.equal(code, 2, stderr);
      assert.match(stderr, message);
    }
    const plain = { GITHUB_TOKEN: TOKEN };
    const { code, stderr } = await repository.sallyportBeside(
      plain,
      'post',
      'bundle.json',
      ...where,
      '--api',
      'http://forge.test',
    );
    assert.deepEqual([code, stderr.includes('SP2401'), stderr.includes(TOKEN)], [2, true, false]);
  });

  it('with signers takes only a bundle that one of them signed', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    using repository = openRepository();
    writeFileSync(join(repository.root, 'key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const base = repository.commit({ 'app.py': SAFE });
    repository.commit({ 'app.py': COMMAND });
    repository.sallyport('review', '--base', base, '--bundle', 'bundle.json', '--bundle-key', 'key.pem');
    const signers = (key: string) => writeFileSync(join(repository.root, 'signers'), `# the analysis job\n${key}\n`);
    const words = ['bundle.json', '--signers', 'signers', '--dry-run', '--forge', 'github', '--repository', 'acme/app'];
    signers(sshLine(publicKey.export({ format: 'jwk' }).x));
    assert.equal((await repository.sallyportBeside({}, 'post', ...words)).code, 0);
    signers(sshLine(generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }).x));
    assert.match((await repository.sallyportBeside({}, 'post', ...words)).stderr, /SP2408 .*not among the signers/);
    signers(sshLine(publicKey.export({ format: 'jwk' }).x));
    const path = join(repository.root, 'bundle.json');
    writeFileSync(path, `${readFileSync(path, 'utf8')}\n`);
    assert.match((await repository.sallyportBeside({}, 'post', ...words)).stderr, /SP2408 the signature of the bundle/);
    writeFileSync(`${path}.sig`, 'no signature');
    assert.equal((await repository.sallyportBeside({}, 'post', ...words)).code, 3);
  });
});

it('a verdict of the gate is posted as a check of its own', async () => {
  using repository = openRepository();
  repository.commit({ 'app.py': 'def show(r):\n    require_admin(r)\n    return 1\n' });
  execFileSync('git', ['checkout', '-q', '-b', 'topic'], { cwd: repository.root });
  const head = repository.commit({ 'app.py': 'def show(r):\n    return 1\n' });
  const { code } = repository.sallyport('gate', '--base', 'main', '--bundle', 'gate.json');
  assert.equal(code, 1);
  const words = ['--dry-run', '--forge', 'gitea', '--repository', 'acme/app', '--number', '7'];
  const { stdout } = await repository.sallyportBeside({}, 'post', 'gate.json', ...words);
  const { check, summary } = JSON.parse(stdout);
  assert.deepEqual([check.name, check.conclusion], ['sallyport/gate', 'action-required']);
  assert.match(summary, /Lifted by: /);
  assert.match(summary, new RegExp(head.slice(0, 12)));
});

function sshLine(x: string | undefined): string {
  const field = (bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const blob = Buffer.concat([field(Buffer.from('ssh-ed25519')), field(Buffer.from(x ?? '', 'base64url'))]);
  return `ssh-ed25519 ${blob.toString('base64')} analysis`;
}

it('a bundle of files that are no commit is not written', () => {
  using repository = openRepository();
  repository.commit({ 'app.py': SAFE });
  repository.write({ 'app.py': COMMAND });
  const { code, stderr } = repository.sallyport('review', '--working-tree', '--bundle', 'bundle.json');
  assert.equal(code, 2);
  assert.match(stderr, /--bundle needs a commit/);
});
