import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Command } from 'commander';
import {
  BUNDLE_ENDING,
  bundleFile,
  type ChangeContent,
  EVIDENCE_REF,
  evidenceFolder,
  readChangeContent,
  readEvidenceIndex,
} from '../attest/index.ts';
import { SallyportError } from '../errors/index.ts';
import { systemClock, writeFileExclusive } from '../system/index.ts';
import {
  addToRef,
  type BlobEntry,
  findLinks,
  IS_A_LINK,
  type ObjectStore,
  openObjectStore,
  type RefFile,
  readBlobs,
  ScratchRepository,
} from '../workspace/index.ts';
import { chooseSeal, type SealingFlags } from './attest/sealing.ts';
import {
  gateStatements,
  inventoryStatements,
  type NamedStatement,
  proveRun,
  referenceStatements,
  reviewStatements,
  runFiles,
  runStatements,
  type StatementInput,
} from './attest/statements.ts';
import { readTreeFacts } from './attest/tree-facts.ts';
import { openUpload } from './attest/upload.ts';
import { findBase, nameRepository } from './attest/whereabouts.ts';
import { refuseAlone } from './option-pairs.ts';
import { OWN_REPOSITORY, repositoryMeant } from './repository.ts';

const POLICY_FILE = 'sallyport.yaml';

const HELP = `
Examples:
  sallyport attest --run sallyport-out --key runner.pem            what the run made is what this commit holds
  sallyport attest --review review.json --key reviewer.pem         what the review found
  sallyport attest --gate gate.json --key gate.pem                 the verdict, for whoever verifies later
  sallyport attest --run sallyport-out --identity-token token --fulcio-url URL --tsa-url URL   without a key

Bundles are stored under ${EVIDENCE_REF}; push it: git push origin ${EVIDENCE_REF}
Sign where the agent cannot: in another job than the one in which it ran.

Exit codes: 0 written · 1 the evidence is about another change · 2 usage · 3 signing failed · 4 internal error`;

interface Flags extends SealingFlags {
  readonly commit: string;
  readonly base?: string;
  readonly target: string;
  readonly repository?: string;
  readonly run?: string;
  readonly review?: string;
  readonly inventory?: string;
  readonly refer: readonly string[];
  readonly gate?: string;
  readonly requestedBy?: string;
  readonly workflow?: string;
  readonly out?: string;
  readonly upload: boolean;
  readonly store: boolean;
  readonly ledger: boolean;
}

/** `sallyport attest` */
export function attestCommand(): Command {
  return new Command('attest')
    .description('Sign what was done to a change: its run, its review, its verdict.')
    .argument('[directory]', OWN_REPOSITORY)
    .option('--commit <rev>', 'the head of the change', 'HEAD')
    .option('--base <rev>', 'what it goes on from (default: where it left the target)')
    .option('--target <ref>', 'the ref that it is to be merged into', 'refs/heads/main')
    .option('--repository <uri>', 'what statements call the repository (default: the address of its remote)')
    .option('--run <dir>', 'the out directory of `sallyport run`')
    .option('--review <file>', 'what `sallyport review --format json` wrote')
    .option('--inventory <file>', 'a CycloneDX document, as `sallyport inventory --format cyclonedx` writes it')
    .option('--refer <file...>', 'other files of this change, by digest: a SARIF report, a log', [])
    .option('--gate <file>', 'what `sallyport gate --format json` wrote')
    .option('--requested-by <name>', 'who asked for the change')
    .option('--workflow <uri>', 'the workflow that signs, for the record')
    .option('--key <file>', 'sign with this key: P-256 in PEM, or an OpenSSH key; with KEY.pub the SSH agent signs')
    .option('--key-command <word...>', 'sign with a key service: a program that signs the digest on its input')
    .option('--public-key <file>', 'with --key-command: the public half, in PEM')
    .option('--identity-token <file>', 'sign as this job: the file with its OIDC token')
    .option('--fulcio-url <url>', 'with --identity-token: who issues the certificate')
    .option('--tsa-url <url>', 'with --identity-token: who vouches for the time')
    .option('--rekor-url <url>', 'with --identity-token: a transparency log; what goes there stays, for everybody')
    .option('--out <dir>', 'write the bundles here as well')
    .option('--upload', 'hand the bundles to the forge of this job as well: GitHub keeps attestations', false)
    .option('--no-store', `do not write to ${EVIDENCE_REF}`)
    .option('--no-ledger', 'do not store ledger and patch of the run: whoever verifies needs them from elsewhere')
    .addHelpText('after', HELP)
    .hook('preAction', refuseAlone('--key-command', ['--public-key']))
    .hook('preAction', refuseAlone('--identity-token', ['--fulcio-url', '--tsa-url', '--rekor-url']))
    .action(attest);
}

