/** What `sallyport run` says to a mistake in what it was asked: one line, the right code, and nothing was started. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Ground, git, openGround, PROGRAM } from '../faults/support/ground.ts';

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly out: string;
}

describe('a mistake in the request', () => {
  let ground: Ground;
  let runs = 0;
  before(async () => {
    ground = await openGround();
  });
  after(() => ground[Symbol.asyncDispose]());

  /** `sallyport run` with these words after the out directory. */
  function sallyport(
    words: readonly string[],
    environment: { readonly [name: string]: string } = {},
  ): Promise<Outcome> {
    runs += 1;
    const out = join(ground.path, `out-${runs}`);
    const child = spawn(PROGRAM, ['run', '--out', out, ...words], {
      cwd: ground.workspace,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: '/usr/bin:/bin',
        TMPDIR: ground.temporary,
        ANTHROPIC_API_KEY: 'sk-ant-key-9Kd72hVbQ',
        ...environment,
      },
    });
    const text = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      child[name].on('data', (chunk: Buffer) => {
        text[name] += chunk.toString();
      });
    return new Promise((done) => child.on('close', (code) => done({ code, ...text, out })));
  }

  function assertRefused({ code, stdout, stderr, out }: Outcome, line: RegExp): void {
    assert.match(stderr, line);
    assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
    assert.equal(code, 2, stderr);
    assert.equal(stdout, '');
    assert.equal(existsSync(out), false, 'the out directory was made');
  }

  const AGENT = ['--', '/bin/echo', 'started'];

  for (const { name, words, line, environment } of [
    { name: 'an agent that is not installed', words: ['--', 'no-such-agent'], line: /^SP1601 .*no-such-agent/ },
    {
      name: 'an agent at a path where nothing is',
      words: ['--', '/no/such/agent'],
      line: /^SP1601 .*\/no\/such\/agent/,
    },
    { name: 'an agent that is a directory', words: ['--', '/usr/bin'], line: /^SP1601 .*\/usr\/bin/ },
    { name: 'an unknown flag', words: ['--no-such-flag', ...AGENT], line: /^SP1001 .*--no-such-flag/ },
    { name: 'a flag without its value', words: ['--policy'], line: /^SP1001 .*--policy/ },
    { name: 'no command', words: [], line: /^SP1001 .*command/ },
    {
      name: 'a policy file that is not there',
      words: ['--policy', 'none.yaml', ...AGENT],
      line: /^SP1708 .*none\.yaml/,
    },
    {
      name: "an organisation's policy that is not there",
      words: ['--organisation', 'none.yaml', ...AGENT],
      line: /^SP1708 .*none\.yaml/,
    },
    {
      name: 'a workspace that is not there',
      words: ['--workspace', '/no/such', ...AGENT],
      line: /^SP1706 .*\/no\/such/,
    },
    {
      name: 'a workspace that is a file',
      words: ['--workspace', 'README', ...AGENT],
      line: /^SP1706 .*not a directory/,
    },
    {
      name: 'a base that is not there',
      words: ['--base', 'no/such', ...AGENT],
      line: /^SP1705 no\/such cannot be read .*--base/,
    },
    {
      name: 'a base that is an option',
      words: ['--base=--upload-pack=x', ...AGENT],
      line: /^SP1705 .*not the name of a ref/,
    },
    {
      name: 'a pull request on GitHub whose base was not fetched',
      words: AGENT,
      environment: { GITHUB_BASE_REF: 'release' },
      line: /^SP1705 refs\/remotes\/origin\/release or refs\/heads\/release cannot be read .*GitHub Actions.*fetch/i,
    },
    {
      name: 'a merge request on GitLab whose base was not fetched',
      words: AGENT,
      environment: { CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'release' },
      line: /^SP1705 refs\/remotes\/origin\/release or refs\/heads\/release cannot be read .*GitLab.*fetch/i,
    },
    {
      name: 'a model upstream that is no address',
      words: AGENT,
      environment: { ANTHROPIC_BASE_URL: 'nonsense' },
      line: /^SP1401 .*nonsense/,
    },
    {
      name: 'a model upstream with a password in it',
      words: AGENT,
      environment: { ANTHROPIC_BASE_URL: 'https://user:word@gateway.example' },
      line: /^SP1401 (?!.*word)/,
    },
  ] as const satisfies readonly Mistake[]) {
    test(`${name} is refused in one line`, async () => {
      const given: Mistake['environment'] = environment;
      assertRefused(await sallyport(words, given), line);
    });
  }

  for (const { name, policy, line } of [
    { name: 'that is no YAML', policy: 'version: 1\nrules: [\n', line: /^\S*bad\.yaml:\d+:\d+: SP1\d{3} / },
    { name: 'with an unknown key', policy: 'version: 1\nlimit: {}\n', line: /^\S*bad\.yaml:2:1: SP1101 .*limit/ },
    {
      name: 'with a value of another kind',
      policy: 'version: 1\nlimits:\n  minutes: soon\n',
      line: /^\S*bad\.yaml:3:3: SP1101 /,
    },
    { name: 'that is empty', policy: '', line: /^\S*bad\.yaml:1:1: SP1101 / },
  ]) {
    test(`a policy ${name} is refused with file, line and column`, async () => {
      const file = join(ground.path, 'bad.yaml');
      writeFileSync(file, policy);
      assertRefused(await sallyport(['--policy', file, ...AGENT]), line);
    });
  }

  test('a plain directory without git is a workspace', async () => {
    const plain = join(ground.path, 'plain');
    mkdirSync(plain);
    writeFileSync(join(plain, 'file'), 'one\n');
    const { code, out, stderr } = await sallyport(['--workspace', plain, '--', '/bin/sh', '-c', 'echo two >> file']);
    assert.equal(code, 0, stderr);
    assert.match(readFileSync(join(out, 'changes.patch'), 'utf8'), /^\+two$/m);
  });

  test("a dirty tree is a workspace, and the patch has the agent's changes only", async () => {
    const dirty = join(ground.path, 'dirty');
    mkdirSync(dirty);
    git(dirty, 'init', '--quiet');
    for (const name of ['tracked', 'other']) writeFileSync(join(dirty, name), 'one\n');
    git(dirty, 'add', '.');
    git(dirty, 'commit', '--quiet', '--message=first');
    writeFileSync(join(dirty, 'tracked'), 'one\nby a person\n');
    writeFileSync(join(dirty, 'untracked'), 'by a person\n');
    const script = 'echo by the agent >> other; cat tracked untracked';
    const { code, out, stdout, stderr } = await sallyport(['--workspace', dirty, '--', '/bin/sh', '-c', script]);
    assert.equal(code, 0, stderr);
    assert.equal(stdout, 'one\nby a person\nby a person\n');
    const patch = readFileSync(join(out, 'changes.patch'), 'utf8');
    assert.deepEqual(patch.match(/^[+-][^+-].*$/gm), ['+by the agent']);
  });
});

interface Mistake {
  readonly name: string;
  readonly words: readonly string[];
  readonly line: RegExp;
  readonly environment?: { readonly [name: string]: string };
}
