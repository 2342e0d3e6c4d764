import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Invocation, recogniseAction } from '../../../src/agents/index.ts';
import { entry } from './words.ts';

const FUZZ_RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 300);
const PLACE = { file: 'pipeline.yml', span: { start: 10, end: 20 } };
const COMMIT = '0123456789abcdef0123456789abcdef01234567';

function use(
  name: string,
  ref: string,
  inputs: { readonly [name: string]: string },
  comment?: string,
): Invocation | undefined {
  const given = Object.entries(inputs).map(([key, text]) => entry(key, text));
  return recogniseAction({ name, ref, comment, inputs: given, place: PLACE }, []);
}

const CLAUDE = 'anthropics/claude-code-action';

describe('claude-code-action', () => {
  it('without a prompt it works in tag mode, on the text of the event', () => {
    const found = use(CLAUDE, 'v1', {});
    assert.equal(found?.promptFromEvent, true);
    assert.equal(found?.mode, 'accept-edits');
    assert.ok(found?.modeFrom.every(({ builtIn }) => builtIn));
    assert.equal(use(CLAUDE, 'v1', { prompt: 'Review' })?.promptFromEvent, false);
  });

  it('reads claude_args as a command line, comments left out', () => {
    const args = '# tools\n--allowedTools "Bash(gh pr view:*),Read"\n--max-turns 5 --permission-mode plan';
    const found = use(CLAUDE, 'v1', { prompt: 'x', claude_args: args });
    assert.deepEqual(
      found?.allow.map(({ text, place }) => [text, place.span.start - 100]),
      [
        ['Bash(gh pr view:*)', 24],
        ['Read', 43],
      ],
    );
    assert.equal(found?.mode, 'read-only');
  });

  it('an unquoted rule with blanks falls apart, as it does in the action', () => {
    const found = use(CLAUDE, 'v1', { prompt: 'x', claude_args: '--allowedTools Bash(gh pr list)' });
    assert.deepEqual(
      found?.allow.map(({ text }) => text),
      ['Bash(gh', 'pr', 'list)'],
    );
  });

  it('inputs of the old major are dead in the new one and count for nothing', () => {
    const found = use(CLAUDE, 'v1', { direct_prompt: 'x', allowed_tools: 'Read', timeout_minutes: '5' });
    assert.deepEqual(
      found?.deadInputs.map(({ name, security, replacement }) => [name, security, replacement]),
      [
        ['direct_prompt', true, 'prompt'],
        ['allowed_tools', true, 'claude_args: --allowedTools'],
        ['timeout_minutes', false, 'timeout-minutes of the job'],
      ],
    );
    assert.deepEqual(found?.prompts, []);
  });

  it('the same inputs live in the old major', () => {
    const found = use(CLAUDE, 'beta', { direct_prompt: 'x', allowed_tools: 'Read' });
    assert.deepEqual(found?.deadInputs, []);
    assert.deepEqual(
      found?.allow.map(({ text }) => text),
      ['Read'],
    );
  });

  it('a commit with a version in its comment is read as that version', () => {
    const old = { direct_prompt: 'x', allowed_tools: 'Read' };
    const dead = (comment: string) => use(CLAUDE, COMMIT, old, comment)?.deadInputs.map(({ name }) => name);
    for (const comment of ['v1', 'v1.0.99', 'tag=v1.0.99', 'v1 pinned']) {
      assert.deepEqual(dead(comment), ['direct_prompt', 'allowed_tools'], comment);
    }
    for (const comment of ['v0.0.63', 'main', 'see #12', '']) assert.deepEqual(dead(comment), [], comment);
  });

  it('a commit is read as the major that its inputs fit, and only what no major has is dead', () => {
    assert.deepEqual(use(CLAUDE, COMMIT, { direct_prompt: 'x' })?.deadInputs, []);
    assert.deepEqual(
      use(CLAUDE, COMMIT, { promt: 'x' })?.deadInputs.map(({ name }) => name),
      ['promt'],
    );
  });

  it('an unknown major says so and calls nothing dead', () => {
    const found = use(CLAUDE, 'v9', { direct_prompt: 'x' });
    assert.deepEqual(found?.deadInputs, []);
    assert.equal(found?.written.find(({ name }) => name === 'schema')?.text, 'unknown');
  });

  it('checks write access, and knows what opens the check', () => {
    const found = use(CLAUDE, 'v1', { allowed_non_write_users: '*', allowed_bots: 'a[bot]' });
    assert.equal(found?.builtInGate.strength, 4);
    assert.deepEqual(
      found?.builtInGate.openedTo.map(({ everybody, bots }) => [everybody, bots]),
      [
        [true, false],
        [false, true],
      ],
    );
    assert.equal(use('anthropics/claude-code-base-action', 'beta', {})?.builtInGate.strength, 0);
  });

  it('restores paths from the base since 1.0.74 only', () => {
    assert.ok(use(CLAUDE, 'v1', {})?.restores.includes('.mcp.json'));
    assert.deepEqual(use(CLAUDE, 'v1.0.73', {})?.restores, []);
    assert.deepEqual(use(CLAUDE, 'beta', {})?.restores, []);
  });
});

