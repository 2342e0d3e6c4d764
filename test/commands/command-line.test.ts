import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

const ROOM = join(import.meta.dirname, '../../src/commands/command-line.ts');

/** What a script ends with that starts a command line of one command. */
function statusOf(load: string): number | null {
  const script = `import(${JSON.stringify(ROOM)}).then(({ startCommandLine }) =>
    startCommandLine(['node', 'sallyport', 'gate'], { gate: { summary: '', load: ${load} } }));`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=commonjs', '-e', script], { encoding: 'utf8' });
  assert.equal(stderr.includes('SyntaxError'), false, stderr);
  return status;
}

const COMMAND = `const { Command } = require(${JSON.stringify(join(import.meta.dirname, '../../node_modules/commander'))});`;

test('a command that never answers is no success', () => {
  assert.equal(statusOf('() => new Promise(() => undefined)'), 4);
});

test('a command that answers ends with 0, or with what it says', () => {
  const answer = (action: string): string => `async () => { ${COMMAND} return new Command('gate').action(${action}); }`;
  assert.equal(statusOf(answer('async () => undefined')), 0);
  assert.equal(statusOf(answer('async () => { process.exitCode = 3; }')), 3);
});

test('a command that stops after it has said what it ends with ends with that', () => {
  const load = '() => { process.exitCode = 1; return new Promise(() => undefined); }';
  assert.equal(statusOf(load), 1);
});
