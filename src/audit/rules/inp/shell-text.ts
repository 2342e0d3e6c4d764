import type { AgentRun, Facts } from '../../../facts/index.ts';
import type { FindingDraft, Fix, RuleDescriptor, Severity } from '../../../findings/index.ts';
import { type Interpolation, isShellSafe, type StepScript } from '../../../pipelines/index.ts';
import type { ScriptCommand, Span } from '../../../syntax/index.ts';
import type { Rule } from '../../rule.ts';
import { agentCommand } from '../agent-job.ts';
import { isContained } from '../agent-rule.ts';
import { environmentFix } from '../ci/injection-fix.ts';
import { expression } from '../example.ts';
import { startsTogether } from '../places.ts';
import { isOpen, isSplit, writtenRuns } from '../run-weight.ts';
import { onIssue } from './examples.ts';

const TITLE = expression('github.event.issue.title');

const IN_COMMAND: RuleDescriptor = {
  id: 'INP002',
  name: 'outside-text-in-agent-command',
  title: "An outsider's text becomes part of the agent's shell command",
  what: `A \`${expression('…')}\` with free text or a branch name stands in the \`run:\` that starts an agent.`,
  why: 'The platform writes the value into the script before the shell reads it. A title with a quote and `$(…)` runs commands beside the agent, with its key and token; it need not even persuade the model.',
  sources: ['GitHub documentation, "Script injections"', 'zizmor template-injection', 'CodeQL actions/code-injection'],
  severity: 'critical',
  confidence: 'high',
  tier: 'regular',
  family: 'INP',
  fix: 'safe',
  advice: 'Give the value to the step as an environment variable and use the variable in quotes; then mind INP003.',
  tags: ['CWE-78', 'CWE-94', 'CWE-1427', 'OWASP-CICD-SEC-4'],
  attack: onIssue(`Label this issue - ${TITLE}`),
  benign: onIssue(`Label issue ${expression('github.event.issue.number')}`),
};

/** INP002 */
export const textInCommand: Rule = {
  ...IN_COMMAND,
  check: (facts) =>
    scriptRuns(facts).flatMap(({ run, script }) => {
      const found = injected(run, script).filter((one) => substitutionAround(run, one) === undefined);
      const fix = environmentFix(run.step, found, facts.source(script.text.place.file)?.text ?? '');
      return found.map((one, index) =>
        draftOf(IN_COMMAND, run, one, {
          message: `${valuesOf(one)} becomes part of the script that starts ${run.invocation.spelled} in job ${run.job.id}`,
          fixes: index === 0 && fix !== undefined ? [fix] : [],
        }),
      );
    }),
};

const IN_SUBSTITUTION: RuleDescriptor = {
  id: 'INP009',
  name: 'sub-shell-in-prompt',
  title: "A sub-shell in the agent's prompt works on an outsider's text",
  what: 'A `$(…)` or backticks in the arguments of an agent hold text of an event, or run it through `eval` or a second shell.',
  why: 'The sub-shell reads the text as a program before the agent starts. Quotes around the prompt do not help, because the text ends them.',
  sources: ['Trail of Bits, "Agentic actions auditor", vector F', 'CWE-78'],
  severity: 'critical',
  confidence: 'high',
  tier: 'regular',
  family: 'INP',
  fix: 'safe',
  advice:
    'Put the text into a variable of the step and quote it: `"$TITLE"`; never inside `$(…)` as a template, and never through `eval`.',
  tags: ['CWE-78', 'CWE-1427', 'OWASP-CICD-SEC-4'],
  attack: onIssue(`Label this issue - $(echo ${TITLE} | head -c 200)`),
  benign: onIssue(`Label issue $(echo ${expression('github.event.issue.number')} | head -c 20)`),
};

/** INP009 */
export const subShellInPrompt: Rule = {
  ...IN_SUBSTITUTION,
  check: (facts) =>
    scriptRuns(facts).flatMap(({ run, script }) => {
      const templates = injected(run, script).filter((one) => substitutionAround(run, one) !== undefined);
      const fix = environmentFix(run.step, templates, facts.source(script.text.place.file)?.text ?? '');
      return [
        ...templates.map((one, index) =>
          draftOf(IN_SUBSTITUTION, run, one, {
            message: `${valuesOf(one)} is read as a program by a sub-shell in the prompt of ${run.invocation.spelled}`,
            fixes: index === 0 && fix !== undefined ? [fix] : [],
          }),
        ),
        ...interpretedAgain(run, script),
      ];
    }),
};

interface ScriptRun {
  readonly run: AgentRun;
  readonly script: StepScript;
}

/** Agents that a script of the pipeline's own text starts; other platforms have rules of their own for this. */
function scriptRuns(facts: Facts): readonly ScriptRun[] {
  const found = writtenRuns(facts).flatMap((run): ScriptRun[] => {
    const script = run.step.run;
    return script === undefined || run.pipeline.platform !== 'github' ? [] : [{ run, script }];
  });
  return found.filter(({ script }, index) => found.findIndex((other) => other.script === script) === index);
}

