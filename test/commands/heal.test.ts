/** `sallyport heal` and what stands beside it, in repositories of real git. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { renderPatch } from '../../src/findings/index.ts';
import { startRepository, TOKEN } from '../forges/support/repository-server.ts';
import { COMMAND, SAFE } from '../review/support/samples.ts';
import { openRepository, type Repository } from './support/repository.ts';

/** A repository with the weakness, its fingerprint, and patches beside it. */
function prepare(repository: Repository): { readonly name: string; readonly patch: (after: string) => string } {
  repository.commit({ 'app.py': COMMAND });
  const { stdout } = repository.sallyport('review', '--all', '--format', 'json');
  const found: { rule: string; fingerprint: string }[] = JSON.parse(stdout).report.findings;
  const name = found.find(({ rule }) => rule === 'CODE03')?.fingerprint.slice(0, 10) ?? '';
  let count = 0;
  return {
    name,
    patch: (after) => {
      const file = join(repository.root, '.git', `fix-${count++}.patch`);
      writeFileSync(file, renderPatch([{ path: 'app.py', before: COMMAND, after }]));
      return file;
    },
  };
}

describe('sallyport heal', () => {
  it('ends with 0 and a branch for a patch that mends, and leaves everything else where it is', () => {
    using repository = openRepository();
    const { name, patch } = prepare(repository);
    const { code, stdout } = repository.sallyport(
      'heal',
      name,
      '--patch',
      patch(SAFE),
      '--branch',
      'heal/a',
      '--format',
      'json',
    );
    const answer = JSON.parse(stdout);
    assert.deepEqual(
      [code, answer.format, answer.state, answer.branch.name],
      [0, 'sallyport-heal/1', 'verified', 'heal/a'],
    );
    const git = (...args: string[]): string => execFileSync('git', args, { cwd: repository.root, encoding: 'utf8' });
    assert.equal(git('show', 'heal/a:app.py'), SAFE);
    assert.equal(readFileSync(join(repository.root, 'app.py'), 'utf8'), COMMAND);
    assert.equal(git('status', '--short'), '');
  });

  it('ends with 1 and no branch for one that does not', () => {
    using repository = openRepository();
    const { name, patch } = prepare(repository);
    const worse = COMMAND.replace("'ls ' + name", "f'ls {name}'");
    const { code, stdout } = repository.sallyport('heal', name, '--patch', patch(worse), '--branch', 'heal/b');
    assert.equal(code, 1);
    assert.match(stdout, /Patch: rejected\./);
    assert.throws(() => execFileSync('git', ['rev-parse', '--verify', '-q', 'heal/b'], { cwd: repository.root }));
  });

  it('ends with 2 for what is no finding or no patch', () => {
    using repository = openRepository();
    const { name, patch } = prepare(repository);
    const other = patch(`${COMMAND}# more\n`);
    writeFileSync(other, readFileSync(other, 'utf8').replaceAll('app.py', 'no.py'));
    assert.equal(repository.sallyport('heal', 'deadbeefdeadbeef', '--patch', patch(SAFE)).code, 2);
    assert.equal(repository.sallyport('heal', '..', '--patch', patch(SAFE)).code, 2);
    assert.equal(repository.sallyport('heal', name, '--patch', 'none.patch').code, 2);
    assert.equal(repository.sallyport('heal', name, '--patch', other).code, 2);
    assert.equal(repository.sallyport('heal', name).code, 2);
  });
});

describe('sallyport heal --test', () => {
  /** The command looks at the file that the patch changes: it says which of the two runs it was in. */
  const withPatch = `! cmp -s app.py .git/before`;
  const CASES: readonly (readonly [string, string, number, RegExp])[] = [
    ['pass with the patch', `${withPatch} && test -z "$SECRET"`, 0, /tests: passed: the tests pass/],
    [
      'fail with the patch and pass without',
      withPatch.slice(2),
      1,
      /the tests end with 1 with the patch, and pass without/,
    ],
    ['fail without the patch, too', 'exit 7', 3, /the tests fail without the patch, too/],
  ];
  for (const [what, command, code, said] of CASES)
    it(`runs the tests contained, with the patch and, if need be, without: tests that ${what}`, async () => {
      using repository = openRepository();
      const { name, patch } = prepare(repository);
      const words = ['heal', name, '--patch', patch(SAFE), '--branch', 'heal/t', '--test'];
      const before = `test -e .git/before || git show HEAD:app.py > .git/before; ${command}`;
      const ended = await repository.sallyportBeside({ SECRET: 'not inside' }, ...words, before);
      assert.equal(ended.code, code, `${ended.stdout}${ended.stderr}`);
      assert.match(ended.stdout, said);
      const branches = execFileSync('git', ['branch', '--list', 'heal/t'], { cwd: repository.root, encoding: 'utf8' });
      assert.equal(branches !== '', code === 0);
      assert.equal(readFileSync(join(repository.root, 'app.py'), 'utf8'), COMMAND, 'the checkout stays as it is');
    });

  it('does not run tests on files that differ from the commit', async () => {
    using repository = openRepository();
    const { name, patch } = prepare(repository);
    const words = ['heal', name, '--patch', patch(SAFE), '--test', 'true'];
    repository.write({ 'app.py': '# something else\n' });
    const ended = await repository.sallyportBeside({}, ...words);
    assert.equal(ended.code, 3, `${ended.stdout}${ended.stderr}`);
    assert.match(ended.stdout, /the working tree differs from the commit: the tests were not run/);
  });
});

