/**
 * Plays bundled programs once, and keeps the code that V8 compiled for it beside them. Which functions a start needs is
 * known only by starting.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { codeFileOf, type Program, programFile, readProgram } from './programs.ts';

/** What is played. */
export interface Rehearsal {
  /** What the programs are for, for people. */
  readonly name: string;
  readonly programs: readonly Program[];
  /** What the command ends with. */
  readonly status: number;
  /** The words of the command, in a directory where the programs already stand. May write there. */
  readonly prepare: (stage: string) => readonly string[];
  /** A line for the start of a program that ends otherwise than by itself: it must have written before. */
  readonly ending: (program: Program) => string;
}

const SECONDS = 60;
/** Little of the caller's: nothing of it may change what is played. */
export const ENVIRONMENT = { PATH: '/usr/bin:/bin' };

/** Writes `<name>.code` for every program. Returns why it could not; then nothing is written and they are compiled at each start. */
export function rehearse(dist: string, rehearsal: Rehearsal): string | undefined {
  const { programs } = rehearsal;
  const stage = mkdtempSync(join(tmpdir(), 'sallyport-rehearsal-'));
  try {
    cpSync(dist, stage, { recursive: true });
    // Passable: under root, broker and airlock have identities of their own.
    chmodSync(stage, 0o711);
    for (const program of programs) rig(stage, program, rehearsal.ending(program));
    const { status, stderr } = play(rehearsal.prepare(stage));
    if (status !== rehearsal.status) return `it ended with ${status}: ${stderr.trim()}`;
    const codes = programs.flatMap((program) => {
      const code = readCode(stage, program);
      return code === undefined ? [] : [{ program, code }];
    });
    if (codes.length < programs.length) return 'a program left no code that V8 takes';
    for (const { program, code } of codes)
      writeFileSync(join(dist, `${program.name}.code`), codeFileOf(readProgram(dist, program), code));
    return undefined;
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

/** Makes the program write what V8 compiled of it. */
function rig(stage: string, program: Program, ending: string): void {
  writeFileSync(join(stage, `${program.name}.cjs`), rehearsingLauncherOf(program, ending));
  writeFileSync(pieceFile(stage, program), '', { mode: 0o600 });
}

/** Where a program that is rehearsed writes its code: the pieces, each behind its length. */
export function pieceFile(stage: string, { name }: Program): string {
  return join(stage, `${name}.code`);
}

function play(words: readonly string[]): { readonly status: number | null; readonly stderr: string } {
  return spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', ...words], {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
    env: ENVIRONMENT,
    timeout: SECONDS * 1000,
  });
}

function readCode(stage: string, program: Program): Buffer | undefined {
  const cachedData = lastWhole(readFileSync(pieceFile(stage, program)));
  if (cachedData === undefined) return undefined;
  const script = new Script(readProgram(stage, program), { filename: programFile(stage, program), cachedData });
  return script.cachedDataRejected ? undefined : cachedData;
}

/** The last of the pieces; the process may have been killed while it wrote one more. */
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

function rehearsingLauncherOf({ name }: Program, ending: string): string {
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
${ending}
script.runInThisContext()(exports, require, module, filename, __dirname);
`;
}
