/** What a script keeps in a variable is put back where it runs, and stands where it was written. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stepScript } from '../../support/step-script.ts';

/** The last command as it would run, word by word as the file spells it. */
function lastOf(...lines: readonly string[]): readonly string[] {
  const text = lines.join('\n');
  const command = stepScript(text).script.commands.at(-1);
  return (command?.words ?? []).map(({ span }) => text.slice(span.start, span.end));
}

test('the words of a program stand where they were written', () => {
  assert.deepEqual(lastOf('CMD="git push --force"', '$CMD origin'), ['git', 'push', '--force', 'origin']);
  assert.deepEqual(lastOf(`CMD='git push'`, 'date', '${CMD} "$X"'), ['git', 'push', '"$X"']);
  assert.deepEqual(lastOf('a=(git push "$X")', 'a+=(--force)', '"${a[@]}"'), ['git', 'push', '"$X"', '--force']);
});

test('an argument that is one variable stays a variable', () => {
  assert.deepEqual(lastOf('T=x', 'gh issue comment -b "$T"'), ['gh', 'issue', 'comment', '-b', '"$T"']);
});

test('quotes keep a value one word, which is then the name of the program', () => {
  assert.deepEqual(lastOf('CMD="git push"', '"$CMD" origin'), ['"git push"', 'origin']);
});

test('what the script does not know stays as it is', () => {
  for (const line of ['$CMD x', '"${CMD[@]}"', '"$@"']) assert.equal(lastOf('OTHER=git', line).join(' '), line);
  assert.deepEqual(lastOf('C=git', 'for C in a b; do true; done', '$C x'), ['$C', 'x']);
  assert.deepEqual(lastOf('f() { "$@"; }', 'set -- git push', 'g() { "$@"; }'), ['"$@"']);
});
