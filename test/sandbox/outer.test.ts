import assert from 'node:assert/strict';
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { OuterSandbox } from '../../src/sandbox/outer.ts';
import { errorCode } from '../../src/system/index.ts';
import { openBench } from './harness.ts';

const GONE_MILLISECONDS = 5000;

test('a sandbox that is given up at any moment of its start leaves no process', async () => {
  const directories: string[] = [];
  for (let step = 0; step < 24; step += 1) {
    await using bench = await openBench();
    const outer = await OuterSandbox.start(bench.plan, bench.host);
    directories.push(bench.plan.runDirectory);
    busy((step % 12) * 0.25);
    await outer[Symbol.asyncDispose]();
  }
  assert.deepEqual(await eventually(() => processesNaming(directories), []), []);
});

test('what bubblewrap started dies with it, whether or not it asked for that', async () => {
  await using bench = await openBench();
  // Stands for a bubblewrap whose child still waits for a sign of its parent.
  const bwrap = join(bench.plan.runDirectory, 'bwrap');
  writeFileSync(bwrap, '#!/bin/sh\n/bin/sleep 60 &\nwait\n');
  chmodSync(bwrap, 0o755);
  const host = { ...bench.host, tools: { ...bench.host.tools, bwrap } as OuterSandbox['tools'] };
  const outer = await OuterSandbox.start(bench.plan, host);
  const { pid } = outer.process;
  assert.ok(pid);
  await eventually(() => processesOfGroup(pid).length, 2);
  assert.equal(processesOfGroup(pid).length, 2);
  await outer[Symbol.asyncDispose]();
  assert.deepEqual(await eventually(() => processesOfGroup(pid), []), []);
  outer.kill();
});

/** The moments are shorter than a timer can tell. */
function busy(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

/** The value, as soon as it is the expected one or the time is up. */
async function eventually<T>(read: () => T, expected: T): Promise<T> {
  const end = performance.now() + GONE_MILLISECONDS;
  for (;;) {
    const value = read();
    if (JSON.stringify(value) === JSON.stringify(expected) || performance.now() > end) return value;
    await sleep(20);
  }
}

function processesNaming(directories: readonly string[]): readonly string[] {
  return pids().filter((pid) => {
    const commandLine = procFile(pid, 'cmdline');
    return directories.some((directory) => commandLine.includes(directory));
  });
}

function processesOfGroup(group: number): readonly string[] {
  // proc_pid_stat(5): the name in parentheses, then state, parent and group.
  return pids().filter((pid) => procFile(pid, 'stat').split(') ').at(-1)?.split(' ')[2] === String(group));
}

function pids(): readonly string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
}

function procFile(pid: string, name: string): string {
  try {
    return readFileSync(join('/proc', pid, name), 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ESRCH') return '';
    throw error;
  }
}
