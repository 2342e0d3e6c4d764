import { setTimeout } from 'node:timers/promises';
import { Command, Option } from 'commander';
import { SallyportError } from '../errors/index.ts';
import {
  detectContext,
  type ForgeAccess,
  type ForgeName,
  openForge,
  POSTING_PARTS,
  type PostingPart,
  type PostingRequest,
  postBundle,
  previewBundle,
} from '../forges/index.ts';
import { systemClock } from '../system/index.ts';
import { errorsInJson } from './json-error.ts';
import { wholeNumberWithin } from './number-option.ts';
import { loadBundle } from './post/bundle-file.ts';
import { readEvent } from './post/event.ts';
import { chooseAccess, chooseTarget, type TargetFlags } from './post/target.ts';
import { formatOutcome, renderOutcome, renderPreview } from './post/text.ts';

const HELP = `
The job that posts needs rights and no code of the change. Repository and number come from the environment of the job
or from flags, never from the bundle, and the forge must say that the number is at the commit of the bundle.

Tokens (environment only): SALLYPORT_FORGE_TOKEN, or GITHUB_TOKEN, GITLAB_TOKEN, CI_JOB_TOKEN, GITEA_TOKEN,
SYSTEM_ACCESSTOKEN.

Examples:
  sallyport review --base "$BASE" --bundle review.json     in a job without rights
  sallyport post review.json                               in a job with rights
  sallyport post review.json --dry-run                     print what would be sent
  sallyport post review.json --forge gitlab --repository acme/app --number 7

Exit codes: 0 posted · 1 posted, and the verdict blocks · 2 usage · 3 not posted, or not all · 4 internal error`;

interface Flags extends TargetFlags {
  readonly only: readonly PostingPart[];
  readonly maxRemarks: number;
  readonly detailsUrl?: string;
  readonly signers?: string;
  readonly dryRun: boolean;
  readonly format: 'text' | 'json';
}

/** More than any forge counts to. */
const MOST = 9_999_999_999;

const FORGES: readonly ForgeName[] = ['github', 'gitlab', 'gitea', 'azure'];

/** `sallyport post` */
export function postCommand(): Command {
  return new Command('post')
    .description('Post what a job without rights found: check, remarks at lines, one comment, labels.')
    .argument('<bundle>', 'the file that --bundle of another command wrote')
    .addOption(new Option('--forge <name>', 'where to post (default: the one that runs this job)').choices([...FORGES]))
    .option('--api <url>', "address of the forge's API")
    .option('--repository <name>', 'owner/name, or the path of a GitLab project')
    .option('--number <number>', 'of the pull or merge request', wholeNumberWithin(1, MOST))
    .option('--commit <id>', 'without a request: the commit that the bundle must be about (default: that of this job)')
    .addOption(
      new Option('--only <parts...>', 'post these parts alone').choices([...POSTING_PARTS]).default([...POSTING_PARTS]),
    )
    .option('--max-remarks <count>', 'at most so many remarks at lines', wholeNumberWithin(1, MOST), 20)
    .option('--details-url <url>', 'where the check links to, for instance the page of this job')
    .option('--signers <file>', 'public SSH keys, one a line; BUNDLE.sig must be of one of them')
    .option('--dry-run', 'print what would be sent and send nothing', false)
    .addOption(new Option('--format <format>', 'form of the answer').choices(['text', 'json']).default('text'))
    .addHelpText('after', HELP)
    .action(errorsInJson(answer));
}

async function answer(path: string, flags: Flags): Promise<void> {
  const bundle = await loadBundle(path, flags.signers);
  const context = detectContext(process.env, await readEvent(process.env['GITHUB_EVENT_PATH']));
  const target = chooseTarget(flags, context);
  const { maxRemarks } = flags;
  const detailsUrl = checkDetails(flags.detailsUrl);
  const request: PostingRequest = { ...target, bundle, parts: flags.only, maxRemarks, detailsUrl };
  if (flags.dryRun) {
    process.stdout.write(renderPreview(previewBundle(request, target.forge), target));
    return;
  }
  const access = chooseAccess(target.forge, flags, context, process.env);
  const outcome = await post(access, request);
  const exitCode = outcome.failed.length > 0 ? 3 : bundle.blocks ? 1 : 0;
  const text =
    flags.format === 'json' ? renderOutcome(outcome, bundle, target, exitCode) : formatOutcome(outcome, bundle, target);
  process.stdout.write(text);
  process.exitCode = exitCode;
}

/** The token of a GitLab job may read and not comment: what the forge says about it leads nowhere. */
async function post(access: ForgeAccess, request: PostingRequest) {
  try {
    return await postBundle(openForge(access, { clock: systemClock, sleep: (time) => setTimeout(time) }), request);
  } catch (error) {
    const isJobToken = access.forge === 'gitlab' && access.tokenKind === 'job' && error instanceof SallyportError;
    if (!isJobToken || !['SP2403', 'SP2404'].includes(error.code)) throw error;
    throw new SallyportError('SP2403', error.message, {
      advice: 'CI_JOB_TOKEN cannot comment or set a status; set GITLAB_TOKEN to a project token with the scope api.',
    });
  }
}

/** A link that a check shows: where it leads must be plain. */
function checkDetails(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const url = URL.parse(text);
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '')
    throw new SallyportError('SP1001', '--details-url is no plain https address');
  return url.href;
}
