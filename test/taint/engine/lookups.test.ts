import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Laboratory, openLaboratory } from '../analysed.ts';
import { misjudgedLines, misweighedLines } from '../marked-program.ts';
import { INJECTION_PROGRAMS, LOADER_PROGRAM, LOOKUP_PROGRAMS } from './lookup-programs.ts';

describe('what is found by data from outside, and what a framework makes of it', () => {
  let laboratory: Laboratory;
  before(async () => {
    laboratory = await openLaboratory();
  });
  after(() => laboratory[Symbol.dispose]());

  for (const program of [...LOOKUP_PROGRAMS, ...INJECTION_PROGRAMS])
    test(program.title, async () => {
      assert.deepEqual(await misjudgedLines(program, laboratory), []);
    });

  test('of a loader of a route the body, the address and the parameters weigh more than a header', async () => {
    assert.deepEqual(await misweighedLines(LOADER_PROGRAM, laboratory), []);
  });

  test('a secret that only a test hands over is none of the code that it tests', async () => {
    const token = "const crypto = require('crypto');\nexports.sign = (key) => crypto.createHmac('sha256', key);\n";
    const call = "const { sign } = require('./token.js');\nsign('k9-77xQ-mmA1');\n";
    const rules = async (caller: string) => {
      const files = { 'src/token.js': token, [caller]: call };
      const { findings } = await laboratory.analyse(files);
      return findings.filter(({ place }) => place.file === 'src/token.js').map(({ rule }) => rule);
    };
    assert.deepEqual(await rules('src/token.test.js'), []);
    assert.deepEqual(await rules('src/app.js'), ['CODE50']);
  });
});
