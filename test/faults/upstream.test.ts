import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { ask, type Ground, MESSAGE, openGround, openUpstream, REAL_KEY, records } from './support/ground.ts';

const EVENT = 'event: ping\ndata: {"type":"ping"}\n\n';

/** An answer as it stands on the wire. */
const WHOLE = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${MESSAGE.length}\r\n\r\n${MESSAGE}`;

interface Fault {
  readonly name: string;
  readonly answer: (response: ServerResponse) => void;
  /** What the agent is told: its body, the status, and how its client ended. */
  readonly told: RegExp;
  readonly stream?: true;
}

const FAULTS: readonly Fault[] = [
  {
    name: 'closes without an answer',
    answer: (response) => response.destroy(),
    told: /"error".*cannot be reached.* status=502 curl=0/s,
  },
  {
    name: 'sends something that is not HTTP',
    answer: (response) => response.socket?.end('\0\x16\x03 garbage\r\n\r\n'),
    told: /"error".* status=502 curl=0/s,
  },
  {
    name: 'sends a header larger than any',
    answer: (response) => response.socket?.end(`HTTP/1.1 200 OK\r\nX-Large: ${'x'.repeat(1 << 20)}\r\n\r\n`),
    told: /"error".* status=502 curl=0/s,
  },
  {
    name: 'sends a body larger than any',
    answer: (response) => {
      response.on('error', () => response.destroy());
      response.writeHead(200, { 'content-type': 'application/json' });
      const chunk = Buffer.alloc(1 << 20, ' ');
      const more = (): void => {
        if (!response.destroyed) response.write(chunk, more);
      };
      more();
    },
    told: /"error".* status=502 curl=0/s,
  },
  {
    name: 'sends an answer that is not JSON',
    answer: (response) => response.writeHead(200, { 'content-type': 'application/json' }).end('<html>'),
    told: /"error".* status=502 curl=0/s,
  },
  {
    name: 'closes in the middle of an answer',
    answer: (response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '9999' });
      response.write(MESSAGE, () => response.destroy());
    },
    told: /"error".* status=502 curl=0/s,
  },
  {
    name: 'closes in the middle of a stream',
    stream: true,
    answer: (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(EVENT, () => response.destroy());
    },
    told: /event: error.* status=200 curl=0/s,
  },
  {
    name: 'resets a stream',
    stream: true,
    answer: (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(EVENT, () => response.socket?.resetAndDestroy());
    },
    told: /event: ping.*event: error.* status=200 curl=0/s,
  },
  {
    name: 'sends a stream in pieces that have no size',
    stream: true,
    answer: (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(EVENT, () => response.socket?.write('no size at all\r\n'));
    },
    told: /event: ping.*event: error.* status=200 curl=0/s,
  },
  {
    name: 'sends a stream that is no text',
    stream: true,
    answer: (response) =>
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(Buffer.from([0xff, 0xfe, 0, 10, 10])),
    told: /^event: error.* status=200 curl=0/s,
  },
  {
    name: 'sends an event larger than any',
    stream: true,
    answer: (response) => {
      response.on('error', () => response.destroy());
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const chunk = `data: ${'x'.repeat(1 << 20)}`;
      const more = (): void => {
        if (!response.destroyed) response.write(chunk, more);
      };
      more();
    },
    told: /event: error.*too large.* status=200 curl=0/s,
  },
  {
    name: 'sends another answer behind its answer',
    answer: (response) => response.socket?.write(`${WHOLE}HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nEXTRA`),
    told: /^\{"id":"msg_1"[^}]*(?:\}[^}]*)*\} status=200 curl=0\n$/,
  },
  {
    name: 'closes its side once it has answered',
    answer: (response) => response.socket?.end(WHOLE),
    told: /"fine".* status=200 curl=0/s,
  },
  {
    name: 'closes its side in the middle of its answer',
    answer: (response) => response.socket?.end(WHOLE.slice(0, -20)),
    told: /"error".* status=502 curl=0/s,
  },
  {
    name: 'is overloaded',
    answer: (response) =>
      response
        .writeHead(529, { 'content-type': 'application/json', 'retry-after': '3' })
        .end('{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}'),
    told: /overloaded_error.* status=529 curl=0/s,
  },
  {
    name: 'has an error of its own',
    answer: (response) =>
      response
        .writeHead(500, { 'content-type': 'application/json' })
        .end('{"type":"error","error":{"type":"api_error","message":"Internal"}}'),
    told: /api_error.* status=500 curl=0/s,
  },
];

describe('a model provider that fails', () => {
  let ground: Ground;
  before(async () => {
    ground = await openGround();
  });
  after(() => ground[Symbol.asyncDispose]());

  for (const { name, answer, told, stream } of FAULTS) {
    test(`one that ${name} is told to the agent, and the run ends in order`, async () => {
      await using upstream = await openUpstream((request, response) => {
        request.resume().on('end', () => answer(response));
      });
      const run = ground.run({
        script: ask(stream ? ',"stream":true' : ''),
        environment: { ANTHROPIC_BASE_URL: upstream.url },
      });
      const end = await run.ended;
      assert.equal(end.code, 0, end.stderr);
      assert.match(end.stdout, told);
      assert.ok(!`${end.stdout}${end.stderr}`.includes(REAL_KEY));
      const report = JSON.parse(readFileSync(join(run.out, 'report.json'), 'utf8'));
      assert.equal(report.teardown.clean, true, JSON.stringify(report.teardown));
      assert.ok(records(run.out).some(({ kind }) => kind === 'model.response'));
      assert.deepEqual(readdirSync(ground.temporary), []);
    });
  }

  for (const [manner, drip] of [
    ['never answers', undefined],
    ['drips an answer byte by byte', MESSAGE],
  ] as const) {
    test(`one that ${manner} does not keep a run that is cancelled`, async () => {
      const timers: NodeJS.Timeout[] = [];
      await using upstream = await openUpstream((_request, response) => {
        if (drip === undefined) return;
        response.writeHead(200, { 'content-type': 'application/json' });
        let at = 0;
        timers.push(setInterval(() => response.write(drip[at++ % drip.length] ?? ' '), 20));
      });
      const run = ground.run({
        script: `echo started; ${ask()}`,
        environment: { ANTHROPIC_BASE_URL: upstream.url },
      });
      await run.printed('started');
      await new Promise((done) => setTimeout(done, 300));
      process.kill(run.pid, 'SIGTERM');
      const end = await run.ended;
      for (const timer of timers) clearInterval(timer);
      assert.equal(end.code, 143, end.stderr);
      assert.equal(records(run.out).at(-1)?.kind, 'run.final');
      assert.deepEqual(readdirSync(ground.temporary), []);
    });
  }
});
