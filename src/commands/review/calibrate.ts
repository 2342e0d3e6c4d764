import { basename } from 'node:path';
import { Command } from 'commander';
import { SallyportError } from '../../errors/index.ts';
import {
  CALIBRATION_FILE,
  type Calibration,
  crossPredict,
  fitRows,
  type LabelledRecord,
  measureReliability,
  type Reliability,
  readRecords,
  readTable,
  writeTable,
} from '../../review/index.ts';
import { readFileNoFollow, systemClock } from '../../system/index.ts';
import { escapeTerminal } from '../../text/index.ts';
import { type Trusted, trustedFile } from '../audit/policy-files.ts';
import { writeOutput } from '../output-file.ts';

const HELP = `
Each line of RECORDS is a finding of a model that somebody judged:
  {"repository":"acme/app","cwe":89,"votes":2,"families":1,"engine":false,"witness":true,"verifier":"stands","true":true}

Printed is how far probabilities can be relied on in a repository that the table has not seen. Commit the table as
${CALIBRATION_FILE}: reviews read it from the base of a change.`;

/** `sallyport review calibrate` */
export function calibrateCommand(): Command {
  return new Command('calibrate')
    .description('Make the table that turns votes and checks into probabilities, from judged findings.')
    .argument('<records...>', 'files with one record a line')
    .option('--output <file>', 'write the table to a file', CALIBRATION_FILE)
    .addHelpText('after', HELP)
    .action(calibrate);
}

/** The table of the base; undefined when it has none. */
export function calibrationOf(trusted: Trusted): Calibration | undefined {
  const file = trustedFile(trusted, CALIBRATION_FILE);
  return file && readTable(file);
}

async function calibrate(paths: readonly string[], { output }: { readonly output: string }): Promise<void> {
  const records = (await Promise.all(paths.map(loadRecords))).flat();
  if (records.length === 0) throw new SallyportError('SP2307', 'there is no record in these files');
  const repositories = new Set(records.map(({ repository }) => repository)).size;
  const source = `${paths.map((path) => basename(path)).join(', ')}: ${counted(records.length, 'finding')} of ${counted(repositories, 'repository', 'repositories')}`;
  const date = new Date(systemClock.now()).toISOString().slice(0, 10);
  await writeOutput(output, writeTable(fitRows(records), { source, date }));
  process.stdout.write(`${escapeTerminal(source)}\n${formatReliability(measureReliability(crossPredict(records)))}`);
  process.stdout.write(`Table written to ${escapeTerminal(output)}.\n`);
}

function counted(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

async function loadRecords(path: string): Promise<readonly LabelledRecord[]> {
  const text = await readFileNoFollow(path).catch((cause) => {
    throw new SallyportError('SP2307', `'${path}' cannot be read`, { cause });
  });
  const { records, faults } = readRecords(text.toString('utf8'));
  const [fault] = faults;
  if (fault) throw new SallyportError('SP2307', `${path}:${fault.line}: ${fault.reason}`);
  return records;
}

function formatReliability({ bins, brier, ece, auc }: Reliability): string {
  if (bins.length === 0) return 'One repository alone: nothing can be said about others.\n';
  const rows = bins.map(({ from, to, count, predicted, observed }) => {
    const span = `${from.toFixed(1)} to ${to.toFixed(1)}`;
    return `  ${span}  ${String(count).padStart(6)}  ${predicted.toFixed(3)}  ${observed.toFixed(3)}\n`;
  });
  const rank = auc === undefined ? 'not defined' : auc.toFixed(3);
  return `Each repository judged by a table of the others:
  said        findings   mean  right
${rows.join('')}  Brier ${brier.toFixed(3)}, ECE ${ece.toFixed(3)}, AUC ${rank}
`;
}
