import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { type AgentLaunch, adapterFor, claudeCode, FLAGS, resolveCommand } from '../../src/agents/index.ts';
import { SallyportError } from '../../src/errors/index.ts';
import { compilePolicy, defaultPolicy, parsePolicy } from '../../src/policy/index.ts';

const ELF = '\x7fELF';
let root = '';

before(() => {
  root = mkdtempSync(join(tmpdir(), 'sallyport-launch-'));
});
after(() => rmSync(root, { recursive: true, force: true }));

function place(path: string, content: string): string {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  chmodSync(file, 0o755);
  return file;
}

/** An npm installation of the given version; `stub` leaves the install script out, as `ignore-scripts` does. */
function installNpm(name: string, version: string, stub = false): string {
  const modules = `${name}/node_modules/@anthropic-ai`;
  const binary = place(`${modules}/claude-code/bin/claude.exe`, stub ? '#!/bin/sh\nexit 1\n' : ELF);
  place(`${modules}/claude-code/package.json`, JSON.stringify({ name: '@anthropic-ai/claude-code', version }));
  place(`${modules}/claude-code-linux-x64/claude`, ELF);
  mkdirSync(join(root, name, 'node_modules/.bin'), { recursive: true });
  symlinkSync(binary, join(root, name, 'node_modules/.bin/claude'));
  return join(root, name, 'node_modules/.bin');
}

function launch(
  bin: string,
  args: readonly string[],
  options: { allowed?: boolean; policy?: typeof policy } = {},
): AgentLaunch {
  const command = resolveCommand(['claude', ...args], { path: bin, directory: root });
  const version = undefined;
  return claudeCode.launch(
    {
      command,
      policy: options.policy ?? policy,
      workspace: join(root, 'workspace'),
      home: '/srv/agent',
      baseUrl: 'http://127.0.0.1:8040',
      placeholderKey: 'sk-ant-api03-placeholder',
      allowKnownVulnerable: options.allowed ?? false,
    },
    version,
  );
}

const policy = defaultPolicy('claude-code');
const flag = (started: AgentLaunch, name: string): string | undefined =>
  started.command.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
const codeOf = (action: () => unknown): string => {
  try {
    action();
  } catch (error) {
    if (error instanceof SallyportError) return error.code;
    throw error;
  }
  return 'none';
};

