/** A repository whose author wants the audit to hang, to crash, to be blind or to run something. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, existsSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { openRepository, PROGRAM, type Repository } from './support/repository.ts';

/** A hang fails a test by this, in milliseconds; no test asserts how fast it is. */
const LIMIT = 120_000;
/** Megabytes of the heap, however large the repository is. */
const HEAP = 1024;

interface Report {
  readonly code: number | null;
  readonly findings: readonly {
    readonly rule: string;
    readonly message: string;
    readonly place: { readonly file: string };
  }[];
  readonly stderr: string;
}

function audit(repository: Repository, ...words: string[]): Report {
  const { status, signal, stdout, stderr } = spawnSync(
    PROGRAM,
    ['audit', '--format', 'json', '--profile', 'all', ...words],
    {
      cwd: repository.root,
      encoding: 'utf8',
      timeout: LIMIT,
      maxBuffer: 1 << 28,
      env: { PATH: '/usr/bin:/bin', HOME: repository.root, NODE_OPTIONS: `--max-old-space-size=${HEAP}` },
    },
  );
  assert.equal(signal, null, 'the audit hung or was killed');
  const value: unknown = JSON.parse(stdout);
  assert.ok(typeof value === 'object' && value !== null);
  // The members are asserted where they are used.
  return { findings: [], ...value, code: status, stderr };
}

function capped(report: Report): readonly string[] {
  return report.findings.filter(({ rule }) => /^META0[39]$/.test(rule)).map(({ place }) => place.file);
}

const CALM =
  'on: push\npermissions: {}\njobs:\n  build:\n    runs-on: ubuntu-24.04\n    timeout-minutes: 5\n    steps:\n      - run: make\n';
const OPEN = `on:
  issues:
jobs:
  agent:
    runs-on: ubuntu-24.04
    steps:
      - run: claude -p "$BODY" --dangerously-skip-permissions
        env:
          ANTHROPIC_API_KEY: \${{ secrets.ANTHROPIC_API_KEY }}
          BODY: \${{ github.event.issue.body }}
`;

