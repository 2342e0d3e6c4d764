/**
 * Runs the bundled programs once, in a contained run of nothing, and keeps the code that V8 compiled for it beside
 * them. Which functions a start needs is known only by starting.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { agentIdentity, brokerIdentity } from '../src/run/identity.ts';
import { codeFileOf, PROGRAMS, type Program, programFile, readProgram } from './programs.ts';

/** Makes a change, and lives long enough for every process to have written what it compiled. */
const AGENT = ['/bin/sh', '-c', 'echo rehearsed > file && sleep 1'] as const;
const SECONDS = 60;
const ENVIRONMENT = { PATH: '/usr/bin:/bin' };

/** Writes `<name>.code` for every program. Returns why it could not; then nothing is written and programs are compiled at each start. */
export function rehearse(dist: string): string | undefined {
  const stage = mkdtempSync(join(tmpdir(), 'sallyport-rehearsal-'));
  try {
    // Passable: under root, broker and airlock have identities of their own.
    chmodSync(stage, 0o711);
    prepareStage(dist, stage);
    const { status, stderr } = play(stage);
    if (status !== 0) return `the run ended with ${status}: ${stderr.trim()}`;
    const codes = PROGRAMS.flatMap((program) => {
      const code = readCode(stage, program);
      return code === undefined ? [] : [{ program, code }];
    });
    if (codes.length < PROGRAMS.length) return 'a program left no code that V8 takes';
    for (const { program, code } of codes)
      writeFileSync(join(dist, `${program.name}.code`), codeFileOf(readProgram(dist, program), code));
    return undefined;
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

function prepareStage(dist: string, stage: string): void {
  const workspace = join(stage, 'workspace');
  makeRepository(workspace);
  cpSync(join(dist, 'packages'), join(stage, 'packages'), { recursive: true });
  const identities: { readonly [name: string]: ReturnType<typeof brokerIdentity> } = {
    'broker-process': brokerIdentity(),
    'airlock-process': agentIdentity(workspace, ENVIRONMENT),
  };
  for (const program of PROGRAMS) {
    cpSync(programFile(dist, program), programFile(stage, program));
    writeFileSync(join(stage, `${program.name}.cjs`), rehearsingLauncherOf(program));
    const code = join(stage, `${program.name}.code`);
    writeFileSync(code, '', { mode: 0o600 });
    const identity = identities[program.name];
    if (identity) chownSync(code, identity.uid, identity.gid);
  }
}

function makeRepository(directory: string): void {
  mkdirSync(directory);
  writeFileSync(join(directory, 'file'), 'content\n');
  const author = ['-c', 'user.name=build', '-c', 'user.email=build@example.test'];
  // Nobody's own configuration: it may sign, or run hooks.
  const env = { ...ENVIRONMENT, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  const steps = [
    ['init', '-q', '-b', 'main'],
    ['add', '-A'],
    [...author, 'commit', '-qm', 'base'],
  ] as const;
  for (const args of steps) spawnSync('git', args, { cwd: directory, stdio: 'ignore', env });
}

function play(stage: string): { readonly status: number | null; readonly stderr: string } {
  const options = ['--workspace', join(stage, 'workspace'), '--out', join(stage, 'out')];
  return spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(stage, 'run.cjs'), 'run', ...options, '--', ...AGENT],
    { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'], env: ENVIRONMENT, timeout: SECONDS * 1000 },
  );
}

function readCode(stage: string, program: Program): Buffer | undefined {
  const cachedData = lastWhole(readFileSync(join(stage, `${program.name}.code`)));
  if (cachedData === undefined) return undefined;
  const script = new Script(readProgram(stage, program), { filename: programFile(stage, program), cachedData });
  return script.cachedDataRejected ? undefined : cachedData;
}

/** The last of the pieces, each behind its length; the process may have been killed while it wrote one more. */
function lastWhole(pieces: Buffer): Buffer | undefined {
  let last: Buffer | undefined;
  for (let at = 0; at + 4 <= pieces.length; ) {
    const end = at + 4 + pieces.readUInt32LE(at);
    if (end <= pieces.length) last = pieces.subarray(at + 4, end);
    at = end;
  }
  // A copy: V8 wants it aligned.
  return last && Buffer.from(last);
}

/**
 * Broker and airlock end by SIGKILL, so they write from time to time as long as there is more to write; and before the
 * supervisor kills for the first time it holds still, so that they come to it.
 */
function rehearsingLauncherOf({ name }: Program): string {
  return `'use strict';
const { appendFileSync, readFileSync } = require('node:fs');
const { Script } = require('node:vm');
const filename = __dirname + '/${name}.program.js';
const script = new Script(readFileSync(filename, 'latin1'), { filename });
let length = 0;
const write = () => {
  const code = script.createCachedData();
  if (code.length === length) return;
  length = code.length;
  const size = Buffer.alloc(4);
  size.writeUInt32LE(length);
  appendFileSync(__dirname + '/${name}.code', Buffer.concat([size, code]));
};
process.on('exit', write);
${name === 'run' ? HOLD_STILL : 'setInterval(write, 100).unref();'}
script.runInThisContext()(exports, require, module, filename, __dirname);
`;
}

const HOLD_STILL = `const { ChildProcess } = require('node:child_process');
const kill = ChildProcess.prototype.kill;
ChildProcess.prototype.kill = function (signal) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
  ChildProcess.prototype.kill = kill;
  return kill.call(this, signal);
};`;
