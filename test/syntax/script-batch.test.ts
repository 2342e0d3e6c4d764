import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadScriptReader } from '../../src/syntax/script.ts';

const read = await loadScriptReader();

function wordsOf(text: string): readonly string[] {
  return read(text, 'cmd').commands.map(({ words }) => words.map((word) => word.literal ?? word.source).join(' '));
}

test('commands are found behind conditions, call, do and separators', () => {
  const text =
    '@echo off\r\nrem git push\r\nif not exist x call npm ci && claude -p "a b"\r\nfor %%f in (a b) do git add %%f';
  assert.deepEqual(wordsOf(text), ['echo off', 'npm ci', 'claude -p a b', 'git add %%f']);
});

test('a caret joins lines and variables are unknown parts', () => {
  const [command] = read('git push ^\r\n origin "%BRANCH%"', 'cmd').commands;
  assert.deepEqual(
    command?.words.map(({ literal }) => literal),
    ['git', 'push', 'origin', undefined],
  );
  assert.equal(command?.words[3]?.expansions[0]?.name, 'BRANCH');
});

test('set assigns and a redirect has its target', () => {
  const [set, echo] = read('set A=b%X%\necho A=1>> %GITHUB_ENV%', 'cmd').commands;
  assert.equal(set?.assignments[0]?.name, 'A');
  assert.deepEqual(set?.assignments[0]?.value?.pieces, ['b', undefined]);
  assert.deepEqual([echo?.redirects[0]?.operator, echo?.redirects[0]?.target?.source], ['>>', '%GITHUB_ENV%']);
});
