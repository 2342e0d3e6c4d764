import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { recogniseCommand } from '../../../src/agents/index.ts';
import { entry, line, words } from './words.ts';

const FUZZ_RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 300);

describe('what starts an agent', () => {
  const STARTS: readonly (readonly [string, string])[] = [
    ['claude -p hello', 'claude-code'],
    ['/usr/local/bin/claude --print hello', 'claude-code'],
    ['$HOME/.local/bin/claude -p hello', 'claude-code'],
    ['./node_modules/.bin/claude -p hello', 'claude-code'],
    ['npx -y @anthropic-ai/claude-code@2.1.240 -p hello', 'claude-code'],
    ['npx @anthropic/claude-code@latest --print hello', 'claude-code'],
    ['npx --package=@openai/codex codex exec hello', 'codex'],
    ['bunx opencode-ai run hello', 'opencode'],
    ['pnpm dlx @google/gemini-cli -p hello', 'gemini'],
    ['npm exec -- @anthropic-ai/claude-code -p hello', 'claude-code'],
    ['uvx --from aider-chat aider --message hello', 'aider'],
    ['pipx run aider-chat --message hello', 'aider'],
    ['python3 -m aider --message hello', 'aider'],
    ['node node_modules/@google/gemini-cli/dist/index.js -p hello', 'gemini'],
    ['codex exec hello', 'codex'],
    ['codex e hello', 'codex'],
    ['copilot -p hello --allow-all-tools', 'copilot'],
    ['cursor-agent -p hello', 'cursor'],
    ['goose run -t hello', 'goose'],
    ['amp -x hello', 'amp'],
    ['qwen -p hello', 'qwen'],
    ['droid exec hello', 'droid'],
    ['auggie --print hello', 'auggie'],
    ['q chat --no-interactive hello', 'amazon-q'],
    ['kiro-cli chat --no-interactive hello', 'amazon-q'],
    ['warp agent run --prompt hello', 'warp'],
    ['crush run hello', 'crush'],
    ['cline -y hello', 'cline'],
    ['agy -p hello', 'antigravity'],
    ['~/.local/bin/agy --sandbox --add-dir out -p hello', 'antigravity'],
    ['timeout -k 5 30 claude -p hello', 'claude-code'],
    ['sudo -E env A=1 claude -p hello', 'claude-code'],
    ['nohup claude -p hello', 'claude-code'],
    ['watch -n 5 claude -p hello', 'claude-code'],
    ['strace -o log claude -p hello', 'claude-code'],
    ['tini -- claude -p hello', 'claude-code'],
    ['xargs -I{} claude -p {}', 'claude-code'],
    ['docker run --rm -v a:b img claude -p hello', 'claude-code'],
    ['devcontainer exec --workspace-folder . claude -p hello', 'claude-code'],
    ['$AGENT --dangerously-skip-permissions -p hello', 'claude-code'],
  ];
  for (const [text, product] of STARTS) {
    it(`\`${text}\` starts ${product}`, () => assert.equal(recogniseCommand(line(text), [])?.product, product));
  }
});

describe('what only names an agent', () => {
  const NAMES = [
    'Get-Command claude',
    'echo codex',
    'which claude',
    'command -v claude',
    'pip install aider',
    'npm install -g @anthropic-ai/claude-code',
    'claude --version',
    'claude mcp add server',
    'claude update',
    'codex login',
    'gemini extensions install x',
    'cat path/with/gemini',
    'copilot svc deploy',
    'goose up',
    'docker pull claude',
    'docker run --name claude img',
    './claude hello',
    'opencode auth login',
    'npx ccusage claude',
  ];
  for (const text of NAMES) {
    it(`\`${text}\` starts none`, () => assert.equal(recogniseCommand(line(text), []), undefined));
  }
});

