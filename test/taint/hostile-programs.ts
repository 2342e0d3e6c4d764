import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import type { EngineLimits } from '../../src/taint/index.ts';
import { type Laboratory, openLaboratory } from './analysed.ts';

/** What a language gives to break its front end and the engine with. */
export interface HostileLanguage {
  readonly language: string;
  /** Under which names a text is read; each is tried. */
  readonly paths: readonly string[];
  /** Files that a program needs beside it. */
  readonly beside?: { readonly [path: string]: string };
  /** A program with much of the language in it, out of which pieces are cut. */
  readonly seed: string;
  /** What is put where a piece was cut out. */
  readonly pieces: readonly string[];
  /** Programs that make a careless engine hang or run out of memory or stack, by what they are. */
  readonly shapes: readonly (readonly [title: string, text: string])[];
}

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 40);

const LIMITS: Partial<EngineLimits> = { stepsPerFile: 40_000, stepsPerFunction: 10_000 };

/** Declares the tests: no text ends in an exception, or in a finding at a place that is not there. */
export function describeHostilePrograms({ language, paths, beside, seed, pieces, shapes }: HostileLanguage): void {
  describe(`hostile programs in ${language}`, () => {
    let laboratory: Laboratory;
    before(async () => {
      laboratory = await openLaboratory();
    });
    after(() => laboratory[Symbol.dispose]());

    const survives = async (text: string, path: string): Promise<void> => {
      const { findings } = await laboratory.analyse({ ...beside, [path]: text }, { limits: LIMITS });
      for (const { place } of findings)
        assert.ok(place.span.start >= 0 && place.span.start <= place.span.end && place.span.end <= text.length);
    };
    const path = fc.constantFrom(...paths);

    test('any text is analysed without an exception', async () => {
      const text = fc.string({ unit: 'binary', maxLength: 400 });
      await fc.assert(fc.asyncProperty(text, path, survives), { numRuns: RUNS });
    });

    test('a program with pieces cut out, doubled and replaced is analysed without an exception', async () => {
      const cut = fc.tuple(fc.nat(seed.length), fc.nat(60), fc.constantFrom(...pieces));
      await fc.assert(
        fc.asyncProperty(fc.array(cut, { minLength: 1, maxLength: 6 }), path, async (cuts, chosen) => {
          let text = seed;
          for (const [at, length, piece] of cuts) text = text.slice(0, at) + piece + text.slice(at + length);
          await survives(text, chosen);
        }),
        { numRuns: Math.ceil(RUNS / 4) },
      );
    });

    for (const [title, text] of shapes)
      test(`${title} come to an end`, async () => {
        for (const chosen of paths) await survives(text, chosen);
      });
  });
}
