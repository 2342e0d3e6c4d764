import { Command, InvalidArgumentError, Option } from 'commander';
import {
  type Audit,
  type AuditPolicy,
  type AuditReport,
  auditTree,
  compareAudits,
  compareForTampering,
  explainAgent,
  findRuns,
  formatExplanation,
  planVerifiedFixes,
  reportAudit,
  severityToFail,
} from '../audit/index.ts';
import { SallyportError } from '../errors/index.ts';
import {
  BASELINE_FILE,
  createLocator,
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
  writeBaseline,
} from '../findings/index.ts';
import { createClassifier } from '../policy/index.ts';
import { loadReaders, type SourceTree } from '../syntax/index.ts';
import { describeFileError, systemClock } from '../system/index.ts';
import { listAuthors, readCommitTree } from '../workspace/index.ts';
import { renderExplanations, renderRule, renderRules } from './audit/explanation-json.ts';
import { formatPlan, patchForReader, writeFixes } from './audit/fixing.ts';
import { readBaselineOf, readNamed, readPolicies, type Trusted } from './audit/policy-files.ts';
import { findRule, formatRule, formatRules, listRules } from './audit/rule-text.ts';
import { formatTampering, TAMPERING_FORMATS } from './audit/tampering.ts';
import { formatCuts, formatDifference, formatViolations } from './audit/text.ts';
import { errorsInJson } from './json-error.ts';
import { refuseAlone } from './option-pairs.ts';
import { emit, isColoured, writeOutput } from './output-file.ts';
import { OWN_REPOSITORY, readFilesOf, refuseBare, repositoryMeant } from './repository.ts';
import { VERSION } from './version.ts';

const HELP = `
Examples:
  sallyport audit                                   what matters in this repository, paths first
  sallyport audit --explain-agent review            what is really in force for the agent of job review
  sallyport audit --fix-plan > audit.patch          the safe fixes as a patch
  sallyport audit --diff origin/main..HEAD          only what a change adds, for a pull request
  sallyport audit --since v1.4.0                    who got other orders or other power since then
  sallyport audit --rule PATH01                     what a rule finds, why, and how to mend it
  sallyport audit --format sarif --output a.sarif   for code scanning

Exit codes: 0 nothing at or above --fail-on · 1 something, or a policy demands none of it · 2 usage ·
3 a part could not be read (with --strict)`;

interface Flags {
  readonly fix?: boolean;
  readonly fixUnsafe?: boolean;
  readonly fixPlan?: boolean;
  readonly format: ReportFormat;
  readonly output?: string;
  readonly profile: Profile;
  readonly failOn?: Severity | 'never';
  readonly organisation?: string;
  readonly diff?: Range;
  readonly since?: string;
  readonly explainAgent?: string;
  readonly rule?: string;
  readonly listRules?: boolean;
  readonly baseline?: string;
  readonly writeBaseline?: string;
  readonly reason?: string;
  readonly suppressed: boolean;
  readonly strict: boolean;
}

/** What goes on with the findings of the files as they are, and means nothing for another question. */
const WRITES = ['fix', 'fixUnsafe', 'fixPlan', 'writeBaseline'] as const;

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
    .argument('[directory]', OWN_REPOSITORY)
    .addOption(new Option('--format <format>', 'form of the report').choices([...REPORT_FORMATS]).default('text'))
    .option('--output <file>', 'write the report to a file')
    .addOption(
      new Option('--profile <profile>', 'paths: attack paths only · standard: what matters · all: hygiene too')
        .choices(['paths', 'standard', 'all'])
        .default('standard'),
    )
    .addOption(
      new Option(
        '--fail-on <severity>',
        "exit with 1 from this severity on (default: the policy's, else high)",
      ).choices([...SEVERITIES, 'never']),
    )
    .option('--organisation <file>', "the organisation's policy; the repository's can only tighten it")
    .addOption(
      new Option('--diff <range>', 'BASE..HEAD: report only what the change adds')
        .argParser(parseRange)
        .conflicts([...WRITES, 'explainAgent']),
    )
    .addOption(
      new Option(
        '--since <ref>',
        'list every change to configuration, pipelines and instruction files since then',
      ).conflicts([...WRITES, 'explainAgent', 'diff']),
    )
    .addOption(
      new Option(
        '--explain-agent <job>',
        "what is really in force for the agents of a job ('all': of every job)",
      ).conflicts([...WRITES]),
    )
    .option('--rule <id>', 'explain a rule')
    .option('--list-rules', 'list the rules')
    .option('--fix', 'apply the safe fixes')
    .option('--fix-unsafe', 'apply also the fixes that a person should look at')
    .option('--fix-plan', 'print the safe fixes as a patch and change nothing; with --fix-unsafe all of them')
    .option('--baseline <file>', `accepted findings (default: ${BASELINE_FILE} when it is there)`)
    .option('--write-baseline <file>', 'accept everything that is found now; needs --reason')
    .option('--reason <text>', 'why the findings are accepted')
    .option('--suppressed', 'show suppressed findings too', false)
    .option('--strict', 'exit with 3 when a part could not be read', false)
    .addHelpText('after', HELP)
    .hook('preAction', refuseAlone('--write-baseline', ['--reason']))
    .action(errorsInJson(answer));
}

