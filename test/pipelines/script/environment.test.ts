import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scriptEffects } from '../../../src/pipelines/script/index.ts';
import type { ScriptLanguage } from '../../../src/syntax/index.ts';
import { stepScript } from '../../support/step-script.ts';

function writesOf(text: string, language: ScriptLanguage = 'bash'): readonly (readonly (string | undefined)[])[] {
  return scriptEffects(stepScript(text, language)).flatMap((effect) =>
    effect.kind === 'set-environment' ? [[effect.target, effect.name, effect.value]] : [],
  );
}

test('every usual spelling of a write to the files of the runner is seen', () => {
  const cases: readonly (readonly [string, ReturnType<typeof writesOf>, ScriptLanguage?])[] = [
    ['echo "A=$X" >> $GITHUB_ENV', [['env', 'A', '$X']]],
    ['echo A=1 >> "$' + '{GITHUB_OUTPUT}"', [['output', 'A', '1']]],
    ['echo "$HOME/bin" >> "$GITHUB_PATH"', [['path', undefined, '$HOME/bin']]],
    ['echo "# done" >> $GITHUB_STEP_SUMMARY', [['summary', undefined, '# done']]],
    [`printf 'A=%s\\n' "$X" >> $GITHUB_ENV`, [['env', 'A', '$X']]],
    ['echo "A=1" | tee -a $GITHUB_ENV', [['env', 'A', '1']]],
    [
      'cat <<EOF >> $GITHUB_ENV\nA=1\nB=$X\nEOF',
      [
        ['env', 'A', '1'],
        ['env', 'B', '$X'],
      ],
    ],
    ['tee -a $GITHUB_ENV <<EOF\nA=1\nEOF', [['env', 'A', '1']]],
    [
      '{ echo "A=1"; echo "B=2"; } >> "$GITHUB_ENV"',
      [
        ['env', 'A', '1'],
        ['env', 'B', '2'],
      ],
    ],
    ['{\necho "A<<E"\ncat body.md\necho E\n} >> $GITHUB_OUTPUT', [['output', 'A', '$(cat body.md)']]],
    [
      'echo "A<<E" >> $GITHUB_OUTPUT\ngh issue view 1 >> $GITHUB_OUTPUT\necho "E" >> $GITHUB_OUTPUT',
      [['output', 'A', '$(gh issue view 1 >> $GITHUB_OUTPUT)']],
    ],
    ['cat >> $GITHUB_ENV <<E\nP<<X\none\ntwo\nX\nE', [['env', 'P', 'one\ntwo']]],
    ['./tool >> $GITHUB_ENV', [['env', undefined, undefined]]],
    ['echo "::set-env name=A::$X"', [['env', 'A', '$X']]],
    ['echo "::set-output name=A::1"', [['output', 'A', '1']]],
    ['echo "::add-path::/x"', [['path', undefined, '/x']]],
    ['echo "##vso[task.setvariable variable=A]$X"', [['env', 'A', '$X']]],
    ['echo "##vso[task.setvariable variable=A;isOutput=true]$X"', [['output', 'A', '$X']]],
    ['echo "##vso[task.prependpath]/x"', [['path', undefined, '/x']]],
    ['"A=$x" >> $env:GITHUB_ENV', [['env', 'A', '$x']], 'powershell'],
    ['"A=1" | Out-File -FilePath $env:GITHUB_OUTPUT -Append', [['output', 'A', '1']], 'powershell'],
    ['Add-Content -Path $env:GITHUB_ENV -Value "A=1"', [['env', 'A', '1']], 'powershell'],
    ['echo A=%X%>> %GITHUB_ENV%', [['env', 'A', '%X%']], 'cmd'],
    [`open(os.environ["GITHUB_ENV"], "a").write("A=1")`, [['env', undefined, undefined]], 'python'],
  ];
  for (const [text, expected, language] of cases) assert.deepEqual(writesOf(text, language), expected, text);
});

test('a value that ends at a mark of chance stays one value', () => {
  const guarded = (begin: string) =>
    scriptEffects(stepScript(`${begin}\n{\necho "A<<$MARK"\ncat body.md\necho "$MARK"\n} >> $GITHUB_ENV`, 'bash')).map(
      (effect) => effect.kind === 'set-environment' && effect.guarded === true,
    );
  assert.deepEqual(guarded('MARK=$(openssl rand -hex 16)'), [true]);
  assert.deepEqual(guarded('MARK=$(uuidgen)'), [true]);
  assert.deepEqual(guarded('MARK=EOF'), [false]);
});

test('reading one of the files, or printing a name, writes nothing', () => {
  for (const text of [
    'cat $GITHUB_ENV',
    'echo "$GITHUB_ENV"',
    'grep A < $GITHUB_ENV',
    'echo "::notice::A=1"',
    'echo A=1 > out.env',
  ]) {
    assert.deepEqual(writesOf(text), [], text);
  }
});

test('a value of several lines has the place from its first to its last line', () => {
  const text = 'echo "A<<E" >> $GITHUB_OUTPUT\ncat x >> $GITHUB_OUTPUT\necho E >> $GITHUB_OUTPUT\n';
  const [effect] = scriptEffects(stepScript(text)).filter(({ kind }) => kind === 'set-environment');
  assert.deepEqual(effect?.place.span, { start: 0, end: text.length - 1 });
});
