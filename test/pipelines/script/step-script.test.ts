import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stepScript } from '../../support/step-script.ts';

function commandsOf(text: string) {
  return stepScript(text).script.commands.map(({ words, span }) => ({
    words: words.map(({ literal }) => literal),
    source: text.slice(span.start, span.end),
  }));
}

test('what the platform puts in beforehand is an unknown part of its word, spelled as in the file', () => {
  const text = 'claude -p "Fix $' + '{{ github.event.issue.title }} now" --n=1';
  const [command] = stepScript(text).script.commands;
  const [, , prompt, flag] = command?.words ?? [];
  assert.deepEqual(prompt?.pieces, ['Fix ', undefined, ' now']);
  assert.equal(prompt?.literal, undefined);
  assert.equal(prompt?.source, text.slice(10, 51));
  assert.deepEqual(prompt?.span, { start: 10, end: 51 });
  assert.equal(flag?.literal, '--n=1');
});

test('an interpolation with quotes and line ends inside cannot break the reading', () => {
  const text = 'echo $' + "{{ format('a\"b\n{0}', x) }} && git push";
  const commands = stepScript(text.replace('{0}', '0')).script.commands;
  assert.deepEqual(
    commands.map(({ words }) => words[0]?.literal),
    ['echo', 'git'],
  );
});

test('shell text in a quoted word is read, and its commands stand where they are written', () => {
  const cases: readonly (readonly [string, string])[] = [
    [`bash -c 'git push'`, 'git push'],
    [`sudo bash -euo pipefail -c "git push"`, 'git push'],
    [`sh -lc 'x; git push' -- arg`, 'git push'],
    [`eval "git push"`, 'git push'],
    [`eval git push`, 'git push'],
    [`find . -print0 | xargs -0 sh -c 'git push'`, 'git push'],
    [`ssh -i key host 'cd x && git push'`, 'git push'],
    [`docker run --rm image sh -c 'git push'`, 'git push'],
    [`timeout 5m bash -c 'git push'`, 'git push'],
    [`bash <<'E'\ngit push\nE\n`, 'git push'],
    [`bash <<< 'git push'`, 'git push'],
    [`su agent -c 'git push'`, 'git push'],
    [`trap 'git push' EXIT`, 'git push'],
    [`bash -c 'sh -c "git push"'`, 'git push'],
  ];
  for (const [text, source] of cases) {
    const found = commandsOf(text).find(({ words }) => words[0] === 'git' && words[1] === 'push');
    assert.equal(found?.source, source, text);
  }
});

test('escaped quotes inside the text do not move the spans', () => {
  const text = String.raw`bash -c "gh pr comment 1 -b \"done \$X\" && git push"`;
  const [, comment, push] = stepScript(text).script.commands;
  assert.equal(comment?.words[5]?.expansions[0]?.name, 'X');
  assert.equal(text.slice(push?.span.start, push?.span.end), 'git push');
  assert.deepEqual(push?.nesting, ['text']);
});

test('text that is only printed or searched for is no command', () => {
  for (const text of [
    `echo "bash -c 'git push'"`,
    `echo bash -c 'git push'`,
    `grep -c 'git push' f`,
    `bash script.sh -c 'git push'`,
  ]) {
    assert.equal(
      commandsOf(text).some(({ words }) => words[1] === 'push'),
      false,
      text,
    );
  }
});

test('text in text without end is unread at some depth', () => {
  const text = Array.from({ length: 8 }).reduce<string>((inner) => `bash -c ${quote(inner)}`, 'git push');
  assert.equal(stepScript(text).script.unread.length > 0, true);
});

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
