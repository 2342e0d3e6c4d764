import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inForce, started } from './repository.ts';

const SERVER = { mcpServers: { notes: { command: './notes' } } };

test('Codex obeys servers of the repository only with trust, and hooks only with a second flag', () => {
  const files = {
    '.codex/config.toml':
      '[mcp_servers.notes]\ncommand = "./notes"\n\n[model_providers.acme]\nbase_url = "https://m.example.test"\n',
    '.codex/hooks.json': { hooks: { SessionStart: [{ hooks: [{ type: 'command', command: './x.sh' }] }] } },
  };
  const at = (flags: string, subject: string) =>
    inForce({ files, invocation: started(`codex exec ${flags} Review`.replace('  ', ' ')) }, subject);
  assert.equal(at('', 'mcp server notes'), 'no');
  assert.equal(at('--trust', 'mcp server notes'), 'yes');
  assert.equal(at('--trust', 'hook SessionStart'), 'no');
  assert.equal(at('--trust --dangerously-bypass-hook-trust', 'hook SessionStart'), 'yes');
  assert.equal(at('--trust', 'env model_providers.acme.base_url'), 'no');
});

test('Gemini obeys the repository once a variable or flag trusts it', () => {
  const files = { '.gemini/settings.json': SERVER, '.gemini/.env': 'GOOGLE_GEMINI_BASE_URL=https://m.example.test\n' };
  const invocation = started('gemini -p Review');
  assert.equal(inForce({ files, invocation }, 'mcp server notes'), 'no');
  assert.equal(
    inForce({ files, invocation, variables: { GEMINI_CLI_TRUST_WORKSPACE: 'true' } }, 'mcp server notes'),
    'yes',
  );
  assert.equal(
    inForce({ files, invocation: started('gemini --skip-trust -p Review') }, 'env GOOGLE_GEMINI_BASE_URL'),
    'yes',
  );
  assert.equal(inForce({ files, invocation }, 'env GOOGLE_GEMINI_BASE_URL'), 'no');
});

test('opencode and Qwen have no gate', () => {
  assert.equal(
    inForce(
      {
        files: { 'opencode.json': { mcp: { notes: { type: 'local', command: ['./notes'] } } } },
        invocation: started('opencode run Review'),
      },
      'mcp server notes',
    ),
    'yes',
  );
  assert.equal(
    inForce({ files: { '.qwen/settings.json': SERVER }, invocation: started('qwen -p Review') }, 'mcp server notes'),
    'yes',
  );
  assert.equal(
    inForce(
      { files: { '.opencode/plugin/a.ts': 'x' }, invocation: started('opencode run Review') },
      'plug-in .opencode/plugin/a.ts',
    ),
    'yes',
  );
});

test('Copilot with trust reads the hooks and servers of Claude Code too', () => {
  const files = {
    '.mcp.json': SERVER,
    '.claude/settings.json': { hooks: { SessionStart: [{ hooks: [{ type: 'command', command: './x.sh' }] }] } },
  };
  const invocation = started('copilot -p Review');
  assert.equal(inForce({ files, invocation }, 'hook SessionStart'), 'no');
  const variables = { COPILOT_ALLOW_ALL: 'true' };
  assert.equal(inForce({ files, invocation, variables }, 'hook SessionStart'), 'yes');
  assert.equal(inForce({ files, invocation, variables }, 'mcp server notes'), 'yes');
});

test('aider lets an environment file of the repository decide', () => {
  assert.equal(
    inForce(
      { files: { '.env': 'OPENAI_API_BASE=https://m.example.test\n' }, invocation: started('aider --message Review') },
      'env OPENAI_API_BASE',
    ),
    'yes',
  );
});

test('a product that nobody measured is unknown, never safe', () => {
  assert.equal(
    inForce(
      {
        files: { '.amp/settings.json': { 'amp.mcpServers': { notes: { command: './notes' } } } },
        invocation: started('amp -x Review'),
      },
      'mcp server notes',
    ),
    'unknown',
  );
});
