/**
 * What the broker costs on the way to the model: added latency per request and to the first streamed byte, requests a
 * second, and memory under many streams, beside a direct connection, a plain Node proxy, and mitmproxy when
 * SALLYPORT_BENCH_MITM is the path of a `mitmdump`. `--help` for the options.
 */
import { type ChildProcess, fork, spawn as spawnProgram } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Broker } from '../src/broker/index.ts';
import { Ledger } from '../src/ledger/index.ts';
import { parsePolicy } from '../src/policy/index.ts';
import { BrokerLink } from '../src/run/broker-link.ts';
import { compileSource } from '../src/run/policy-compilation.ts';
import type { PolicySource } from '../src/run/policy-source.ts';

const NONCE = 'b'.repeat(64);
const PLACEHOLDER = 'sk-ant-api03-placeholder-placeholder-placeholder';
const REAL = 'sk-ant-api03-REALrealREALrealREALreal-REALrealREAL';
const CLOCK = { now: () => Date.now(), monotonic: () => process.hrtime.bigint() };

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h' },
    requests: { type: 'string', default: '400' },
    concurrency: { type: 'string', default: '16' },
    streams: { type: 'string', default: '1000' },
    kilobytes: { type: 'string', default: '40' },
    role: { type: 'string' },
    upstream: { type: 'string', default: '' },
    directory: { type: 'string', default: '' },
  },
});

const HELP = `usage: node bench/broker.ts [options]
  --requests N      requests per way in the latency part (400)
  --concurrency N   parallel requests in the throughput part (16)
  --streams N       concurrent streams in the memory part (1000)
  --kilobytes N     size of a request's history; each request adds a new message to it (40)
Prints one table. "broker" is the layout of a run: the broker's own process (the bundle when it was built) sends its
records to a supervisor, whose ledger on disk acknowledges them; "broker, no disk" acknowledges them at once, in one
process. All parts run on loopback as processes of their own: provider, proxies, broker, and this load generator.`;

/** One way to reach the provider. */
interface Way {
  readonly name: string;
  readonly agent: Agent;
  readonly host: string;
  readonly port: number;
}

interface Timing {
  readonly firstByte: number;
  readonly total: number;
}

function sse(type: string, data: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
}

/** Streams ten text deltas at once; with the header `x-slow`, one every 100 ms for three seconds. */
function serveUpstream(): void {
  const usage = { input_tokens: 10, output_tokens: 1 };
  const message = {
    id: 'msg',
    type: 'message',
    role: 'assistant',
    model: 'claude-bench',
    content: [],
    stop_reason: null,
    usage,
  };
  const head =
    sse('message_start', { message }) +
    sse('content_block_start', { index: 0, content_block: { type: 'text', text: '' } });
  const delta = sse('content_block_delta', {
    index: 0,
    delta: { type: 'text_delta', text: 'some words of an answer, ' },
  });
  const tail =
    sse('content_block_stop', { index: 0 }) +
    sse('message_delta', { delta: { stop_reason: 'end_turn' }, usage }) +
    sse('message_stop', {});
  listen(async (incoming, response) => {
    incoming.resume();
    incoming.on('end', async () => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(head);
      const slow = incoming.headers['x-slow'] !== undefined;
      for (let count = 0; count < (slow ? 30 : 10); count++) {
        response.write(delta);
        if (slow) await new Promise((resolve) => setTimeout(resolve, 100));
      }
      response.end(tail);
    });
  });
}

