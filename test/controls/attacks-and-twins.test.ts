import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ExampleFile } from '../../src/controls/index.ts';
import type { Files } from './change-pair.ts';
import { CODE_PAIRS } from './code-pairs.ts';
import { OPERATION_PAIRS } from './operation-pairs.ts';
import { PIPELINE_CHECK_PAIRS } from './pipeline-check-pairs.ts';
import { PIPELINE_JOB_PAIRS } from './pipeline-job-pairs.ts';
import { SETTINGS_PAIRS } from './settings-pairs.ts';
import { compare, loadTools, type Tools } from './trees.ts';

function listFiles(files: Files): readonly ExampleFile[] {
  return Object.entries(files).flatMap(([file, text]) => (text === undefined ? [] : [{ file, text }]));
}

describe('changes of one or several files', () => {
  let tools: Tools;
  before(async () => {
    tools = await loadTools();
  });
  after(() => tools.grammars[Symbol.dispose]());

  const reported = (old: Files, changed: Files): readonly string[] =>
    compare(tools, listFiles(old), listFiles({ ...old, ...changed })).changes.flatMap(
      ({ control, direction, severity, message }) =>
        direction === 'strengthened' || direction === 'moved' || severity === 'low' || severity === 'info'
          ? []
          : [`${control}: ${message}`],
    );

  for (const { attack, twin, control, before: old, lost, kept } of [
    ...CODE_PAIRS,
    ...OPERATION_PAIRS,
    ...PIPELINE_CHECK_PAIRS,
    ...PIPELINE_JOB_PAIRS,
    ...SETTINGS_PAIRS,
  ]) {
    it(`reports ${attack}`, () => {
      const seen = reported(old, lost);
      assert.ok(
        seen.some((line) => line.startsWith(`${control}: `)),
        seen.join('\n'),
      );
    });
    it(`lets through ${twin}`, () => assert.deepEqual(reported(old, kept), []));
  }
});
