import type { ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  closeInheritedDescriptors,
  exitCode,
  hasCode,
  type JsonObject,
  type JsonValue,
  listProcesses,
} from '../../system/index.ts';
import { OUTER_DESCRIPTORS } from '../arguments.ts';
import { asObject, Channel } from '../channel.ts';
import { capturePort } from './capture.ts';
import {
  type AirlockConfiguration,
  airlockPaths,
  type Collect,
  type LaunchRequest,
  type LoadCollect,
} from './configuration.ts';
import { listenForBroker } from './forwarder.ts';
import { launchInner } from './launch.ts';
import { NameTable } from './names.ts';
import { startResolver } from './resolver.ts';
import { mountScratch, mountWorkspace, type WorkspaceLayout } from './workspace-mount.ts';

const INNER_DEATH_MILLISECONDS = 5_000;
const POLL_MILLISECONDS = 2;
/** Where bubblewrap's own init is, as the airlock sees it. */
const OUTER_INIT = 1;

/**
 * The process between the two bubblewraps. It serves the supervisor's requests until the control channel closes, then
 * ends, and everything of the agent with it. It decides nothing.
 */
export async function runAirlock(loadCollect: LoadCollect): Promise<void> {
  // The supervisor closed its own, but Node may open a certificate file in another thread while it spawns us.
  closeInheritedDescriptors(Object.values(OUTER_DESCRIPTORS));
  const airlock = new Airlock(loadCollect);
  const control = new Channel(new Socket({ fd: OUTER_DESCRIPTORS.control }), (method, parameters) =>
    airlock.serve(method, parameters),
  );
  await control.closed;
  process.exit(0);
}

class Airlock {
  readonly #loadCollect: LoadCollect;
  #collect: Promise<Collect> | undefined;
  #configuration: AirlockConfiguration | undefined;
  #settled: JsonObject | undefined;
  #inner: ChildProcess | undefined;
  #end: Promise<JsonValue> | undefined;
  readonly #exit = Promise.withResolvers<{ readonly code: number; readonly signal: string | null }>();

  constructor(loadCollect: LoadCollect) {
    this.#loadCollect = loadCollect;
  }

  // Parameters are cast where they arrive: the supervisor on the other end of the channel is this same program.
  async serve(method: string, parameters: JsonValue): Promise<JsonValue> {
    switch (method) {
      case 'configure':
        return this.#configure(parameters as unknown as AirlockConfiguration);
      case 'mount':
        return this.#mount(parameters as WorkspaceLayout);
      case 'launch':
        return this.#launch(parameters as unknown as LaunchRequest);
      case 'wait':
        return this.#wait();
      case 'kill':
        this.#inner?.kill('SIGKILL');
        return null;
      case 'collect':
        return this.#read(asObject(parameters));
      default:
        throw new Error(`no such method: ${method}`);
    }
  }

  async #configure(configuration: AirlockConfiguration): Promise<JsonValue> {
    const { broker, names, ports, plainPorts } = configuration;
    const table = new NameTable(names);
    // The file system first of all: the rest of this is done while the supervisor stages the workspace.
    await Promise.all([
      mountScratch(configuration),
      listenForBroker(broker.port, broker.socket, broker.nonce),
      startResolver(table),
      ...ports.map((port) => capturePort({ port, isPlain: plainPorts.includes(port) }, table, broker)),
    ]);
    this.#configuration = configuration;
    return null;
  }

  #configured(): AirlockConfiguration {
    if (this.#configuration === undefined) throw new Error('not configured');
    return this.#configuration;
  }

  async #mount(layout: WorkspaceLayout): Promise<JsonValue> {
    this.#settled = await mountWorkspace(this.#configured(), layout);
    return null;
  }

  async #launch(request: LaunchRequest): Promise<JsonValue> {
    const inner = launchInner(this.#configured(), request);
    this.#inner = inner;
    // Asked for with `wait`; one that comes before it is only kept.
    this.#exit.promise.catch(() => undefined);
    inner.on('error', this.#exit.reject);
    // Loaded while the sandbox proves itself; a failure shows when the change is asked for.
    this.#collect = this.#loadCollect();
    this.#collect.catch(() => undefined);
    inner.on('exit', (code, signal) => this.#exit.resolve({ code: exitCode(code, signal), signal }));
    return null;
  }

  async #read(request: JsonObject): Promise<JsonValue> {
    const collect = await (this.#collect ?? this.#loadCollect());
    const { merged } = airlockPaths(this.#configured().runDirectory);
    return collect(merged, this.#settled === undefined ? request : { ...request, settled: this.#settled });
  }

  /**
   * How the agent ended, when nothing of it is left: only then may the workspace be looked at. The supervisor asks
   * twice (for a probe that dies, and for the agent); two searches for survivors would not end together, and the later
   * one would kill the git that already reads the workspace.
   */
  #wait(): Promise<JsonValue> {
    this.#end ??= this.#awaitEnd();
    return this.#end;
  }

  async #awaitEnd(): Promise<JsonValue> {
    const exit = await this.#exit.promise;
    return { ...exit, survivors: await this.#innerIsDead() };
  }

  async #innerIsDead(): Promise<readonly number[]> {
    for (let waited = 0; ; waited += POLL_MILLISECONDS) {
      const others = listProcesses().filter((entry) => entry.pid !== OUTER_INIT && entry.pid !== process.pid);
      const alive = others.filter((entry) => entry.state !== 'Z').map((entry) => entry.pid);
      if (alive.length === 0 || waited >= INNER_DEATH_MILLISECONDS) return alive;
      for (const pid of alive) killQuietly(pid);
      await sleep(POLL_MILLISECONDS);
    }
  }
}

/** It may have ended since it was seen. */
function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!hasCode(error, 'ESRCH')) throw error;
  }
}
