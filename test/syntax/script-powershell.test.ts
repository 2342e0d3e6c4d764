import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadScriptReader } from '../../src/syntax/script.ts';

const read = await loadScriptReader();

function wordsOf(text: string): readonly string[] {
  return read(text, 'powershell').commands.map(({ words }) =>
    words.map((word) => word.literal ?? word.source).join(' '),
  );
}

test('commands begin at lines, separators, braces and pipes, and keywords are none', () => {
  const text = 'if (-not $ok) { git push } else { npm ci; exit 1 }\nGet-Content a | claude -p "x"';
  assert.deepEqual(wordsOf(text), ['git push', 'npm ci', 'exit 1', 'Get-Content a', 'claude -p x']);
});

test('the argument of Get-Command is no invocation', () => {
  assert.deepEqual(wordsOf('$p = (Get-Command claude -ErrorAction Stop).Source'), [
    '',
    'Get-Command claude -ErrorAction Stop',
  ]);
});

test('a backtick joins lines, comments are passed over and strings are no commands', () => {
  assert.deepEqual(wordsOf('npm install `\n  -g x # claude -p\n<# git push #>\n$a + "claude"'), ['npm install -g x']);
});

test('variables of the environment have their plain name and here-strings expand', () => {
  const text = '$prompt = @"\nReview $env:TITLE $(git log)\n"@\nclaude -p $prompt';
  const { commands } = read(text, 'powershell');
  const value = commands[0]?.assignments[0]?.value;
  assert.equal(commands[0]?.assignments[0]?.name, 'prompt');
  assert.deepEqual(
    value?.expansions.map(({ kind, name }) => [kind, name]),
    [
      ['variable', 'TITLE'],
      ['command', undefined],
    ],
  );
  assert.deepEqual(value?.span, { start: 10, end: 44 });
  assert.deepEqual(
    commands[1]?.words.map(({ literal }) => literal),
    ['git', 'log'],
  );
  assert.deepEqual(commands[1]?.nesting, ['substitution']);
  assert.deepEqual(commands[2]?.words[2]?.expansions[0]?.name, 'prompt');
});

test('the call operator runs what a string names', () => {
  assert.deepEqual(wordsOf(`& "C:\\x\\claude.exe" -p 'it''s'`), [`C:\\x\\claude.exe -p it's`]);
});

test('a string that is written to a file is printed', () => {
  const [command] = read('"A=$b" >> $env:GITHUB_ENV', 'powershell').commands;
  assert.deepEqual(
    command?.words.map(({ literal, source }) => literal ?? source),
    ['Write-Output', '"A=$b"'],
  );
  assert.equal(command?.redirects[0]?.target?.expansions[0]?.name, 'GITHUB_ENV');
});
