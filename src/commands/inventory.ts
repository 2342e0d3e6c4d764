import { basename, join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { SallyportError } from '../errors/index.ts';
import { readFacts } from '../facts/index.ts';
import {
  credentialLines,
  INVENTORY_FORMATS,
  type InventoriedRepository,
  type Inventory,
  type InventoryFormat,
  readObservedRuns,
  renderInventory,
  takeInventory,
  trifectaJobs,
} from '../inventory/index.ts';
import { loadReaders, type Readers } from '../syntax/index.ts';
import { describeFileError, systemClock } from '../system/index.ts';
import { dateLines, listRepositories } from '../workspace/index.ts';
import { errorsInJson } from './json-error.ts';
import { emit } from './output-file.ts';
import { namedFolder, readFilesOf, repositoryMeant } from './repository.ts';
import { VERSION } from './version.ts';

const HELP = `
Examples:
  sallyport inventory                                      the agents of this repository, on the terminal
  sallyport inventory --format cyclonedx --output bom.json an AI bill of materials, CycloneDX 1.7
  sallyport inventory --format html --output agents.html   the trust-boundary picture, one file
  sallyport inventory ~/src --all-below --format markdown  every repository below a folder
  sallyport inventory --runs out/                          declared against observed, from ledgers of sallyport run
  sallyport inventory --fail-on trifecta                   exit 1 when all three legs meet in a live job

Exit codes: 0 listed · 1 --fail-on applies · 2 usage · 3 a repository or a ledger could not be used`;

interface Flags {
  readonly allBelow: boolean;
  readonly runs?: string;
  /** Commander: true unless `--no-ages`. */
  readonly ages: boolean;
  readonly format: InventoryFormat;
  readonly output?: string;
  readonly failOn: 'trifecta' | 'never';
}

/** `sallyport inventory` */
export function inventoryCommand(): Command {
  return new Command('inventory')
    .description('List the AI agents of a repository: who starts them, what they hold, may do and talk to.')
    .argument('[directory]', 'the repository (default: the one you are in), or a folder of them with --all-below')
    .option('--all-below', 'list every repository below the directory', false)
    .option('--runs <dir>', 'ledgers of `sallyport run`: compare what is declared with what was observed')
    .option('--no-ages', 'do not ask the history how old the lines are that name credentials')
    .addOption(new Option('--format <format>', 'form of the list').choices([...INVENTORY_FORMATS]).default('text'))
    .option('--output <file>', 'write it to a file')
    .addOption(
      new Option('--fail-on <what>', 'exit with 1 when all three legs of the rule of two meet in a live job')
        .choices(['trifecta', 'never'])
        .default('never'),
    )
    .addHelpText('after', HELP)
    .action(errorsInJson(run));
}

async function run(directory: string | undefined, flags: Flags): Promise<void> {
  const root = flags.allBelow ? namedFolder(directory ?? '.') : repositoryMeant(directory);
  const observed = flags.runs === undefined ? [] : await readObservedRuns(resolve(flags.runs));
  const { repositories, unreadable } = await readRepositories(root, flags);
  const takenAt = `${new Date(systemClock.now()).toISOString().slice(0, 19)}Z`;
  const inventory = takeInventory(repositories, observed, { takenAt, version: VERSION });
  const text = renderInventory(inventory, flags.format);
  await emit(text, flags);
  for (const line of unreadable) process.stderr.write(`${line}\n`);
  process.exitCode = exitOf(inventory, flags, unreadable.length);
}

interface Reading {
  readonly repositories: readonly InventoriedRepository[];
  readonly unreadable: readonly string[];
}

async function readRepositories(root: string, { allBelow, ages }: Flags): Promise<Reading> {
  const readers = await loadReaders();
  const read = (path: string, name: string) => readRepository(path, name, readers, ages);
  if (!allBelow) return { repositories: [await read(root, basename(root))], unreadable: [] };
  const paths = await listRepositories(root);
  if (paths.length === 0) throw new SallyportError('SP2202', `no repository below ${root}`);
  const repositories: InventoriedRepository[] = [];
  const unreadable: string[] = [];
  for (const path of paths) {
    const name = path === '.' ? basename(root) : path;
    try {
      repositories.push(await read(join(root, path), name));
    } catch (error) {
      // One repository that cannot be read does not hide the others; the exit code says that something is missing.
      if (!(error instanceof SallyportError)) throw error;
      unreadable.push(`${name}: ${error.message}`);
    }
  }
  return { repositories, unreadable };
}

async function readRepository(
  root: string,
  name: string,
  readers: Readers,
  ages: boolean,
): Promise<InventoriedRepository> {
  const facts = readFacts(await readTree(root), readers);
  return ages ? { name, facts, dates: await dateLines(root, credentialLines(facts)) } : { name, facts };
}

async function readTree(root: string): ReturnType<typeof readFilesOf> {
  try {
    return await readFilesOf(root);
  } catch (cause) {
    if (cause instanceof SallyportError) throw cause;
    throw new SallyportError('SP2202', `${root}: ${describeFileError(cause)}`, { cause });
  }
}

/** What is certain comes before what is missing. */
function exitOf(inventory: Inventory, { failOn }: Flags, unreadable: number): number {
  if (failOn === 'trifecta' && trifectaJobs(inventory).length > 0) return 1;
  return unreadable > 0 || inventory.runs.some(({ used }) => !used) ? 3 : 0;
}