describe('the launch of Claude Code', () => {
  let bin = '';
  before(() => {
    bin = installNpm('current', '2.1.330');
  });

  test('reads no settings but ours, starts no server, keeps no transcript', () => {
    const started = launch(bin, ['-p', 'Fix it']);
    for (const word of ['--print', '--setting-sources=user', '--strict-mcp-config', '--no-session-persistence'])
      assert.ok(started.command.includes(word), word);
    assert.equal(JSON.parse(flag(started, '--settings') ?? '{}').disableAllHooks, true);
    assert.equal(started.environment['CLAUDE_CONFIG_DIR'], '/srv/agent/.claude');
    assert.ok(started.files.every((file) => !file.writable));
    assert.deepEqual(started.command.slice(-2), ['--', 'Fix it']);
  });

  test('gives the agent the broker and a placeholder', () => {
    const { environment } = launch(bin, ['-p', 'x']);
    assert.equal(environment['ANTHROPIC_BASE_URL'], 'http://127.0.0.1:8040');
    assert.equal(environment['ANTHROPIC_API_KEY'], 'sk-ant-api03-placeholder');
  });

  test('never switches the permission checks off', () => {
    for (const asked of [
      ['--dangerously-skip-permissions'],
      ['--permission-mode', 'bypassPermissions'],
      ['--permission-mode=bypassPermissions'],
      ['--permission-mode', 'auto'],
    ]) {
      const started = launch(bin, ['-p', 'x', ...asked]);
      assert.equal(flag(started, '--permission-mode'), 'dontAsk');
      assert.ok(flag(started, '--allowedTools')?.split(',').includes('Bash'), 'honest work stays possible');
      assert.equal(started.notes.length, 1);
      assert.ok(!started.command.some((word) => /bypass|skip-permissions/.test(word)));
    }
  });

  test('a list of allowed tools narrows what is approved', () => {
    const started = launch(bin, ['-p', 'x', '--allowedTools', 'Read', 'Bash(git log *)']);
    assert.equal(flag(started, '--allowedTools'), 'Read,Bash(git log *)');
  });

  test('a stricter mode of the person stays, an unknown one approves nothing', () => {
    assert.equal(flag(launch(bin, ['-p', 'x', '--permission-mode', 'plan']), '--permission-mode'), 'plan');
    const unknown = launch(bin, ['-p', 'x', '--permission-mode', 'constructor']);
    assert.equal(flag(unknown, '--permission-mode'), 'dontAsk');
    assert.equal(flag(unknown, '--allowedTools'), undefined);
  });

  test('settings on the command line keep their rules and lose everything that acts', () => {
    const settings = {
      permissions: { allow: ['Read'], deny: ['Bash(ps *)'], ask: ['Write'] },
      env: { A: 'b' },
      hooks: {},
    };
    const started = launch(bin, ['-p', 'x', '--settings', JSON.stringify(settings)]);
    assert.equal(flag(started, '--allowedTools'), 'Read');
    const denied = flag(started, '--disallowedTools')?.split(',');
    assert.deepEqual(denied?.slice(0, 3), ['mcp__*', 'Write', 'Bash(ps *)']);
    assert.match(started.notes.join(), /"env", "hooks" left out/);
    assert.ok(!started.command.some((word) => word.includes('"env"')));
  });

  test('a settings file is never opened, for it may be the repository’s', () => {
    const started = launch(bin, ['-p', 'x', '--settings', '.claude/evil.json']);
    assert.ok(!started.command.includes('.claude/evil.json'));
    assert.match(started.notes.join(), /--settings was left out/);
  });

  test('a rule that looks like a flag stays a rule', () => {
    const settings = { permissions: { allow: ['--dangerously-skip-permissions'], deny: ['--mcp-config'] } };
    const started = launch(bin, ['-p', 'x', '--settings', JSON.stringify(settings)]);
    assert.ok(!started.command.includes('--dangerously-skip-permissions'));
    assert.ok(!started.command.includes('--mcp-config'));
  });

  test('flags that load code or widen the reach are left out with a reason', () => {
    const flags = ['--mcp-config', 'evil.json', '--add-dir', '/', '--plugin-dir', 'p', '--agents', '{}', '--debug'];
    const started = launch(bin, ['-p', ...flags, '--setting-sources', 'project', '--', 'do it']);
    for (const word of ['evil.json', '/', 'p', '{}', 'project']) assert.ok(!started.command.includes(word), word);
    assert.equal(started.notes.length, 6);
    assert.deepEqual(started.command.slice(-2), ['--', 'do it']);
  });

  test('flags that steer the answer are kept, each value bound to its flag', () => {
    const { command } = launch(bin, [
      '-p',
      'x',
      '--model',
      'opus',
      '-n',
      'job',
      '--output-format=json',
      '--betas',
      'a',
      'b',
      '--verbose',
    ]);
    const kept = ['--model=opus', '--name=job', '--output-format=json', '--betas=a', '--betas=b', '--verbose'];
    assert.deepEqual(command.slice(1, kept.length + 1), kept);
  });

  test('a value that looks like a flag stays a value', () => {
    const { command } = launch(bin, ['-p', 'x', '--append-system-prompt', '--dangerously-skip-permissions']);
    assert.ok(command.includes('--append-system-prompt=--dangerously-skip-permissions'));
    assert.ok(!command.includes('--dangerously-skip-permissions'));
  });

  test('no command line gets a flag through that is not kept', () => {
    const names = FLAGS.flatMap((row) => row.names);
    const word = fc.oneof(
      fc.constantFrom(...names, '--', '--unknown', '=', 'update'),
      fc.constantFrom(...names).map((name) => `${name}=x`),
      fc.string({ maxLength: 6 }),
    );
    const kept = FLAGS.filter((row) => row.treatment === 'keep').flatMap((row) => row.names);
    const ours = [
      '--print',
      '--setting-sources',
      '--settings',
      '--strict-mcp-config',
      '--disable-slash-commands',
      '--no-session-persistence',
      '--permission-mode',
      '--tools',
      '--allowedTools',
      '--disallowedTools',
    ];
    const allowed = new Set([...kept, ...ours]);
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), (args) => {
        let started: AgentLaunch;
        try {
          started = launch(bin, args);
        } catch (error) {
          assert.ok(error instanceof SallyportError && error.code === 'SP1603');
          return;
        }
        const end = started.command.indexOf('--');
        const flags = started.command.slice(1, end < 0 ? undefined : end);
        for (const flagWord of flags) assert.ok(allowed.has(flagWord.split('=', 1)[0] ?? ''), flagWord);
        assert.equal(
          flags.filter((flagWord) => flagWord.startsWith('--setting-sources')).join(),
          '--setting-sources=user',
        );
      }),
      { numRuns: Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 500) },
    );
  });

  test('an unknown flag, a session elsewhere and a subcommand are refused', () => {
    for (const args of [
      ['--yolo'],
      ['--resume'],
      ['-c'],
      ['--bg'],
      ['mcp', 'add'],
      ['-p', '--', 'update'],
      ['--print=1'],
      ['--model'],
    ])
      assert.equal(
        codeOf(() => launch(bin, args)),
        'SP1603',
        args.join(' '),
      );
    assert.equal(
      codeOf(() => launch(bin, ['-p', 'update the tests'])),
      'none',
    );
  });

  test('what the policy denies as a whole is denied by the agent itself too', async () => {
    const text = [
      'version: 1',
      'tool: { allow: [Read, Write, Bash(ls *)], deny: [Write, Bash(rm *)] }',
      'disable: [builtin/agent-config]',
    ].join('\n');
    const strict = await compilePolicy({ repository: await parsePolicy(text, 'test.yaml') });
    const started = launch(bin, ['-p', 'x'], { policy: strict });
    const tools = flag(started, '--tools')?.split(',') ?? [];
    for (const [name, offered] of [
      ['Read', true],
      ['Bash', true],
      ['Write', false],
      ['TodoWrite', false],
    ] as const)
      assert.equal(tools.includes(name), offered, name);
    const denied = flag(started, '--disallowedTools')?.split(',') ?? [];
    assert.ok(denied.includes('Edit(.github/workflows/**)'));
    assert.ok(!denied.includes('Edit(CLAUDE.md)'), 'the policy switched that rule off');
  });

  test('only plain values of the person’s environment are kept', () => {
    const command = resolveCommand(['claude', '-p', 'x'], { path: bin, directory: root });
    const { environment } = claudeCode.launch(
      {
        command,
        policy,
        workspace: '/w',
        home: '/srv/agent',
        baseUrl: 'http://127.0.0.1:8040',
        placeholderKey: 'k',
        allowKnownVulnerable: false,
        inherited: {
          ANTHROPIC_MODEL: 'claude-sonnet-4-5',
          MAX_THINKING_TOKENS: '$(id)',
          ANTHROPIC_BASE_URL: 'http://evil.example',
          CLAUDE_CODE_SHELL_PREFIX: 'evil',
        },
      },
      '2.1.330',
    );
    assert.equal(environment['ANTHROPIC_MODEL'], 'claude-sonnet-4-5');
    assert.equal(environment['MAX_THINKING_TOKENS'], undefined);
    assert.equal(environment['ANTHROPIC_BASE_URL'], 'http://127.0.0.1:8040');
    assert.equal(environment['CLAUDE_CODE_SHELL_PREFIX'], undefined);
  });
});