/** Templates whose value an outsider chooses and that can break out of a shell word. */
function injected(run: AgentRun, script: StepScript): readonly Interpolation[] {
  return script.text.interpolations.filter(
    (one) =>
      one.expanded === 'before' &&
      (one.values.some(({ origin, kind }) => origin === 'outsider' && !isShellSafe(kind)) || isTraced(run, one)),
  );
}

/** `${{ env.TITLE }}`, `${{ inputs.body }}`: what it stands for was followed to an outsider. */
function isTraced(run: AgentRun, { place }: Interpolation): boolean {
  return run.sources.some(
    ({ channel, steps, kind }) =>
      (channel === 'command-line' || channel === 'environment') &&
      !isShellSafe(kind) &&
      steps.some((step) => startsTogether(step.place, place) && step.message.startsWith('is used as')),
  );
}

function valuesOf({ values, source }: Interpolation): string {
  const names = values
    .filter(({ origin, kind }) => origin === 'outsider' && !isShellSafe(kind))
    .map(({ name }) => name);
  return names.length > 0 ? [...new Set(names)].join(', ') : source;
}

/** The sub-shell among the arguments of the agent's command that holds this template. */
function substitutionAround(run: AgentRun, { index }: Interpolation): Span | undefined {
  return substitutionsOf(run).find(({ start, end }) => start <= index && index < end);
}

function substitutionsOf(run: AgentRun): readonly Span[] {
  const words = agentCommand(run)?.command.words ?? [];
  return words.flatMap(({ expansions }) => expansions.filter(({ kind }) => kind === 'command').map(({ span }) => span));
}

const SECOND_SHELLS: ReadonlySet<string> = new Set(['eval', 'sh', 'bash', 'dash', 'zsh']);

/** `$(eval "echo $TITLE")`: a variable is safe in a word, not in what a second shell reads. */
function interpretedAgain(run: AgentRun, script: StepScript): readonly FindingDraft[] {
  const tainted = taintedVariables(run);
  const inside = substitutionsOf(run);
  return script.script.commands
    .filter(({ span }) => inside.some((outer) => outer.start <= span.start && span.end <= outer.end))
    .flatMap((command): FindingDraft[] => {
      const name = namesRead(command).find((each) => tainted.has(each));
      if (name === undefined) return [];
      const { text } = script;
      const span = { start: text.offsetOf(command.span.start), end: text.offsetOf(command.span.end - 1) + 1 };
      return [
        draftOf(
          IN_SUBSTITUTION,
          run,
          { place: { file: text.place.file, span }, source: name },
          {
            message: `$${name} holds an outsider's text, and a second shell in the prompt of ${run.invocation.spelled} reads it as a program`,
            fixes: [],
          },
        ),
      ];
    });
}

function namesRead({ words: [program, ...rest] }: ScriptCommand): readonly string[] {
  const name = program?.literal ?? '';
  if (!SECOND_SHELLS.has(name) || (name !== 'eval' && !rest.some(({ literal }) => literal === '-c'))) return [];
  return rest.flatMap(({ expansions }) => expansions.flatMap((one) => one.name ?? []));
}

function taintedVariables({ step, job, pipeline }: AgentRun): ReadonlySet<string> {
  const entries = [...step.environment, ...job.environment, ...pipeline.environment];
  return new Set(
    entries
      .filter(({ value }) =>
        value.interpolations.some(({ values }) =>
          values.some(({ origin, kind }) => origin === 'outsider' && !isShellSafe(kind)),
        ),
      )
      .map(({ name }) => name),
  );
}

function severityOf(run: AgentRun): Severity {
  if (isOpen(run) || run.startedBy === 'other-pipeline') return 'critical';
  if (run.triggers.some(({ untrusted, privileged }) => untrusted && privileged)) return 'high';
  return 'medium';
}

function draftOf(
  descriptor: RuleDescriptor,
  run: AgentRun,
  one: Pick<Interpolation, 'place' | 'source'>,
  found: { readonly message: string; readonly fixes: readonly Fix[] },
): FindingDraft {
  // The sandbox stands around the agent, not around the shell that starts it.
  const aside = isContained(run) ? ' The sandbox around the agent does not help: this shell runs outside of it.' : '';
  return {
    rule: descriptor.id,
    message: found.message,
    detail: `Whoever writes the text runs any command in this step, with the variables and the token of the job, whatever the agent would do.${aside}`,
    severity: isSplit(run) && !isOpen(run) ? 'medium' : severityOf(run),
    confidence: 'high',
    place: one.place,
    subject: `${run.job.id} ${run.invocation.product} ${one.source}`,
    related: [{ place: run.invocation.place, message: `the agent: ${run.invocation.spelled}` }],
    fixes: found.fixes,
  };
}
