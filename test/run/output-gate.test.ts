import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import fc from 'fast-check';
import type { AgentReport } from '../../src/agents/index.ts';
import { createOutputGate } from '../../src/run/output-gate.ts';
import { createSentinel } from '../../src/text/index.ts';

const SECRET = 'Zx81kPq0Vb7RtY3mNc5Ws2Lf';

/** A stream that keeps what it takes. */
class Kept extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString('utf8');
    done();
  }
}

function gateOf(limitBytes = 10_000, disarm = false, streams = { stdout: new Kept(), stderr: new Kept() }) {
  const lines: string[] = [];
  const reports: AgentReport[] = [];
  const gate = createOutputGate({
    streams,
    sentinel: createSentinel([{ name: 'KEY', value: SECRET }]),
    limitBytes,
    disarm,
    observe: (line) => {
      lines.push(line);
      return line === 'done' ? [{ kind: 'tool-result', callId: '1', isError: false }] : [];
    },
    onReports: (found) => reports.push(...found),
    beforeWrite: () => undefined,
  });
  return { gate, streams, lines, reports };
}

test('disarmed, both streams hold nothing for a shell, and the agent is still understood', async () => {
  const { gate, streams, lines } = gateOf(10_000, true);
  await gate.write('stdout', Buffer.from('bug; $(id)\n'));
  await gate.write('stderr', Buffer.from('`id`\n'));
  await gate.end();
  assert.deepEqual([streams.stdout.text, streams.stderr.text], ['bug； ＄（id）\n', '｀id｀\n']);
  assert.deepEqual(lines, ['bug; $(id)']);
});

test('plain output passes as it is, each stream to its own', async () => {
  const { gate, streams } = gateOf();
  await gate.write('stdout', Buffer.from('one\n'));
  await gate.write('stderr', Buffer.from('two\n'));
  await gate.end();
  assert.deepEqual([streams.stdout.text, streams.stderr.text], ['one\n', 'two\n']);
});

/** Written by turns to the two streams, which are one log (`2>&1`). */
async function merged(pieces: readonly (readonly ['stdout' | 'stderr', string])[]): Promise<string> {
  const log = new Kept();
  const { gate } = gateOf(10_000, false, { stdout: log, stderr: log });
  for (const [stream, text] of pieces) await gate.write(stream, Buffer.from(text));
  await gate.end();
  return log.text;
}

test('in a log of both streams a line that the other one ended holds no command either', async () => {
  const broken = await merged([
    ['stdout', '漢'],
    ['stderr', '\n'],
    ['stdout', '::add-path::/tmp/x\n'],
  ]);
  assert.equal(broken, '漢\n: :add-path::/tmp/x\n');
  const begun = await merged([
    ['stdout', '漢'],
    ['stderr', '\r'],
    ['stdout', ':'],
    ['stdout', ':add-path::/tmp/x\n'],
  ]);
  assert.doesNotMatch(begun, /^\s*::/m);
  const shared = await merged([
    ['stdout', ':#'],
    ['stderr', ':add-path::/tmp/x\n'],
    ['stdout', '##'],
    ['stderr', '#[add-path]/tmp/x\n'],
  ]);
  assert.doesNotMatch(shared, /^\s*::|##\[/m);
  const honest = await merged([
    ['stdout', '漢::漢'],
    ['stderr', '漢::漢\n'],
    ['stdout', '漢::漢\n'],
  ]);
  assert.equal(honest, '漢::漢漢::漢\n漢::漢\n');
});

test('however the pieces of two streams fall into one log, none of its lines is a command', async () => {
  const piece = fc.constantFrom(
    ':',
    '::',
    '::add-path::x',
    '\n',
    '\r',
    ' ',
    'x',
    '#',
    '##',
    '##[',
    '[add-path]',
    'vso[',
  );
  const pieces = fc.array(fc.tuple(fc.constantFrom('stdout' as const, 'stderr' as const), piece), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(pieces, async (written) => {
      const log = await merged(written);
      assert.doesNotMatch(log, /^\s*::|##(?:\[|vso\[)/m);
    }),
    { numRuns: 1500 },
  );
});

test('a secret does not reach the log, be it cut between two chunks or encoded', async () => {
  const { gate, streams } = gateOf();
  await gate.write('stdout', Buffer.from(`key ${SECRET.slice(0, 9)}`));
  await gate.write('stdout', Buffer.from(`${SECRET.slice(9)} end\n`));
  await gate.write('stderr', Buffer.from(`${Buffer.from(SECRET).toString('base64')}\n`));
  await gate.end();
  assert.ok(!streams.stdout.text.includes(SECRET.slice(0, 9)));
  assert.match(streams.stdout.text, /^key .* end\n$/);
  assert.ok(!streams.stderr.text.includes(Buffer.from(SECRET).toString('base64').slice(0, 16)));
});

test('escape sequences and commands of the CI system do not act in the log', async () => {
  const { gate, streams } = gateOf();
  await gate.write('stdout', Buffer.from('\u001b[2J\u001b]0;title\u0007\n::set-output name=x::y\n'));
  await gate.end();
  assert.doesNotMatch(streams.stdout.text, /\u001b\[2J|\u001b\]0|^::set-output/m);
});

test('the limit holds for both streams together', async () => {
  const { gate, streams } = gateOf(1000);
  for (let count = 0; count < 50; count++) {
    await gate.write('stdout', Buffer.from(`${'x'.repeat(99)}\n`));
    await gate.write('stderr', Buffer.from(`${'y'.repeat(99)}\n`));
  }
  await gate.end();
  assert.ok(streams.stdout.text.length + streams.stderr.text.length < 2000);
});

test('each whole line of standard output is read for what the agent says of itself, however it is cut', async () => {
  const { gate, lines, reports } = gateOf();
  await gate.write('stdout', Buffer.from('fir'));
  await gate.write('stdout', Buffer.from('st\nse'));
  await gate.write('stderr', Buffer.from('done\n'));
  await gate.write('stdout', Buffer.from('cond\ndone'));
  await gate.end();
  assert.deepEqual(lines, ['first', 'second', 'done']);
  assert.equal(reports.length, 1);
});

test('a line that is too long is not read, its end neither', async () => {
  const { gate, lines } = gateOf(20 * 1024 * 1024);
  await gate.write('stdout', Buffer.from(`first\n${'x'.repeat(4 * 1024 * 1024)}`));
  await gate.write('stdout', Buffer.from('xx'));
  await gate.write('stdout', Buffer.from('{"type":"result"}\nlast\n'));
  await gate.end();
  assert.deepEqual(lines, ['first', 'last']);
});
