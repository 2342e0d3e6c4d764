import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { auditTree } from '../../../src/audit/index.ts';
import { EXE_RULES } from '../../../src/audit/rules/exe/index.ts';
import { NET_RULES } from '../../../src/audit/rules/net/index.ts';
import { SUP_RULES } from '../../../src/audit/rules/sup/index.ts';
import { loadReaders } from '../../../src/syntax/index.ts';
import { memoryTree } from '../../support/memory-tree.ts';

const readers = await loadReaders();
const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 80);
const OWN = /^(?:EXE|SUP|NET)/;

describe('the rules about code, supply and network', () => {
  it('throw on no broken file, and every place and edit lies inside its file', () => {
    const rules = fc.constantFrom(...EXE_RULES, ...SUP_RULES, ...NET_RULES);
    const junk = fc.constantFrom(
      '',
      '\n',
      '"',
      "'",
      '${{',
      '{',
      '- ',
      ': ',
      '@',
      '|',
      '\u0000',
      '  ',
      '$(',
      '`',
      'é😀',
    );
    fc.assert(
      fc.property(rules, fc.nat(2000), fc.nat(40), junk, (rule, at, cut, put) => {
        const files = Object.fromEntries(
          rule.attack.map(({ file, text }) => [
            file,
            text.slice(0, at % text.length) + put + text.slice((at % text.length) + cut),
          ]),
        );
        for (const { rule: id, place, fixes } of auditTree(memoryTree(files), readers, { today: '2026-11-21' })
          .findings) {
          if (!OWN.test(id)) continue;
          for (const { file, span } of [place, ...fixes.flatMap(({ edits }) => edits)]) {
            assert.ok(span.start >= 0 && span.start <= span.end && span.end <= (files[file] ?? '').length, id);
          }
        }
      }),
      { numRuns: RUNS },
    );
  });
});
