import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { EngineResult } from '../../src/taint/index.ts';
import { type Laboratory, openLaboratory } from './analysed.ts';
import type { MarkedProgram } from './marked-program.ts';

/** A change that leaves what a program does as it is. */
export interface MeaninglessChange {
  readonly title: string;
  readonly change: (text: string) => string;
}

/** Declares the tests: no change of the looks of a program changes what is found in it. */
export function describeMeaninglessChanges(
  language: string,
  programs: readonly MarkedProgram[],
  changes: readonly MeaninglessChange[],
): void {
  describe(`changes without a meaning in ${language}`, () => {
    let laboratory: Laboratory;
    const expected = new Map<MarkedProgram, readonly string[]>();
    before(async () => {
      laboratory = await openLaboratory();
      for (const program of programs) expected.set(program, await findings(program, (text) => text));
      assert.ok(
        [...expected.values()].some((found) => found.length > 0),
        'a suite of programs without a finding',
      );
    });
    after(() => laboratory[Symbol.dispose]());

    const findings = async (program: MarkedProgram, change: MeaninglessChange['change']) => {
      const { path, library } = program;
      return flowsIn(await laboratory.analyse({ [path]: change(unmarked(program)) }, { library }));
    };

    for (const { title, change } of changes)
      test(`${title} change no finding`, async () => {
        for (const program of programs)
          assert.deepEqual(await findings(program, change), expected.get(program), change(unmarked(program)));
      });
  });
}

function flowsIn({ findings }: EngineResult): readonly string[] {
  return findings
    .filter(({ flow }) => flow)
    .map(({ rule, confidence }) => `${rule} ${confidence}`)
    .sort();
}

/** A changed program must not keep marks: some changes put text at the end of each line. */
function unmarked({ lines }: MarkedProgram): string {
  return `${lines.map((line) => line.replace(/ ?(?:\/\/|#) (?:BAD|GOOD)$/, '')).join('\n')}\n`;
}
