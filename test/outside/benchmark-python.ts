/**
 * Scores the taint engine on a local checkout of OWASP-Benchmark/BenchmarkPython: `node test/outside/benchmark-python.ts DIR`.
 * A test is a hit when a finding of the expected CWE lies in its file. The set is split by a hash of the test's name;
 * only the tuning half may be looked at (`--misses` lists it). Where the catalogue has a sink for a CWE, only flows count:
 * a warning that an interface is used at all says nothing about the test. `--help` explains.
 */
import { join } from 'node:path';
import { loadGrammars } from '../../src/code/index.ts';
import { loadReaders } from '../../src/syntax/index.ts';
import { analyseTree, ENGINE_LIMITS, loadCatalogue } from '../../src/taint/index.ts';
import { readDirectoryTree } from '../../src/workspace/index.ts';
import { printOutcomes, readExpected, weaknessesOf } from './support/owasp-benchmark.ts';

/** Labelled true although the value at the sink is a constant. They count as labelled; finding them would be wrong. */
const LABEL_ERRORS = new Set(
  [
    '00008',
    '00089',
    '00114',
    '00289',
    '00340',
    '00350',
    '00377',
    '00436',
    '00535',
    '00616',
    '00845',
    '00947',
    '01000',
  ].map((number) => `BenchmarkTest${number}`),
);

async function score(directory: string, misses: boolean): Promise<void> {
  const expected = readExpected(join(directory, 'expectedresults-0.1.csv'));
  const tree = await readDirectoryTree(directory);
  const catalogue = await loadCatalogue(await loadReaders());
  const start = performance.now();
  using grammars = await loadGrammars(['python']);
  const clock = process.hrtime.bigint;
  const result = await analyseTree(
    { tree, only: undefined, catalogue, threatModel: 'service', limits: ENGINE_LIMITS, clock },
    grammars,
  );
  const seconds = (performance.now() - start) / 1_000;
  const found = weaknessesOf(result.findings, catalogue);
  const outcomes = expected.map((test) => ({ ...test, found: found.has(`testcode/${test.name}.py ${test.cwe}`) }));
  console.log(
    `${result.filesRead} files, ${result.functionsAnalysed} functions, ${result.gaps.length} gaps, ${seconds.toFixed(1)} s`,
  );
  const errors = outcomes.filter((outcome) => LABEL_ERRORS.has(outcome.name) && outcome.found);
  console.log(`label errors flagged (should be 0 of ${LABEL_ERRORS.size}): ${errors.length}`);
  printOutcomes(outcomes, misses);
}

const [directory] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
if (directory === undefined || process.argv.includes('--help')) {
  console.log(
    'usage: node test/outside/benchmark-python.ts [--misses] DIRECTORY\nScores the taint engine on a checkout.',
  );
  process.exitCode = directory === undefined && !process.argv.includes('--help') ? 2 : 0;
} else await score(directory, process.argv.includes('--misses'));
