import { Command, Option } from 'commander';
import { SallyportError } from '../errors/index.ts';
import type { FileChange, Finding, RuleDescriptor } from '../findings/index.ts';
import { type Healing, heal, Interviewer, readPatch } from '../review/index.ts';
import type { SourceTree } from '../syntax/index.ts';
import { describeFileError, readFileNoFollow, systemClock } from '../system/index.ts';
import { commitFiles, readCommitTree } from '../workspace/index.ts';
import { changedControls } from './heal/changed-controls.ts';
import { findTarget } from './heal/find-target.ts';
import { type Destination, findDestination, openRequest } from './heal/open-request.ts';
import { formatHealing, type Placed, renderHealing } from './heal/report.ts';
import { testsInSandbox } from './heal/sandboxed-tests.ts';
import { errorsInJson } from './json-error.ts';
import { numberWithin } from './number-option.ts';
import { refuseAlone } from './option-pairs.ts';
import type { TargetFlags } from './post/target.ts';
import { OWN_REPOSITORY, repositoryMeant } from './repository.ts';
import { createCodeReader } from './review/code-reader.ts';
import { createEngine } from './review/engine.ts';
import { type ModelFlags, openModel, PROVIDER_NAMES } from './review/model.ts';

const HELP = `
Examples:
  sallyport heal 253912ae --patch fix.patch              judge a patch that somebody made
  sallyport heal 253912ae --patch fix.patch --test 'npm test' --branch heal/ping
  sallyport heal 253912ae --model claude-sonnet-5 --branch heal/ping   have a model make one
  sallyport heal 253912ae --patch fix.patch --pull-request             open a pull request for a verified one

The finding is one of the engine in --commit, named by the beginning of its fingerprint. A patch is judged in memory:
it must leave nothing else, and tests run in the sandbox of \`sallyport run\`. Only a verified one is put on a branch.

With --pull-request the forge makes branch and commit by its own interface, on the commit that was mended, which it must
have. Repository and token come as for \`sallyport post\`: from the job's environment, SALLYPORT_FORGE_TOKEN or flags.

Exit codes: 0 verified · 1 rejected · 2 usage · 3 unverified, no patch was made, or no request opened · 4 internal error`;

interface Flags extends ModelFlags, TargetFlags {
  readonly directory?: string;
  readonly commit: string;
  readonly patch?: string;
  readonly test?: string;
  readonly branch?: string;
  readonly pullRequest: boolean;
  readonly target?: string;
  readonly format: 'text' | 'json';
  readonly threatModel: 'service' | 'library';
}

const FORGES = ['github', 'gitlab', 'gitea', 'azure'] as const;

/** `sallyport heal FINDING` */
export function healCommand(): Command {
  return new Command('heal')
    .description('Judge a patch for a finding, or have a model make one; put a good one on a branch.')
    .argument('<finding>', 'fingerprint of the finding, or its first eight characters')
    .option('--directory <dir>', OWN_REPOSITORY)
    .option('--commit <ref>', 'what is to be mended', 'HEAD')
    .option('--patch <file>', 'a patch in the form of git; without it --model makes one')
    .option('--test <command>', 'tests of the project, for a shell; they run in the sandbox')
    .option('--branch <name>', 'put a verified patch on this new branch')
    .option('--pull-request', 'have the forge make the branch, and open a pull or merge request', false)
    .option('--target <branch>', 'where the request is to go (default: the default branch)')
    .addOption(new Option('--forge <name>', 'the forge (default: the one that runs this job)').choices([...FORGES]))
    .option('--api <url>', "address of the forge's API")
    .option('--repository <name>', 'owner/name, or the path of a GitLab project')
    .addOption(new Option('--format <format>', 'form of the answer').choices(['text', 'json']).default('text'))
    .addOption(new Option('--threat-model <model>', 'as for review').choices(['service', 'library']).default('service'))
    .option('--model <name>', 'ask this model for the patch, or for a second look at yours')
    .addOption(
      new Option('--provider <name>', 'whose interface it has').choices([...PROVIDER_NAMES]).default('anthropic'),
    )
    .option('--max-tokens <count>', 'the most that a model may take', numberWithin(1, 1e9), 200_000)
    .option('--max-usd <amount>', 'the most that a model may cost', numberWithin(0, 1e6))
    .addHelpText('after', HELP)
    .hook('preAction', refuseAlone('--model', ['--provider', '--max-tokens', '--max-usd']))
    .hook('preAction', refuseAlone('--pull-request', ['--target', '--forge', '--api', '--repository']))
    .action(errorsInJson(answer));
}

