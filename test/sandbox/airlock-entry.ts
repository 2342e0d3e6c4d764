/** The airlock of the tests: its collector lists the workspace, and may start a program as the real one starts git. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { runAirlock } from '../../src/sandbox/index.ts';

async function signalOf(seconds: number): Promise<string> {
  const [, signal] = await once(spawn('sleep', [String(seconds)]), 'exit');
  return String(signal);
}

await runAirlock(async () => async (merged, request) => {
  const { sleep } = request;
  if (typeof sleep === 'number') return { signal: await signalOf(sleep) };
  return { request, files: (await readdir(merged)).sort() };
});