function parseRange(text: string): Range {
  const at = text.indexOf('..');
  if (at < 1) throw new InvalidArgumentError('Write it as BASE..HEAD.');
  return { base: text.slice(0, at), head: text.slice(at).replace(/^\.+/, '') || 'HEAD' };
}

/** So that a wrong folder does not look like a good one. */
const NOTHING_READ =
  '\nNo pipeline, no settings and no instruction file of an agent is here: nothing was there to audit.\n';

async function answer(directory: string | undefined, flags: Flags): Promise<void> {
  const root = repositoryMeant(directory);
  if (flags.listRules) return emit(rulesText(oneOf(flags.format, TEXT_OR_JSON, '--list-rules')), flags);
  if (flags.rule !== undefined) return emit(ruleText(flags.rule, oneOf(flags.format, TEXT_OR_JSON, '--rule')), flags);
  const written = writing(flags);
  if (written !== undefined) oneOf(flags.format, ['text'], written);
  if (flags.since !== undefined) return since(root, flags.since, flags);
  if (flags.diff) return difference(root, flags.diff, flags);
  const startedAt = now();
  const tree = await treeAt(root);
  const policy = await readPolicies({ tree, ref: undefined }, flags.organisation);
  const { audit, report } = await auditOf(tree, { tree, ref: undefined }, policy, flags);
  if (flags.explainAgent !== undefined) return explain(audit, flags.explainAgent, flags);
  if (flags.writeBaseline !== undefined) return accept(report, flags.writeBaseline, flags);
  if (flags.fixPlan || flags.fix || flags.fixUnsafe) return mend(root, audit, report, flags);
  const tail = report.filesRead === 0 ? NOTHING_READ : formatCuts(report.cuts, report.hidden);
  await finish(report, flags, { tail, policy, startedAt });
}

const TEXT_OR_JSON = ['text', 'json'] as const;
type TextOrJson = (typeof TEXT_OR_JSON)[number];

function ruleText(id: string, format: TextOrJson): string {
  const rule = findRule(id);
  return format === 'json' ? renderRule(rule) : formatRule(rule);
}

function rulesText(format: TextOrJson): string {
  return format === 'json' ? renderRules(listRules()) : formatRules(listRules());
}

/** The option that asks for files or a patch instead of a report. */
function writing({ writeBaseline, fixPlan, fix, fixUnsafe }: Flags): string | undefined {
  if (writeBaseline !== undefined) return '--write-baseline';
  if (fixPlan) return '--fix-plan';
  if (fix) return '--fix';
  return fixUnsafe ? '--fix-unsafe' : undefined;
}

async function treeAt(root: string): Promise<SourceTree> {
  try {
    return await readFilesOf(root);
  } catch (cause) {
    if (cause instanceof SallyportError) throw cause;
    throw new SallyportError('SP2101', `${root}: ${describeFileError(cause)}`, { cause });
  }
}

interface Result {
  readonly audit: Audit;
  readonly report: AuditReport;
}

async function auditOf(tree: SourceTree, trusted: Trusted, policy: AuditPolicy, flags: Flags): Promise<Result> {
  const audit = auditTree(tree, await loadReaders(), { today: today() });
  const report = reportAudit(audit, {
    profile: flags.profile,
    version: VERSION,
    today: today(),
    base: trusted.ref === undefined ? undefined : trusted.tree,
    policy,
    baseline: await readBaselineOf(trusted, flags.baseline),
  });
  return { audit, report };
}

/** Head is audited as a commit. Policy, baseline and suppressions count as the base has them. */
async function difference(root: string, range: Range, flags: Flags): Promise<void> {
  const startedAt = now();
  const tree = await readCommitTree(root, range.base);
  const trusted = { tree, ref: range.base };
  const policy = await readPolicies(trusted, flags.organisation);
  const base = await auditOf(tree, trusted, policy, flags);
  const head = await auditOf(await readCommitTree(root, range.head), trusted, policy, flags);
  const compared = compareAudits(base, head);
  const comparison = { new: compared.report.findings, fixed: compared.fixed, unchanged: [] };
  await finish(compared.report, flags, { tail: formatDifference(compared), policy, startedAt, comparison });
}

