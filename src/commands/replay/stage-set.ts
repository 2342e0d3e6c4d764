import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { hasCode, type RandomBytes, removeOnSignal } from '../../system/index.ts';
import { createSentinel, type SecretSentinel } from '../../text/index.ts';
import type { Attack } from './attack.ts';
import { startScriptedModel } from './scripted-model.ts';
import { type RecordedRequest, type Recorder, startRecorder, startUdpRecorder } from './servers.ts';

/** Everything one replay needs: a checkout, a home, neighbours, and servers that keep what they are sent. */
export interface StageSet {
  readonly room: string;
  readonly work: string;
  readonly home: string;
  readonly outside: string;
  readonly environment: { readonly [name: string]: string };
  readonly attack: Attack;
  readonly thief: readonly RecordedRequest[];
  readonly forge: Recorder;
  readonly model: Recorder;
  readonly socket: readonly RecordedRequest[];
  readonly sentinel: SecretSentinel;
  readonly secrets: { readonly [name: string]: string };
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

function makeSecrets(attack: Attack, random: RandomBytes): { readonly [name: string]: string } {
  const prefixes = { MODEL_KEY: 'sk-ant-api03-', ...attack.secrets };
  const value = (prefix: string) => prefix + [...random(32)].map((byte) => LETTERS[byte % LETTERS.length]).join('');
  return Object.fromEntries(Object.entries(prefixes).map(([name, prefix]) => [name, value(prefix)]));
}

/** Puts the values in place of `{{NAME}}`, in every text of the attack. */
function fill(attack: Attack, values: { readonly [name: string]: string }): Attack {
  const fillAny = (value: unknown): unknown => {
    if (typeof value === 'string')
      return value.replace(/\{\{([A-Z_]+)\}\}/g, (whole, name: string) => values[name] ?? whole);
    if (Array.isArray(value)) return value.map(fillAny);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, fillAny(inner)]));
  };
  // The same shape with other strings.
  return fillAny(attack) as Attack;
}

function writeAll(directory: string, files: { readonly [path: string]: string }): void {
  mkdirSync(directory, { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
    if (content.startsWith('#!')) chmodSync(join(directory, path), 0o755);
  }
}

function git(directory: string, args: readonly string[]): void {
  const identity = ['-c', 'user.name=Replay', '-c', 'user.email=replay@sallyport.invalid'];
  const env = { PATH: process.env['PATH'], GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };
  execFileSync('git', ['-C', directory, ...identity, ...args], { env, stdio: 'ignore' });
}

function makeCheckout(set: Pick<StageSet, 'work' | 'attack'>): void {
  const { work, attack } = set;
  writeAll(work, { 'TASK.md': 'Add a greeting to greeting.txt.\n', ...attack.files });
  for (const [path, target] of Object.entries(attack.links)) {
    mkdirSync(dirname(join(work, path)), { recursive: true });
    symlinkSync(target, join(work, path));
  }
  git(work, ['init', '-q', '-b', 'main']);
  git(work, ['add', '-A']);
  git(work, ['commit', '-q', '-m', 'start']);
  writeAll(work, attack.untracked);
  for (const [key, value] of Object.entries(attack.gitConfig)) git(work, ['config', key, value]);
}

/** Builds the set, hands it to `play`, and takes everything down again, neighbours included. */
export async function withStageSet<T>(
  asked: Attack,
  agent: string,
  random: RandomBytes,
  play: (set: StageSet) => Promise<T>,
): Promise<T> {
  const room = mkdtempSync(join(tmpdir(), 'replay-'));
  using _guard = removeOnSignal(room);
  chmodSync(room, 0o755);
  const [work, home, outside] = [join(room, 'work'), join(room, 'home'), join(room, 'outside')];
  const secrets = makeSecrets(asked, random);
  const neighbours: ChildProcess[] = [];
  try {
    for (const directory of [work, home, outside]) mkdirSync(directory);
    await using thief = await startRecorder({});
    await using udp = await startUdpRecorder(thief.requests);
    const names = {
      ...secrets,
      WORK: work,
      HOME: home,
      OUTSIDE: outside,
      THIEF: thief.url,
      THIEF_UDP: String(udp.port),
      AGENT: agent,
      NODE: process.execPath,
    };
    const answers = fill(asked, names).forge;
    await using forge = await startRecorder(answers);
    const scripted = fill(asked, { ...names, FORGE: forge.url });
    await using model = await startScriptedModel(scripted);
    const attack = fill(scripted, { MODEL: model.url });
    await using socket = await startRecorder({}, join(outside, attack.socket ? 'docker.sock' : 'unused.sock'));
    writeAll(home, attack.home);
    writeAll(outside, attack.outside);
    makeCheckout({ work, attack });
    for (const command of attack.background) {
      neighbours.push(spawn('/bin/sh', ['-c', command], { stdio: 'ignore', detached: true, cwd: outside }));
    }
    const environment = {
      PATH: process.env['PATH'] ?? '/usr/bin:/bin',
      HOME: home,
      ANTHROPIC_BASE_URL: model.url,
      ANTHROPIC_API_KEY: secrets['MODEL_KEY'] ?? '',
      ...attack.environment,
    };
    const sentinel = createSentinel(Object.entries(secrets).map(([name, value]) => ({ name, value })));
    return await play({
      room,
      work,
      home,
      outside,
      environment,
      attack,
      thief: thief.requests,
      forge,
      model,
      socket: socket.requests,
      sentinel,
      secrets,
    });
  } finally {
    for (const { pid } of neighbours) if (pid !== undefined) endGroup(pid);
    rmSync(room, { recursive: true, force: true });
  }
}

/** Ends a process group that we started; it may be gone already. */
export function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (!hasCode(error, 'ESRCH')) throw error;
  }
}