describe('permission prompts', () => {
  const MODES: readonly (readonly [string, string])[] = [
    ['claude -p x --dangerously-skip-permissions', 'bypass'],
    ['claude -p x --permission-mode bypassPermissions', 'bypass'],
    ['claude -p x --permission-mode=acceptEdits', 'accept-edits'],
    ['claude -p x --permission-mode dontAsk', 'deny'],
    ['claude -p x', 'ask'],
    ['claude -p x --dangerouslySkipPermissions', 'ask'],
    ['codex exec x', 'read-only'],
    ['codex exec --full-auto x', 'accept-edits'],
    ['codex exec --yolo x', 'bypass'],
    ['codex exec --sandbox danger-full-access x', 'bypass'],
    ['codex exec -c sandbox_mode="danger-full-access" x', 'bypass'],
    ['gemini -y -p x', 'bypass'],
    ['gemini -yp x', 'bypass'],
    ['gemini --yolo=false -p x', 'ask'],
    ['gemini --approval-mode yolo -p x', 'bypass'],
    ['gemini --approval-mode auto_edit -p x', 'accept-edits'],
    ['copilot -p x --allow-all-tools', 'bypass'],
    ['copilot -p x', 'deny'],
    ['aider --yes-always -m x', 'bypass'],
    ['droid exec --skip-permissions-unsafe x', 'bypass'],
    ['droid exec --auto high x', 'bypass'],
    ['droid exec x', 'read-only'],
  ];
  for (const [text, mode] of MODES) {
    it(`\`${text}\` is ${mode}`, () => assert.equal(recogniseCommand(line(text), [])?.mode, mode));
  }

  it('reads the mode and the rules of inline settings', () => {
    const settings = '{"permissions":{"defaultMode":"bypassPermissions","deny":["Bash(rm *)"]}}';
    const found = recogniseCommand(words('claude', '-p', 'x', '--settings', settings), []);
    assert.equal(found?.mode, 'bypass');
    assert.deepEqual(
      found?.deny.map(({ text }) => text),
      ['Bash(rm *)'],
    );
  });

  const VARIABLES: readonly (readonly [string, string, string, string])[] = [
    ['goose run -t x', 'GOOSE_MODE', 'auto', 'bypass'],
    ['copilot -p x', 'COPILOT_ALLOW_ALL', 'true', 'bypass'],
    ['copilot -p x', 'COPILOT_ALLOW_ALL', 'false', 'deny'],
    ['opencode run x', 'OPENCODE_PERMISSION', '{"*":"allow"}', 'bypass'],
    ['aider -m x', 'AIDER_YES_ALWAYS', 'true', 'bypass'],
  ];
  for (const [text, name, value, mode] of VARIABLES) {
    it(`${name}=${value} makes \`${text}\` ${mode}`, () =>
      assert.equal(recogniseCommand(line(text), [entry(name, value)])?.mode, mode));
  }

  it('a variable set nearer wins over the same one further out', () => {
    const found = recogniseCommand(line('goose run -t x'), [entry('GOOSE_MODE', 'chat'), entry('GOOSE_MODE', 'auto')]);
    assert.equal(found?.mode, 'read-only');
  });
});

