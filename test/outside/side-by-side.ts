/**
 * Our engine beside Bandit, Semgrep and two plug-ins of ESLint: the same files, one run, each tool's own time.
 * `--help` explains. The tools are installed by whoever runs this; nothing of the suites is kept here.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { readCodeql } from './javascript-suites/codeql.ts';
import { listFiles, readText } from './peer-suites/checkout.ts';
import { type Half, halfOf } from './peer-suites/halves.ts';
import { createEngine } from './rule-suites/analysed.ts';
import { bandit, eslint, semgrep, type Tool, type ToolRun } from './rule-suites/other-tools.ts';
import { type Alarm, type AnnotatedLine, foldClass, isAbout } from './rule-suites/row.ts';

const HELP = `usage: node test/outside/side-by-side.ts [--benchmark-python DIR] [--codeql DIR]
    [--python-tools VENV] [--eslint DIR] [--semgrep-rules DIR] [--sample COUNT]

--python-tools  a virtual environment with bandit and semgrep
--eslint        a folder with eslint, eslint-plugin-security, eslint-plugin-no-unsanitized, @typescript-eslint/parser
--sample        so many tests of BenchmarkPython, chosen by the hash of their names (default 300; 0: all)

BenchmarkPython: a test is found when the tool says its weakness anywhere in its file. CodeQL: when it says it on the marked
line. Related numbers of weaknesses count as one. Seconds are of the whole program, start included.`;

const { values } = parseArgs({
  options: {
    'benchmark-python': { type: 'string' },
    codeql: { type: 'string' },
    'python-tools': { type: 'string' },
    eslint: { type: 'string' },
    'semgrep-rules': { type: 'string' },
    sample: { type: 'string', default: '300' },
    help: { type: 'boolean', default: false },
  },
});

interface Suite {
  readonly name: string;
  /** Analysed together. */
  readonly programs: readonly { readonly files: { readonly [path: string]: string }; readonly library: boolean }[];
  readonly rows: readonly AnnotatedLine[];
}

const WHOLE_FILE = Number.MAX_SAFE_INTEGER;

function readBenchmark(directory: string, sample: number): Suite {
  const lines = readFileSync(join(directory, 'expectedresults-0.1.csv'), 'utf8').split('\n');
  const all = lines.flatMap((line): readonly AnnotatedLine[] => {
    const [name = '', , real, cwe] = line.trim().split(',');
    if (name === '' || line.startsWith('#')) return [];
    const classes = [foldClass(Number(cwe))];
    const file = `testcode/${name}.py`;
    return [{ file, line: 1, lastLine: WHOLE_FILE, wrong: real === 'true', classes, group: 'all', rule: name }];
  });
  const hashed = (file: string): string => createHash('sha256').update(`sample ${file}`).digest('hex');
  const chosen = all.toSorted((a, b) => (hashed(a.file) < hashed(b.file) ? -1 : 1));
  const rows = sample === 0 ? all : chosen.slice(0, sample);
  const wanted = new Set(rows.map(({ file }) => file));
  const paths = listFiles(directory).filter(
    (path) => path.endsWith('.py') && (!path.startsWith('testcode/') || wanted.has(path)),
  );
  const files = Object.fromEntries(paths.map((path) => [path, readText(directory, path)]));
  return { name: 'BenchmarkPython', programs: [{ files, library: false }], rows };
}

/** The numbers of the groups in which CodeQL's tests lie. */
const GROUP_CLASSES: Readonly<Record<string, readonly number[]>> = { '915': [1321], '730': [1333] };

function readCodeqlSuite(directory: string): Suite {
  const trees = readCodeql(directory);
  const rows = trees.flatMap(({ lines }) =>
    lines.map(({ file, line, wrong, group }): AnnotatedLine => {
      const classes = (GROUP_CLASSES[group] ?? [Number(group)]).map(foldClass);
      return { file, line, lastLine: line, wrong, classes, group, rule: group };
    }),
  );
  return { name: 'CodeQL JavaScript', programs: trees.map(({ files, library }) => ({ files, library })), rows };
}

async function runOwn({ programs }: Suite): Promise<ToolRun> {
  const start = performance.now();
  using engine = await createEngine();
  const alarms: Alarm[] = [];
  for (const { files, library } of programs)
    alarms.push(...(await engine.alarms(files, library ? 'library' : 'service')).filter(({ pedantic }) => !pedantic));
  return { alarms, seconds: (performance.now() - start) / 1000 };
}

function inFolder(suite: Suite, work: (directory: string) => ToolRun): ToolRun {
  const directory = mkdtempSync(join(tmpdir(), 'side-by-side-'));
  try {
    for (const { files } of suite.programs)
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(directory, path)), { recursive: true });
        writeFileSync(join(directory, path), text);
      }
    return work(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function print(name: string, { alarms, seconds }: ToolRun, { rows }: Suite): void {
  const byFile = Map.groupBy(alarms, ({ file }) => file);
  const halves = (['tuning', 'held-out'] as const).map((half: Half) => {
    const own = rows.filter(({ file }) => halfOf(file) === half);
    const hit = (row: AnnotatedLine): boolean => (byFile.get(row.file) ?? []).some((alarm) => isAbout(alarm, row));
    const count = (wrong: boolean): number => own.filter((row) => row.wrong === wrong && hit(row)).length;
    const [wrong, right] = [own.filter((row) => row.wrong).length, own.filter((row) => !row.wrong).length];
    const [found, false_] = [count(true), count(false)];
    const share = (part: number, whole: number): string => (whole === 0 ? '  -  ' : (part / whole).toFixed(3));
    return `${half}: recall ${share(found, wrong)}, false alarms ${share(false_, right)}, precision ${share(found, found + false_)}`;
  });
  process.stdout.write(`  ${name.padEnd(18)} ${halves.join(' | ')} | ${seconds.toFixed(1)} s\n`);
}

async function compare(suite: Suite, tools: readonly Tool[]): Promise<void> {
  const wrong = suite.rows.filter((row) => row.wrong).length;
  process.stdout.write(`${suite.name}: ${wrong} wrong and ${suite.rows.length - wrong} right\n`);
  print('Sallyport', await runOwn(suite), suite);
  for (const tool of tools)
    print(
      tool.name,
      inFolder(suite, (directory) => tool.run(directory)),
      suite,
    );
}

const python = values['python-tools'];
const rules = values['semgrep-rules'];
const semgrepOn = (...languages: readonly string[]): readonly Tool[] =>
  python && rules
    ? [
        semgrep(
          python,
          languages.map((language) => join(rules, language)),
        ),
      ]
    : [];

if (values.help) process.stdout.write(`${HELP}\n`);
else {
  if (values['benchmark-python'])
    await compare(readBenchmark(values['benchmark-python'], Number(values.sample)), [
      ...(python ? [bandit(python)] : []),
      ...semgrepOn('python'),
    ]);
  if (values.codeql)
    await compare(readCodeqlSuite(values.codeql), [
      ...(values.eslint ? [eslint(values.eslint)] : []),
      ...semgrepOn('javascript', 'typescript'),
    ]);
}