describe('the installation of Claude Code', () => {
  test('is found behind an npm link, with its version and only its own directory', async () => {
    const bin = installNpm('plain', '2.1.329');
    const started = launch(bin, ['-p', 'x']);
    const directory = join(root, 'plain/node_modules/@anthropic-ai/claude-code');
    assert.equal(started.command[0], join(directory, 'bin/claude.exe'));
    assert.deepEqual(started.readOnly, [directory]);
    assert.equal(await claudeCode.installedVersion(join(bin, 'claude')), '2.1.329');
  });

  test('is the platform package when npm ran no install script', () => {
    const started = launch(installNpm('stubbed', '2.1.330', true), ['-p', 'x']);
    const directory = join(root, 'stubbed/node_modules/@anthropic-ai/claude-code-linux-x64');
    assert.equal(started.command[0], join(directory, 'claude'));
    assert.deepEqual(started.readOnly, [directory]);
  });

  test('without any binary is refused with advice', () => {
    const bin = installNpm('broken', '2.1.330', true);
    rmSync(join(root, 'broken/node_modules/@anthropic-ai/claude-code-linux-x64'), { recursive: true });
    assert.equal(
      codeOf(() => launch(bin, ['-p', 'x'])),
      'SP1604',
    );
  });

  test('of the native installer is one file named by its version', async () => {
    const binary = place('home/.local/share/claude/versions/2.1.330', ELF);
    mkdirSync(join(root, 'home/.local/bin'), { recursive: true });
    symlinkSync(binary, join(root, 'home/.local/bin/claude'));
    const started = launch(join(root, 'home/.local/bin'), ['-p', 'x']);
    assert.deepEqual([started.command[0], started.readOnly], [binary, [binary]]);
    assert.equal(await claudeCode.installedVersion(binary), '2.1.330');
  });

  test('of the old script layout is started through its runtime', () => {
    place('old/node_modules/@anthropic-ai/claude-code/package.json', '{"version":"2.1.330"}');
    const script = place('old/node_modules/@anthropic-ai/claude-code/cli.js', '#!/usr/bin/env node\n');
    mkdirSync(join(root, 'old/bin'), { recursive: true });
    symlinkSync(script, join(root, 'old/bin/claude'));
    symlinkSync(process.execPath, join(root, 'old/bin/node'));
    const started = launch(join(root, 'old/bin'), ['-p', 'x']);
    assert.equal(started.command[1], script);
    assert.match(started.command[0], /\/node$/);
  });

  test('below the floor is refused, and runs with every hole named when the person insists', () => {
    const bin = installNpm('ancient', '2.1.68');
    assert.equal(
      codeOf(() => launch(bin, ['-p', 'x'])),
      'SP1602',
    );
    assert.ok(launch(bin, ['-p', 'x'], { allowed: true }).notes.length >= 9);
  });

  test('between floor and newest starts with a warning that names the walls', () => {
    const { notes } = launch(installNpm('older', '2.1.197'), ['-p', 'x']);
    assert.equal(notes.length, 3);
    assert.match(notes.join('\n'), /fixed in 2\.1\.238; here: no MCP configuration/);
  });

  test('of an unreadable version is refused like an old one', () => {
    const bin = join(root, 'odd');
    place('odd/claude', ELF);
    assert.equal(
      codeOf(() => launch(bin, ['-p', 'x'])),
      'SP1602',
    );
    assert.equal(launch(bin, ['-p', 'x'], { allowed: true }).notes.length, 1);
  });
});

test('a command is recognised as Claude Code by its program, not by its words', () => {
  const bin = installNpm('recognised', '2.1.330');
  const resolve = (...command: [string, ...string[]]) =>
    resolveCommand(command, { path: `${bin}:/usr/bin:/bin`, directory: root });
  assert.equal(adapterFor(resolve('claude', '-p', 'x')).id, 'claude-code');
  assert.equal(adapterFor(resolve('sh', '-c', 'claude -p x')).id, 'generic');
  assert.equal(adapterFor(resolve('env', 'claude')).id, 'generic');
});
