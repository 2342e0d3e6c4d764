import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import {
  type Audit,
  type AuditReport,
  auditTree,
  compareAudits,
  compareForTampering,
  explainAgent,
  findRuns,
  planVerifiedFixes,
  reportAudit,
} from '../audit/index.ts';
import { SallyportError } from '../errors/index.ts';
import {
  BASELINE_FILE,
  hidesSomething,
  type Profile,
  REPORT_FORMATS,
  type ReportComparison,
  type ReportFormat,
  readBaseline,
  renderPatch,
  renderReport,
  SEVERITIES,
  type Severity,
  type SuppressionEntry,
  writeBaseline,
} from '../findings/index.ts';
import { createClassifier } from '../policy/index.ts';
import { loadReaders, type SourceTree } from '../syntax/index.ts';
import { errorCode, systemClock } from '../system/index.ts';
import { listAuthors, readCommitTree, readDirectoryTree } from '../workspace/index.ts';
import { formatPlan, writeFixes } from './audit/fixing.ts';
import { formatCuts, formatDifference, formatTampering } from './audit/text.ts';
import { VERSION } from './version.ts';

const HELP = `
Examples:
  sallyport audit                                   what matters in this repository, paths first
  sallyport audit --explain-agent review            what is really in force for the agent of job review
  sallyport audit --fix-plan > audit.patch          the safe fixes as a patch
  sallyport audit --diff origin/main..HEAD          only what a change adds, for a pull request
  sallyport audit --since v1.4.0                    who got other orders or other power since then
  sallyport audit --format sarif --output a.sarif   for code scanning

Exit codes: 0 nothing at or above --fail-on · 1 something · 2 usage · 3 a part could not be read (with --strict)`;

interface Flags {
  readonly fix?: boolean;
  readonly fixUnsafe?: boolean;
  readonly fixPlan?: boolean;
  readonly format: ReportFormat;
  readonly output?: string;
  readonly profile: Profile;
  readonly failOn: Severity | 'never';
  readonly diff?: Range;
  readonly since?: string;
  readonly explainAgent?: string;
  readonly baseline?: string;
  readonly writeBaseline?: string;
  readonly reason?: string;
  readonly suppressed: boolean;
  readonly strict: boolean;
}

interface Range {
  readonly base: string;
  readonly head: string;
}

/** `sallyport audit` */
export function auditCommand(): Command {
  return new Command('audit')
    .description(
      'Find how an attacker could use the AI agents of a repository: pipelines, configuration, scripts, containers.',
    )
    .argument('[directory]', 'the repository', '.')
    .addOption(new Option('--format <format>', 'form of the report').choices([...REPORT_FORMATS]).default('text'))
    .option('--output <file>', 'write the report to a file')
    .addOption(
      new Option('--profile <profile>', 'paths: attack paths only · standard: what matters · all: hygiene too')
        .choices(['paths', 'standard', 'all'])
        .default('standard'),
    )
    .addOption(
      new Option('--fail-on <severity>', 'exit with 1 from this severity on')
        .choices([...SEVERITIES, 'never'])
        .default('high'),
    )
    .option('--diff <range>', 'BASE..HEAD: report only what the change adds', parseRange)
    .option('--since <ref>', 'list every change to configuration, pipelines and instruction files since then')
    .option('--explain-agent <job>', "what is really in force for the agents of a job ('all': of every job)")
    .option('--fix', 'apply the safe fixes')
    .option('--fix-unsafe', 'apply also the fixes that a person should look at')
    .option('--fix-plan', 'print the fixes as a patch and change nothing')
    .option('--baseline <file>', `accepted findings (default: ${BASELINE_FILE} when it is there)`)
    .option('--write-baseline <file>', 'accept everything that is found now; needs --reason')
    .option('--reason <text>', 'why the findings are accepted')
    .option('--suppressed', 'show suppressed findings too', false)
    .option('--strict', 'exit with 3 when a part could not be read', false)
    .addHelpText('after', HELP)
    .action(run);
}

function parseRange(text: string): Range {
  const [, base, head] = /^(.+?)\.\.\.?(.*)$/.exec(text) ?? [];
  if (base === undefined) throw new InvalidArgumentError('Write it as BASE..HEAD.');
  return { base, head: head || 'HEAD' };
}

async function run(directory: string, flags: Flags): Promise<void> {
  const root = resolve(directory);
  if (flags.since !== undefined) return since(root, flags.since);
  if (flags.diff) return difference(root, flags.diff, flags);
  const { audit, report } = await auditOf(await treeAt(root), root, flags);
  if (flags.explainAgent !== undefined) return explain(audit, flags.explainAgent);
  if (flags.writeBaseline !== undefined) return accept(report, flags.writeBaseline, flags);
  if (flags.fixPlan || flags.fix || flags.fixUnsafe) return mend(root, audit, report, flags);
  const tail = flags.format === 'text' ? formatCuts(audit.cuts, report.hidden) : '';
  await finish(report, flags, tail);
}

