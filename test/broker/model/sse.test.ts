import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type SseEvent, SseReader } from '../../../src/broker/model/sse.ts';
import { fuzzRuns } from '../support/fuzz.ts';

function readAll(bytes: Buffer, cuts: readonly number[] = []): SseEvent[] {
  const reader = new SseReader(1 << 20);
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  const events: SseEvent[] = [];
  let from = 0;
  for (const place of [...places, bytes.length]) {
    events.push(...reader.push(bytes.subarray(from, place)));
    from = place;
  }
  const last = reader.end();
  return last ? [...events, last] : events;
}

/** Bytes near the grammar: line ends of all kinds, fields, colons, marks, and rubbish. */
const streams = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '\n',
        '\r',
        '\r\n',
        '\n\n',
        'data:',
        'data: ',
        'data',
        'event: x',
        ': c',
        '{"a":1}',
        '\ufeff',
        'é',
        '\0',
      ),
      fc.string({ maxLength: 5 }),
    ),
    { maxLength: 40 },
  )
  .map((parts) => Buffer.from(parts.join(''), 'utf8'));

describe('the event reader', () => {
  for (const [name, text, data] of [
    ['line feeds', 'data: a\n\ndata: b\n\n', ['a', 'b']],
    ['carriage returns', 'data: a\r\rdata: b\r\r', ['a', 'b']],
    ['both', 'data: a\r\n\r\ndata: b\r\n\r\n', ['a', 'b']],
    ['mixed line ends', 'data: a\r\n\ndata: b\n\r\n', ['a', 'b']],
    ['several data lines', 'data: a\ndata:b\ndata\n\n', ['a\nb\n']],
    ['other fields', 'event: x\nid: 1\n: comment\ndatum: no\ndata:  a\n\n', [' a']],
    ['comments alone', ': keep-alive\n\n', [undefined]],
    ['no blank line at the end', 'data: a', ['a']],
    ['a byte order mark', '\ufeffdata: a\n\n', ['a']],
  ] as const) {
    test(`reads ${name}`, () => {
      assert.deepEqual(
        readAll(Buffer.from(text)).map((event) => event.data),
        data,
      );
    });
  }

  test('loses and changes no byte, wherever the input is cut', () => {
    fc.assert(
      fc.property(streams, fc.array(fc.nat(), { maxLength: 8 }), (bytes, cuts) => {
        const events = readAll(bytes, cuts);
        assert.deepEqual(Buffer.concat(events.map(({ raw }) => raw)), bytes);
      }),
      { numRuns: fuzzRuns(2000) },
    );
  });

  test('reads the same events, wherever the input is cut', () => {
    fc.assert(
      fc.property(streams, fc.array(fc.nat(), { maxLength: 8 }), (bytes, cuts) => {
        const whole = readAll(bytes).map(({ data }) => data);
        assert.deepEqual(
          readAll(bytes, cuts).map(({ data }) => data),
          whole,
        );
      }),
      { numRuns: fuzzRuns(2000) },
    );
  });

  test('takes a line end that arrives in two pieces for one: no event is cut in two', () => {
    const bytes = Buffer.from('data: a\r\ndata: b\r\n\r\ndata: c\r\n\r\n');
    for (let cut = 0; cut <= bytes.length; cut++)
      assert.deepEqual(
        readAll(bytes, [cut]).map(({ data }) => data),
        ['a\nb', 'c'],
        `cut at ${cut}`,
      );
  });

  test('gives up on an event without end', () => {
    const reader = new SseReader(1000);
    assert.throws(() => reader.push(Buffer.alloc(1001, 'x')), RangeError);
  });
});

test('an event in many small pieces takes time in proportion to its size', () => {
  const secondsFor = (bytes: number): number => {
    const reader = new SseReader(1 << 26);
    const piece = Buffer.alloc(1024, 'x');
    const before = process.threadCpuUsage();
    reader.push(Buffer.from('data: '));
    for (let read = 0; read < bytes; read += piece.length) reader.push(piece);
    const [event] = reader.push(Buffer.from('\n\n'));
    assert.equal(event?.data?.length, bytes);
    const { user, system } = process.threadCpuUsage(before);
    return (user + system) / 1e6;
  };
  // Copied at each piece it would be 130 GB.
  const seconds = Math.min(...[1, 2, 3].map(() => secondsFor(16 << 20)));
  assert.ok(seconds < 2, `${seconds} s`);
});
