import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { AgentReport } from '../../src/agents/index.ts';
import { claudeCode } from '../../src/agents/index.ts';

const observe = (message: unknown): readonly AgentReport[] => claudeCode.observe(JSON.stringify(message));
const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 3000);

describe('what the agent says on its output', () => {
  test('the start names version, tools, mode and servers', () => {
    const init = {
      type: 'system',
      subtype: 'init',
      claude_code_version: '2.1.330',
      tools: ['Bash', 7],
      permissionMode: 'dontAsk',
      mcp_servers: [{ name: 'docs', status: 'connected' }],
    };
    assert.deepEqual(observe(init), [
      { kind: 'started', version: '2.1.330', tools: ['Bash'], permissionMode: 'dontAsk', mcpServers: ['docs'] },
    ]);
  });

  test('a call and its result are paired by id', () => {
    const call = {
      type: 'assistant',
      message: {
        content: [
          { type: 'text', text: 'hi' },
          { type: 'tool_use', id: 't1', name: 'Bash', input: { command: 'ls' } },
        ],
      },
    };
    const result = {
      type: 'user',
      message: { content: [{ type: 'tool_result', tool_use_id: 't1', is_error: true, content: 'no' }] },
    };
    assert.deepEqual(observe(call), [
      { kind: 'tool-call', call: { id: 't1', name: 'Bash', input: { command: 'ls' } } },
    ]);
    assert.deepEqual(observe(result), [{ kind: 'tool-result', callId: 't1', isError: true }]);
  });

  test('a denial is seen in each of the three places where versions put it', () => {
    const event = {
      type: 'system',
      subtype: 'permission_denied',
      tool_use_id: 't1',
      tool_name: 'Bash',
      decision_reason: 'rule',
    };
    const meta = {
      type: 'user',
      message: { content: [] },
      tool_result_meta: [
        { id: 't2', non_execution_kind: 'permission-rule', permission_decision: { reason_type: 'mode' } },
      ],
    };
    const final = { type: 'result', is_error: false, permission_denials: [{ tool_use_id: 't3', tool_name: 'Write' }] };
    const denials = [event, meta, final].flatMap(observe).filter((report) => report.kind === 'denied');
    assert.deepEqual(
      denials.map((report) => report.callId),
      ['t1', 't2', 't3'],
    );
  });

  test('the end carries turns, cost and text', () => {
    const final = { type: 'result', is_error: false, num_turns: 5, total_cost_usd: 0.25, result: 'Done.' };
    assert.deepEqual(observe(final), [{ kind: 'finished', isError: false, turns: 5, usd: 0.25, text: 'Done.' }]);
  });

  test('text, other JSON and broken lines give no report', () => {
    for (const line of [
      '',
      'Done.',
      '{"type":',
      '[]',
      'null',
      '{"type":"stream_event"}',
      '{"__proto__":{"type":"result"}}',
    ])
      assert.deepEqual(claudeCode.observe(line), [], line);
  });

  test('no line makes it throw', () => {
    const keys = [
      'type',
      'subtype',
      'message',
      'content',
      'tools',
      'mcp_servers',
      'tool_result_meta',
      'permission_denials',
      'id',
      'name',
      'input',
      'tool_use_id',
      'permission_decision',
    ];
    const words = ['system', 'init', 'assistant', 'user', 'result', 'tool_use', 'tool_result', 'permission_denied'];
    const { hostile } = fc.letrec<{ hostile: unknown }>((tie) => ({
      hostile: fc.oneof(
        { maxDepth: 5, depthSize: 'small' },
        fc.constantFrom(...words),
        fc.jsonValue(),
        fc.array(tie('hostile'), { maxLength: 4 }),
        fc.dictionary(fc.constantFrom(...keys, '__proto__'), tie('hostile'), { maxKeys: 6 }),
      ),
    }));
    fc.assert(
      fc.property(hostile, (value) => void observe(value)),
      { numRuns: RUNS },
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (line) => void claudeCode.observe(`{${line}`)),
      { numRuns: RUNS },
    );
  });

  test('a line nested deeper than any parser likes is passed over', () => {
    assert.deepEqual(claudeCode.observe(`{"a":${'['.repeat(200_000)}`), []);
  });
});