describe('what is given to the agent', () => {
  it('takes rules apart and knows where each stands', () => {
    const found = recogniseCommand(line('claude -p x --allowedTools Read,Bash(npm:*)'), []);
    assert.deepEqual(
      found?.allow.map(({ text, place }) => [text, place.span.start, place.span.end]),
      [
        ['Read', 27, 31],
        ['Bash(npm:*)', 32, 43],
      ],
    );
  });

  it('a list of tools ends at the next option', () => {
    const found = recogniseCommand(line('claude --allowedTools Read Edit -p hello'), []);
    assert.deepEqual(
      [found?.allow.map(({ text }) => text), found?.prompts.map(({ text }) => text)],
      [['Read', 'Edit'], ['hello']],
    );
  });

  it('without a prompt in its words it reads standard input', () => {
    assert.deepEqual(
      recogniseCommand(line('claude -p'), [])?.prompts.map(({ from }) => from),
      [{ kind: 'standard-input' }],
    );
    assert.deepEqual(
      recogniseCommand(line('codex exec -'), [])?.prompts.map(({ from }) => from),
      [{ kind: 'standard-input' }],
    );
  });

  it('names files that a prompt draws in', () => {
    const found = recogniseCommand(words('claude', '-p', 'Do what @docs/task.md says'), []);
    assert.deepEqual(
      found?.prompts.map(({ from }) => from.kind),
      ['word', 'file'],
    );
  });

  it('keeps hardening flags, limits, sources and servers', () => {
    const found = recogniseCommand(
      line('claude -p x --setting-sources user --strict-mcp-config --mcp-config m.json --max-turns 5 --bare'),
      [],
    );
    assert.deepEqual(found?.settingSources, ['user']);
    assert.equal(found?.strictMcp && found.bare, true);
    assert.deepEqual(
      found?.mcpConfigurations.map(({ text }) => text),
      ['m.json'],
    );
    assert.notEqual(found?.turnLimit, undefined);
  });

  it('knows keys and endpoints of the environment', () => {
    const environment = [
      entry('ANTHROPIC_API_KEY', '$KEY'),
      entry('ANTHROPIC_BASE_URL', 'https://m.example.test'),
      entry('OTHER', '1'),
    ];
    const found = recogniseCommand(line('claude -p x'), environment);
    assert.deepEqual(
      found?.credentials.map(({ name }) => name),
      ['ANTHROPIC_API_KEY'],
    );
    assert.equal(found?.endpoint?.text, 'https://m.example.test');
  });

  it('reads the version from the package', () => {
    assert.equal(recogniseCommand(line('npx -y @anthropic-ai/claude-code@2.1.240 -p x'), [])?.version?.text, '2.1.240');
    assert.equal(recogniseCommand(line('npx -y @anthropic-ai/claude-code -p x'), [])?.version, undefined);
    assert.equal(recogniseCommand(line('npx --package=@openai/codex@0.1 codex exec x'), [])?.version?.text, '0.1');
  });
});

describe('wrappers', () => {
  it('sees the sandbox around an agent', () => {
    for (const text of [
      'sallyport run -- claude -p x',
      'awf --allow-domains a.example.test -- claude -p x',
      'srt claude -p x',
    ]) {
      const found = recogniseCommand(line(text), []);
      assert.equal(found?.sandbox.state, 'on', text);
      assert.ok(
        found?.written.some(({ name }) => name === 'wrapper'),
        text,
      );
    }
  });

  it('finds the agent in shell text behind a wrapper', () => {
    const found = recogniseCommand(
      words('sudo', '-E', 'awf', '--', 'bash', '-c', 'export A=1; claude -p "x y" --yolo'),
      [],
    );
    assert.equal(found?.product, 'claude-code');
    assert.equal(found?.sandbox.state, 'on');
    assert.deepEqual(
      found?.prompts.map(({ text }) => text),
      ['x y'],
    );
  });

  it('leaves shell text at the front to the reader of the script', () => {
    assert.equal(recogniseCommand(words('bash', '-c', 'claude -p x'), []), undefined);
  });

  it('remembers root and detachment', () => {
    const names = (text: string) => recogniseCommand(line(text), [])?.written.map(({ name }) => name) ?? [];
    assert.ok(names('sudo claude -p x').includes('root'));
    assert.ok(names('nohup claude -p x').includes('detached'));
  });
});

it('wrappers in wrappers end at a cap', () => {
  const nested = line('docker run '.repeat(400).trim());
  assert.equal(recogniseCommand(nested, []), undefined);
  const text = `${'docker run "a b" '.repeat(200)}`;
  assert.equal(recogniseCommand(words('ssh', 'host', text, text), []), undefined);
});

it('no list of words makes it fail', () => {
  const word = fc.constantFrom(
    'claude',
    'codex',
    'exec',
    'sudo',
    '--',
    '-p',
    '-c',
    'npx',
    'bash',
    '--settings',
    '{"a":',
    'docker',
    'run',
    "'",
    '',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(word, fc.string()), { maxLength: 30 }), (texts) => {
      recogniseCommand(words(...texts), [entry('OPENCODE_PERMISSION', texts[0] ?? '')]);
    }),
    { numRuns: FUZZ_RUNS },
  );
});