const EXITS = { verified: 0, rejected: 1, unverified: 3 } as const;

async function answer(name: string, given: Flags): Promise<void> {
  const flags = { ...given, votes: 1 };
  const root = repositoryMeant(flags.directory);
  // Whoever forgot the token should not wait for tests first.
  const destination = flags.pullRequest ? await findDestination(flags, process.env) : undefined;
  // Nor whoever mistyped the name of the patch.
  const patch = flags.patch === undefined ? undefined : await readPatchFile(flags.patch);
  const tree = await readCommitTree(root, flags.commit);
  const engine = createEngine();
  const { target, rules } = await findTarget(tree, name, engine, flags.threatModel);
  const model = await openModel(flags, false);
  const healing = await heal({
    target,
    rules,
    tree,
    engine,
    threatModel: flags.threatModel,
    readCode: await createCodeReader(tree),
    compareControls: changedControls,
    patch: patch && fitPatch(patch, tree),
    runTests: flags.test === undefined ? undefined : testsInSandbox(root, flags.test, process.env),
    interviewer: model && new Interviewer(model),
  });
  if (!('judgement' in healing)) {
    process.exitCode = 3;
    throw new SallyportError('SP2306', `there is no patch: ${healing.reason}`);
  }
  const placed = await place(root, tree, healing, rules, flags, destination);
  process.stdout.write(flags.format === 'json' ? renderHealing(healing, placed) : formatHealing(healing, placed));
  process.exitCode = EXITS[healing.judgement.state];
}

interface PatchFile {
  readonly path: string;
  readonly text: string;
}

/** @throws SallyportError SP2306 when it cannot be read */
async function readPatchFile(path: string): Promise<PatchFile> {
  const bytes = await readFileNoFollow(path).catch((cause) => {
    throw new SallyportError('SP2306', `'${path}' cannot be read: ${describeFileError(cause)}`, { cause });
  });
  return { path, text: bytes.toString('utf8') };
}

/** @throws SallyportError SP2306 when it does not fit the tree */
function fitPatch({ path, text }: PatchFile, tree: SourceTree): readonly FileChange[] {
  const reading = readPatch(text, (name) => {
    const file = tree.read(name);
    return file && 'text' in file ? file.text : undefined;
  });
  if (reading.kind === 'refused') throw new SallyportError('SP2306', `'${path}': ${reading.reason}`);
  return reading.files;
}

/** Only a verified patch gets a branch; everything else is for a person to look at. */
async function place(
  root: string,
  tree: SourceTree,
  healing: Healing,
  rules: readonly RuleDescriptor[],
  flags: Flags,
  destination: Destination | undefined,
): Promise<Placed | undefined> {
  const { target, files, judgement } = healing;
  if (judgement.state !== 'verified') return undefined;
  const message = messageOf(
    target,
    judgement.checks.map(({ check, outcome }) => `${check}: ${outcome}`),
  );
  const now = systemClock.now();
  const { branch, target: goal } = flags;
  if (destination) return openRequest({ destination, tree, healing, rules, message, now, branch, target: goal });
  if (branch === undefined) return undefined;
  const date = Math.floor(now / 1000);
  return { branch, commit: await commitFiles(root, { parent: tree.revision, files, message, branch, date }) };
}

/** Our own words alone: what a finding quotes of the code stays out of the history. */
function messageOf({ rule, place, fingerprint }: Finding, checks: readonly string[]): string {
  return `Mend ${rule} in ${place.file}\n\nFinding ${fingerprint}\nChecks: ${checks.join(', ')}\n`;
}
