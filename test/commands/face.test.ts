import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, openSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, test } from 'node:test';

const ROOT = resolve(import.meta.dirname, '../..');
const NODE = [process.execPath, '--disable-warning=ExperimentalWarning', join(ROOT, 'src/cli.ts')] as const;

/** What a person at a shell sees of a command line. */
function type(
  words: readonly string[],
  streams: { readonly stdout?: number; readonly stderr?: number } = {},
  env = {},
) {
  const [program, ...first] = NODE;
  const { status, stdout, stderr } = spawnSync(program, [...first, ...words], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
    stdio: ['ignore', streams.stdout ?? 'pipe', streams.stderr ?? 'pipe'],
  });
  return { status, stdout: stdout ?? '', stderr: stderr ?? '' };
}

describe('a command line that cannot be understood', () => {
  for (const [words, message] of [
    [['constructor'], /unknown command 'constructor' — Run `sallyport --help`/],
    [['__proto__'], /unknown command '__proto__'/],
    [['help', 'nonsense'], /unknown command 'nonsense'/],
    [['audit', '--nonsense'], /unknown option '--nonsense' — Run `sallyport audit --help`/],
    [['policy', 'check', '--nonsense'], /unknown option '--nonsense' — Run `sallyport policy check --help`/],
    [['audit', '--reason', 'the bot has no key'], /--reason says nothing without --write-baseline/],
    [['review', '--all', '--votes', '1'], /--votes says nothing without --model/],
    [['review', '--all', '--units', 'units.jsonl'], /--units says nothing without --model/],
    [['review', '--working-tree', '--head', 'HEAD'], /'--working-tree' cannot be used with option '--head/],
    [['diff', '--working-tree', 'HEAD~1..HEAD'], /names a commit, and --working-tree the files — Leave out/],
    [['verify', '--signer', 'release'], /--signer says nothing without --artifact or --image/],
    [['verify', '--protect', 'main'], /--protect says nothing without --pre-receive/],
    [['verify', 'HEAD~1...HEAD'], /"HEAD~1\.\.\.HEAD" is no range — Write it as A\.\.B/],
    [['gate', '--check', 'gate'], /--check says nothing without --setup/],
    [['ci', '--bundle-key', 'key.pem'], /--bundle-key says nothing without --bundle/],
    [['attest', '--public-key', 'key.pem'], /--public-key says nothing without --key-command/],
    [['review', '--bundle-key', 'key.pem'], /--bundle-key says nothing without --bundle/],
    [['heal', '253912ae', '--patch', 'x', '--target', 'main'], /--target says nothing without --pull-request/],
    [['heal', '253912ae', '--patch', '/nonexistent.patch'], /'\/nonexistent.patch' cannot be read: there is no such/],
    [['log', 'show'], /missing required argument 'dir' — Run `sallyport log show --help`/],
  ] as const) {
    test(`sallyport ${words.join(' ')} is one line and 2`, () => {
      const { status, stdout, stderr } = type(words);
      assert.equal(status, 2);
      assert.equal(stdout, '');
      assert.match(stderr, /^SP(1001|2306) .*\n$/);
      assert.match(stderr, message);
    });
  }

  test('what it says is repeated without power over the terminal, the CI system or the next line', () => {
    const { status, stderr } = type(['audit', '--x\u001b]0;title\u0007\r\n::error::y##[group]z\u202e']);
    assert.equal(status, 2);
    assert.match(stderr, /^SP1001 [^\p{Cc}\u202e]*\n$/u);
    assert.doesNotMatch(stderr, /^::|##\[/m);
  });

  test('a command that needs one of its own commands says which there are', () => {
    const { status, stdout, stderr } = type(['policy']);
    assert.deepEqual([status, stderr], [2, '']);
    assert.match(stdout, /^Usage: sallyport policy [\s\S]*\n {2}explain /);
  });
});

test('help of a command names its options', () => {
  const { status, stdout } = type(['help', 'policy', 'check']);
  assert.equal(status, 0);
  assert.match(stdout, /^Usage: sallyport policy check [\s\S]*--organisation/);
});

test('help says of an option what it may be and what it is, and nothing of one that is off', () => {
  const { stdout } = type(['ci', '--help']);
  assert.match(stdout, /\(choices:\s+text,\s+json,[^)]*;\s+default:\s+text\)/);
  assert.doesNotMatch(stdout, /default: (?:false|\[\])|"text"/);
});

test('--debug may stand behind what failed', () => {
  for (const words of [
    ['audit', '/nonexistent', '--debug'],
    ['policy', 'check', '/nonexistent', '--debug'],
    ['--debug', 'audit', '/nonexistent'],
  ]) {
    const { status, stderr } = type(words);
    assert.equal(status, 2);
    assert.match(stderr, /^SP1\d{3} [^\n]*\n\w*Error: [^\n]*\n {4}at /);
  }
  assert.match(type(['run', '--', 'true', '--debug'], {}, { PATH: '' }).stderr, /^SP\d{4} [^\n]*\n$/);
});

test('the package that pipelines install holds what its commands look for beside themselves', () => {
  const { stdout } = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  const packed: readonly [{ readonly files: readonly { readonly path: string }[] }] = JSON.parse(stdout);
  const paths = new Set(packed[0].files.map(({ path }) => path));
  for (const attack of readdirSync(join(ROOT, 'attacks'))) assert.ok(paths.has(`attacks/${attack}`), attack);
  for (const path of ['bin/sallyport', 'bin/node-version.cjs', 'examples/scripted-agent/agent.mjs'])
    assert.ok(paths.has(path), path);
});

test('an older Node is named in one line, whatever it would make of the program', () => {
  const root = mkdtempSync(join(tmpdir(), 'sallyport-older-'));
  try {
    cpSync(join(ROOT, 'bin'), join(root, 'bin'), { recursive: true });
    writeFileSync(join(root, 'older.cjs'), "Object.defineProperty(process, 'version', { value: 'v20.20.2' });");
    const older = `#!/bin/sh\nexec '${process.execPath}' --require '${join(root, 'older.cjs')}' "$@"\n`;
    writeFileSync(join(root, 'node'), older, { mode: 0o755 });
    for (const words of [['audit'], ['ci'], ['run', '--', 'true'], ['policy', 'check']]) {
      const { status, stdout, stderr } = spawnSync(join(root, 'bin/sallyport'), words, {
        encoding: 'utf8',
        env: { PATH: `${root}:/usr/bin:/bin` },
      });
      assert.deepEqual([status, stdout], [2, '']);
      assert.match(stderr, /^SP1003 Node\.js 20\.20\.2 \(.*\) is too old — Install Node\.js 24 [^\n]*\n$/);
    }
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});

describe('a stream that takes nothing more', () => {
  test('an answer that cannot be written is no success', () => {
    const { status, stderr } = type(['policy', 'schema'], { stdout: openSync('/dev/full', 'w') });
    assert.equal(status, 2);
    assert.equal(stderr, 'SP2704 standard output: the disk is full — Make room, or write it elsewhere.\n');
  });

  test('help of every command stays one line of error, of a command with an output of its own too', () => {
    for (const command of ['run', 'log']) {
      const { status, stderr } = type([command, '--help'], { stdout: openSync('/dev/full', 'w') });
      assert.deepEqual([command, status, stderr.split('\n').length], [command, 2, 2], stderr);
    }
  });

  test('a fault that cannot be told keeps its exit code', () => {
    assert.equal(type(['audit', '/nonexistent'], { stderr: openSync('/dev/full', 'w') }).status, 2);
  });
});

test('what the system refuses is said with its place, and is no fault of ours', () => {
  const { status, stderr } = type(['inventory', ROOT], {}, { TMPDIR: '/nonexistent' });
  assert.equal(status, 2);
  assert.match(stderr, /^SP1004 \/nonexistent\/sallyport-dates-\w+: there is no such file or folder — .* TMPDIR .*\n$/);
});

describe('whoever asks for JSON gets JSON, also when there is nothing to answer', () => {
  for (const words of [
    ['run', '--json', '--policy', '/nonexistent', '--', 'true'],
    ['policy', 'explain', '/nonexistent', '--format', 'json'],
    ['policy', 'test', '/nonexistent', '--format', 'json'],
    ['policy', 'decide', '--policy', '/nonexistent', '--format', 'json', '--', 'ls'],
    ['policy', 'replay', '/nonexistent', '--policy', '/nonexistent', '--format', 'json'],
    ['log', 'diff', '/nonexistent', '/nonexistent', '--format', 'json'],
    ['inventory', '/nonexistent', '--format', 'json'],
    ['replay', '--only', 'nonexistent', '--format', 'json'],
  ]) {
    test(`sallyport ${words.slice(0, 2).join(' ')}`, () => {
      const { status, stdout, stderr } = type(words);
      assert.equal(status, 2);
      const answer: { readonly error: { readonly code: string } } = JSON.parse(stdout);
      assert.ok(stderr.startsWith(answer.error.code));
    });
  }
});

test('nothing is printed of a ledger that is not there', () => {
  for (const words of [['show'], ['cat'], ['export', '--format', 'csv'], ['export', '--format', 'json']])
    assert.deepEqual(type(['log', ...words, '/nonexistent']).stdout, '');
});
