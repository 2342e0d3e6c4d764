/** `sallyport audit` as a person and a pipeline start it, in repositories of real git. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { patchForReader, writeFixes } from '../../src/commands/audit/fixing.ts';
import { SallyportError } from '../../src/errors/index.ts';
import { openRepository, PROGRAM, type Repository } from './support/repository.ts';

const FILE = '.github/workflows/triage.yml';
const CHECKOUT = 'actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2';

/** Issue text of anybody to an agent with a key and a shell. */
const OPEN = `name: triage
on:
  issues:
    types: [opened]
permissions:
  contents: read
jobs:
  triage:
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - uses: ${CHECKOUT}
        with:
          persist-credentials: false
      - run: claude -p "Sort this issue, \${{ github.event.issue.number }}. $(gh issue view 1)" --allowedTools Bash --max-turns 5
        env:
          ANTHROPIC_API_KEY: \${{ secrets.ANTHROPIC_API_KEY }}
`;
const CONTAINED = OPEN.replace('run: claude', 'run: sallyport run -- claude');
const CALM =
  'name: build\non: push\npermissions: {}\njobs:\n  build:\n    runs-on: ubuntu-24.04\n    timeout-minutes: 5\n    steps:\n      - run: make\n';

interface Found {
  readonly findings: readonly { readonly rule: string; readonly fingerprint: string; readonly severity: string }[];
  readonly violations?: readonly { readonly none: string; readonly by: string }[];
  readonly error?: { readonly code: string };
}

function parse(text: string): Found {
  const value: unknown = JSON.parse(text);
  assert.ok(typeof value === 'object' && value !== null);
  // The members are asserted where they are used.
  return { findings: [], ...value };
}

function auditJson(repository: Repository, ...words: string[]): Found & { readonly code: number | null } {
  const { code, stdout } = repository.sallyport('audit', '--format', 'json', ...words);
  return { code, ...parse(stdout) };
}

function paths({ findings }: Found): readonly string[] {
  return findings.filter(({ rule }) => rule.startsWith('PATH')).map(({ rule }) => rule);
}

