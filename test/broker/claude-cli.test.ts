/** The real Claude Code CLI through the broker: the firewall's refusals must be something it can work with. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { findClaudes } from '../agents/real-cli.ts';
import { type RecordedRequest, startScriptedModel } from '../support/scripted-model.ts';
import { startBridge } from './support/bridge.ts';
import { PLACEHOLDER, REAL_KEY, startRig } from './support/rig.ts';

interface Finished {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

function runClaude(claude: string, directory: string, baseUrl: string): Promise<Finished> {
  const args = ['-p', 'Do the job.', '--allowedTools', 'Bash', '--output-format', 'stream-json', '--verbose'];
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: directory,
    CLAUDE_CONFIG_DIR: join(directory, 'config'),
    ANTHROPIC_BASE_URL: baseUrl,
    ANTHROPIC_API_KEY: PLACEHOLDER,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_AUTOUPDATER: '1',
  };
  return new Promise((resolve) => {
    const child = execFile(claude, args, { cwd: directory, env, timeout: 60_000 }, (error, stdout, stderr) =>
      resolve({ exit: error ? 1 : 0, stdout, stderr }),
    );
    child.stdin?.end();
  });
}

const TURNS = [
  { text: 'I look first.', calls: [{ tool: 'Bash', input: { command: 'echo first > first.txt; cat first.txt' } }] },
  {
    calls: [
      { tool: 'Bash', input: { command: 'echo forbidden > second.txt' } },
      { tool: 'Bash', input: { command: 'echo third > third.txt' } },
    ],
  },
  { calls: [{ tool: 'Bash', input: { command: 'echo fourth > fourth.txt; echo done-with-it' } }] },
];

/** Set by whoever makes the connection, or different in every request. */
const NOT_COMPARED =
  /^(?:host|x-api-key|authorization|accept-encoding|content-length|connection|x-claude-code-session-id|x-client-request-id|x-stainless-retry-count|x-stainless-timeout|traceparent)$/;

function clientHeaders({ headers }: RecordedRequest): { readonly [name: string]: unknown } {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !NOT_COMPARED.test(name)));
}

for (const claude of findClaudes()) {
  describe(`Claude Code at ${claude}`, () => {
    test('says the same to the provider with the broker as without it', async () => {
      const directory = mkdtempSync(join(tmpdir(), 'broker-cli-'));
      try {
        await using bare = await startScriptedModel({ turns: [], final: 'Hello.' });
        await runClaude(claude, directory, bare.url);
        await using model = await startScriptedModel({ turns: [], final: 'Hello.' }, { key: REAL_KEY });
        await using rig = await startRig(model.url);
        await using bridge = await startBridge(rig.dial);
        await runClaude(claude, directory, bridge.url);
        const [direct] = bare.requests.filter(({ method }) => method === 'POST');
        const [brokered] = model.requests.filter(({ method }) => method === 'POST');
        assert.ok(direct && brokered);
        assert.deepEqual(clientHeaders(brokered), clientHeaders(direct));
        assert.equal(brokered.url, direct.url);
        assert.equal(brokered.headers['x-api-key'], REAL_KEY);
      } finally {
        rmSync(directory, { recursive: true });
      }
    });

    test('runs allowed calls, works on after a denied one, and its model reads why', async () => {
      const directory = mkdtempSync(join(tmpdir(), 'broker-cli-'));
      await using model = await startScriptedModel(
        { turns: TURNS, final: 'All done.' },
        { key: REAL_KEY, chunkBytes: 11 },
      );
      await using rig = await startRig(model.url);
      await using bridge = await startBridge(rig.dial);
      try {
        const { exit, stdout, stderr } = await runClaude(claude, directory, bridge.url);
        assert.equal(exit, 0, stderr + stdout);
        assert.match(stdout, /All done\./);
        assert.equal(readFileSync(join(directory, 'first.txt'), 'utf8'), 'first\n');
        assert.equal(existsSync(join(directory, 'second.txt')), false, 'the denied command ran');
        assert.equal(existsSync(join(directory, 'third.txt')), true, 'its neighbour did not run');
        assert.equal(existsSync(join(directory, 'fourth.txt')), true, 'the run did not go on');
        const last = model.requests.at(-1)?.body ?? '';
        assert.match(last, /Sallyport refused this call of Bash/);
        assert.doesNotMatch(last, /SallyportDenied/, 'the model sees its own call in the history');
        const verdicts = rig.tape.of('tool.call').map(({ decision }) => decision?.verdict);
        assert.deepEqual(verdicts, ['allow', 'deny', 'allow', 'allow']);
        const agreements = rig.tape.of('tool.result').map(({ agreement }) => agreement);
        assert.deepEqual(agreements, ['match', 'match', 'match', 'match']);
        assert.doesNotMatch(stdout + stderr, new RegExp(REAL_KEY));
      } finally {
        rmSync(directory, { recursive: true });
      }
    });
  });
}
