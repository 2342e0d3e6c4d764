import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { ANTHROPIC_MESSAGES } from '../../../src/broker/model/anthropic/dialect.ts';
import type { Ruling, WrittenCall } from '../../../src/broker/model/dialect.ts';
import { SseReader } from '../../../src/broker/model/sse.ts';
import { createSentinel } from '../../../src/text/index.ts';
import { fuzzRuns } from '../support/fuzz.ts';
import { type Block, block, end, event, start, text, toolUse } from '../support/messages.ts';

const SENTINEL = createSentinel([{ name: 'KEY', value: 'a-secret-that-nobody-says-0123456789' }]);
const DENIED: Ruling = { verdict: 'replace', name: 'SallyportDenied', input: {} };

/** Runs a stream through the firewall, cut into pieces of the given size. */
async function filter(
  bytes: Buffer,
  rule: (call: WrittenCall) => Ruling,
  size: number,
): Promise<{ readonly output: Buffer; readonly cut: string | undefined }> {
  const firewall = ANTHROPIC_MESSAGES.openStream({
    judge: async (call) => rule(call),
    hostedTools: [],
    scan: () => SENTINEL.stream(),
  });
  const reader = new SseReader(8 << 20);
  const output: Buffer[] = [];
  const events = [];
  for (let at = 0; at < bytes.length; at += size) events.push(...reader.push(bytes.subarray(at, at + size)));
  const last = reader.end();
  if (last) events.push(last);
  for (const next of events) {
    const passage = await firewall.push(next);
    output.push(...passage.bytes);
    if (passage.cut !== undefined) return { output: Buffer.concat(output), cut: passage.cut };
  }
  const passage = await firewall.end();
  return { output: Buffer.concat([...output, ...passage.bytes]), cut: passage.cut };
}

const blocks: fc.Arbitrary<Block> = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }).map(text),
  fc
    .record({
      id: fc.uuid(),
      name: fc.constantFrom('Bash', 'Read', 'mcp__x__y'),
      input: fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 }),
    })
    // `__proto__` as a literal key does not survive the test's own object literals.
    .filter(({ input }) => !JSON.stringify(input).includes('__proto__'))
    .map(({ id, name, input }) => toolUse(id, name, input)),
);

/** Messages streams with pings and comments between the blocks. */
const messages = fc
  .array(fc.tuple(blocks, fc.constantFrom('', event('ping', {}), ': keep-alive\n\n')), { maxLength: 6 })
  .map((content) => {
    const body = content.map(([value, between], index) => block(index, value, 1 + (index % 4)) + between).join('');
    return Buffer.from(start() + body + end());
  });

/** JSON that is near to events: right types in wrong places. */
const strangeEvents = fc.record(
  {
    type: fc.constantFrom(
      'content_block_start',
      'content_block_delta',
      'content_block_stop',
      'message_start',
      'message_delta',
      'message_stop',
      'error',
      'ping',
      'x',
    ),
    index: fc.oneof(fc.nat(3), fc.constant('0'), fc.constant(-1)),
    content_block: fc.oneof(
      fc.record(
        {
          type: fc.constantFrom('tool_use', 'text', 'server_tool_use', 'thinking'),
          id: fc.constantFrom('a', 'b'),
          name: fc.constant('Bash'),
          input: fc.constantFrom({}, { command: 'x' }, []),
        },
        { requiredKeys: ['type'] },
      ),
      fc.jsonValue(),
    ),
    delta: fc.oneof(
      fc.record(
        {
          type: fc.constantFrom('input_json_delta', 'text_delta'),
          partial_json: fc.constantFrom('{', '}', '{"a":1}', '"'),
          text: fc.string(),
        },
        { requiredKeys: ['type'] },
      ),
      fc.jsonValue(),
    ),
  },
  { requiredKeys: ['type'] },
);

const strangeStreams = fc
  .array(
    fc.oneof(
      strangeEvents.map((value) => `data: ${JSON.stringify(value)}\n\n`),
      fc.string({ maxLength: 8 }),
      fc.constantFrom('data: {"type":\n\n', '\n\n'),
    ),
    { maxLength: 12 },
  )
  .map((parts) => Buffer.from(parts.join('')));

describe('the firewall on a Messages stream', () => {
  test('with everything allowed changes no byte, wherever the stream is cut', async () => {
    await fc.assert(
      fc.asyncProperty(messages, fc.integer({ min: 1, max: 300 }), async (bytes, size) => {
        const { output, cut } = await filter(bytes, () => ({ verdict: 'release' }), size);
        assert.equal(cut, undefined);
        assert.equal(output.toString(), bytes.toString());
      }),
      { numRuns: fuzzRuns(400) },
    );
  });

  test('with everything denied lets no call through and all else unchanged', async () => {
    await fc.assert(
      fc.asyncProperty(messages, fc.integer({ min: 1, max: 300 }), async (bytes, size) => {
        const { output } = await filter(bytes, () => DENIED, size);
        const passed = output.toString().split('\n\n');
        const calls = passed.filter(
          (part) => part.includes('"type":"tool_use"') && part.includes('content_block_start'),
        );
        for (const call of calls) assert.match(call, /"name":"SallyportDenied"/);
        // With its quotes: what a call says is JSON in JSON, so there they are escaped.
        const others = (parts: readonly string[]): readonly string[] =>
          parts.filter((part) => /"type":"(?:text|ping)/.test(part));
        assert.deepEqual(others(passed), others(bytes.toString().split('\n\n')));
      }),
      { numRuns: fuzzRuns(400) },
    );
  });

  test('never lets an unjudged call through, whatever the provider sends', async () => {
    await fc.assert(
      fc.asyncProperty(strangeStreams, fc.integer({ min: 1, max: 60 }), async (bytes, size) => {
        const { output } = await filter(bytes, () => DENIED, size);
        for (const part of output.toString().split(/\n\n/)) {
          const data = /^data: (.*)$/m.exec(part)?.[1];
          if (data === undefined) continue;
          let value: { content_block?: { type?: string; name?: string } };
          try {
            value = JSON.parse(data);
          } catch {
            continue;
          }
          if (value?.content_block?.type === 'tool_use') assert.equal(value.content_block.name, 'SallyportDenied');
        }
      }),
      { numRuns: fuzzRuns(2000) },
    );
  });
});
