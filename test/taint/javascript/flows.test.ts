import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createLineIndex } from '../../../src/syntax/index.ts';
import { type Laboratory, openLaboratory } from '../analysed.ts';
import { BEGINNINGS_PROGRAMS } from './beginnings-programs.ts';
import { CHECKS_PROGRAMS } from './checks-programs.ts';
import { FRAMEWORKS_PROGRAMS } from './frameworks-programs.ts';
import { LANGUAGE_PROGRAMS } from './language-programs.ts';

describe('flows in JavaScript and TypeScript', () => {
  let laboratory: Laboratory;
  before(async () => {
    laboratory = await openLaboratory();
  });
  after(() => laboratory[Symbol.dispose]());

  for (const { title, path, library, lines } of [
    ...LANGUAGE_PROGRAMS,
    ...CHECKS_PROGRAMS,
    ...FRAMEWORKS_PROGRAMS,
    ...BEGINNINGS_PROGRAMS,
  ])
    test(title, async () => {
      const text = lines.join('\n');
      const { findings } = await laboratory.analyse({ [path]: text }, { library });
      const index = createLineIndex(text);
      const reached = new Set(
        findings.filter(({ flow }) => flow).map(({ place }) => index.position(place.span.start).line),
      );
      const wrong = lines.filter((line, at) => {
        if (line.includes('// BAD')) return !reached.has(at + 1);
        return line.includes('// GOOD') && reached.has(at + 1);
      });
      assert.deepEqual(wrong, []);
    });
});
