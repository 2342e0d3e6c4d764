import { Command, Option } from 'commander';
import { REPORT_FORMATS, type RenderOptions, type ReportFormat } from '../findings/index.ts';
import { EXIT_OF, judge } from '../gate/index.ts';
import { systemClock } from '../system/index.ts';
import { auditChange } from './ci/audit-stage.ts';
import { readPipeline } from './ci/pipeline.ts';
import { bundleAnswer, renderAnswer, renderSummary } from './ci/report.ts';
import type { Stages } from './ci/stages.ts';
import { openChange } from './gate/change.ts';
import { addEvidenceOptions, type EvidenceFlags, evidenceOf } from './gate/evidence-flags.ts';
import { type AskedEvidence, gather } from './gate/gather.ts';
import { runReview } from './gate/reviewing.ts';
import { errorsInJson } from './json-error.ts';
import { refuseAlone } from './option-pairs.ts';
import { appendOutput, emit, isColoured } from './output-file.ts';
import { saveBundle } from './post/bundle-file.ts';
import { OWN_REPOSITORY, repositoryMeant } from './repository.ts';

const HELP = `
The whole path of one change: what it adds for an attacker of the agents (audit), which vulnerabilities it brings
(review), and whether it may be merged on the evidence there is (gate). One report, one exit code, no network, no key.

In a job of GitHub Actions, GitLab CI, Jenkins or Azure Pipelines the base, the branch and who asked for the change come
from the environment; flags win.

Examples:
  sallyport ci                                              this branch against the trunk that it left
  sallyport ci --base origin/main --summary "$GITHUB_STEP_SUMMARY" --bundle sallyport.json
  sallyport ci --run out --findings semgrep.sarif           with the record of the agent's run and another scan
  sallyport ci --format sarif --output sallyport.sarif

Exit codes: 0 pass · 1 blocked, or people have to approve · 2 usage · 3 evidence is missing · 4 internal error`;

interface Flags extends EvidenceFlags {
  readonly repository?: string;
  readonly base?: string;
  readonly workingTree: boolean;
  readonly format: ReportFormat;
  readonly output?: string;
  readonly summary?: string;
}

/** `sallyport ci` */
export function ciCommand(): Command {
  return addEvidenceOptions(
    new Command('ci')
      .description('Audit, review and judge one change: the whole path in one command, with one report.')
      .argument('[head]', 'the change (default: HEAD)')
      .option('--directory, --repository <dir>', OWN_REPOSITORY)
      .option('--base <ref>', 'the ref that it is to be merged into (default: the target of this job, or the trunk)')
      .option('--working-tree', 'the files as they are now, instead of a commit', false)
      .addOption(new Option('--format <format>', 'form of the report').choices([...REPORT_FORMATS]).default('text'))
      .option('--output <file>', 'write the report to a file')
      .option('--summary <file>', 'append the report as Markdown, for the page of a pipeline'),
  )
    .addHelpText('after', HELP)
    .hook('preAction', refuseAlone('--bundle', ['--bundle-key']))
    .action(errorsInJson(answer));
}

async function answer(head: string | undefined, flags: Flags): Promise<void> {
  const started = systemClock.now();
  const root = repositoryMeant(flags.repository);
  const asked = await askedOf(head, flags);
  const change = await openChange(root, asked);
  const { before, after, target } = change;
  const today = new Date(started).toISOString().slice(0, 10);
  const trusted = { tree: target, ref: asked.base };
  const audited = await auditChange({ before, after, trusted, organisation: flags.organisation, today });
  const reviewed = flags.findings.length > 0 ? undefined : await runReview(change, [], today);
  const judged = await gather(root, asked, started, { change, reviewed });
  const { evidence, policy } = judged;
  const findings = [...evidence.findings, ...audited.difference.report.findings];
  const stages: Stages = { audited, reviewed, result: judge({ ...evidence, findings }, policy) };
  const options = renderOptions(flags, started);
  await emit(renderAnswer(stages, flags.format, judged, options), flags);
  if (flags.summary !== undefined) await appendOutput(flags.summary, renderSummary(stages, judged, options));
  if (flags.bundle !== undefined)
    await saveBundle(flags.bundle, bundleAnswer(stages, evidence, evidence.now), flags.bundleKey);
  process.exitCode = EXIT_OF[stages.result.verdict];
}

/** What the job says, and the flags over it. */
async function askedOf(head: string | undefined, flags: Flags): Promise<AskedEvidence> {
  const { workingTree } = flags;
  const pipeline = workingTree ? undefined : await readPipeline(process.env);
  const given = await evidenceOf(flags);
  return {
    ...given,
    base: flags.base ?? pipeline?.base,
    head: head ?? pipeline?.head,
    patch: undefined,
    workingTree,
    targetRef: given.targetRef ?? pipeline?.targetRef,
    requestedBy: given.requestedBy ?? pipeline?.actor,
  };
}

function renderOptions({ output }: Flags, started: number): RenderOptions {
  return {
    colour: isColoured({ output }),
    width: process.stdout.columns ?? 100,
    startedAt: new Date(started).toISOString(),
    endedAt: new Date(systemClock.now()).toISOString(),
  };
}
