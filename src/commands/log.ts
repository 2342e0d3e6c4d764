import { realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command, Option } from 'commander';
import { SallyportError } from '../errors/index.ts';
import {
  CSV_HEADER,
  compareLedgers,
  findLedger,
  type LedgerReport,
  openContent,
  readRecords,
  type StoredRecord,
  toCsvLine,
  VERDICT_EXIT,
  type Verdict,
  type VerifyOptions,
  verifyLedger,
} from '../ledger/index.ts';
import { describeFileError, hasCode, readFileWithin } from '../system/index.ts';
import { escapeJson, escapeTerminal } from '../text/index.ts';
import { printError } from './error-line.ts';
import { answerInJson } from './json-error.ts';
import { formatDifferences, formatReport, formatRow, TABLE_HEAD } from './log-text.ts';
import { wholeNumberWithin } from './number-option.ts';

const VERIFY_HELP = `
Verdicts and exit codes:
  WITNESSED 0  ANCHORED 0  SIGNED-UNANCHORED 10  INCOMPLETE 20  DIVERGED 30  INVALID 40  UNVERIFIABLE 50

SIGNED-UNANCHORED is what an honest log says when nothing outside its host confirms it. Give --remembered a checkpoint
that you kept elsewhere, or --trust a policy with witnesses; or accept it with --at-least signed.

Examples:
  sallyport log verify sallyport-out --at-least signed
  sallyport log verify evidence/ledger --remembered kept-elsewhere/checkpoint --format json`;

const EXAMPLES = `
Examples:
  sallyport log verify sallyport-out --at-least signed     is it whole, and who confirms it?
  sallyport log show sallyport-out                         what happened, a line a record
  sallyport log cat sallyport-out --kind tool.call         the same in full, as NDJSON
  sallyport log diff evidence-1 evidence-2                 what went another way in two runs
  sallyport log export sallyport-out --format csv > log.csv

Exit codes: 0 done · 2 usage, or no ledger; \`log verify\` has one for each verdict, see its help`;

/** What each level accepts. The verdict's word is printed all the same. */
const ACCEPTED: Record<string, readonly Verdict[]> = {
  signed: ['WITNESSED', 'ANCHORED', 'SIGNED-UNANCHORED'],
  anchored: ['WITNESSED', 'ANCHORED'],
  witnessed: ['WITNESSED'],
};

interface VerifyFlags {
  readonly trust?: string;
  readonly remembered?: string;
  readonly atLeast: string;
  readonly format: string;
}

interface ListFlags {
  readonly kind?: string;
  readonly limit?: number;
}

interface DiffFlags {
  readonly format: string;
}

/** `sallyport log …` */
export function logCommand(): Command {
  const log = new Command('log')
    .description('Verify, show, open, compare and export the ledger of a run.')
    .addHelpText('after', EXAMPLES);
  log
    .command('verify')
    .description('Check every record, signature and checkpoint, and say what outside the host confirms them.')
    .argument('<dir>', "the ledger, or a run's out directory")
    .option('--trust <file>', 'trust policy: known logs, witnesses and quorum')
    .option('--remembered <file>', 'a checkpoint of this log that was kept elsewhere')
    .addOption(
      new Option('--at-least <level>', 'what is needed for exit code 0')
        .choices(Object.keys(ACCEPTED))
        .default('anchored'),
    )
    .addOption(new Option('--format <format>', 'form of the answer').choices(['text', 'json']).default('text'))
    .addHelpText('after', VERIFY_HELP)
    .action(verify);
  log
    .command('show')
    .description('Show the records as a table.')
    .argument('<dir>', "the ledger, or a run's out directory")
    .option('--kind <kind>', 'only records of this kind')
    .option('--limit <n>', 'at most so many rows', wholeNumberWithin(0, 999_999_999))
    .action((directory: string, flags: ListFlags) => write(rows(findLedger(directory), flags)));
  log
    .command('cat')
    .description('Print the records as NDJSON.')
    .argument('<dir>', "the ledger, or a run's out directory")
    .option('--kind <kind>', 'only records of this kind')
    .action((directory: string, flags: ListFlags) => write(lines(findLedger(directory), flags)));
  log
    .command('open')
    .description('Print a content that was too long to stand in its record.')
    .argument('<dir>', "the ledger, or a run's out directory")
    .argument('<record>', 'number of the record', wholeNumberWithin(0, 999_999_999))
    .argument('<name>', 'name under which the record commits to it, for example record.subject')
    .action(open);
  log
    .command('diff')
    .description('Show which kinds of records and decisions differ between two runs.')
    .argument('<left>', "a ledger, or a run's out directory")
    .argument('<right>', 'another')
    .addOption(new Option('--format <format>', 'form of the answer').choices(['text', 'json']).default('text'))
    .action((left: string, right: string, flags: DiffFlags) => answerInJson(flags, () => diff(left, right, flags)));
  log
    .command('export')
    .description('Print all records as one JSON array or as CSV.')
    .argument('<dir>', "the ledger, or a run's out directory")
    .addOption(new Option('--format <format>', 'form of the answer').choices(['json', 'csv']).default('json'))
    .action((directory: string, flags: { readonly format: string }) =>
      write(flags.format === 'csv' ? csv(findLedger(directory)) : json(findLedger(directory))),
    );
  return log;
}

