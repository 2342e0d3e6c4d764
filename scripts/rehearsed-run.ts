/** A contained run of nothing, for the three processes of a run. */
import { chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { agentIdentity, brokerIdentity } from '../src/run/identity.ts';
import { type Program, RUN_PROGRAMS } from './programs.ts';
import { ENVIRONMENT, pieceFile, type Rehearsal } from './rehearsal.ts';
import { commitAll, startRepository } from './rehearsed-repository.ts';

/** Makes a change, and lives long enough for every process to have written what it compiled. */
const AGENT = ['/bin/sh', '-c', 'echo rehearsed > file && sleep 1'] as const;

export const RUN_REHEARSAL: Rehearsal = {
  name: 'the processes of a run',
  programs: RUN_PROGRAMS,
  status: 0,
  prepare(stage) {
    const workspace = join(stage, 'workspace');
    startRepository(workspace);
    writeFileSync(join(workspace, 'file'), 'content\n');
    commitAll(workspace, 'base');
    for (const program of RUN_PROGRAMS) giveAway(pieceFile(stage, program), program, workspace);
    return [join(stage, 'run.cjs'), 'run', '--workspace', workspace, '--out', join(stage, 'out'), '--', ...AGENT];
  },
  /**
   * Broker and airlock end by SIGKILL, so they write from time to time as long as there is more to write; and before
   * the supervisor kills for the first time it holds still, so that they come to it.
   */
  ending: ({ name }) => (name === 'run' ? HOLD_STILL : 'setInterval(write, 100).unref();'),
};

/** Each process writes its own code, under its own identity. */
function giveAway(file: string, { name }: Program, workspace: string): void {
  const identities: { readonly [name: string]: ReturnType<typeof brokerIdentity> } = {
    'broker-process': brokerIdentity(),
    'airlock-process': agentIdentity(workspace, ENVIRONMENT),
  };
  const identity = identities[name];
  if (identity) chownSync(file, identity.uid, identity.gid);
}

const HOLD_STILL = `const { ChildProcess } = require('node:child_process');
const kill = ChildProcess.prototype.kill;
ChildProcess.prototype.kill = function (signal) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
  ChildProcess.prototype.kill = kill;
  return kill.call(this, signal);
};`;