/** What anybody would write in ten lines: bytes through, nothing looked at. */
function serveProxy(port: number): void {
  const agent = new Agent({ keepAlive: true });
  listen((incoming, response) => {
    const { method, url: path, headers } = incoming;
    const onward = httpRequest({ agent, host: '127.0.0.1', port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    incoming.pipe(onward);
  });
}

/** The broker alone, whose records go nowhere: the difference to a run is what evidence costs. */
async function serveBroker(port: number, directory: string): Promise<void> {
  await Broker.start({
    socketPath: join(directory, 'memory.sock'),
    nonce: NONCE,
    policy: await compileSource(await policySource()),
    credentials: [],
    model: { ...modelAt(port), realKey: REAL },
    recorder: { record: async () => ({ sequence: 0 }) },
    actionsOf: ({ name, input }) => [{ plane: 'tool', tool: name, input }],
    clock: CLOCK,
    random: randomBytes,
    connections: 2000,
  });
  process.send?.(process.pid);
}

/** As in a run: the broker's own process, and a supervisor that keeps the ledger. */
async function serveSupervisor(port: number, directory: string): Promise<void> {
  const place = { directory: join(directory, 'ledger'), runId: 'bench' };
  const ledger = await Ledger.create({ ...place, clock: CLOCK, random: randomBytes });
  const bundled = join(import.meta.dirname, '../dist/broker-process.cjs');
  const source = join(import.meta.dirname, '../src/run/broker-process.ts');
  const link = BrokerLink.spawn(existsSync(bundled) ? bundled : source, undefined);
  const start = {
    socketPath: join(directory, 'broker.sock'),
    nonce: NONCE,
    policy: await policySource(),
    credentials: [],
    secrets: [{ name: 'KEY', value: REAL }],
    model: { ...modelAt(port), realKey: REAL, caPem: undefined },
    roots: {},
    agent: 'generic',
    workspace: '/',
  };
  await link.start(start, ledger);
  process.send?.(0);
}

function modelAt(port: number) {
  const upstream = `http://127.0.0.1:${port}`;
  return { dialect: 'anthropic-messages', upstream, placeholder: PLACEHOLDER } as const;
}

/** The default policy with a budget that no measurement uses up. */
async function policySource(): Promise<PolicySource> {
  const budget = 'version: 1\nmodel: { budget: { requests: 1000000, tokens: 1000000000000, usd: 1000000 } }\n';
  const repository = await parsePolicy(budget, 'bench');
  return { agent: 'generic', organisation: undefined, repository, workspaceRoot: '/', registries: {}, now: 0 };
}

function listen(handler: (incoming: IncomingMessage, response: ServerResponse) => void): void {
  const server = createServer({ keepAliveTimeout: 60_000 }, handler);
  server.listen({ port: 0, host: '127.0.0.1', backlog: 2048 }, () => {
    const address = server.address() as AddressInfo; // a TCP server's address after `listening`
    process.send?.(address.port);
  });
}

async function main(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-broker-'));
  const children: ChildProcess[] = [];
  const spawn = async (role: string, upstream = 0): Promise<number> => {
    const child = fork(import.meta.filename, [
      '--role',
      role,
      '--upstream',
      String(upstream),
      '--directory',
      directory,
    ]);
    children.push(child);
    const [port] = await new Promise<unknown[]>((resolve) => child.once('message', (...args) => resolve(args)));
    return Number(port);
  };
  try {
    const upstream = await spawn('upstream');
    const proxy = await spawn('proxy', upstream);
    const manyStreams = await spawn('broker', upstream);
    await spawn('supervisor', upstream);
    const mitm = await startMitmproxy(upstream, children);
    const ways: Way[] = [
      { name: 'direct', agent: new Agent({ keepAlive: true }), host: '127.0.0.1', port: upstream },
      { name: 'plain Node proxy', agent: new Agent({ keepAlive: true }), host: '127.0.0.1', port: proxy },
      ...(mitm ? [{ name: 'mitmproxy', agent: new Agent({ keepAlive: true }), host: '127.0.0.1', port: mitm }] : []),
      { name: 'broker, no disk', agent: new BrokerAgent(join(directory, 'memory.sock')), host: '127.0.0.1', port: 1 },
      { name: 'broker', agent: new BrokerAgent(join(directory, 'broker.sock')), host: '127.0.0.1', port: 1 },
    ];
    await measureLatency(ways);
    await measureThroughput(ways);
    await measureMemory(ways, manyStreams);
    for (const way of ways) way.agent.destroy();
  } finally {
    for (const child of children) child.kill();
    rmSync(directory, { recursive: true });
  }
}

/** A streaming proxy that others use, when there is one. Returns its port. */
async function startMitmproxy(upstream: number, children: ChildProcess[]): Promise<number | undefined> {
  const program = process.env['SALLYPORT_BENCH_MITM'];
  if (program === undefined) return undefined;
  const port = 20_000 + (process.pid % 10_000);
  const mode = ['--mode', `reverse:http://127.0.0.1:${upstream}`, '--set', 'stream_large_bodies=1', '-q'];
  const listen = ['--listen-host', '127.0.0.1', '--listen-port', String(port)];
  children.push(spawnProgram(program, [...mode, ...listen], { stdio: 'ignore' }));
  for (let attempt = 0; attempt < 200; attempt++) {
    if (await accepts(port)) return port;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('mitmproxy did not start');
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true));
    socket.on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}

class BrokerAgent extends Agent {
  readonly #path: string;

  constructor(path: string) {
    super({ keepAlive: true });
    this.#path = path;
  }

  override createConnection(): ReturnType<typeof connect> {
    const socket = connect(this.#path);
    socket.write(`SALLYPORT/1 ${NONCE}\n`);
    return socket;
  }
}

/** A request as a session sends it: a long history seen before, and one new message. */
function sessionBody(turn: number): string {
  const kilobytes = Number(values.kilobytes);
  const line = '    12\tconst total = items.map((item) => item.price * item.count).reduce(add, 0); // sum\n';
  const history = Array.from({ length: Math.max(1, Math.round(kilobytes / 4)) }, (_, index) => ({
    role: index % 2 === 0 ? 'user' : 'assistant',
    content: [{ type: 'text', text: `${index}\n${line.repeat(46)}` }],
  }));
  const messages = [
    ...history,
    { role: 'user', content: [{ type: 'text', text: `turn ${turn}\n${line.repeat(20)}` }] },
  ];
  return JSON.stringify({ model: 'claude-bench', max_tokens: 1000, stream: true, messages });
}

function exchange(way: Way, body: string, headers: { readonly [name: string]: string } = {}): Promise<Timing> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      {
        agent: way.agent,
        host: way.host,
        port: way.port,
        method: 'POST',
        path: '/v1/messages',
        headers: {
          'x-api-key': PLACEHOLDER,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          ...headers,
        },
      },
      (response) => {
        let firstByte = 0;
        response.on('data', () => {
          firstByte ||= performance.now() - began;
        });
        response.on('end', () => {
          if (response.statusCode === 200) resolve({ firstByte, total: performance.now() - began });
          else reject(new Error(`${way.name} answered ${response.statusCode}`));
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** One request at a time, the ways in turn, so that what else the machine does hits all of them alike. */
async function measureLatency(ways: readonly Way[]): Promise<void> {
  const requests = Number(values.requests);
  const timings = new Map<Way, Timing[]>(ways.map((way) => [way, []]));
  for (let turn = -20; turn < requests; turn++) {
    const body = sessionBody(turn);
    for (const way of ways) {
      const timing = await exchange(way, body);
      if (turn >= 0) timings.get(way)?.push(timing);
    }
  }
  console.log(`\nlatency, ${requests} requests of ${values.kilobytes} KiB one after another, milliseconds`);
  console.log(row('', 'first byte p50', 'p99', 'whole p50', 'p99'));
  const base = ways[0] && timings.get(ways[0]);
  for (const way of ways) {
    const own = timings.get(way) ?? [];
    const cells = (['firstByte', 'total'] as const).flatMap((key) => [0.5, 0.99].map((q) => quantile(own, key, q)));
    console.log(row(way.name, ...cells.map((cell) => cell.toFixed(2))));
    if (!base || own === base) continue;
    const reference = (['firstByte', 'total'] as const).flatMap((key) =>
      [0.5, 0.99].map((q) => quantile(base, key, q)),
    );
    console.log(row('  added', ...cells.map((cell, at) => `+${(cell - (reference[at] ?? 0)).toFixed(2)}`)));
    console.log(row('  ratio', ...cells.map((cell, at) => `${(cell / (reference[at] ?? 1)).toFixed(2)}x`)));
  }
}

async function measureThroughput(ways: readonly Way[]): Promise<void> {
  const requests = Number(values.requests) * 2;
  console.log(`\nthroughput, ${values.concurrency} in parallel`);
  console.log(row('', 'requests/s', 'ratio'));
  let reference = 0;
  for (const way of ways) {
    let next = 0;
    const began = performance.now();
    const worker = async (): Promise<void> => {
      while (next < requests) await exchange(way, sessionBody(next++));
    };
    await Promise.all(Array.from({ length: Number(values.concurrency) }, worker));
    const rate = requests / ((performance.now() - began) / 1000);
    reference ||= rate;
    console.log(row(way.name, rate.toFixed(0), `${(rate / reference).toFixed(2)}x`));
  }
}

async function measureMemory(ways: readonly Way[], pid: number): Promise<void> {
  const streams = Number(values.streams);
  // The one without the limit of 256 connections that a run has.
  const way = ways.find(({ name }) => name === 'broker, no disk');
  if (!way) return;
  const before = residentMiB(pid);
  let peak = before;
  const timer = setInterval(() => {
    peak = Math.max(peak, residentMiB(pid));
  }, 50);
  const body = JSON.stringify({
    model: 'claude-bench',
    max_tokens: 10,
    stream: true,
    messages: [{ role: 'user', content: 'hi' }],
  });
  await Promise.all(Array.from({ length: streams }, () => exchange(way, body, { 'x-slow': '1' })));
  clearInterval(timer);
  console.log(`\nmemory of the broker, ${streams} concurrent streams, resident MiB`);
  console.log(row('', 'before', 'peak', 'KiB a stream'));
  console.log(row('broker', before.toFixed(0), peak.toFixed(0), (((peak - before) * 1024) / streams).toFixed(1)));
}

function residentMiB(pid: number): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes ?? 0) / 1024;
}

function quantile(timings: readonly Timing[], key: keyof Timing, q: number): number {
  const sorted = timings.map((timing) => timing[key]).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0;
}

function row(name: string, ...cells: readonly string[]): string {
  return name.padEnd(20) + cells.map((cell) => cell.padStart(16)).join('');
}

// However the load generator ends, nothing of it stays.
if (values.role !== undefined) process.once('disconnect', () => process.exit());

switch (values.role) {
  case 'upstream':
    serveUpstream();
    break;
  case 'proxy':
    serveProxy(Number(values.upstream));
    break;
  case 'broker':
    await serveBroker(Number(values.upstream), values.directory);
    break;
  case 'supervisor':
    await serveSupervisor(Number(values.upstream), values.directory);
    break;
  default:
    if (values.help) console.log(HELP);
    else await main();
}
