import { Command, Option } from 'commander';
import {
  BASELINE_FILE,
  REPORT_FORMATS,
  type RenderOptions,
  type ReportFormat,
  renderReport,
  SEVERITIES,
  type Severity,
} from '../findings/index.ts';
import {
  formatReviewEnding,
  proposePatches,
  type ReviewOutcome,
  renderReviewJson,
  reportReview,
  review,
  reviewExit,
} from '../review/index.ts';
import { systemClock } from '../system/index.ts';
import { errorsInJson } from './json-error.ts';
import { numberWithin } from './number-option.ts';
import { refuseAlone } from './option-pairs.ts';
import { emit, isColoured } from './output-file.ts';
import { saveBundle } from './post/bundle-file.ts';
import { OWN_REPOSITORY, repositoryMeant } from './repository.ts';
import { bundleReview } from './review/bundle.ts';
import { calibrateCommand, calibrationOf } from './review/calibrate.ts';
import { createCodeReader } from './review/code-reader.ts';
import { createEngine } from './review/engine.ts';
import { type ModelFlags, openModel, PROVIDER_NAMES } from './review/model.ts';
import { formatPatches } from './review/patches.ts';
import { readReviewPolicy } from './review/policy.ts';
import { formatPreview } from './review/preview.ts';
import { readScans } from './review/scans.ts';
import { readSides } from './review/sides.ts';
import { VERSION } from './version.ts';

const HELP = `
Examples:
  sallyport review                                  what this branch adds, since it left the trunk
  sallyport review --base HEAD~10                   what the last ten commits brought
  sallyport review --working-tree                   what is not committed yet
  sallyport review --all                            the whole repository
  sallyport review --base origin/main --format sarif --output review.sarif
  sallyport review --model claude-sonnet-5 --max-usd 2   a model looks at the change, too
  sallyport review --all --model claude-sonnet-5 --batch --units units.jsonl   at night, for half the price

Policy, exclusions and decisions are read from the base: a change cannot loosen its own review.

Exit codes: 0 reviewed, no new finding blocks · 1 findings that block · 2 usage ·
3 a part of the change was not reviewed (--on-incomplete=warn lets it through) · 4 internal error`;

interface Flags extends ModelFlags {
  readonly base?: string;
  readonly head?: string;
  readonly workingTree: boolean;
  readonly all: boolean;
  readonly format: ReportFormat;
  readonly output?: string;
  readonly profile: 'standard' | 'all';
  readonly failOn?: Severity | 'never';
  readonly onIncomplete: 'block' | 'warn';
  readonly threatModel?: 'service' | 'library';
  readonly baseline?: string;
  readonly dryRun: boolean;
  readonly patches: number;
  readonly ingest: readonly string[];
  readonly ingestBase: readonly string[];
  readonly bundle?: string;
  readonly bundleKey?: string;
}

/** `--batch` and `--dry-run` say for themselves what they need. */
const MODEL_OPTIONS = ['--provider', '--votes', '--max-tokens', '--max-usd', '--units', '--patches'] as const;

