import assert from 'node:assert/strict';
import { test } from 'node:test';
import { variableOrigins } from '../../../src/pipelines/script/index.ts';
import type { ScriptLanguage } from '../../../src/syntax/index.ts';
import { stepScript } from '../../support/step-script.ts';

function originsOf(text: string, language: ScriptLanguage = 'bash') {
  return variableOrigins(stepScript(text, language)).map(({ kind, name, texts, variables, commands, files }) => ({
    what: `${kind} ${name}`,
    texts: texts.map(({ start, end }) => text.slice(start, end)),
    variables,
    commands: commands.map(({ words }) => words.map(({ source }) => source).join(' ')),
    files,
  }));
}

const nothing = { texts: [], variables: [], commands: [], files: [] };

test('a variable is traced to the substitution that gave it', () => {
  assert.deepEqual(originsOf('PROMPT=$(gh issue view "$N")\nclaude -p "$PROMPT"'), [
    {
      what: 'variable PROMPT',
      texts: ['$(gh issue view "$N")'],
      variables: ['N'],
      commands: ['gh issue view "$N"'],
      files: [],
    },
  ]);
});

test('a file that is read into a variable is named', () => {
  assert.deepEqual(originsOf('export P="Do: $(cat prompt.md)"')[0]?.files, ['prompt.md']);
  assert.deepEqual(originsOf('read -r LINE < in.txt')[0], { ...nothing, what: 'variable LINE', files: ['in.txt'] });
  assert.deepEqual(originsOf('X=$(jq -r .a f.json)')[0]?.files, ['f.json']);
});

test('read takes what the command before it prints', () => {
  assert.deepEqual(
    originsOf('gh pr list | while read -r A B; do x "$A"; done').map(({ what, commands }) => [what, commands]),
    [
      ['variable A', ['gh pr list']],
      ['variable B', ['gh pr list']],
    ],
  );
  assert.deepEqual(originsOf('read A <<< "$TITLE"')[0]?.variables, ['TITLE']);
});

test('a file is traced to the here-document, text or command that wrote it', () => {
  assert.deepEqual(originsOf('cat > p.md <<EOF\nFix $TITLE\n$(date)\nEOF'), [
    { what: 'file p.md', texts: ['Fix $TITLE\n$(date)\n'], variables: ['TITLE'], commands: ['date'], files: [] },
  ]);
  assert.deepEqual(originsOf('gh issue view 1 > p.md'), [
    { ...nothing, what: 'file p.md', commands: ['gh issue view 1'] },
  ]);
  assert.deepEqual(originsOf('gh issue view 1 | tee p.md')[0]?.commands, ['gh issue view 1']);
  assert.deepEqual(originsOf('echo "$BODY" | tee p.md')[0]?.variables, ['BODY']);
});

test('PowerShell assigns the output of a command', () => {
  assert.deepEqual(originsOf('$p = Get-Content prompt.md -Raw', 'powershell'), [
    { ...nothing, what: 'variable p', commands: ['Get-Content prompt.md -Raw'], files: ['prompt.md'] },
  ]);
});

test('a plain value has a text and nothing else', () => {
  assert.deepEqual(originsOf('A="b c"'), [{ ...nothing, what: 'variable A', texts: ['"b c"'] }]);
});