async function treeAt(root: string): Promise<SourceTree> {
  try {
    return await readDirectoryTree(root);
  } catch (cause) {
    throw new SallyportError('SP2101', `${root}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

interface Result {
  readonly audit: Audit;
  readonly report: AuditReport;
}

async function auditOf(tree: SourceTree, root: string, flags: Flags, base?: SourceTree): Promise<Result> {
  const readers = await loadReaders();
  const audit = auditTree(tree, readers, { today: today() });
  const baseline = await baselineOf(root, flags);
  const report = reportAudit(audit, {
    profile: flags.profile,
    version: VERSION,
    today: today(),
    base,
    policy: NO_AUDIT_POLICY,
    baseline,
  });
  return { audit, report };
}

async function baselineOf(root: string, { baseline }: Flags): Promise<readonly SuppressionEntry[]> {
  const path = baseline ?? join(root, BASELINE_FILE);
  try {
    return readBaseline({ path, text: await readFile(path, 'utf8') });
  } catch (error) {
    if (baseline === undefined && errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Head is audited as a commit, and only suppressions that the base has too count. */
async function difference(root: string, range: Range, flags: Flags): Promise<void> {
  const baseTree = await readCommitTree(root, range.base);
  const base = await auditOf(baseTree, root, flags);
  const head = await auditOf(await readCommitTree(root, range.head), root, flags, baseTree);
  const compared = compareAudits(base, head);
  const tail = flags.format === 'text' ? formatDifference(compared) : '';
  await finish(compared.report, flags, tail, { new: compared.report.findings, fixed: compared.fixed, unchanged: [] });
}

async function since(root: string, ref: string): Promise<void> {
  const readers = await loadReaders();
  const base = auditTree(await readCommitTree(root, ref), readers, { today: today() });
  const head = auditTree(await treeAt(root), readers, { today: today() });
  const classify = createClassifier();
  const tampering = compareForTampering(base.facts, head.facts, (path) => classify(path).class);
  const authors = await listAuthors(
    root,
    ref,
    tampering.files.map(({ path }) => path),
  );
  print(formatTampering(tampering, authors, ref));
}

function explain(audit: Audit, wanted: string): void {
  const runs = findRuns(audit.facts, wanted === 'all' ? undefined : wanted);
  if (runs.length === 0 && wanted !== 'all')
    throw new SallyportError('SP2102', `no agent in a job named ${JSON.stringify(wanted)}`);
  print(
    runs.length === 0 ? 'No agent was found.\n' : `${runs.map((one) => explainAgent(one, audit.facts)).join('\n\n')}\n`,
  );
}

/** Plans the fixes, tries them in memory, and prints or writes what holds. */
async function mend(root: string, audit: Audit, report: AuditReport, flags: Flags): Promise<void> {
  const safety = flags.fixUnsafe ? 'unsafe' : 'safe';
  const plan = planVerifiedFixes(audit, report.findings, safety, await loadReaders(), { today: today() });
  if (flags.fixPlan) return print(renderPatch(plan.files));
  await writeFixes(root, plan);
  print(formatPlan(plan));
}

async function accept(report: AuditReport, file: string, { reason }: Flags): Promise<void> {
  if (!reason) throw new SallyportError('SP1001', '--write-baseline needs --reason: why are these findings accepted?');
  await writeFile(file, writeBaseline(report.findings, { reason, date: today() }));
  process.stderr.write(`${report.findings.length} findings accepted in ${file}\n`);
}

async function finish(report: AuditReport, flags: Flags, tail: string, comparison?: ReportComparison): Promise<void> {
  const options = {
    colour: process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined && flags.output === undefined,
    width: process.stdout.columns ?? 100,
    suppressed: flags.suppressed ? ('show' as const) : ('omit' as const),
    ...(comparison ? { comparison } : {}),
  };
  const text = renderReport(report, flags.format, options) + tail;
  if (flags.output === undefined) print(text);
  else await writeFile(flags.output, text);
  process.exitCode = exitOf(report, flags);
}

/** Findings before gaps: what is known to be wrong is not hidden behind what is not known. */
function exitOf(report: AuditReport, { failOn, strict }: Flags): number {
  const limit = failOn === 'never' ? -1 : SEVERITIES.indexOf(failOn);
  const counted = report.findings.filter(({ suppression }) => suppression === undefined);
  if (counted.some(({ severity }) => SEVERITIES.indexOf(severity) <= limit)) return 1;
  return strict && report.gaps.some(hidesSomething) ? 3 : 0;
}

/** The day by the machine's clock, UTC. */
function today(): string {
  return new Date(systemClock.now()).toISOString().slice(0, 10);
}

function print(text: string): void {
  process.stdout.write(text);
}
