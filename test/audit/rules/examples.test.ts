import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { allRules, auditTree } from '../../../src/audit/index.ts';
import type { RuleDescriptor, RuleExample } from '../../../src/findings/index.ts';
import { loadReaders } from '../../../src/syntax/index.ts';
import { memoryTree } from '../../support/memory-tree.ts';

const readers = await loadReaders();
const only = process.env['SALLYPORT_RULE'];

/** Rules about the suppressions, the day or the file system, which no file content can show. Their own tests do. */
const ELSEWHERE: ReadonlySet<string> = new Set(['META04', 'META06', 'META08']);

function reportedBy(examples: readonly RuleExample[]): readonly string[] {
  const tree = memoryTree(Object.fromEntries(examples.map(({ file, text }) => [file, text])));
  return auditTree(tree, readers, { today: '2026-11-21' }).findings.map(({ rule }) => rule);
}

describe('every rule', () => {
  for (const rule of allRules().values()) {
    if (only !== undefined && rule.id !== only) continue;
    if (!ELSEWHERE.has(rule.id)) {
      it(`${rule.id} reports its attack: ${rule.title}`, () => {
        assert.ok(
          reportedBy(rule.attack).includes(rule.id),
          `found only ${reportedBy(rule.attack).join(' ') || 'nothing'}`,
        );
      });
    }
    it(`${rule.id} is silent on its benign twin`, () => {
      assert.ok(!reportedBy(rule.benign).includes(rule.id), `${rule.id} is reported`);
    });
    it(`${rule.id} says what it is, why it matters and where that is written down`, () => {
      assert.deepEqual(missingParts(rule), []);
    });
  }
});

function missingParts(rule: RuleDescriptor): readonly string[] {
  const texts = { title: rule.title, what: rule.what, why: rule.why, advice: rule.advice };
  return [
    ...Object.entries(texts).flatMap(([name, text]) => (text.trim() === '' ? [name] : [])),
    ...(rule.sources.length === 0 ? ['sources'] : []),
    ...(rule.benign.length === 0 ? ['benign'] : []),
    ...(rule.id.startsWith(rule.family) ? [] : ['family']),
  ];
}
