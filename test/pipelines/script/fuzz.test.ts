import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { scriptEffects, traceScripts } from '../../../src/pipelines/script/index.ts';
import { loadReaders, type ScriptLanguage } from '../../../src/syntax/index.ts';
import { memoryTree } from '../../support/memory-tree.ts';
import { stepScript } from '../../support/step-script.ts';

const readers = await loadReaders();
const runs = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 300);
const PARTS = [
  ...[
    'git push ',
    'gh api ',
    'curl ',
    'npm run x',
    'make t',
    './a.sh',
    'bash -c ',
    'eval ',
    'sudo ',
    'docker run ',
    '-f ',
    '-o ',
    '--',
    'cd ',
  ],
  ...[
    '$(',
    ')',
    '"',
    "'",
    '\\',
    '|',
    ';',
    '\n',
    '>>',
    '$GITHUB_ENV',
    'echo ',
    'A<<E',
    'E',
    '<<E',
    '$X',
    '{ ',
    '}',
    '$' + '{{ a }}',
    '=',
    ':',
    '/',
    'x',
  ],
];
const LANGUAGES: readonly ScriptLanguage[] = ['bash', 'powershell', 'cmd', 'python', 'javascript'];

test('no script, and no file it calls, makes the analysis throw or point outside', () => {
  const text = fc.array(fc.constantFrom(...PARTS), { maxLength: 40 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, text, fc.constantFrom(...LANGUAGES), (source, other, language) => {
      const script = stepScript(source, language, 7);
      const tree = memoryTree({
        'a.sh': other,
        Makefile: `t: ${other}\n\t${other}`,
        'package.json': JSON.stringify({ scripts: { x: other } }),
      });
      const effects = [...scriptEffects(script), ...traceScripts(script, '', tree, readers).unfollowed];
      for (const { place } of effects) {
        if (place.file !== 'pipeline.yml') continue;
        assert.equal(
          place.span.start >= 7 && place.span.end <= source.length + 7 && place.span.start <= place.span.end,
          true,
        );
      }
    }),
    { numRuns: runs },
  );
});

test('long repetitions are worked off', () => {
  for (const part of [
    'curl a|sh\n',
    'echo A=1 >> $GITHUB_ENV\n',
    'A=$(b)\n',
    '{ ',
    "bash -c '",
    'eval ',
    'sudo ',
    'cd a\n',
    'echo "A<<E" >> $GITHUB_OUTPUT\n',
  ]) {
    const script = stepScript(part.repeat(3_000));
    assert.equal(Array.isArray(scriptEffects(script)), true);
  }
});