async function attest(directory: string | undefined, flags: Flags): Promise<void> {
  const { run, review, inventory, refer, gate } = flags;
  if ([run, review, inventory, gate].every((one) => one === undefined) && refer.length === 0)
    throw new SallyportError('SP1001', 'nothing to attest: give --run, --review, --inventory, --refer or --gate');
  const root = repositoryMeant(directory);
  const store = openObjectStore(root);
  using scratch = ScratchRepository.open(store);
  const targetRef = flags.target.startsWith('refs/') ? flags.target : `refs/heads/${flags.target}`;
  const base = flags.base ?? (await findBase(store, targetRef, flags.commit));
  const repository = await nameRepository(store, base, flags.repository);
  const content = await readChangeContent(store, { repository, targetRef, base, head: flags.commit });
  const input = await describe(store, content, flags);
  const seal = await chooseSeal(flags, process.env);
  const upload = flags.upload ? await openUpload(process.env) : undefined;
  const proven = run === undefined ? undefined : await proveRun(resolve(run), content, scratch);

  const sealed: RefFile[] = [];
  const add = async (statements: readonly NamedStatement[]): Promise<void> => {
    for (const { kind, statement } of statements)
      sealed.push(bundleFile(content.identity, kind, await seal(statement)));
  };
  if (proven !== undefined) await add(runStatements(proven, input));
  if (review !== undefined) await add(await reviewStatements(review, input));
  if (inventory !== undefined) await add(await inventoryStatements(inventory, input));
  if (refer.length > 0) await add(await referenceStatements(refer, input));
  if (gate !== undefined) {
    const inputs = [...(await storedInputs(store, content)), ...sealed.map(inputOf)];
    await add(await gateStatements(gate, input, inputs));
  }

  if (flags.out !== undefined) await writeBundles(resolve(flags.out), sealed);
  if (flags.store) {
    const kept = proven === undefined || !flags.ledger ? [] : await runFiles(content, proven);
    await addToRef(store, EVIDENCE_REF, [...sealed, ...kept], Math.floor(systemClock.now() / 1000));
  }
  report(content, sealed, flags, (await upload?.(sealed)) ?? []);
}

async function describe(store: ObjectStore, content: ChangeContent, flags: Flags): Promise<StatementInput> {
  const { baseCommit } = content.identity;
  const [link] = await findLinks(store, baseCommit, [POLICY_FILE]);
  if (link !== undefined) throw new SallyportError('SP1103', `${link}: ${IS_A_LINK}`);
  const [policy] = await readBlobs(store, [`${baseCommit}:${POLICY_FILE}`]);
  const trees =
    flags.run === undefined ? { lines: new Map(), configuration: [] } : await readTreeFacts(store, content.identity);
  const at = new Date(systemClock.now()).toISOString();
  const { requestedBy, workflow } = flags;
  return { content, policy: policy?.toString('utf8'), requestedBy, workflow, at, trees };
}

function inputOf({ path, content }: RefFile): { readonly uri: string; readonly sha256: string } {
  return { uri: basename(path), sha256: createHash('sha256').update(content).digest('hex') };
}

/** Bundles that other jobs stored for this change before. */
async function storedInputs(store: ObjectStore, { identity }: ChangeContent): Promise<ReturnType<typeof inputOf>[]> {
  const folder = evidenceFolder(identity);
  const index = await readEvidenceIndex(store, EVIDENCE_REF);
  const files = index.find((change) => evidenceFolder(change) === folder)?.files ?? new Map<string, BlobEntry>();
  const bundles = [...files].filter(([name]) => name.endsWith(BUNDLE_ENDING));
  const contents = await readBlobs(
    store,
    bundles.map(([, { id }]) => id),
  );
  return bundles.map(([path], index) => inputOf({ path, content: contents[index] ?? Buffer.alloc(0) }));
}

async function writeBundles(out: string, files: readonly RefFile[]): Promise<void> {
  for (const { path, content } of files) {
    const file = join(out, basename(path));
    await mkdir(dirname(file), { recursive: true });
    await writeFileExclusive(file, content, 0o644).catch((cause: unknown) => {
      throw new SallyportError('SP2506', `cannot write ${file}`, { cause });
    });
  }
}

function report(
  { identity }: ChangeContent,
  files: readonly RefFile[],
  flags: Flags,
  uploaded: readonly string[],
): void {
  const { baseCommit, headCommit, repository, targetRef } = identity;
  const lines = files.map(({ path }) => `  ${basename(path)}\n`).join('');
  const where = [
    ...(flags.store ? [`Stored under ${EVIDENCE_REF}.\n`] : []),
    ...(uploaded.length === 0 ? [] : ['With the forge:\n', ...uploaded.map((line) => `  ${line}\n`)]),
  ].join('');
  process.stdout.write(
    `Attested ${baseCommit.slice(0, 12)}..${headCommit.slice(0, 12)} of ${repository} for ${targetRef}:\n${lines}${where}`,
  );
}
