import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadScriptReader } from '../../src/syntax/script.ts';
import { SCRIPT_LIMITS } from '../../src/syntax/script-limits.ts';

const read = await loadScriptReader();

function commandsOf(text: string) {
  return read(text, 'bash').commands;
}

function wordsOf(text: string): readonly (readonly (string | undefined)[])[] {
  return commandsOf(text).map(({ words }) => words.map(({ literal }) => literal));
}

test('words, commands and expansions stand where their spans say', () => {
  const text = `A=1 claude -p "say $NAME" --x=\${Y:-z} $(cat f) # no\n`;
  const [outer, inner] = commandsOf(text);
  assert.deepEqual(
    outer?.words.map(({ span }) => text.slice(span.start, span.end)),
    ['claude', '-p', '"say $NAME"', `--x=\${Y:-z}`, '$(cat f)'],
  );
  assert.deepEqual(outer?.span, { start: 0, end: 46 });
  assert.deepEqual(outer?.words[2]?.pieces, ['say ', undefined]);
  assert.deepEqual(outer?.words[2]?.expansions, [
    { kind: 'variable', name: 'NAME', span: { start: 19, end: 24 }, quoted: true },
  ]);
  assert.deepEqual(outer?.words[3]?.expansions[0]?.name, 'Y');
  assert.deepEqual(outer?.words[4]?.expansions, [
    { kind: 'command', name: undefined, span: { start: 38, end: 46 }, quoted: false },
  ]);
  assert.deepEqual(outer?.assignments[0]?.span, { start: 0, end: 3 });
  assert.deepEqual(inner?.nesting, ['substitution']);
  assert.deepEqual(inner?.span, { start: 40, end: 45 });
});

test('quotes are removed as the shell does', () => {
  const cases: readonly (readonly [string, string | undefined])[] = [
    [`'a b'`, 'a b'],
    [`"a\\"b"`, 'a"b'],
    [`a'b'"c"`, 'abc'],
    ['a\\ b', 'a b'],
    [`$'a\\nb'`, 'a\nb'],
    ['""', ''],
    ['*.ts', undefined],
    ['{a,b}', undefined],
    ['{}', '{}'],
    ['~/x', undefined],
    ['a~b', 'a~b'],
    ['$X', undefined],
  ];
  for (const [source, literal] of cases) assert.equal(wordsOf(`p ${source}`)[0]?.[1], literal, source);
});

test('a here-document has the span of its body and says whether it expands', () => {
  const text = "cat > p.md <<EOF\nhi $X $(date)\nEOF\ncat <<-'E'\n\t$Y\n\tE\n";
  const [open, , closed] = commandsOf(text);
  const body = open?.redirects[1]?.hereDocument;
  assert.equal(body && text.slice(body.span.start, body.span.end), 'hi $X $(date)\n');
  assert.equal(body?.expands, true);
  assert.deepEqual(
    body?.expansions.map(({ kind, name }) => [kind, name]),
    [
      ['variable', 'X'],
      ['command', undefined],
    ],
  );
  assert.equal(closed?.redirects[0]?.hereDocument?.expands, false);
  assert.equal(open?.redirects[0]?.target?.literal, 'p.md');
  assert.deepEqual(wordsOf(text)[1], ['date']);
});

test('commands know their pipeline, background, nesting and whether failure is ignored', () => {
  const commands = commandsOf('a | (b) | c & d || true; f() { if e; then g; fi; }; for i in 1; do h; done');
  const named = (name: string) => commands.find(({ words }) => words[0]?.literal === name);
  assert.deepEqual(named('a')?.pipeline, { id: named('c')?.pipeline.id, position: 0, length: 3 });
  assert.deepEqual(named('b')?.pipeline.position, 1);
  assert.deepEqual(named('b')?.nesting, ['subshell']);
  assert.equal(named('c')?.background, true);
  assert.equal(named('d')?.exitIgnored, true);
  assert.equal(named('a')?.exitIgnored, false);
  assert.deepEqual(named('g')?.nesting, ['function', 'body', 'condition']);
  assert.deepEqual(named('h')?.nesting, ['loop']);
});

test('the redirects of a block stand as a command whose span is the block', () => {
  const text = '{ echo a; echo b; } >> "$GITHUB_ENV"';
  const [block] = commandsOf(text);
  assert.deepEqual(block?.words, []);
  assert.deepEqual(block?.span, { start: 0, end: text.length });
  assert.equal(block?.redirects[0]?.operator, '>>');
});

test('commands inside backticks inside backticks keep their place', () => {
  const text = 'x `a \\`git push\\` b`';
  const push = commandsOf(text).find(({ words }) => words[1]?.literal === 'push');
  assert.deepEqual(push?.span, { start: text.indexOf('git'), end: text.indexOf('push') + 4 });
});

test('an argument that looks like an assignment is a word, unless the program declares', () => {
  assert.deepEqual(wordsOf('make A=1'), [['make', 'A=1']]);
  const [declared] = commandsOf('export A=1 B');
  assert.deepEqual(
    declared?.assignments.map(({ name }) => name),
    ['A'],
  );
});

test('a broken script is read as far as it goes and says what is missing', () => {
  const script = read('git push\nif true; then\n  npm ci\n', 'bash');
  assert.deepEqual(
    script.commands.map(({ words }) => words[0]?.literal),
    ['git', 'true', 'npm'],
  );
  assert.equal(script.unread.length > 0, true);
});

test('what lies behind a cap is unread', () => {
  const long = read('a\n'.repeat(SCRIPT_LIMITS.characters), 'bash');
  assert.equal(long.unread.at(-1)?.span.end, SCRIPT_LIMITS.characters * 2);
  assert.equal(long.commands.length, SCRIPT_LIMITS.commands);
  assert.equal(read('$('.repeat(5_000), 'bash').unread.length > 0, true);
  assert.equal(read('f()'.repeat(20_000), 'bash').unread.length > 0, true);
  assert.equal(read('cat <<A\n'.repeat(SCRIPT_LIMITS.hereDocuments + 1), 'bash').unread.length > 0, true);
});

test('a language without a reader has no commands', () => {
  assert.deepEqual(read('sh "git push"', 'groovy'), { language: 'groovy', commands: [], functions: [], unread: [] });
});
