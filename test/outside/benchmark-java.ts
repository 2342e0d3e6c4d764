/**
 * Scores the taint engine on a local checkout of OWASP-Benchmark/BenchmarkJava: `node test/outside/benchmark-java.ts DIR`.
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

const TESTS = 'src/main/java/org/owasp/benchmark/testcode';

async function score(directory: string, misses: boolean): Promise<void> {
  const expected = readExpected(join(directory, 'expectedresults-1.2.csv'));
  const tree = await readDirectoryTree(directory);
  const catalogue = await loadCatalogue(await loadReaders());
  const used = process.cpuUsage();
  using grammars = await loadGrammars(['java', 'javascript', 'tsx']);
  const clock = process.hrtime.bigint;
  const result = await analyseTree(
    { tree, only: undefined, catalogue, threatModel: 'service', limits: ENGINE_LIMITS, clock },
    grammars,
  );
  const { user, system } = process.cpuUsage(used);
  const own = <Row extends { readonly languages: readonly string[] }>(rows: readonly Row[]) =>
    rows.filter(({ languages }) => languages.includes('java'));
  const found = weaknessesOf(result.findings, { sinks: own(catalogue.sinks), patterns: own(catalogue.patterns) });
  const outcomes = expected.map((test) => ({ ...test, found: found.has(`${TESTS}/${test.name}.java ${test.cwe}`) }));
  console.log(
    `${result.filesRead} files, ${result.functionsAnalysed} functions, ${result.gaps.length} gaps, ${((user + system) / 1e6).toFixed(1)} s of a processor`,
  );
  printOutcomes(outcomes, misses);
}

const [directory] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
if (directory === undefined || process.argv.includes('--help')) {
  console.log(
    'usage: node test/outside/benchmark-java.ts [--misses] DIRECTORY\nScores the taint engine on a checkout.',
  );
  process.exitCode = directory === undefined && !process.argv.includes('--help') ? 2 : 0;
} else await score(directory, process.argv.includes('--misses'));