describe('other actions', () => {
  it('run-gemini-cli passes --yolo by itself', () => {
    const found = use('google-github-actions/run-gemini-cli', 'v0', { prompt: 'x' });
    assert.equal(found?.mode, 'bypass');
    assert.deepEqual(
      found?.modeFrom.map(({ spelled, builtIn }) => [spelled, builtIn]),
      [['--yolo', true]],
    );
  });

  it('the tools of its settings restrict it', () => {
    const settings = '{"coreTools": ["run_shell_command(git status)"], "maxSessionTurns": 5}';
    const found = use('google-github-actions/run-gemini-cli', 'v0', { prompt: 'x', settings });
    assert.deepEqual(
      found?.restrictTo?.map(({ text }) => text),
      ['run_shell_command(git status)'],
    );
    assert.notEqual(found?.turnLimit, undefined);
  });

  it('an input of another spelling is dead, and the right one is named', () => {
    const found = use('openai/codex-action', 'v1', { openai_api_key: 'k', prompt: 'x' });
    assert.deepEqual(
      found?.deadInputs.map(({ replacement, security }) => [replacement, security]),
      [['openai-api-key', true]],
    );
    const gemini = use('google-github-actions/run-gemini-cli', 'v0', { settings_json: '{}' });
    assert.deepEqual(
      gemini?.deadInputs.map(({ replacement, security }) => [replacement, security]),
      [['settings', true]],
    );
  });

  it('codex-action writes the workspace unless it is told otherwise', () => {
    assert.equal(use('openai/codex-action', 'v1', { prompt: 'x' })?.mode, 'accept-edits');
    assert.equal(use('openai/codex-action', 'v1', { prompt: 'x', sandbox: 'read-only' })?.mode, 'read-only');
    const open = use('openai/codex-action', 'v1', { prompt: 'x', sandbox: 'danger-full-access' });
    assert.deepEqual([open?.mode, open?.sandbox.state], ['bypass', 'off']);
    assert.equal(use('openai/codex-action', 'v1', { 'safety-strategy': 'unsafe' })?.sandbox.state, 'weakened');
  });

  it('ai-inference has no tools of its own', () => {
    assert.equal(use('actions/ai-inference', 'v2', { prompt: 'x' })?.mode, 'read-only');
  });

  it('an action that runs no agent is none', () => {
    assert.equal(use('actions/checkout', 'v4', {}), undefined);
    assert.equal(use('anthropics/claude-code-action/agent-approval-check', 'main', {}), undefined);
  });
});

it('no input makes it fail', () => {
  const names = fc.constantFrom('claude_args', 'settings', 'prompt', 'allowed_bots', 'x', '__proto__');
  fc.assert(
    fc.property(fc.dictionary(names, fc.string()), fc.string(), (inputs, ref) => {
      use(CLAUDE, ref, inputs);
      use('google-github-actions/run-gemini-cli', ref, inputs);
    }),
    { numRuns: FUZZ_RUNS },
  );
});
