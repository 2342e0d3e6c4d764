/**
 * Scores the engine on the test files of Semgrep's security rules for Python, JavaScript and TypeScript, from a local
 * checkout of semgrep/semgrep-rules. `--help` explains. Nothing of the suite is kept here: its licence lets it be used
 * for tests and not be shipped.
 */
import { parseArgs } from 'node:util';
import { loadReaders } from '../../src/syntax/index.ts';
import { halfOf } from './peer-suites/halves.ts';
import { createEngine } from './rule-suites/analysed.ts';
import { type Alarm, type AnnotatedLine, goesThrough, isAbout } from './rule-suites/row.ts';
import { readSemgrepRules } from './rule-suites/semgrep-rules.ts';
import { countLine, HalfTables, noLines, share } from './support/half-tables.ts';

const HELP = `usage: node test/outside/semgrep-suite.ts [--misses] [--alarms] [--only TEXT] DIRECTORY

Recall: lines marked 'ruleid' with an alarm of the rule's weakness on that line or the next. Precision: such lines among
all marked lines with one. In the groups 'through' a flow that goes through the marked line counts, too, on either kind of
line: some of the rules speak of the line where a text is put together, and we of the one where it is used. Each test file is analysed by itself, with the profile 'standard': what is pedantic is not counted. Files are split by the hash of their names; --misses and
--alarms list the tuning half alone.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string' },
    misses: { type: 'boolean', default: false },
    alarms: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const tables = new HalfTables(noLines);

function count(group: string, row: AnnotatedLine, hit: boolean): void {
  countLine(tables.of(group, halfOf(row.file)), row.wrong, hit);
}

function score(rows: readonly AnnotatedLine[], alarms: readonly Alarm[], text: string): void {
  const lines = text.split('\n');
  for (const row of rows) {
    const hit = alarms.some((alarm) => isAbout(alarm, row));
    count(row.group, row, hit);
    count(row.group.replace(/^\w+/, 'all'), row, hit);
    count(row.group.replace(/^\w+/, 'through'), row, hit || alarms.some((alarm) => goesThrough(alarm, row)));
    if (halfOf(row.file) !== 'tuning' || hit === row.wrong || !(row.wrong ? values.misses : values.alarms)) continue;
    const content = lines[row.line - 1]?.trim().slice(0, 110) ?? '';
    const what = row.wrong ? 'missed' : 'alarm ';
    process.stdout.write(`${what} ${row.group} ${row.file}:${row.line} [${row.classes.join()}] ${content}\n`);
  }
}

function print(): void {
  for (const [group, halves] of tables.rows()) {
    const cells = (['tuning', 'held-out'] as const).map((half) => {
      const { found, wrong, alarms, right } = halves[half];
      const recall = `recall ${share(found, wrong)} (${found}/${wrong})`.padEnd(22);
      return `${half}: ${recall} precision ${share(found, found + alarms)} (${alarms}/${right})`.padEnd(62);
    });
    process.stdout.write(`${group.padEnd(20)} ${cells.join(' ')}\n`);
  }
}

const [directory] = positionals;
if (values.help || directory === undefined) {
  process.stdout.write(`${HELP}\n`);
  process.exitCode = values.help ? 0 : 2;
} else {
  const { files, rows } = readSemgrepRules(directory, await loadReaders());
  using engine = await createEngine();
  for (const [file, text] of Object.entries(files)) {
    if (values.only !== undefined && !file.includes(values.only)) continue;
    const own = rows.filter((row) => row.file === file);
    score(
      own,
      (await engine.alarms({ [file]: text })).filter(({ pedantic }) => !pedantic),
      text,
    );
  }
  print();
}