describe('sallyport heal --pull-request', () => {
  it('opens one for a patch that mends, and none for another', async () => {
    using repository = openRepository();
    const { name, patch } = prepare(repository);
    const commit = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: repository.root, encoding: 'utf8' }).trim();
    await using forge = await startRepository('github', commit);
    const job = {
      GITHUB_ACTIONS: 'true',
      GITHUB_API_URL: forge.url,
      GITHUB_REPOSITORY: 'acme/app',
      GITHUB_TOKEN: TOKEN,
    };
    const bad = await repository.sallyportBeside(
      job,
      'heal',
      name,
      '--patch',
      patch(`${COMMAND}# more\n`),
      '--pull-request',
    );
    assert.notEqual(bad.code, 0);
    assert.equal(forge.state.requests.length, 0);
    const good = await repository.sallyportBeside(job, 'heal', name, '--patch', patch(SAFE), '--pull-request');
    assert.equal(good.code, 0, good.stderr);
    assert.match(good.stdout, /Opened request 7 from heal\/[0-9a-f]{12} to main: https:\/\/github\.test\//);
    const [request] = forge.state.requests;
    assert.deepEqual(forge.state.branches.get(request?.head ?? '')?.files, { 'app.py': SAFE });
    assert.match(request?.body ?? '', /\| target \| passed \|/);
    assert.ok(!`${good.stdout}${good.stderr}${request?.body}`.includes(TOKEN));
    const branches = execFileSync('git', ['branch', '--list', 'heal/*'], { cwd: repository.root, encoding: 'utf8' });
    assert.equal(branches, '', 'nothing is written in the clone');
  });

  it('ends with 2 before anything is asked when it is not known where to, and with 3 when the forge lacks the commit', async () => {
    using repository = openRepository();
    const { name, patch } = prepare(repository);
    const words = [name, '--patch', patch(SAFE), '--pull-request'];
    const lost = await repository.sallyportBeside({}, 'heal', ...words);
    assert.deepEqual([lost.code, lost.stdout], [2, '']);
    await using forge = await startRepository('github');
    const flags = ['--forge', 'github', '--api', forge.url, '--repository', 'acme/app'];
    const lacking = await repository.sallyportBeside({ SALLYPORT_FORGE_TOKEN: TOKEN }, 'heal', ...words, ...flags);
    assert.equal(lacking.code, 3);
    assert.match(lacking.stderr, /SP2411/);
  });
});

describe('sallyport review calibrate', () => {
  it('writes a table that a review of the base then uses, and prints how far it can be relied on', () => {
    using repository = openRepository();
    const row = (index: number): string =>
      JSON.stringify({ repository: `acme/${index % 3}`, cwe: 89, votes: 1 + (index % 3), true: index % 4 > 0 });
    const records = join(repository.root, '.git', 'records.jsonl');
    writeFileSync(records, `${Array.from({ length: 60 }, (_, index) => row(index)).join('\n')}\n`);
    const elsewhere = join(repository.root, '.git', 'table.json');
    assert.match(
      repository.sallyport('review', 'calibrate', records, '--output', elsewhere).stdout,
      /^records\.jsonl: 60 findings of 3 repositories\n/,
    );
    const table = join(repository.root, 'sallyport-calibration.json');
    assert.ok(existsSync(elsewhere) && !existsSync(table));
    const { code, stdout } = repository.sallyport('review', 'calibrate', records, '--output', table);
    assert.equal(code, 0);
    assert.match(stdout, /Brier \d\.\d{3}, ECE \d\.\d{3}, AUC/);
    repository.commit({ 'app.py': SAFE });
    assert.equal(JSON.parse(readFileSync(table, 'utf8')).format, 'sallyport-calibration/1');
    writeFileSync(records, 'no record\n');
    assert.equal(repository.sallyport('review', 'calibrate', records, '--output', table).code, 2);
  });
});

describe('sallyport review --ingest', () => {
  it('takes a scan in beside its own findings, and says when it cannot', () => {
    using repository = openRepository();
    repository.commit({ 'a.txt': 'one\n' });
    repository.commit({ 'a.txt': 'one\ntwo\n' });
    const scan = join(repository.root, '.git', 'scan.sarif');
    const result = {
      ruleId: 'r1',
      level: 'error',
      message: { text: 'told' },
      locations: [{ physicalLocation: { artifactLocation: { uri: 'a.txt' }, region: { startLine: 2 } } }],
    };
    const rules = [{ id: 'r1', properties: { precision: 'high', tags: ['CWE-78'] } }];
    writeFileSync(
      scan,
      JSON.stringify({ version: '2.1.0', runs: [{ tool: { driver: { name: 'Semgrep', rules } }, results: [result] }] }),
    );
    const { code, stdout } = repository.sallyport('review', '--base', 'HEAD~1', '--ingest', scan, '--format', 'json');
    const answer = JSON.parse(stdout);
    assert.deepEqual([code, answer.verdict, answer.scans.results], [1, 'blocked', 1]);
    writeFileSync(scan, readFileSync(scan, 'utf8').replace('"startLine":2', '"startLine":1'));
    assert.equal(repository.sallyport('review', '--base', 'HEAD~1', '--ingest', scan, '--ingest-base', scan).code, 0);
    assert.equal(repository.sallyport('review', '--base', 'HEAD~1', '--ingest', 'none.sarif').code, 2);
    writeFileSync(scan, '{');
    assert.equal(repository.sallyport('review', '--base', 'HEAD~1', '--ingest', scan).code, 3);
  });
});
