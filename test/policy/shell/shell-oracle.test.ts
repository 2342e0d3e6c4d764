import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { createCommandReader } from '../../../src/policy/shell/command-reader.ts';
import type { EffectiveCommand } from '../../../src/policy/shell/effective-command.ts';
import { loadShellGrammar } from '../../../src/syntax/index.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 400);
const SEED = Number(process.env['SALLYPORT_FUZZ_SEED'] ?? 20260101);

/**
 * Runs each script in bash with no program in reach; whatever it tries to start is reported instead, word by word.
 * Only commands whose name is not a built-in are seen, which is why the pieces below use made-up names.
 */
const ORACLE = `
command_not_found_handle() { local line; printf -v line '%s\\x1f' "$@"; printf '%s\\x1e' "$line" >&9; return 0; }
while IFS= read -r -d '' script; do
  ( eval "$script"; wait ) 9>&9 </dev/null >/dev/null 2>&1
  printf '\\x1d' >&9
done`;

function startedByBash(scripts: readonly string[]): readonly (readonly (readonly string[])[])[] {
  const input = scripts.map((script) => `${script}\u0000`).join('');
  // Some scripts redirect into files and expand `*`, so they get a directory of their own.
  const cwd = mkdtempSync(join(tmpdir(), 'sallyport-shell-'));
  const { stdout, status, error } = spawnSync('/bin/bash', ['--norc', '-c', `exec 9>&1; ${ORACLE}`], {
    cwd,
    input,
    env: { PATH: '/nonexistent', LC_ALL: 'C.UTF-8' },
    encoding: 'utf8',
    timeout: 600_000,
    maxBuffer: 1 << 30,
  });
  rmSync(cwd, { recursive: true });
  assert.equal(error, undefined);
  assert.equal(status, 0);
  const blocks = stdout.split('\u001d').slice(0, -1);
  assert.equal(blocks.length, scripts.length);
  return blocks.map((block) =>
    block
      .split('\u001e')
      .slice(0, -1)
      .map((line) => line.split('\u001f').slice(0, -1)),
  );
}

/** Whether one of the listed commands can be the one that was started; an unknown piece can be anything, nothing too. */
function isListed(commands: readonly EffectiveCommand[], started: readonly string[]): boolean {
  return commands.some(({ words }) => {
    let source = '';
    for (const { pieces } of words) {
      const word = pieces
        .map((piece) => (piece === undefined ? ANYTHING : piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
        .join('');
      source += word.startsWith(ANYTHING) || source === '' || source === ANYTHING ? word : `\u001f${word}`;
    }
    return new RegExp(`^${source}$`).test(started.join('\u001f'));
  });
}

const ANYTHING = '[\\s\\S]*';
const PIECES = [
  'aa',
  'bb',
  'cc',
  ' ',
  ' ',
  ' ',
  ';',
  '\n',
  '|',
  '&&',
  '||',
  '$(',
  ')',
  '(',
  '`',
  '"',
  "'",
  '\\',
  '$X',
  '$' + '{X}',
  '$' + '{X:-dd}',
  '{ ',
  '; }',
  "$'",
  '\\x61',
  '<<E\n',
  '\nE\n',
  "<<'E'\n",
  '<<-E\n\t',
  '\n\tE\n',
  `"\${X:-'`,
  `'}"`,
  '<<<',
  '#',
  '!',
  '=',
  'X=',
  'if ',
  '; then ',
  '; fi',
  'for i in ',
  '; do ',
  '; done',
  'while ',
  'case a in a) ',
  ';; esac',
  '[[ ',
  ' ]]',
  '((',
  '))',
  'f() { ',
  '\\\n',
  '~',
  '{a,b}',
  '*',
  '?',
  '>/dev/null',
  '2>&1',
  '|&',
  '\t',
  'time ',
  'function g { ',
  'eval ',
  '$((',
  '[',
  ']',
  'a[0]=',
  '+=',
  ':',
  '-',
  '%',
  '@',
  '^',
  ',',
  'é',
];
const scripts = fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 14 }).map((parts) => parts.join(''));

test('bash starts nothing that the reader did not list', async () => {
  using grammar = await loadShellGrammar();
  const reader = createCommandReader(grammar);
  const sample = fc.sample(scripts, { numRuns: RUNS, seed: SEED }).filter((script) => !script.includes('while'));
  const read = sample.flatMap((text) => {
    const commands = reader.read(text);
    return 'unreadable' in commands ? [] : [{ text, commands }];
  });
  const started = startedByBash(read.map(({ text }) => text));
  const missed = read.flatMap(({ text, commands }, index) =>
    (started[index] ?? []).filter((command) => !isListed(commands, command)).map((command) => ({ text, command })),
  );
  assert.ok(started.flat().length > 0);
  assert.deepEqual(missed.slice(0, 20), [], `repeat with SALLYPORT_FUZZ_SEED=${SEED} SALLYPORT_FUZZ_RUNS=${RUNS}`);
});