async function verify(directory: string, flags: VerifyFlags): Promise<void> {
  try {
    const ledger = findLedger(directory);
    const report = await verifyLedger(ledger, await readAnchors(ledger, flags));
    process.exitCode = exitCodeOf(report, flags.atLeast);
    await write([
      flags.format === 'json' ? `${escapeJson(JSON.stringify(report, undefined, 2))}\n` : formatReport(report),
    ]);
  } catch (error) {
    if (flags.format !== 'json' || !(error instanceof SallyportError)) throw error;
    process.exitCode = error.exitCode;
    const { code, message, advice } = error;
    await write([`${JSON.stringify({ verdict: null, error: { code, message, advice } }, undefined, 2)}\n`]);
    printError(error);
  }
}

/** 0 when the verdict is good enough; its own code otherwise, and 1 when it is good but not as good as was asked. */
function exitCodeOf(report: LedgerReport, level: string): number {
  if (ACCEPTED[level]?.includes(report.verdict)) return 0;
  return VERDICT_EXIT[report.verdict] || 1;
}

async function readAnchors(ledger: string, flags: VerifyFlags): Promise<VerifyOptions> {
  const trust = flags.trust === undefined ? {} : { trust: await read(flags.trust, 'SP1505') };
  if (flags.remembered === undefined) return trust;
  const remembered = await read(flags.remembered, 'SP1506');
  // Whoever rewrites the log rewrites the checkpoint in it as well: that one confirms nothing.
  if ((await realpath(flags.remembered)).startsWith((await realpath(ledger)) + sep))
    throw new SallyportError('SP1506', `${flags.remembered} lies inside the log that it should confirm`);
  return { ...trust, remembered };
}

async function read(file: string, code: 'SP1505' | 'SP1506'): Promise<string> {
  try {
    return readFileWithin(file).toString('utf8');
  } catch (cause) {
    throw new SallyportError(code, `${file}: ${describeFileError(cause)}`, { cause });
  }
}

async function open(directory: string, sequence: number, name: string): Promise<void> {
  const content = await openContent(findLedger(directory), sequence, name);
  await write([`${inert(content.toString())}\n`]);
}

async function diff(left: string, right: string, flags: DiffFlags): Promise<void> {
  const differences = compareLedgers(readRecords(findLedger(left)), readRecords(findLedger(right)));
  await write([
    flags.format === 'json'
      ? `${escapeJson(JSON.stringify(differences, undefined, 2))}\n`
      : formatDifferences(differences),
  ]);
}

function* selected(ledger: string, { kind, limit }: ListFlags): Generator<StoredRecord> {
  let left = limit ?? Number.POSITIVE_INFINITY;
  const kinds = new Set<string>();
  for (const stored of readRecords(ledger)) {
    const its = stored.record?.['kind'];
    if (typeof its === 'string') kinds.add(its);
    if (kind !== undefined && its !== kind) continue;
    if (left-- <= 0) return;
    yield stored;
  }
  // A word that is misspelt must not look like something that did not happen.
  if (kind !== undefined && !kinds.has(kind))
    process.stderr.write(`${escapeTerminal(`no record is of kind '${kind}'; there are: ${[...kinds].join(', ')}`)}\n`);
}

function* rows(ledger: string, flags: ListFlags): Generator<string> {
  yield TABLE_HEAD;
  for (const stored of selected(ledger, flags)) yield formatRow(stored);
}

function* lines(ledger: string, flags: ListFlags): Generator<string> {
  for (const { record } of selected(ledger, flags))
    if (record !== undefined) yield `${escapeJson(JSON.stringify(record))}\n`;
}

function* json(ledger: string): Generator<string> {
  let separator = '[\n';
  for (const { record } of selected(ledger, {})) {
    if (record === undefined) continue;
    yield `${separator}${escapeJson(JSON.stringify(record))}`;
    separator = ',\n';
  }
  yield separator === '[\n' ? '[]\n' : '\n]\n';
}

function* csv(ledger: string): Generator<string> {
  yield CSV_HEADER;
  for (const stored of selected(ledger, {})) yield toCsvLine(stored);
}

/** Print at the pace of the reader; a reader that went away (`| head`) ends it quietly. */
async function write(texts: Iterable<string>): Promise<void> {
  try {
    await pipeline(Readable.from(texts), process.stdout, { end: false });
  } catch (error) {
    if (!hasCode(error, 'EPIPE')) throw error;
  }
}

/** A content is what somebody outside wrote. A program that reads it gets the bytes as they are. */
function inert(text: string): string {
  return process.stdout.isTTY ? escapeTerminal(text) : text;
}