describe('sallyport audit', () => {
  it('ends with 0 where nothing is found, 1 for a finding, 2 for a mistake, 3 for what could not be read', () => {
    using repository = openRepository();
    repository.commit({ '.github/workflows/build.yml': CALM });
    assert.equal(auditJson(repository).code, 0);
    repository.write({ [FILE]: OPEN });
    const open = auditJson(repository);
    assert.equal(open.code, 1);
    assert.ok(paths(open).length > 0);
    assert.equal(auditJson(repository, '--fail-on', 'never').code, 0);
    const wrong = auditJson(repository, '--diff', 'nowhere..HEAD');
    assert.equal(wrong.code, 2);
    assert.match(wrong.error?.code ?? '', /^SP1/);
    repository.write({ [FILE]: 'jobs: [\n' });
    assert.equal(auditJson(repository).code, 0);
    assert.equal(auditJson(repository, '--strict').code, 3);
    assert.equal(repository.sallyport('audit', '--no-such-flag').code, 2);
  });

  it('reports of a change only what it adds, and the control that it takes away', () => {
    using repository = openRepository();
    const base = repository.commit({
      [FILE]: CONTAINED,
      '.github/workflows/other.yml': OPEN.replaceAll('triage', 'other'),
    });
    repository.commit({ 'README.md': 'words\n' });
    const same = auditJson(repository, '--diff', `${base}..HEAD`);
    assert.deepEqual([same.code, same.findings], [0, []]);
    repository.commit({ [FILE]: OPEN });
    const { code, stdout } = repository.sallyport('audit', '--diff', `${base}..HEAD`);
    assert.equal(code, 1);
    assert.match(stdout, /triage\.yml/);
    assert.doesNotMatch(stdout, /other\.yml/);
    assert.match(stdout, /removed control: .*triage.* loses sandbox/);
    const back = repository.commit({ [FILE]: CONTAINED });
    assert.match(repository.sallyport('audit', '--diff', `HEAD~1..${back}`).stdout, /The change mends \d+ findings/);
  });

  it('takes comments, policy and baseline from the base of a change', () => {
    using repository = openRepository();
    const base = repository.commit({ '.github/workflows/build.yml': CALM });
    repository.commit({ [FILE]: OPEN });
    const before = auditJson(repository, '--diff', `${base}..HEAD`, '--profile', 'all');
    const accepted = before.findings.map(({ fingerprint }) => ({ fingerprint, reason: 'mine', until: '2999-01-01' }));
    const rules = [...new Set(before.findings.map(({ rule }) => rule))].join(',');
    const policy = `version: 1\naudit: ${JSON.stringify({ ignore: accepted, failOn: 'never' })}\n`;
    const baseline = JSON.stringify({
      format: 'sallyport-baseline/1',
      entries: before.findings.map(({ fingerprint }) => ({ fingerprint, reason: 'mine', date: '2026-11-21' })),
    });
    const comment = `# sallyport: ignore-file[${rules}] reason="mine"\n`;
    const silenced = { [FILE]: comment + OPEN, 'sallyport.yaml': policy, 'sallyport-baseline.json': baseline };
    repository.commit(silenced);
    const own = auditJson(repository, '--diff', `${base}..HEAD`);
    assert.equal(own.code, 1);
    assert.ok(paths(own).length > 0);
    assert.equal(auditJson(repository).code, 0);
    // The same in the base counts.
    const trusted = repository.commit({ [FILE]: CALM });
    repository.commit({ [FILE]: OPEN });
    const known = auditJson(repository, '--diff', `${trusted}..HEAD`);
    assert.deepEqual([known.code, paths(known)], [0, []]);
  });

  it('accepts what is there in a baseline, keeps older reasons, and reports what comes after', () => {
    using repository = openRepository();
    repository.commit({ [FILE]: OPEN });
    const file = 'sallyport-baseline.json';
    assert.equal(repository.sallyport('audit', '--write-baseline', file).code, 2);
    assert.equal(repository.sallyport('audit', '--write-baseline', file, '--reason', 'before the first audit').code, 0);
    assert.equal(auditJson(repository).code, 0);
    repository.write({ '.github/workflows/second.yml': OPEN.replaceAll('triage', 'second') });
    const next = auditJson(repository);
    assert.equal(next.code, 1);
    assert.ok(paths(next).length > 0);
    repository.sallyport('audit', '--write-baseline', file, '--reason', 'later');
    const text = readFileSync(join(repository.root, file), 'utf8');
    assert.match(text, /triage\.yml","reason":"before the first audit"/);
    assert.match(text, /second\.yml","reason":"later"/);
  });

  it('fails on what a policy demands none of, and the organisation has the last word', () => {
    using repository = openRepository();
    repository.commit({ [FILE]: OPEN });
    const { findings } = auditJson(repository);
    const path = findings.find(({ rule }) => rule.startsWith('PATH'));
    const ignore = [{ fingerprint: path?.fingerprint, reason: 'known' }];
    const demand = (audit: object) => `version: 1\naudit: ${JSON.stringify(audit)}\n`;
    repository.write({ 'sallyport.yaml': demand({ require: { none: ['PATH'] }, failOn: 'never' }) });
    const demanded = repository.sallyport('audit');
    assert.equal(demanded.code, 1);
    assert.match(demanded.stdout, /sallyport\.yaml:2:\d+: the repository's policy demands none of PATH: \d finding/);
    repository.write({
      'sallyport.yaml': demand({ ignore, failOn: 'never' }),
      'org.yaml': demand({ require: { none: ['PATH'] } }),
    });
    assert.equal(auditJson(repository).code, 0);
    const bound = auditJson(repository, '--organisation', 'org.yaml');
    assert.equal(bound.code, 1);
    assert.deepEqual(
      bound.violations?.map(({ none, by }) => [none, by]),
      [['PATH', 'organisation']],
    );
    repository.write({ 'sallyport.yaml': demand({ require: { none: ['PAHT01'] } }) });
    const wrong = repository.sallyport('audit');
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /^sallyport\.yaml:2:\d+: SP2104 .*Did you mean 'PATH01'\?/);
    assert.equal(repository.sallyport('policy', 'check').code, 2);
  });

  it('refuses two questions at once, and a fix of what is not in the files', () => {
    using repository = openRepository();
    const base = repository.commit({ [FILE]: CALM });
    repository.commit({ [FILE]: OPEN });
    for (const words of [
      ['--since', base, '--diff', `${base}..HEAD`],
      ['--fix', '--diff', `${base}..HEAD`],
      ['--explain-agent', 'all', '--write-baseline', 'b.json', '--reason', 'known'],
    ]) {
      const { code, stderr } = repository.sallyport('audit', ...words);
      assert.equal(code, 2);
      assert.match(stderr, /^SP1001 .*cannot be used with/);
    }
    assert.equal(repository.sallyport('audit', '--fix-plan', '--fix-unsafe').code, 0);
  });

  it('explains a rule, and names the nearest one for a rule that does not exist', () => {
    using repository = openRepository();
    const { stdout, code } = repository.sallyport('audit', '--rule', 'path01');
    assert.equal(code, 0);
    assert.match(
      stdout,
      /^PATH01 secret-leaves-by-agent[\s\S]*Why: [\s\S]*What to do: [\s\S]*Reported, [\s\S]*Not reported, /,
    );
    assert.match(repository.sallyport('audit', '--rule', 'PATH0l').stderr, /SP2105 .*Did you mean PATH0/);
    assert.match(repository.sallyport('audit', '--rule', 'code03').stderr, /SP2105 .*docs\/rules\/CODE03\.md/);
    assert.match(repository.sallyport('audit', '--rule', 'GATE020').stderr, /SP2105 .*docs\/gate\.md/);
    assert.match(repository.sallyport('audit', '--list-rules').stdout, /^PATH01 {3}critical/m);
    const listed: { readonly rules: readonly { readonly id: string }[] } = JSON.parse(
      repository.sallyport('audit', '--list-rules', '--format', 'json').stdout,
    );
    assert.ok(listed.rules.some(({ id }) => id === 'PATH01'));
  });

  it('refuses a form that the answer does not have, before anything is written', () => {
    using repository = openRepository();
    repository.commit({ [FILE]: OPEN });
    for (const [format, ...words] of [
      ['json', '--fix'],
      ['json', '--fix-unsafe'],
      ['sarif', '--fix-plan'],
      ['json', '--write-baseline', 'b.json', '--reason', 'known'],
      ['sarif', '--rule', 'PATH01'],
      ['html', '--list-rules'],
    ] as const) {
      const { code, stderr } = repository.sallyport('audit', '--format', format, ...words);
      assert.equal(code, 2);
      assert.match(stderr, new RegExp(`^SP1001 ${words[0]} has no format ${format} — It has text`));
    }
    assert.equal(repository.sallyport('audit').code, 1);
    assert.equal(readFileSync(join(repository.root, FILE), 'utf8'), OPEN);
  });

  it('says for programs what is in force for an agent, and what changed since', () => {
    using repository = openRepository();
    const base = repository.commit({ [FILE]: CONTAINED });
    repository.commit({ [FILE]: OPEN, 'CLAUDE.md': 'Be kind.\n' });
    const explained: unknown = JSON.parse(
      repository.sallyport('audit', '--explain-agent', 'triage', '--format', 'json').stdout,
    );
    assert.match(JSON.stringify(explained), /"title":"Can reach".*ANTHROPIC_API_KEY.*"line":\d+/);
    const words = ['audit', '--since', base];
    const changes: unknown = JSON.parse(repository.sallyport(...words, '--format', 'json').stdout);
    assert.match(
      JSON.stringify(changes),
      /"path":"CLAUDE\.md","change":"added".*"authors":\["Ada <ada@example\.test>"\]/,
    );
    assert.match(JSON.stringify(changes), /loses a control: sandbox/);
    assert.match(
      repository.sallyport(...words, '--format', 'markdown').stdout,
      /^## What gives orders[\s\S]*### Agents/,
    );
    assert.match(repository.sallyport(...words, '--format', 'sarif').stderr, /SP1001 --since has no format sarif/);
  });

  it('says when it started and ended in the report for GitLab', () => {
    using repository = openRepository();
    repository.commit({ [FILE]: OPEN });
    const { stdout } = repository.sallyport('audit', '--format', 'gitlab-sast');
    const [, start = '', end = ''] = /"start_time": "([^"]+)"[\s\S]*"end_time": "([^"]+)"/.exec(stdout) ?? [];
    assert.match(start, /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d$/);
    assert.ok(start <= end);
  });

  it('says where there was nothing to audit', () => {
    using repository = openRepository();
    repository.write({ 'src/app.py': 'import os\n' });
    const { code, stdout } = repository.sallyport('audit');
    assert.equal(code, 0);
    assert.match(stdout, /^no findings; 0 files read\n\nNo pipeline, .* nothing was there to audit\.\n$/);
    repository.write({ [FILE]: CALM });
    assert.doesNotMatch(repository.sallyport('audit').stdout, /nothing was there/);
  });

  it('paints on a terminal, and not where NO_COLOR is set', () => {
    using repository = openRepository();
    repository.commit({ [FILE]: OPEN });
    const onTerminal = (environment: NodeJS.ProcessEnv) =>
      spawnSync('script', ['-qec', `'${PROGRAM}' audit`, '/dev/null'], {
        cwd: repository.root,
        encoding: 'utf8',
        env: { PATH: '/usr/bin:/bin', HOME: repository.root, TERM: 'xterm', ...environment },
      }).stdout;
    assert.ok(onTerminal({}).includes('\u001b['));
    assert.ok(onTerminal({ NO_COLOR: '' }).includes('\u001b['));
    assert.ok(!onTerminal({ NO_COLOR: '1' }).includes('\u001b['));
  });

  it('applies the safe fixes, and the patch of the plan is the same change', () => {
    using repository = openRepository();
    repository.commit({ [FILE]: OPEN.replace('          persist-credentials: false\n', '          fetch-depth: 1\n') });
    const patch = repository.sallyport('audit', '--fix-plan').stdout;
    assert.match(patch, /\+ +persist-credentials: false/);
    assert.match(repository.sallyport('audit', '--fix').stdout, /^fixed /m);
    assert.match(readFileSync(join(repository.root, FILE), 'utf8'), /persist-credentials: false/);
  });

  it('says why a plan is empty', () => {
    using repository = openRepository();
    repository.commit({ [FILE]: CALM });
    const { code, stdout, stderr } = repository.sallyport('audit', '--fix-plan');
    assert.deepEqual([code, stdout, stderr], [0, '', 'There is nothing that a fix could mend.\n']);
  });

  it('writes no fix at all when one file differs from what was audited', async () => {
    using repository = openRepository();
    repository.write({ 'a.yml': 'a: 1\n', 'b.yml': 'b: 1\n' });
    const plan = ['a', 'b'].map((name) => ({ path: `${name}.yml`, before: `${name}: 1\n`, after: `${name}: 2\n` }));
    writeFileSync(join(repository.root, 'b.yml'), 'b: 3\n');
    await assert.rejects(writeFixes(repository.root, plan), (error) => {
      assert.ok(error instanceof SallyportError);
      assert.equal(error.code, 'SP2103');
      assert.match(error.message, /^b\.yml: the file differs/);
      return true;
    });
    assert.equal(readFileSync(join(repository.root, 'a.yml'), 'utf8'), 'a: 1\n');
  });

  it('leaves nothing half written where a fix cannot take its place', async () => {
    using repository = openRepository();
    const before = readdirSync(repository.root);
    const plan = ['made/a.yml', 'made'].map((path) => ({ path, before: undefined, after: 'a: 1\n' }));
    await assert.rejects(writeFixes(repository.root, plan), { code: 'SP2103' });
    assert.deepEqual(readdirSync(repository.root), [...before, 'made'].toSorted());
  });

  it('shows hostile bytes of a patch to a terminal by their codes, and hands them to a program as they are', () => {
    const patch = '+name: \u001b]0;owned\u0007\n+next\n';
    assert.equal(patchForReader(patch, false), patch);
    assert.equal(patchForReader(patch, true), '+name: <U+001B>]0;owned<U+0007>\n+next\n');
  });
});
