import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readPipelines } from '../../../src/pipelines/index.ts';
import { loadReaders } from '../../../src/syntax/index.ts';
import { memoryTree } from '../../support/memory-tree.ts';

const readers = await loadReaders();
const FILE = '.github/workflows/a.yml';

function readOne(steps: string) {
  const text = `on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n${steps}`;
  const [pipeline] = readPipelines(memoryTree({ [FILE]: text }), readers);
  assert.ok(pipeline);
  return { text, pipeline, steps: pipeline.jobs[0]?.steps ?? [] };
}

describe('a run line that YAML refuses', () => {
  const line = 'claude -p "Review: $TITLE" --yes';

  it('is read as the line that its author meant, to the character', () => {
    const { text, steps } = readOne(`      - run: ${line}\n`);
    const run = steps[0]?.run;
    assert.equal(run?.text.text, line);
    assert.equal(run?.text.offsetOf(line.indexOf('$TITLE')), text.indexOf('$TITLE'));
    assert.deepEqual(
      run?.script.commands[0]?.words.map(({ source }) => source),
      ['claude', '-p', '"Review: $TITLE"', '--yes'],
    );
  });

  it('keeps the keys below it and the steps behind it', () => {
    const { steps } = readOne(`      - run: ${line}\n        env:\n          KEY: x\n      - run: echo hi\n`);
    assert.deepEqual(
      steps[0]?.environment.map(({ name }) => name),
      ['KEY'],
    );
    assert.equal(steps[1]?.run?.text.text, 'echo hi');
  });

  it('stays a gap', () => {
    const { pipeline } = readOne(`      - run: ${line}\n`);
    assert.ok(pipeline.gaps.some(({ kind }) => kind === 'syntax'));
  });

  it('ends before a carriage return, and several colons change nothing', () => {
    const { steps } = readOne('      - run: echo "a: b: c"\r\n      - run: echo hi\r\n');
    assert.equal(steps[0]?.run?.text.text, 'echo "a: b: c"');
  });

  it('a flow map is no command', () => {
    assert.equal(readOne('      - run: { a: b }\n').steps[0]?.run, undefined);
  });
});
