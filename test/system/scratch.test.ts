import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';

const directory = mkdtempSync(join(tmpdir(), 'sallyport-scratch-test-'));
after(() => rmSync(directory, { recursive: true, force: true }));

const ROOM = resolve(import.meta.dirname, '../../src/system/index.ts');

/** What becomes of a process that guards the folders `one` and `two`, and of these, when it gets a signal. */
async function interrupt(name: string, signal: NodeJS.Signals, script: string) {
  const folders = ['one', 'two'].map((folder) => join(directory, name, folder));
  for (const folder of folders) mkdirSync(join(folder, 'below'), { recursive: true });
  const program = `
    const { removeOnSignal } = await import(${JSON.stringify(ROOM)});
    const guards = ${JSON.stringify(folders)}.map(removeOnSignal);
    ${script}
    setTimeout(() => {}, 60_000);
    console.log('ready');`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  child.kill(signal);
  const [code, endedBy] = await once(child, 'exit');
  return { code, endedBy, left: folders.map((folder) => existsSync(folder)) };
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  test(`${signal} ends the process as it would have, and takes its temporary folders with it`, async () => {
    assert.deepEqual(await interrupt(signal, signal, ''), { code: null, endedBy: signal, left: [false, false] });
  });

test('a folder that is no longer guarded stays', async () => {
  const end = await interrupt('released', 'SIGINT', 'guards[0][Symbol.dispose]();');
  assert.deepEqual(end, { code: null, endedBy: 'SIGINT', left: [true, false] });
});

test('a process that ends in order by itself is left to do so', async () => {
  const end = await interrupt(
    'ordered',
    'SIGINT',
    "process.on('SIGINT', () => setTimeout(() => process.exit(7), 20));",
  );
  assert.deepEqual(end, { code: 7, endedBy: null, left: [true, true] });
});