describe('a hostile file', () => {
  const aliases = [
    'a: &a [x, x, x, x, x, x, x, x, x]',
    ...'bcdefghij'
      .split('')
      .map((name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghij'[at]}`).join(', ')}]`),
  ];
  const files: Readonly<Record<string, string>> = {
    'aliases.yml': `on: push\n${aliases.join('\n')}\njobs: *j\n`,
    'deep.yml': `on: push\njobs: ${'['.repeat(200_000)}\n`,
    'deep-blocks.yml': `on: push\njobs:\n${Array.from({ length: 2000 }, (_, at) => `${' '.repeat(at)}a:`).join('\n')}\n`,
    'bytes.yml': `on: push\njobs: \u{FFFD}\n`,
  };

  it('is named as not read, and the others are still audited', () => {
    using repository = openRepository();
    repository.write(
      Object.fromEntries(Object.entries(files).map(([name, text]) => [`.github/workflows/${name}`, text])),
    );
    writeFileSync(
      join(repository.root, '.github/workflows/bytes.yml'),
      Buffer.from([0x6f, 0x6e, 0x3a, 0x20, 0xff, 0xfe, 0xc3, 0x28, 0x0a]),
    );
    repository.write({ '.github/workflows/agent.yml': OPEN });
    const report = audit(repository);
    for (const name of ['aliases.yml', 'deep.yml', 'bytes.yml']) {
      assert.ok(capped(report).includes(`.github/workflows/${name}`), name);
    }
    assert.ok(report.findings.some(({ rule }) => rule === 'PATH01'));
    assert.equal(report.code, 1);
  });

  it('of a hundred megabytes is not read, and with --strict that is exit code 3', () => {
    using repository = openRepository();
    repository.write({ '.github/workflows/build.yml': CALM, '.github/workflows/large.yml': 'on: push\n' });
    const large = join(repository.root, '.github/workflows/large.yml');
    appendFileSync(large, 'jobs:\n');
    truncateSync(large, 100 * 1024 * 1024);
    const report = audit(repository);
    assert.ok(capped(report).includes('.github/workflows/large.yml'));
    assert.equal(report.code, 0);
    assert.equal(audit(repository, '--strict').code, 3);
  });

  it('made for slow patterns ends, and hides no agent', () => {
    using repository = openRepository();
    const long = 100_000;
    const strings = [
      'a'.repeat(long),
      '${{ '.repeat(long / 4),
      '('.repeat(long),
      '$('.repeat(2000),
      `${'a-'.repeat(long / 2)}!`,
      ' '.repeat(long),
      '"'.repeat(long - 1),
      '<!--'.repeat(long / 4),
      '\\'.repeat(long),
      '@'.repeat(long),
      'Bash('.repeat(long / 5),
    ];
    for (const [at, text] of strings.entries()) {
      repository.write({
        [`.github/workflows/slow${at}.yml`]: `on: push\njobs:\n  a:\n    if: ${JSON.stringify(text)}\n    runs-on: x\n    steps:\n      - run: |\n          claude -p ${text}\n`,
        [`docs/${at}/CLAUDE.md`]: `${text}\nfollow ${text}\n![${text}](${text}\n`,
        [`p${at}/.claude/settings.json`]: JSON.stringify({ permissions: { allow: [`Bash(${text})`], deny: [text] } }),
      });
    }
    repository.write({ '.github/workflows/agent.yml': OPEN });
    assert.ok(audit(repository).findings.some(({ rule }) => rule === 'PATH01'));
  });
});

describe('a hostile tree', () => {
  it('with links that lead round and out, a pipe for a pipeline and names with control characters is walked once', () => {
    using repository = openRepository();
    repository.write({ '.github/workflows/agent.yml': OPEN, 'a/b/c.txt': '', '.claude/keep': '' });
    const at = (...parts: string[]) => join(repository.root, ...parts);
    symlinkSync('..', at('a/b/round'));
    symlinkSync('self', at('self'));
    symlinkSync('/etc', at('.github/actions'));
    symlinkSync('/etc/passwd', at('.claude/settings.json'));
    execFileSync('mkfifo', [at('.github/workflows/ci.yml'), at('.mcp.json')]);
    const name = 'evil\u001b[2J\nfake: line\r.yml';
    writeFileSync(at('.github/workflows', name), OPEN);
    const report = audit(repository);
    assert.equal(report.code, 1);
    assert.ok(
      report.findings.some(({ place }) => place.file.endsWith(name)),
      'the file with the odd name is audited',
    );
    assert.ok(!JSON.stringify(report.findings).includes('root:x:'), 'nothing outside is read');
    const text = repository.sallyport('audit', '--profile', 'all');
    assert.ok(!/[\u0000-\u0008\u000b-\u001f]/.test(text.stdout), 'no control character reaches the terminal');
    assert.ok(
      !text.stdout.split('\n').some((line) => line.startsWith('fake: line')),
      'a name begins no line of its own',
    );
  });

  it('of very many files is walked, and its pipelines are audited', () => {
    using repository = openRepository();
    repository.write({ '.github/workflows/agent.yml': OPEN });
    for (let folder = 0; folder < 100; folder++) {
      mkdirSync(join(repository.root, `many/${folder}`), { recursive: true });
      for (let file = 0; file < 1000; file++) writeFileSync(join(repository.root, `many/${folder}/${file}.md`), '');
    }
    const report = audit(repository);
    assert.ok(report.findings.some(({ rule }) => rule === 'PATH01'));
  });
});

describe('git of a hostile repository', () => {
  it('runs no program that the repository names', () => {
    using repository = openRepository();
    const canary = join(repository.root, 'canary.sh');
    const trace = join(repository.root, 'it-ran');
    repository.write({
      'canary.sh': `#!/bin/sh\ntouch '${trace}'\ncat\n`,
      '.gitattributes': '* diff=canary filter=canary\n',
    });
    chmodSync(canary, 0o755);
    const base = repository.commit({ '.github/workflows/agent.yml': OPEN, 'CLAUDE.md': 'Test first.\n' });
    repository.commit({
      '.github/workflows/agent.yml': `${OPEN}# more\n`,
      '.husky/pre-commit': `${canary}\n`,
      '.envrc': `${canary}\n`,
    });
    appendFileSync(
      join(repository.root, '.git/config'),
      `[core]\n\tfsmonitor = ${canary}\n\tpager = ${canary}\n\thooksPath = ${repository.root}/hooks\n\tsshCommand = ${canary}\n\tgitProxy = ${canary}\n[diff "canary"]\n\ttextconv = ${canary}\n\tcommand = ${canary}\n[diff]\n\texternal = ${canary}\n[filter "canary"]\n\tsmudge = ${canary}\n\tclean = ${canary}\n\tprocess = ${canary}\n[credential]\n\thelper = !${canary}\n[gpg]\n\tprogram = ${canary}\n[log]\n\tshowSignature = true\n[alias]\n\tshow = !${canary}\n\tls-tree = !${canary}\n`,
    );
    repository.write({
      '.claude/settings.json': JSON.stringify({
        hooks: { SessionStart: [{ hooks: [{ type: 'command', command: canary }] }] },
        apiKeyHelper: canary,
      }),
      '.mcp.json': JSON.stringify({ mcpServers: { canary: { command: canary } } }),
      'package.json': JSON.stringify({ scripts: { prepare: canary, install: canary } }),
    });
    for (const words of [
      [],
      ['--diff', `${base}..HEAD`],
      ['--since', base],
      ['--fix-plan'],
      ['--explain-agent', 'all'],
    ]) {
      const { code, stderr } = repository.sallyport('audit', ...words);
      assert.ok(code === 0 || code === 1, `${words.join(' ')}: ${code} ${stderr}`);
      assert.ok(!existsSync(trace), words.join(' '));
    }
  });
});

describe('a reader that goes away', () => {
  it('ends the report, not with a crash', () => {
    using repository = openRepository();
    for (let at = 0; at < 300; at++) repository.write({ [`.github/workflows/a${at}.yml`]: OPEN });
    const { stderr } = spawnSync(
      '/bin/sh',
      ['-c', `'${PROGRAM}' audit --profile all --format json | head -c 100 >/dev/null`],
      {
        cwd: repository.root,
        encoding: 'utf8',
        timeout: LIMIT,
        env: { PATH: '/usr/bin:/bin', HOME: repository.root },
      },
    );
    assert.doesNotMatch(stderr, /EPIPE|node:internal|at .*\.[tj]s:/);
  });
});
