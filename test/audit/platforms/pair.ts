/** Pipelines of other systems as people write them: each once open to an attack, and once as it should be. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { auditOf, type Files } from '../whole-program.ts';

export const DIGEST = '2fa754a9ba4d7adbd2a51d182eaabbe355c82b673624035a38c0d42b08724854';

export interface Pair {
  readonly what: string;
  readonly attack: Files;
  /** The same job without the hole. */
  readonly twin: Files;
  /** Paths that the attack shows: who does what with which secret, and the text by which it comes. */
  readonly paths: readonly { readonly rule: string; readonly says: RegExp; readonly meets: string }[];
  /** Single weaknesses at high that the twin keeps. */
  readonly beside?: readonly string[];
}

export function describePairs(system: string, pairs: readonly Pair[]): void {
  describe(`pipelines of ${system}`, () => {
    for (const { what, attack, twin, paths, beside = [] } of pairs) {
      it(`show the whole path: ${what}`, () => {
        const { findings } = auditOf(attack);
        for (const { rule, says, meets } of paths) {
          const found = findings.filter((finding) => finding.rule === rule && says.test(finding.message));
          assert.equal(
            found.length,
            1,
            `${rule} ${says} among:\n${findings.map((one) => `${one.rule} ${one.message}`).join('\n')}`,
          );
          const legs = found.flatMap(({ flow }) => flow.map(({ message }) => message)).join('\n');
          assert.ok(legs.includes(meets), `${meets} is not on the way:\n${legs}`);
        }
      });

      it(`show none without the hole: ${what}`, () => {
        const severe = auditOf(twin).findings.filter(
          ({ rule, severity }) => rule.startsWith('PATH') || severity === 'critical' || severity === 'high',
        );
        assert.deepEqual(
          severe
            .map(({ rule, message }) => `${rule} ${message}`)
            .filter((one) => !beside.includes(one.split(' ')[0] ?? '')),
          [],
        );
      });
    }
  });
}
