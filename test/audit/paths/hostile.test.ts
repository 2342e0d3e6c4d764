import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { planCuts } from '../../../src/audit/paths/minimum-cut.ts';
import { PATH_RULES } from '../../../src/audit/rules/path/index.ts';
import { auditOf } from './support.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 60);

const EXAMPLES = PATH_RULES.flatMap(({ attack, benign }) => [attack, benign]);

/** Pieces that parsers and rules trip over. */
const PIECES = [
  '${{',
  '}}',
  '"',
  "'",
  '\n',
  ': ',
  '- ',
  '*',
  '&a',
  '[',
  '{',
  '|',
  '\u202e',
  '\0',
  '$(',
  'steps..outputs.',
  '((',
];

describe('path rules', () => {
  it('say something or nothing about damaged files, and never fail', () => {
    const damage = fc.record({
      example: fc.constantFrom(...EXAMPLES),
      at: fc.nat(),
      length: fc.nat({ max: 40 }),
      piece: fc.constantFrom(...PIECES),
    });
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 3 }), (all) => {
        const files: Record<string, string> = {};
        for (const { example, at, length, piece } of all) {
          for (const { file, text } of example) {
            const start = at % (text.length + 1);
            files[file] = text.slice(0, start) + piece + text.slice(start + length);
          }
        }
        const { paths } = auditOf(files);
        assert.ok(paths.every(({ legs, message }) => legs.length > 0 && message !== ''));
      }),
      { numRuns: RUNS },
    );
  });

  it('give every path legs that point into files of the repository', () => {
    for (const example of EXAMPLES) {
      const { paths, facts } = auditOf(Object.fromEntries(example.map(({ file, text }) => [file, text])));
      for (const { legs, rule } of paths) {
        for (const { step } of legs) {
          const text = facts.source(step.place.file)?.text;
          assert.ok(text !== undefined && step.place.span.end <= text.length, `${rule}: ${step.message}`);
        }
      }
    }
  });

  it('end each path with a cut plan that ends it', () => {
    for (const example of EXAMPLES) {
      const { paths } = auditOf(Object.fromEntries(example.map(({ file, text }) => [file, text])));
      const gone = new Set(planCuts(paths).cuts.map(({ leg }) => leg.id));
      assert.ok(paths.every(({ legs }) => legs.some(({ id }) => gone.has(id))));
    }
  });
});
