import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findHomoglyphs, findMixedWords } from '../../src/text/index.ts';

test('foreign letters in a Latin name are found, with what it reads as', () => {
  assert.deepEqual(findHomoglyphs('lоdash'), {
    kind: 'mixed',
    reads: 'lodash',
    letters: [{ index: 1, character: 'о', reads: 'o' }],
  });
  assert.equal(findHomoglyphs('аpple')?.reads, 'apple');
  assert.equal(findHomoglyphs('Αctions')?.reads, 'Actions');
  assert.equal(findHomoglyphs('ｒm')?.reads, 'rm');
  assert.equal(findHomoglyphs('𝐠it')?.reads, 'git');
});

test('a name wholly of look-alikes says so', () => {
  assert.deepEqual([findHomoglyphs('раурасе')?.kind, findHomoglyphs('раурасе')?.reads], ['whole', 'paypace']);
});

for (const word of ['lodash', 'café', 'привет', 'APIшка', 'λx', 'naïve', '日本', 'µs', '']) {
  test(`${JSON.stringify(word)} is an honest word`, () => assert.equal(findHomoglyphs(word), undefined));
}

test('mixed words of a program are found at their place, honest ones not', () => {
  const text = 'const ν_max = isAdmin && isАdmin; // проверка API, Δx';
  assert.deepEqual(
    findMixedWords(text).map(({ word, reads, span }) => [word, reads, span.start]),
    [['isАdmin', 'isAdmin', text.lastIndexOf('is')]],
  );
});
