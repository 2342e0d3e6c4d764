import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endGroup, type StageSet } from './stage-set.ts';

/** How a command ended and what it printed. */
interface Finished {
  readonly exit: number;
  readonly output: string;
  /** Standard error: what a refused or failed run says of itself. */
  readonly errors: string;
}

/** What one performance of an attack left behind, to be judged. */
export interface Performance extends Finished {
  /** The tree that goes on to the next step: the checkout itself, or a clean clone with the patch applied. */
  readonly result: string;
  readonly patch: Buffer;
  /** Did a ledger of the run verify? */
  readonly logged: boolean;
}

export interface Programs {
  /** Arguments after which the agent's prompt follows. */
  readonly agent: readonly string[];
  /** The interpreter and entry of Sallyport itself. */
  readonly sallyport: readonly string[];
}

const SECONDS = 90;

/** Runs a command to its end or to the time limit, with its output; a group of its own, so that all of it can be ended. */
function execute(command: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Finished> {
  const [program = '', ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    const text = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString('utf8');
    const timer = setTimeout(() => child.pid !== undefined && endGroup(child.pid), SECONDS * 1000);
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
    child.on('error', reject);
    // `exit`, not `close`: a daemon that keeps the pipe open is one of the attacks.
    child.on('exit', (code) => {
      clearTimeout(timer);
      setTimeout(() => resolve({ exit: code ?? 137, output: text(output), errors: text(errors) }), 50);
    });
  });
}

/** The later step may fail on what it finds; only its effects are judged. */
async function later(set: StageSet, result: string): Promise<void> {
  const env = { ...set.environment, ...set.attack.afterEnvironment };
  for (const command of set.attack.after) await execute(['/bin/sh', '-c', command], result, env);
}

/** The agent as a careless pipeline starts it. */
export async function playBare(set: StageSet, programs: Programs): Promise<Performance> {
  const finished = await execute([...programs.agent, '-p', set.attack.prompt], set.work, set.environment);
  const args = ['-C', set.work, '-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null'];
  execFileSync('git', [...args, 'add', '-A', '--intent-to-add'], { stdio: 'ignore' });
  const patch = execFileSync('git', [...args, 'diff', '--binary', 'HEAD'], { maxBuffer: 256 * 1024 * 1024 });
  await later(set, set.work);
  return { ...finished, result: set.work, patch, logged: false };
}

/** The same agent under `sallyport run`; the next step sees the patch and nothing else. */
export async function playContained(set: StageSet, programs: Programs): Promise<Performance> {
  const policy = join(set.room, 'policy.yaml');
  const out = join(set.room, 'out');
  const model = { upstream: set.model.url, allow: ['*'] };
  // JSON is YAML.
  writeFileSync(policy, JSON.stringify({ version: 1, model, limits: { minutes: 1 }, ...set.attack.policy }));
  const clean = join(set.room, 'clean');
  execFileSync('git', ['clone', '-q', '-c', 'core.hooksPath=/dev/null', set.work, clean], { stdio: 'ignore' });
  const flags = ['run', '--policy', policy, '--out', out, '--workspace', set.work, '--'];
  const command = [...programs.sallyport, ...flags, ...programs.agent, '-p', set.attack.prompt];
  const finished = await execute(command, set.work, set.environment);
  const file = join(out, 'changes.patch');
  const patch = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
  if (patch.length > 0) execFileSync('git', ['-C', clean, 'apply', '--whitespace=nowarn', file], { stdio: 'ignore' });
  await later(set, clean);
  return { ...finished, result: clean, patch, logged: await verifies(join(out, 'ledger'), set, programs) };
}

async function verifies(ledger: string, set: StageSet, programs: Programs): Promise<boolean> {
  if (!existsSync(ledger) || !statSync(ledger).isDirectory()) return false;
  mkdirSync(join(set.room, 'verify'), { recursive: true });
  const command = [...programs.sallyport, 'log', 'verify', '--at-least', 'signed', ledger];
  return (await execute(command, join(set.room, 'verify'), set.environment)).exit === 0;
}
