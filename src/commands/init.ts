import { Command, Option } from 'commander';
import {
  AGENT_SETUPS,
  type Audit,
  auditTree,
  CI_SYSTEMS,
  type CiSystem,
  planSetup,
  planVerifiedFixes,
  type Setup,
} from '../audit/index.ts';
import { SallyportError } from '../errors/index.ts';
import { type FileChange, renderPatch } from '../findings/index.ts';
import { loadReaders, type SourceTree } from '../syntax/index.ts';
import { describeFileError, systemClock } from '../system/index.ts';
import { escapeTerminal } from '../text/index.ts';
import { readDirectoryTree } from '../workspace/index.ts';
import { patchForReader, writeFixes } from './audit/fixing.ts';
import { OWN_REPOSITORY, refuseBare, repositoryMeant } from './repository.ts';

const HELP = `
Examples:
  sallyport init --dry-run                what would be written, as a patch
  sallyport init                          for the CI systems and the agent that are found here
  sallyport init --ci gitlab --agent codex

Writes sallyport.yaml, the pipeline of the agent and the merge check. A file that is there is kept and the difference
printed as a patch, and so is the pipeline where an agent runs already; --force writes them.

Exit codes: 0 done · 2 usage, or something stands in the way · 3 a file could not be written`;

interface Flags {
  readonly ci?: CiSystem;
  readonly agent?: string;
  readonly dryRun?: boolean;
  readonly force?: boolean;
}

/** `sallyport init` */
export function initCommand(): Command {
  return new Command('init')
    .description(
      'Write the policy, a hardened pipeline and the merge check for the CI system and agents of a repository.',
    )
    .argument('[directory]', OWN_REPOSITORY)
    .addOption(new Option('--ci <system>', 'the CI system (default: those that are found)').choices([...CI_SYSTEMS]))
    .addOption(
      new Option('--agent <agent>', 'the agent (default: the one that is used most)').choices(
        AGENT_SETUPS.map(({ product }) => product),
      ),
    )
    .option('--dry-run', 'print what would be written as a patch')
    .option('--force', 'replace files that are there, and write the pipeline beside an agent that runs already')
    .addHelpText('after', HELP)
    .action(run);
}

async function run(directory: string | undefined, flags: Flags): Promise<void> {
  const root = repositoryMeant(directory);
  refuseBare(root);
  const tree = await treeAt(root);
  const today = new Date(systemClock.now()).toISOString().slice(0, 10);
  const audit = auditTree(tree, await loadReaders(), { today });
  const setup = planSetup(audit.facts, { system: flags.ci, agent: flags.agent });
  const plan = sortFiles(setup, tree, flags.force === true);
  const mended = plan.instead.length === 0 ? [] : await mendExisting(audit, setup, today);
  if (flags.dryRun) {
    printPatch(plan.write);
    say([...setup.notes, ...bindings(setup, plan)]);
  } else {
    await writeFixes(root, plan.write);
    process.stdout.write(
      lines([...plan.write.map(({ path, before }) => `${before === undefined ? 'wrote   ' : 'replaced'} ${path}`)]),
    );
    const asItShouldBe = plan.same.map((path) => `${path} is as it should be.`);
    say([...asItShouldBe, ...setup.notes, ...bindings(setup, plan), ...nextSteps(setup, plan)]);
  }
  const kept = [...mended, ...plan.instead, ...plan.differing];
  if (kept.length === 0) return;
  say(reasons(plan, mended, flags.dryRun === true));
  if (!flags.dryRun) printPatch(kept);
}

async function treeAt(root: string): Promise<SourceTree> {
  try {
    return await readDirectoryTree(root);
  } catch (cause) {
    if (cause instanceof SallyportError) throw cause;
    throw new SallyportError('SP2101', `${root}: ${describeFileError(cause)}`, { cause });
  }
}

