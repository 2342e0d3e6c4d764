import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findScript } from '../../src/agents/generic/interpreters.ts';
import { type AgentLaunch, adapterFor, KNOWN_AGENTS } from '../../src/agents/index.ts';
import { defaultPolicy, type Policy } from '../../src/policy/index.ts';

const DEFAULT = defaultPolicy('generic');
const HOST = { id: 'a', host: 'api.example.test', port: 443, protocol: 'https', tls: 'inspect' } as const;
/** A policy by which an agent can reach a model of its own. */
const WITH_HOST: Policy = { ...DEFAULT, network: [HOST] };

function launch(command: readonly [string, ...string[]], policy = WITH_HOST): AgentLaunch {
  return adapterFor(command).launch(
    {
      command,
      policy,
      workspace: '/checkout/tree',
      home: '/home/agent',
      baseUrl: 'http://127.0.0.1:8040',
      placeholderKey: 'sk-ant-api03-placeholder',
      allowKnownVulnerable: false,
    },
    undefined,
  );
}

describe('any command', () => {
  test('runs as it is, with the broker as its model', () => {
    const started = launch(['/usr/bin/env', 'sh', '-c', 'true']);
    assert.deepEqual(started.command, ['/usr/bin/env', 'sh', '-c', 'true']);
    assert.equal(started.environment['ANTHROPIC_BASE_URL'], 'http://127.0.0.1:8040');
    assert.deepEqual(started.readOnly, []);
  });

  test('says so when an agent is hidden in it', () => {
    for (const command of [
      ['/usr/bin/sh', '-c', 'cd a && claude -p x'],
      ['/usr/bin/timeout', '60', '/opt/claude'],
      ['/usr/bin/npx', '@anthropic-ai/claude-code'],
    ] as const)
      assert.match(launch(command).notes.join(), /call it directly/, command.join(' '));
    assert.deepEqual(launch(['/usr/bin/sh', '-c', 'echo claudette']).notes, []);
  });

  test('brings the script its interpreter runs, and no other file that it names', () => {
    const script = import.meta.filename;
    const started = launch(['/usr/bin/node', script, '--key', '/etc/passwd']);
    assert.equal(started.readOnly.length, 1);
    assert.ok(script.startsWith(started.readOnly[0] ?? 'none'));
  });

  test('the script is found behind flags and never in inline code', () => {
    assert.equal(findScript(['/usr/bin/node', '--import', 'x', '--no-warnings', '/a/b.mjs', '/c']), '/a/b.mjs');
    assert.equal(findScript(['/usr/bin/node', '-e', '1', '/a/b.mjs']), undefined);
    assert.equal(findScript(['/usr/bin/python3.11', '/a/b.py']), '/a/b.py');
    assert.equal(findScript(['/bin/bash', '-c', '/a/b']), undefined);
    assert.equal(findScript(['/usr/bin/node', 'relative.mjs']), undefined);
    assert.equal(findScript(['/opt/agent', '/a/b']), undefined);
  });
});

describe('a known agent', () => {
  for (const agent of KNOWN_AGENTS) {
    const program = `/usr/bin/${agent.programs[0]}`;
    test(`${agent.title} is recognised and never told to trust the repository`, () => {
      assert.equal(adapterFor([program, 'go']).id, agent.id);
      for (const flag of agent.forbiddenFlags) {
        const started = launch([program, 'go', flag, `${flag}=1`]);
        assert.ok(!started.command.some((word) => word.startsWith(flag)), flag);
        assert.match(started.notes.join('\n'), /would trust the repository/);
      }
    });

    test(`${agent.title} keeps what the person asked for otherwise`, () => {
      const { command } = launch([program, 'go', '--model', 'x']);
      assert.deepEqual(command.slice(-3), ['go', '--model', 'x']);
    });
  }

  test('is recognised behind a script runtime by its package', () => {
    assert.equal(
      adapterFor(['/usr/bin/node', '/usr/lib/node_modules/@google/gemini-cli/dist/index.js', '-p', 'x']).id,
      'gemini',
    );
    assert.equal(adapterFor(['/usr/bin/node', 'gemini']).id, 'generic');
  });

  test('that could reach no model is refused with its host and key named, and starts once a host is granted', () => {
    for (const { programs, provider } of KNOWN_AGENTS) {
      const command = [`/usr/bin/${programs[0]}`, 'go'] as const;
      if (provider === undefined) assert.ok(launch(command, DEFAULT).environment['ANTHROPIC_API_KEY']);
      else {
        const refused = { code: 'SP1605', advice: new RegExp(`${provider.hosts.join(' and ')}.*${provider.key}`) };
        assert.throws(() => launch(command, DEFAULT), refused);
        assert.deepEqual(launch([command[0], '--version'], DEFAULT).command.slice(-1), ['--version']);
        assert.deepEqual(launch(command).environment, {});
      }
    }
  });

  test('codex gets its strict configuration in the subcommand', () => {
    assert.deepEqual(launch(['/usr/bin/codex', 'exec', 'fix it']).command, [
      '/usr/bin/codex',
      'exec',
      '--strict-config',
      '-c',
      'sandbox_mode="danger-full-access"',
      'fix it',
    ]);
  });

  test('codex keeps no sandbox of its own, however it is asked for: within ours it could run nothing', () => {
    const ours = ['--strict-config', '-c', 'sandbox_mode="danger-full-access"'];
    for (const asked of [
      ['-s', 'read-only'],
      ['--sandbox', 'workspace-write'],
      ['--sandbox=read-only'],
      ['-c', 'sandbox_mode="read-only"'],
      ['--config=sandbox_mode=read-only'],
    ])
      assert.deepEqual(
        launch(['/usr/bin/codex', 'exec', ...asked, 'go']).command.slice(1),
        ['exec', ...ours, 'go'],
        asked.join(' '),
      );
    const kept = launch(['/usr/bin/codex', 'exec', '-c', 'model="m"', '--', '-s']).command.slice(1);
    assert.deepEqual(kept, ['exec', ...ours, '-c', 'model="m"', '--', '-s']);
    assert.match(launch(['/usr/bin/codex', 'exec', 'go']).notes.join(), /its own sandbox cannot start inside this one/);
  });

  test('gemini is told to start, once, and not to trust the folder as a whole', () => {
    for (const asked of [[], ['--skip-trust']]) {
      const { command, environment } = launch(['/usr/bin/gemini', ...asked, '-p', 'go']);
      assert.equal(command.filter((word) => word === '--skip-trust').length, 1);
      assert.deepEqual(environment, {});
    }
  });

  test('a flag that is left out takes its value along, so that it does not become the task', () => {
    const { command, notes } = launch(['/usr/bin/opencode', 'run', '--attach', 'http://other.test', 'go']);
    assert.deepEqual(command, ['/usr/bin/opencode', 'run', 'go']);
    assert.match(notes.join(), /--attach was left out/);
  });

  test('aider starts without a configuration that would end it', () => {
    assert.deepEqual(launch(['/usr/bin/aider', '-m', 'go']).command, ['/usr/bin/aider', '-m', 'go']);
  });

  test('no environment of ours trusts a repository', () => {
    const names = KNOWN_AGENTS.flatMap((agent) => Object.keys(agent.environment));
    for (const name of ['GEMINI_CLI_TRUST_WORKSPACE', 'COPILOT_ALLOW_ALL']) assert.ok(!names.includes(name));
  });
});
