import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AGENT_SIGNS, determineOrigin, findAgentSigns, type RunRecord, trailersFor } from '../../../src/gate/index.ts';
import type { CommitRecord } from '../../../src/workspace/index.ts';
import { CHANGE, commit, RUN } from '../sample.ts';

const RECORD: RunRecord = { ...RUN, agentId: 'claude-code', directory: 'out' };

function origin(over: Partial<Parameters<typeof determineOrigin>[0]> = {}) {
  return determineOrigin({ change: CHANGE, runs: [], commits: [], branches: [], patchSha256: undefined, ...over });
}

const SIGNED: readonly (readonly [string, Partial<CommitRecord> | string])[] = [
  ['Claude Code', { message: 'Fix\n\nCo-Authored-By: Claude <noreply@anthropic.com>\n' }],
  ['Claude Code', { message: 'Fix\n\n🤖 Generated with [Claude Code](https://claude.com/claude-code)\n' }],
  ['Claude Code', { author: { name: 'claude[bot]', email: 'x@users.noreply.forge.example.test' } }],
  ['Claude Code', 'claude/issue-12'],
  ['GitHub Copilot', { author: { name: 'copilot-swe-agent[bot]', email: 'x@example.test' } }],
  ['GitHub Copilot', { message: 'Fix\n\nCo-authored-by: Copilot <x@example.test>' }],
  ['GitHub Copilot', 'copilot/fix-12'],
  ['Codex', { message: 'Fix\n\nCo-authored-by: Codex <noreply@example.test>' }],
  ['Codex', 'codex/fix'],
  ['Cursor', { committer: { name: 'Cursor Agent', email: 'agent@cursor.com' } }],
  ['Cursor', 'cursor/fix-1a2b'],
  ['Gemini', { author: { name: 'google-labs-jules[bot]', email: 'x@example.test' } }],
  ['Devin', { message: 'Fix\n\nhttps://app.devin.ai/sessions/0123' }],
  ['aider', { author: { name: 'Dev (aider)', email: 'dev@example.test' } }],
  ['opencode', { message: 'Fix\n\nCo-Authored-By: opencode <noreply@opencode.example>' }],
  ['Amp', { message: 'Fix\n\nAmp-Thread-ID: T-1' }],
  ['an agent', { message: 'Fix\n\nAssisted-by: some-agent:some-model' }],
  ['an agent', { message: 'Fix\n\nSallyport-Run: forged' }],
  ['Claude Code', { message: 'Fix\n\nhttps://claude.ai/code/session_1' }],
  ['GitHub Copilot', { message: 'Fix\n\nAgent-Logs-Url: https://forge.example.test/1' }],
  ['GitHub Copilot', { author: { name: 'Dev', email: '198982749+Copilot@users.noreply.github.com' } }],
  ['Codex', { author: { name: 'codex[bot]', email: 'x@example.test' } }],
  ['Codex', { message: 'Fix\n\nhttps://chatgpt.com/codex/tasks/task_1' }],
  ['Cursor', { message: 'Fix\n\nCo-authored-by: Cursor <x@example.test>' }],
  ['Gemini', { message: 'Fix\n\nCo-authored-by: gemini-cli <x@example.test>' }],
  ['Gemini', 'jules/fix-1'],
  ['Devin', { message: 'Fix\n\nCo-authored-by: devin-ai-integration <x@example.test>' }],
  ['Devin', { committer: { name: 'devin-ai-integration[bot]', email: 'x@example.test' } }],
  ['Devin', 'devin/1-fix'],
  ['aider', { message: 'Fix\n\nCo-authored-by: aider (model) <x@example.test>' }],
  ['aider', { message: 'aider: fix the parser' }],
  ['opencode', { author: { name: 'opencode-agent[bot]', email: 'x@example.test' } }],
  ['opencode', 'opencode/issue1'],
  ['Amp', { message: 'Fix\n\nhttps://ampcode.com/threads/T-1' }],
  ['an agent', { message: 'Fix\n\nEntire-Checkpoint: 1' }],
  ['an agent', 'agent/fix'],
  ['a program', { author: { name: 'github-actions[bot]', email: 'x@users.noreply.forge.example.test' } }],
];

for (const [agent, where] of SIGNED) {
  test(`a sign of ${agent} is seen: ${JSON.stringify(where).slice(0, 70)}`, () => {
    const input = typeof where === 'string' ? { branches: [where] } : { commits: [commit(where)] };
    const found = origin(input);
    assert.equal(found.kind, 'unknown-origin');
    assert.ok(
      found.kind === 'unknown-origin' && found.signs.some((sign) => sign.includes(agent)),
      JSON.stringify(found),
    );
  });
}

