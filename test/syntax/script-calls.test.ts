import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ScriptLanguage } from '../../src/syntax/index.ts';
import { loadScriptReader } from '../../src/syntax/script.ts';

const read = await loadScriptReader();

function wordsOf(text: string, language: ScriptLanguage): readonly string[] {
  return read(text, language).commands.map(({ words }) => words.map(({ literal }) => literal ?? '?').join(' '));
}

test('a list of literals is a command, and a name in it an unknown word', () => {
  const text = 'subprocess.run(["claude", "-p", prompt, "--yes"], check=True)';
  assert.deepEqual(wordsOf(text, 'python'), ['claude -p ? --yes']);
  const [word] = read(text, 'python').commands[0]?.words ?? [];
  assert.deepEqual(word?.span, { start: 16, end: 24 });
});

test('a command line is read as the shell would', () => {
  assert.deepEqual(wordsOf('os.system(f"gh issue view {n} | claude -p hi")', 'python'), [
    'gh issue view ?',
    'claude -p hi',
  ]);
  assert.deepEqual(wordsOf('execSync(`npm ci && gh pr view $' + '{n}`)', 'javascript'), ['npm ci', 'gh pr view ?']);
});

test('program and arguments may stand apart', () => {
  assert.deepEqual(wordsOf('cp.spawn("codex", ["exec", p], {cwd})', 'javascript'), ['codex exec ?']);
});

test('a regular expression and a call without literals start nothing', () => {
  assert.deepEqual(wordsOf('/x/.exec("git push"); spawn(name, list)', 'javascript'), []);
  assert.deepEqual(wordsOf('print("subprocess.run is bad")', 'python'), []);
});