async function since(root: string, ref: string, flags: Flags): Promise<void> {
  const format = oneOf(flags.format, TAMPERING_FORMATS, '--since');
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
  const locators = { head: createLocator(head.facts), base: createLocator(base.facts) };
  await emit(formatTampering({ tampering, authors, since: ref, ...locators }, format), flags);
}

async function explain(audit: Audit, wanted: string, flags: Flags): Promise<void> {
  const format = oneOf(flags.format, TEXT_OR_JSON, '--explain-agent');
  const runs = findRuns(audit.facts, wanted === 'all' ? undefined : wanted);
  if (runs.length === 0 && wanted !== 'all')
    throw new SallyportError('SP2102', `no agent in a job named ${JSON.stringify(wanted)}`);
  const explanations = runs.map((one) => explainAgent(one, audit.facts));
  if (format === 'json') return emit(renderExplanations(explanations), flags);
  const text = explanations.map(formatExplanation).join('\n\n');
  await emit(runs.length === 0 ? 'No agent was found.\n' : `${text}\n`, flags);
}

function oneOf<Format extends string>(asked: string, known: readonly Format[], flag: string): Format {
  const format = known.find((one) => one === asked);
  if (format) return format;
  throw new SallyportError('SP1001', `${flag} has no format ${asked}`, { advice: `It has ${known.join(', ')}.` });
}

/** Plans the fixes, tries them in memory, and prints or writes what holds. */
async function mend(root: string, audit: Audit, report: AuditReport, flags: Flags): Promise<void> {
  if (!flags.fixPlan) refuseBare(root);
  const safety = flags.fixUnsafe ? 'unsafe' : 'safe';
  const plan = planVerifiedFixes(audit, report.findings, safety, await loadReaders(), { today: today() });
  if (flags.fixPlan) {
    // An empty patch is no answer to a person, and no patch to git.
    if (plan.files.length === 0) process.stderr.write(formatPlan(plan));
    const isTerminal = flags.output === undefined && process.stdout.isTTY === true;
    return emit(patchForReader(renderPatch(plan.files), isTerminal), flags);
  }
  await writeFixes(root, plan.files);
  print(formatPlan(plan));
}

async function accept(report: AuditReport, file: string, { reason }: Flags): Promise<void> {
  if (!reason) throw new SallyportError('SP1001', '--write-baseline needs --reason: why are these findings accepted?');
  const old = await readNamed(file);
  const previous = old === undefined ? {} : { previous: readBaseline(old) };
  await writeOutput(file, writeBaseline(report.findings, { reason, date: today(), ...previous }));
  process.stderr.write(`${report.findings.length} findings accepted in ${file}\n`);
}

interface Ending {
  /** What the text report says at its end. */
  readonly tail: string;
  readonly policy: AuditPolicy;
  readonly startedAt: string;
  readonly comparison?: ReportComparison;
}

async function finish(report: AuditReport, flags: Flags, ending: Ending): Promise<void> {
  const { tail, policy, startedAt, comparison } = ending;
  const options = {
    colour: isColoured(flags),
    width: process.stdout.columns ?? 100,
    suppressed: flags.suppressed ? ('show' as const) : ('omit' as const),
    startedAt,
    endedAt: now(),
    ...(comparison ? { comparison } : {}),
  };
  const demands = formatViolations(report)
    .map((line) => `${line}\n`)
    .join('');
  const text = renderReport(report, flags.format, options);
  if (flags.format === 'text') await emit(`${text}${tail}${demands === '' ? '' : `\n${demands}`}`, flags);
  else {
    await emit(text, flags);
    process.stderr.write(demands);
  }
  process.exitCode = exitOf(report, severityToFail(policy, flags.failOn), flags);
}

/** Findings before gaps: what is known to be wrong is not hidden behind what is not known. */
function exitOf(report: AuditReport, failOn: Severity | 'never', { strict }: Flags): number {
  const limit = failOn === 'never' ? -1 : SEVERITIES.indexOf(failOn);
  const counted = report.findings.filter(({ suppression }) => suppression === undefined);
  if (counted.some(({ severity }) => SEVERITIES.indexOf(severity) <= limit)) return 1;
  if ((report.violations ?? []).length > 0) return 1;
  return strict && report.gaps.some(hidesSomething) ? 3 : 0;
}

/** The day by the machine's clock, UTC. */
function today(): string {
  return now().slice(0, 10);
}

function now(): string {
  return new Date(systemClock.now()).toISOString();
}

function print(text: string): void {
  process.stdout.write(text);
}