const HONEST: readonly Partial<CommitRecord>[] = [
  { message: 'Fix the cursor in the editor' },
  { message: 'Tell Claude Shannon from Claude Monet', author: { name: 'Claude Martin', email: 'martin@example.test' } },
  { message: 'Docs: how our agent works\n\nCo-authored-by: Erin <erin@example.test>' },
  { message: 'Devin was here', author: { name: 'Devin Brown', email: 'devin@example.test' } },
  { message: 'Amplify the codex of rules; gemini is a constellation' },
  { committer: { name: 'GitHub', email: 'noreply@forge.example.test' } },
];

for (const over of HONEST) {
  test(`no sign is seen in ${JSON.stringify(over).slice(0, 70)}`, () => {
    assert.deepEqual(
      origin({
        commits: [commit(over)],
        branches: ['fix/cursor', 'feature/ai-search', 'notes/codex/1', 'my/agent/x', 'of/claude/monet'],
      }),
      {
        kind: 'human',
      },
    );
  });
}

test('a record is matched by the tree that it made, never by who signs the commits', () => {
  const other = { ...RECORD, runId: 'a', resultTree: '9'.repeat(40) };
  const found = origin({ runs: [other, RECORD], commits: [commit({ message: 'Sallyport-Run: a' })] });
  assert.equal(found.kind === 'agent-run' ? found.run.runId : '', 'run-1');
});

test('a record is matched by the patch where one was handed in', () => {
  const other = { ...RECORD, runId: 'a', resultTree: '9'.repeat(40), patchSha256: '8'.repeat(64) };
  const moved = { ...RECORD, resultTree: '7'.repeat(40) };
  const found = origin({ runs: [other, moved], patchSha256: RECORD.patchSha256 });
  assert.equal(found.kind === 'agent-run' ? found.run.runId : '', 'run-1');
});

test('a record that fits nothing still makes the change an agent’s', () => {
  const found = origin({ runs: [{ ...RECORD, resultTree: '9'.repeat(40), baseCommit: '9'.repeat(40) }] });
  assert.equal(found.kind, 'agent-run');
});

test('trailers come from the record alone', () => {
  assert.deepEqual(trailersFor(origin({ runs: [RECORD] })), [
    'Assisted-by: claude-code:claude-sonnet-5',
    'Sallyport-Run: run-1',
  ]);
  assert.deepEqual(trailersFor(origin({ branches: ['claude/x'] })), []);
});

test('nothing in a record can start a second trailer', () => {
  const [first = ''] = trailersFor(origin({ runs: [{ ...RECORD, model: 'x\nSigned-off-by: alice' }] }));
  assert.ok(!first.includes('\n'));
});

test('every row of the table of signs is seen in one of these', () => {
  const texts = { branch: [] as string[], person: [] as string[], message: [] as string[] };
  for (const [, where] of SIGNED) {
    if (typeof where === 'string') texts.branch.push(where);
    else {
      for (const { name, email } of [where.author, where.committer].filter((one) => one !== undefined))
        texts.person.push(`${name} <${email}>`);
      if (where.message !== undefined) texts.message.push(where.message);
    }
  }
  const unseen = AGENT_SIGNS.filter((row) => !texts[row.in].some((text) => row.pattern.test(text)));
  assert.deepEqual(
    unseen.map(({ agent, pattern }) => `${agent} ${pattern}`),
    [],
  );
});

test('a sign is told with its place, once for each agent and kind of place', () => {
  const author = { name: 'claude[bot]', email: 'x@example.test' };
  const commits = ['1', '2'].map((digit) => commit({ id: digit.repeat(40), author, committer: author }));
  assert.deepEqual(findAgentSigns(commits, ['claude/a', 'claude/b']), [
    "author of 111111111111: Claude Code, 'claude[bot] <x@example.test>'",
    "author of 111111111111: a program, 'claude[bot] <x@example.test>'",
    "the branch: Claude Code, 'claude/a'",
  ]);
});

test('every row of the table of signs has a source', () => {
  for (const { source } of AGENT_SIGNS) assert.notEqual(source, '');
});

test('only the head of an endless message is searched', () => {
  const filler = 'claud '.repeat(200_000);
  assert.deepEqual(findAgentSigns([commit({ message: `${filler}\nAssisted-by: an-agent` })], []), []);
});

test('of several records that made something else, the one from the same base is held against the change', () => {
  const other = { ...RECORD, runId: 'a', resultTree: '0'.repeat(40), baseCommit: '9'.repeat(40) };
  const near = { ...RECORD, runId: 'b', resultTree: '0'.repeat(40) };
  const found = origin({ runs: [other, near] });
  assert.equal(found.kind === 'agent-run' && found.run.runId, 'b');
});

test('a trailer holds one line, in which nothing is hidden', () => {
  const run = { ...RUN, agent: 'claude\u202e-code 2', model: 'a\nSigned-off-by: mallory\nAcked-by: eve' };
  const [assisted = ''] = trailersFor({ kind: 'agent-run', run });
  assert.doesNotMatch(assisted, /[\u202e\n]/);
});
