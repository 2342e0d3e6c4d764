import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import type { Duplex, Readable } from 'node:stream';
import { SallyportError } from '../errors/index.ts';
import { errorCode } from '../system/index.ts';
import { airlockPaths, type Tools } from './airlock/configuration.ts';
import { OUTER_DESCRIPTORS, outerArguments } from './arguments.ts';
import { Channel } from './channel.ts';
import { findTools, type SandboxHost } from './host.ts';
import { OutputPump } from './output.ts';
import { type AgentPipes, makeAgentPipes, openAgentPipes } from './pipes.ts';
import type { SandboxPlan } from './plan.ts';
import { lockRunDirectory } from './run-lock.ts';

/** All that the outer sandbox depends on: the rest of the plan reaches the airlock over its channel. */
export type OuterPlace = Pick<SandboxPlan, 'runId' | 'runDirectory' | 'identity'>;

/**
 * The outer bubblewrap, in which the airlock boots while the rest of the plan is still being made. It holds nothing of
 * the run and was told nothing until a `Sandbox` takes it over, which from then on accounts for its end.
 */
export class OuterSandbox implements AsyncDisposable {
  readonly tools: Tools;
  readonly process: ChildProcess;
  readonly pipes: AgentPipes;
  readonly output: OutputPump;
  readonly control: Channel;
  readonly proof: Duplex;

  private constructor(tools: Tools, child: ChildProcess, pipes: AgentPipes) {
    this.tools = tools;
    this.process = child;
    this.pipes = pipes;
    this.output = new OutputPump(pipes, streamAt(child, 1), streamAt(child, 2));
    this.proof = duplexAt(child, OUTER_DESCRIPTORS.proof);
    // The proof channel ends with the airlock; that is told by the control channel.
    this.proof.on('error', () => this.proof.destroy());
    this.control = new Channel(duplexAt(child, OUTER_DESCRIPTORS.control), async (method) => {
      throw new Error(`no such method: ${method}`);
    });
  }

  /**
   * The run directory must exist and becomes this process's: `sweepStale` leaves it alone while we live.
   * @throws SallyportError SP1202 when a program is missing.
   */
  static async start(place: OuterPlace, host: Pick<SandboxHost, 'airlock' | 'tools'>): Promise<OuterSandbox> {
    const tools = host.tools ?? findTools();
    const { scratch, own } = airlockPaths(place.runDirectory);
    for (const mountPoint of [scratch, own]) mkdirSync(mountPoint, 0o700);
    await Promise.all([makeAgentPipes(scratch), lockRunDirectory(place.runDirectory, place.runId)]);
    const pipes = openAgentPipes(scratch);
    const child = spawn(tools.bwrap, [...outerArguments(place.runDirectory), '--', ...host.airlock], {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', ...pipes.descriptors],
      env: {},
      cwd: '/',
      detached: true,
      ...place.identity,
    });
    pipes.closeDescriptors();
    const begun = spawned(child);
    // Not even begun, and without streams where descriptors ran out: the reason comes a turn later.
    if (child.pid === undefined) await begun.finally(() => pipes.close());
    // Listening before anything else happens: a bubblewrap that fails at once has said why and is gone.
    const outer = new OuterSandbox(tools, child, pipes);
    await begun;
    return outer;
  }

  /**
   * Kills it, and with it whatever is in its pid namespace. By its group: bubblewrap's child waits for a sign from its
   * parent before it has a session of its own, and would wait for ever for one that was killed.
   */
  kill(): void {
    const { pid, exitCode, signalCode } = this.process;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch (error) {
      if (errorCode(error) !== 'ESRCH') throw error;
    }
  }

  /** Kills it and closes our ends of every stream. */
  close(): void {
    this.kill();
    this.control.close();
    const { stdin, stdout, stderr } = this.pipes;
    for (const stream of [...this.process.stdio, stdin, stdout, stderr]) stream?.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => this.process.once('exit', () => resolve()));
    this.close();
    await gone;
  }
}

function spawned(child: ChildProcess): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  child.once('spawn', resolve);
  child.once('error', (error) => {
    const reason = errorCode(error) ?? error.message;
    reject(new SallyportError('SP1202', `bubblewrap cannot be started: ${reason}`, { cause: error }));
  });
  return promise;
}

function streamAt(child: ChildProcess, descriptor: 1 | 2): Readable {
  const stream = descriptor === 1 ? child.stdout : child.stderr;
  if (stream === null) throw new TypeError(`descriptor ${descriptor} is not a pipe`);
  return stream;
}

function duplexAt(child: ChildProcess, descriptor: number): Duplex {
  const stream = child.stdio[descriptor];
  // Sound: a pipe beyond the standard streams is a socket pair, readable and writable (Node's child_process, `stdio`).
  if (stream) return stream as Duplex;
  throw new TypeError(`descriptor ${descriptor} is not a pipe`);
}
