import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Laboratory, openLaboratory } from '../analysed.ts';
import { misjudgedLines } from '../marked-program.ts';
import { PYTHON_DRIVER_PROGRAMS } from './driver-programs.ts';
import { PYTHON_LIBRARY_PROGRAMS } from './library-programs.ts';
import { PYTHON_SERVICE_PROGRAMS } from './service-programs.ts';

describe('flows in Python', () => {
  let laboratory: Laboratory;
  before(async () => {
    laboratory = await openLaboratory();
  });
  after(() => laboratory[Symbol.dispose]());

  for (const program of [...PYTHON_SERVICE_PROGRAMS, ...PYTHON_DRIVER_PROGRAMS, ...PYTHON_LIBRARY_PROGRAMS])
    test(program.title, async () => {
      assert.deepEqual(await misjudgedLines(program, laboratory), []);
    });
});