/** `sallyport review` */
export function reviewCommand(): Command {
  return new Command('review')
    .description('Find the vulnerabilities that a change adds, and say what of it was not looked at.')
    .argument('[directory]', OWN_REPOSITORY)
    .option('--base <ref>', 'what the change is compared with (default: where the branch left the trunk)')
    .option('--head <ref>', 'the change (default: HEAD)')
    .addOption(
      new Option('--working-tree', 'the files as they are now, against --base or HEAD')
        .default(false)
        .conflicts('head'),
    )
    .option('--all', 'the whole repository, compared with nothing', false)
    .addOption(new Option('--format <format>', 'form of the report').choices([...REPORT_FORMATS]).default('text'))
    .option('--output <file>', 'write the report to a file')
    .addOption(
      new Option('--profile <profile>', 'standard: what matters · all: also what says little by its kind')
        .choices(['standard', 'all'])
        .default('standard'),
    )
    .addOption(
      new Option(
        '--fail-on <severity>',
        "the severity from which a finding blocks (default: the policy's, else high)",
      ).choices([...SEVERITIES, 'never']),
    )
    .addOption(
      new Option('--on-incomplete <action>', 'what an incomplete review does')
        .choices(['block', 'warn'])
        .default('block'),
    )
    .addOption(
      new Option(
        '--threat-model <model>',
        "library: what callers pass to exported functions is from outside, too (default: the policy's, else service)",
      ).choices(['service', 'library']),
    )
    .option('--baseline <file>', `accepted findings (default: ${BASELINE_FILE} of the base)`)
    .option('--bundle <file>', 'write what `sallyport post` posts in a job with rights')
    .option('--bundle-key <file>', 'sign the bundle with this private key (PKCS#8); the signature is FILE.sig')
    .option('--ingest <file...>', 'take in what another scanner found: SARIF, or JSON of Bandit or gitleaks', [])
    .option('--ingest-base <file...>', 'the same scans of the base: what is in them is not new', [])
    .option('--model <name>', 'ask this model too; its code goes to the provider (default: none)')
    .addOption(
      new Option('--provider <name>', 'whose interface it has').choices([...PROVIDER_NAMES]).default('anthropic'),
    )
    .option('--votes <count>', 'how often a model looks at each part, 1 to 3', numberWithin(1, 3), 1)
    .option('--max-tokens <count>', 'the most that a model may take', numberWithin(1, 1e9), 1_000_000)
    .option('--max-usd <amount>', 'the most that a model may cost, where its price is known', numberWithin(0, 1e6))
    .option('--units <file>', 'keep paid answers here: a rerun pays only for the rest')
    .option('--batch', 'ask for half the price, in batches that may take a day (anthropic only, with --units)', false)
    .option('--wait <minutes>', 'with --batch, how long to wait for one', numberWithin(0, 1_440), 60)
    .option(
      '--patches <count>',
      'have the model make patches for so many of the gravest findings',
      numberWithin(0, 20),
      0,
    )
    .option('--dry-run', 'say what a model would be asked and what that costs at most; ask nothing', false)
    .addHelpText('after', HELP)
    .enablePositionalOptions()
    .addCommand(calibrateCommand())
    .hook('preAction', refuseAlone('--model', MODEL_OPTIONS))
    .hook('preAction', refuseAlone('--batch', ['--wait']))
    .hook('preAction', refuseAlone('--bundle', ['--bundle-key']))
    .action(errorsInJson(answer));
}

async function answer(directory: string | undefined, flags: Flags): Promise<void> {
  const root = repositoryMeant(directory, 'Name a directory; a commit is named with --base or --head.');
  const startedAt = now();
  const sides = await readSides(root, {
    base: flags.base,
    head: flags.head,
    workingTree: flags.workingTree,
    all: flags.all,
  });
  const { section, decisions } = await readReviewPolicy(sides.trusted, flags.baseline, startedAt.slice(0, 10));
  const opened = await openModel(flags, flags.dryRun);
  const readCode = opened && (await createCodeReader(sides.head));
  const model = opened && { ...opened, readCode, calibration: calibrationOf(sides.trusted) };
  if (flags.dryRun) return emit(formatPreview(sides, section.exclude, model, flags.format), flags);
  const engine = createEngine(sides.trusted.tree);
  const threatModel = flags.threatModel ?? section.threatModel ?? 'service';
  const outcome = await review({
    base: sides.base,
    head: sides.head,
    engine,
    threatModel,
    exclusions: section.exclude,
    decisions,
    profile: flags.profile,
    failOn: flags.failOn ?? section.failOn ?? 'high',
    model,
    scans: { head: await readScans(flags.ingest), base: await readScans(flags.ingestBase) },
  });
  const patched =
    model && flags.patches > 0
      ? await proposePatches(outcome, { tree: sides.head, engine, threatModel, readCode, model, most: flags.patches })
      : undefined;
  if (patched) process.stderr.write(formatPatches(patched.account));
  await finish(patched?.outcome ?? outcome, flags, startedAt);
}

async function finish(outcome: ReviewOutcome, flags: Flags, startedAt: string): Promise<void> {
  const { format, onIncomplete } = flags;
  const exitCode = reviewExit(outcome, onIncomplete);
  if (flags.bundle !== undefined)
    await saveBundle(flags.bundle, bundleReview(outcome, now(), onIncomplete), flags.bundleKey);
  const options: RenderOptions = {
    colour: isColoured(flags),
    width: process.stdout.columns ?? 100,
    startedAt,
    endedAt: now(),
  };
  if (format === 'json')
    await emit(renderReviewJson(outcome, { ...options, version: VERSION, onIncomplete, exitCode }), flags);
  else {
    const ending = formatReviewEnding(outcome, onIncomplete);
    const text = renderReport(reportReview(outcome, VERSION), format, options);
    await emit(format === 'text' ? `${text}${ending}` : text, flags);
    if (format !== 'text') process.stderr.write(ending);
  }
  process.exitCode = exitCode;
}

function now(): string {
  return new Date(systemClock.now()).toISOString();
}