interface Plan {
  readonly write: readonly FileChange[];
  /** There, and different: kept. */
  readonly differing: readonly FileChange[];
  /** A second pipeline beside an agent that runs already: only shown. */
  readonly instead: readonly FileChange[];
  readonly same: readonly string[];
}

function sortFiles({ files }: Setup, tree: SourceTree, force: boolean): Plan {
  const write: FileChange[] = [];
  const differing: FileChange[] = [];
  const instead: FileChange[] = [];
  const same: string[] = [];
  for (const { path, content, isSecondAgent } of files) {
    refuseLinks(path, tree);
    const before = textAt(tree, path);
    const change = { path, before, after: content };
    if (before === content) same.push(path);
    else if (force) write.push(change);
    else if (before !== undefined) differing.push(change);
    else if (isSecondAgent) instead.push(change);
    else write.push(change);
  }
  return { write, differing, instead, same };
}

/** A link of the repository must not lead a file somewhere else. */
function refuseLinks(path: string, tree: SourceTree): void {
  const link = tree.entries.find(
    (entry) => entry.kind !== 'file' && (path === entry.path || path.startsWith(`${entry.path}/`)),
  );
  if (link === undefined) return;
  const what = link.kind === 'link' ? 'a link' : 'a submodule';
  throw new SallyportError('SP2106', `${path}: ${link.path} is ${what}`, { advice: 'Remove it first.' });
}

function textAt(tree: SourceTree, path: string): string | undefined {
  const file = tree.read(path);
  if (file === undefined) return undefined;
  if ('text' in file) return file.text;
  throw new SallyportError('SP2106', `${path}: ${file.message}`, { advice: 'Remove it first.' });
}

/** What the rules can mend in the pipelines that start an agent already. */
async function mendExisting(audit: Audit, { existing }: Setup, today: string): Promise<readonly FileChange[]> {
  const plan = planVerifiedFixes(audit, audit.findings, 'unsafe', await loadReaders(), { today });
  const pipelines = new Set(existing.map(({ pipeline }) => pipeline.file.path));
  return plan.files.filter(({ path }) => pipelines.has(path));
}

function reasons({ instead, differing }: Plan, mended: readonly FileChange[], dryRun: boolean): readonly string[] {
  const kept = dryRun ? 'would be kept' : 'was kept';
  const patch = dryRun ? 'without --dry-run the patch that mends it is printed' : 'the patch mends it';
  return [
    ...differing.map(({ path }) => `${path} is there already and ${kept}; --force replaces it.`),
    ...mended.map(({ path }) => `${path} starts an agent already: ${patch}.`),
    ...instead.map(({ path }) => `${path} would take its place; --force writes it. Remove the old job then.`),
  ];
}

/** The files of the plan that are there in the end. */
function standing({ files }: Setup, { write, same }: Plan): Setup['files'] {
  const paths = new Set([...write.map(({ path }) => path), ...same]);
  return files.filter(({ path }) => paths.has(path));
}

function bindings(setup: Setup, plan: Plan): readonly string[] {
  return standing(setup, plan).flatMap(({ binding }) => binding ?? []);
}

function nextSteps(setup: Setup, plan: Plan): readonly string[] {
  const files = standing(setup, plan);
  const variables = files.flatMap(({ system, role }) => [
    ...(system === undefined ? [] : [system === 'gitlab' ? 'SALLYPORT_IMAGE' : 'SALLYPORT_PACKAGE']),
    ...(role === 'agent' ? [setup.needs.agent.key] : []),
  ]);
  const named = [...new Set(variables)];
  const set = named.length === 0 ? '' : ` set ${named.join(' and ')} as the files say,`;
  return [`Next: look at sallyport.yaml,${set} and commit to the protected branch.`];
}

function printPatch(changes: readonly FileChange[]): void {
  process.stdout.write(patchForReader(renderPatch(changes), process.stdout.isTTY === true));
}

function say(notes: readonly string[]): void {
  process.stderr.write(lines(notes));
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${escapeTerminal(text)}\n`).join('');
}
