import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readIgnorePattern, selectedBy } from '../../../src/agents/claude-code/prediction/ignore-pattern.ts';

function selects(patterns: string | readonly string[], path: string): boolean {
  const read = [patterns].flat().map(readIgnorePattern);
  return selectedBy(read, path.split('/')) !== undefined;
}

/** Patterns as the real client was seen to read them: a path that is selected, and its twin that is not. */
const PAIRS: readonly (readonly [pattern: string, selected: string, not: string])[] = [
  ['.env', 'a/b/.env', '.env.local'],
  ['/src', 'src/a/b.ts', 'sub/src/a.ts'],
  ['src/sub', 'src/sub/a', 'a/src/sub'],
  ['lib/', 'a/lib/b', 'a/lib'],
  ['*.ts', 'a/b.ts', 'a/b.tsx'],
  ['a/*', 'a/b/c', 'a'],
  ['a/**', 'a/b/c', 'a'],
  ['**/deep', 'a/b/deep', 'a/deeper'],
  ['a/**/z', 'a/z', 'a/b'],
  ['s?c', 'src', 'sc'],
  ['[st]rc', 'src', 'rrc'],
  ['[a-s]rc', 'src', 'trc'],
  ['[!x]rc', 'xrc', 'arc'],
  ['SRC', 'src/a', 'srcs'],
  ['{a,b}', '{a,b}', 'a'],
  ['a\\*b', 'a*b', 'axb'],
  ['\\!neg', '!neg', 'neg'],
  ['\\#x', '#x', 'x'],
  ['with space.md', 'a/with space.md', 'with'],
  ['name ', 'name', 'name x'],
  ['name\\ ', 'name ', 'name'],
  [' name', ' name', 'name'],
  ['ÜNÏ', 'ünï', 'uni'],
  ['k', 'K', '\u212a'],
  ['s', 'S', '\u017f'],
];

test('a pattern selects what git would ignore, and its twin stays', () => {
  for (const [pattern, selected, not] of PAIRS) {
    assert.ok(selects(pattern, selected), `${pattern} should select ${selected}`);
    assert.ok(!selects(pattern, not), `${pattern} should not select ${not}`);
  }
});

test('a negated pattern takes out what an earlier one selected, but nothing in a folder that is selected', () => {
  assert.ok(!selects(['*.ts', '!a.ts'], 'src/a.ts'));
  assert.ok(selects(['*.ts', '!a.ts'], 'src/b.ts'));
  assert.ok(selects(['!a.ts', '*.ts'], 'src/a.ts'));
  assert.ok(selects(['src', '!src/a.ts'], 'src/a.ts'));
  assert.ok(!selects('!a.ts', 'a.ts'));
});

test('what is no pattern selects nothing', () => {
  for (const text of ['', ' ', '#x', '/', '[', 'a[b', '[]', 'a\\']) assert.ok(!selects(text, 'a'), text);
});

test('any text is answered in time that grows with it and no faster', () => {
  const part = fc.constantFrom('a', '*', '**', '?', '[', ']', '\\', '/', '!', ' ', '-', 'A', '.');
  const text = fc.array(part, { maxLength: 60 }).map((parts) => parts.join(''));
  fc.assert(fc.property(text, text, (pattern, path) => typeof selects(pattern, path) === 'boolean'));
  const stars = '*a'.repeat(400);
  assert.ok(!selects(stars, 'a'.repeat(4_000).concat('b')));
  assert.ok(!selects('**/a/'.repeat(100).concat('b'), 'a/'.repeat(200).concat('c')));
});
