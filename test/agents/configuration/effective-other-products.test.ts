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

test('Codex takes trust from a setting on the command line too, and from nothing that says untrusted', () => {
  const files = { '.codex/config.toml': '[mcp_servers.notes]\ncommand = "./notes"\n' };
  const at = (level: string) =>
    inForce(
      { files, invocation: started(`codex exec -c projects={"/w"={trust_level="${level}"}} Review`) },
      'mcp server notes',
    );
  assert.equal(at('trusted'), 'yes');
  assert.equal(at('untrusted'), 'no');
});

test('a version that the pipeline names is read as that version: older ones opened the gate themselves', () => {
  const servers = {
    '.codex/config.toml': '[mcp_servers.notes]\ncommand = "./notes"\n',
    '.gemini/settings.json': SERVER,
  };
  const at = (line: string, version: string | undefined) =>
    inForce(
      { files: servers, invocation: started(line), ...(version === undefined ? {} : { version }) },
      'mcp server notes',
    );
  assert.equal(at('codex exec --sandbox workspace-write Review', '0.140.0'), 'yes');
  assert.equal(at('codex exec --sandbox danger-full-access Review', '0.140.0'), 'yes');
  assert.equal(at('codex exec Review', '0.140.0'), 'no');
  assert.equal(at('codex exec --sandbox workspace-write Review', '0.167.0'), 'unknown');
  assert.equal(at('codex exec --sandbox workspace-write Review', '0.169.0'), 'no');
  assert.equal(at('codex exec --sandbox workspace-write Review', undefined), 'no');
  assert.equal(at('gemini -p Review', '0.36.0'), 'yes');
  assert.equal(at('gemini -p Review', '0.39.0'), 'unknown');
  assert.equal(at('gemini -p Review', '0.61.0'), 'no');
});

test('rules of a trusted repository count for Codex, those of another do not', () => {
  const files = { '.codex/rules/a.rules': 'prefix_rule(pattern=["touch"], decision="allow")\n' };
  assert.equal(inForce({ files, invocation: started('codex exec Review') }, 'allow touch'), 'no');
  assert.equal(inForce({ files, invocation: started('codex exec --trust Review') }, 'allow touch'), 'yes');
});

test('texts of skills reach the model of Codex, Copilot and a started Gemini without trust', () => {
  const files = { '.agents/skills/notes/SKILL.md': '---\nname: notes\n---\nRead the notes.\n' };
  const at = (line: string) =>
    inForce({ files, invocation: started(line) }, 'instructions .agents/skills/notes/SKILL.md');
  assert.equal(at('codex exec Review'), 'yes');
  assert.equal(at('copilot -p Review'), 'yes');
  assert.equal(at('gemini --skip-trust -p Review'), 'yes');
  assert.equal(at('gemini -p Review'), 'no');
});

test('--skip-trust lets Gemini read environment files and texts, and no settings', () => {
  const hooks = { SessionStart: [{ hooks: [{ type: 'command', command: './x.sh' }] }] };
  const files = {
    '.gemini/settings.json': { ...SERVER, hooks, tools: { allowed: ['run_shell_command'] } },
    '.env': 'GOOGLE_GEMINI_BASE_URL=https://m.example.test\n',
    'GEMINI.md': 'Review.',
  };
  const subjects = ['mcp server notes', 'hook SessionStart', 'allow run_shell_command', 'env GOOGLE_GEMINI_BASE_URL'];
  const at = (line: string, variables = {}) =>
    [...subjects, 'instructions GEMINI.md'].map((subject) =>
      inForce({ files, invocation: started(line), variables }, subject),
    );
  assert.deepEqual(at('gemini --skip-trust -p Review'), ['no', 'no', 'no', 'yes', 'yes']);
  assert.deepEqual(at('gemini -p Review', { GEMINI_CLI_TRUST_WORKSPACE: 'true' }), ['yes', 'yes', 'yes', 'yes', 'yes']);
  assert.deepEqual(at('gemini -p Review', { GEMINI_CLI_TRUST_WORKSPACE: 'false' }), ['no', 'no', 'no', 'no', 'no']);
});

test('Gemini reads AGENTS.md only where settings name it', () => {
  const variables = { GEMINI_CLI_TRUST_WORKSPACE: 'true' };
  const at = (settings: unknown) =>
    inForce(
      {
        files: { 'AGENTS.md': 'Review.', '.gemini/settings.json': settings },
        invocation: started('gemini -p Review'),
        variables,
      },
      'instructions AGENTS.md',
    );
  assert.equal(at({}), 'no');
  assert.equal(at({ context: { fileName: ['AGENTS.md'] } }), 'yes');
});

test('opencode without project configuration still runs its plug-ins', () => {
  const files = {
    'opencode.json': { mcp: { notes: { type: 'local', command: ['./notes'] } } },
    '.opencode/plugin/a.ts': 'x',
    'AGENTS.md': 'Review.',
    '.env': 'ANTHROPIC_BASE_URL=https://m.example.test\n',
  };
  const variables = { OPENCODE_DISABLE_PROJECT_CONFIG: 'true' };
  const at = (subject: string) => inForce({ files, invocation: started('opencode run Review'), variables }, subject);
  assert.equal(at('mcp server notes'), 'no');
  assert.equal(at('instructions AGENTS.md'), 'no');
  assert.equal(at('plug-in .opencode/plugin/a.ts'), 'yes');
  assert.equal(at('env ANTHROPIC_BASE_URL'), 'no');
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

test('Copilot is trusted by exactly one spelling of the variable, and never takes rules from the repository', () => {
  const files = { '.mcp.json': SERVER, '.claude/settings.json': { permissions: { allow: ['Bash'] } }, '.env': 'A=1\n' };
  const invocation = started('copilot -p Review');
  for (const value of ['1', 'yes', 'TRUE', 'on'])
    assert.equal(
      inForce({ files, invocation, variables: { COPILOT_ALLOW_ALL: value } }, 'mcp server notes'),
      'no',
      value,
    );
  const variables = { COPILOT_ALLOW_ALL: 'true' };
  assert.equal(inForce({ files, invocation, variables }, 'allow Bash'), 'no');
  assert.equal(inForce({ files, invocation, variables }, 'env A'), 'no');
});

test('Copilot obeys instructions of Claude Code and Gemini until it is told to leave instructions out', () => {
  const files = { 'CLAUDE.md': 'Review.', 'GEMINI.md': 'Review.', '.claude/agents/a.md': '---\nname: a\n---\nReview.' };
  for (const path of Object.keys(files))
    assert.equal(inForce({ files, invocation: started('copilot -p Review') }, `instructions ${path}`), 'yes', path);
  const without = started('copilot -p Review --no-custom-instructions');
  assert.equal(inForce({ files, invocation: without }, 'instructions CLAUDE.md'), 'no');
  assert.equal(inForce({ files, invocation: without }, 'instructions .claude/agents/a.md'), 'yes');
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
