import assert from 'node:assert/strict';
import { test } from 'node:test';
import { powerOf } from '../../../src/agents/index.ts';
import { capabilitiesIn, started, usedAction } from './repository.ts';

const short = (line: string, files: { readonly [path: string]: unknown } = {}) => {
  const { read, write, execute, network, forgeWrite } = capabilitiesIn({ files, invocation: started(line) });
  return `${read} ${write} ${execute} ${network}${forgeWrite ? ' forge' : ''}`;
};

test('Claude Code without rules reads the tree and nothing more', () => {
  assert.equal(short('claude -p Review'), 'tree none none none');
});

test('permission prompts off means everything', () => {
  assert.equal(short('claude -p Review --dangerously-skip-permissions'), 'everything everything any any forge');
});

test('a narrow list of commands stays narrow, an open interpreter is a shell', () => {
  assert.equal(short('claude -p Review --allowedTools Bash(npm·test)'), 'tree none listed none');
  assert.equal(short('claude -p Review --allowedTools Bash(python3:*)'), 'everything everything any any');
  assert.equal(short('claude -p Review --allowedTools Bash'), 'everything everything any any forge');
});

test('a forge program that reads writes nothing, one that comments does', () => {
  assert.equal(short('claude -p Review --allowedTools Bash(gh·pr·view:*)'), 'tree none listed listed');
  assert.equal(short('claude -p Review --allowedTools Bash(gh·pr·comment:*)'), 'tree none listed listed forge');
  assert.equal(short('claude -p Review --allowedTools Bash(git·push:*)'), 'tree none listed listed forge');
});

test('edits accepted by the repository widen what the agent may write', () => {
  assert.equal(
    short('claude -p Review', { '.claude/settings.json': { permissions: { defaultMode: 'acceptEdits' } } }),
    'tree tree none none',
  );
});

test('sandbox keys of the repository grant any command', () => {
  assert.match(
    short('claude -p Review', {
      '.claude/settings.json': { sandbox: { enabled: true, autoAllowBashIfSandboxed: true } },
    }),
    /any/,
  );
});

test('a denied or missing shell tool takes commands away', () => {
  assert.equal(short('claude -p Review --allowedTools Bash --disallowedTools Bash').split(' ')[2], 'none');
  assert.equal(short('claude -p Review --tools Read,Grep --dangerously-skip-permissions'), 'everything none none none');
});

test('Codex is confined by its own sandbox until that is off', () => {
  assert.equal(short('codex exec Review'), 'everything none any none');
  assert.equal(short('codex exec --sandbox danger-full-access Review'), 'everything everything any any forge');
  assert.equal(short('codex exec --full-auto Review'), 'everything tree any none');
});

test('a rule that a trusted repository brings lets Codex run a command outside its sandbox', () => {
  const files = { '.codex/rules/a.rules': 'prefix_rule(pattern=["python3"], decision="allow")\n' };
  assert.equal(short('codex exec Review', files), 'everything none any none');
  assert.equal(short('codex exec --trust Review', files), 'everything everything any any');
});

test('rules of Codex, Gemini and Copilot are beginnings of commands', () => {
  assert.equal(
    short('gemini --skip-trust -p Review --allowed-tools run_shell_command(python3)'),
    'everything everything any any',
  );
  assert.equal(short('copilot -p Review --allow-tool shell(python3)'), 'everything everything any any');
  assert.equal(short('copilot -p Review --allow-tool shell(git)'), 'tree none listed none');
});

test('Gemini fetches pages unasked once it edits unasked', () => {
  assert.equal(short('gemini --skip-trust -p Review'), 'tree none none none');
  assert.equal(short('gemini --skip-trust --approval-mode auto_edit -p Review'), 'tree tree none any');
});

test('aider answers itself with yes when nobody sits there, and runs less where a flag answers', () => {
  assert.equal(short('aider --message Review'), 'everything everything any any forge');
  assert.equal(short('aider --yes-always --message Review'), 'tree tree listed listed');
  assert.equal(short('aider --no-suggest-shell-commands --message Review'), 'tree tree listed listed');
  assert.equal(short('aider --message Review', { '.aider.conf.yml': 'yes-always: true\n' }), 'tree tree listed listed');
});

test('an agent that nobody measured does everything, and says so', () => {
  const found = capabilitiesIn({ files: {}, invocation: started('goose run -t Review') });
  assert.equal(found.execute, 'any');
  assert.ok(found.because.length > 0);
});

test('run-gemini-cli passes yolo by itself', () => {
  const invocation = usedAction('google-github-actions/run-gemini-cli', 'v0', { prompt: 'Review' });
  assert.equal(capabilitiesIn({ files: {}, invocation }).execute, 'any');
});

test('the power of single rules', () => {
  const cases: readonly [rule: string, expected: string][] = [
    ['Bash(*)', 'any any'],
    ['Bash(npm run *)', 'any any'],
    ['Bash(npm run test:*)', 'listed none'],
    ['Bash(git log:*)', 'listed none'],
    ['Bash(curl:*)', 'listed any'],
    ['Bash(find *)', 'any any'],
    ['WebFetch', 'none any'],
    ['WebFetch(domain:docs.example.test)', 'none listed'],
    ['Read(src/**)', 'none none'],
    ['mcp__notes__list', 'none listed'],
    ['shell(git)', 'listed none'],
    ['run_shell_command', 'any any'],
  ];
  for (const [rule, expected] of cases) {
    const { execute, network } = powerOf(rule);
    assert.equal(`${execute} ${network}`, expected, rule);
  }
});
