import { isShellSafe, type Job, type Step, type StepScript, type Trigger } from '../../../pipelines/index.ts';
import type { Place, ScriptCommand } from '../../../syntax/index.ts';
import type { SheetBuilder } from '../sheet.ts';
import { type Check, checkOf, TOLERANT_ARGUMENTS } from './checks.ts';
import { partsOf } from './condition-parts.ts';
import { addInputs, addOptionsOf, addVariables, type CheckContext } from './strictness.ts';

/** What the steps of a job say about checks, pins, credentials and what outsiders can put into them. */
export function addSteps(job: Job, triggers: readonly Trigger[], sheet: SheetBuilder): void {
  const isPrivileged = triggers.some(({ untrusted, privileged }) => untrusted && privileged);
  for (const step of job.steps) {
    const check = checkOfStep(step);
    const context = { scope: job.id, name: nameOf(step), check, sheet };
    addStepSwitches(step, context);
    addCheckout(step, isPrivileged, context);
    addInputs(step.inputs, context);
    addVariables(step.environment, job.id, sheet);
    if (step.run) addScript(step.run, context);
  }
}

/** By what a person calls it: positions move. */
function nameOf(step: Step): string {
  const words = step.run?.text.text.trim().split(/\s+/).slice(0, 3).join(' ');
  return (
    step.id ??
    step.name?.text ??
    step.uses?.name ??
    (words === undefined || words === '' ? `step ${step.index + 1}` : words)
  );
}

/** The first check that a step runs. */
export function checkOfStep(step: Step): Check | undefined {
  if (step.uses) return checkOf(`uses ${step.uses.name}${step.uses.path === undefined ? '' : `/${step.uses.path}`}`);
  for (const command of step.run?.script.commands ?? []) {
    const check = checkOf(wordsOf(command).join(' '));
    if (check) return check;
  }
  return undefined;
}

function wordsOf(command: ScriptCommand): readonly string[] {
  return command.words.map((word) => word.literal ?? word.source);
}

function addStepSwitches(step: Step, context: CheckContext): void {
  const { scope, name, check, sheet } = context;
  if (step.continueOnError) addTolerance(context, `step ${name}`, 'continue-on-error', step.continueOnError, check);
  const { condition } = step;
  if (condition) {
    const shown = condition.text.text.trim();
    const never = /^(?:\$\{\{)?\s*false\s*(?:\}\})?$/.test(shown);
    const place = condition.text.place;
    if (never)
      sheet.add({
        control: 'pipeline-check-disabled',
        scope,
        subject: `step ${name}`,
        weight: 1,
        shown,
        place,
        severity: check ? 'high' : 'medium',
      });
    else if (check && !condition.runsAfterFailure)
      sheet.add({ control: 'pipeline-check-conditional', scope, subject: `step ${name}`, weight: 1, shown, place });
    else if (!check && !condition.alwaysTrue && !condition.runsAfterFailure) {
      const strength = condition.gates.reduce((most, gate) => Math.max(most, gate.strength), 0);
      sheet.add({
        control: 'pipeline-condition-removed',
        scope,
        subject: `step ${name}`,
        weight: -1 - strength,
        shown,
        value: shown.replace(/\s+/g, ' '),
        parts: partsOf(condition),
        place,
        severity: strength > 0 ? 'high' : 'low',
      });
    }
  }
}

function addTolerance(
  { scope, sheet }: CheckContext,
  subject: string,
  shown: string,
  place: Place,
  check: Check | undefined,
): void {
  sheet.add({
    control: 'pipeline-failure-ignored',
    scope,
    subject,
    weight: 1,
    shown,
    place,
    severity: check ? 'high' : 'low',
  });
}

/** What an outsider wrote is checked out by every check of a change; only with rights it is a danger. */
function addCheckout(step: Step, isPrivileged: boolean, { scope, sheet }: CheckContext): void {
  for (const effect of step.effects) {
    if (effect.kind !== 'checkout' || !step.uses) continue;
    if (effect.persistsCredentials)
      sheet.add({
        control: 'pipeline-credentials-persisted',
        scope,
        subject: 'checkout',
        weight: 1,
        shown: 'the token stays in .git/config',
        place: step.place,
      });
    if (effect.tree === 'pull-request' && isPrivileged)
      sheet.add({
        control: 'pipeline-foreign-checkout',
        scope,
        subject: 'checkout',
        weight: 1,
        shown: effect.ref?.text ?? 'the pull request',
        place: effect.ref?.place ?? step.place,
      });
  }
}

function addScript(run: StepScript, context: CheckContext): void {
  const { text, script } = run;
  const placeAt = (start: number, end: number): Place => ({
    file: text.place.file,
    span: { start: text.offsetOf(start), end: text.offsetOf(end) },
  });
  for (const command of script.commands) {
    const words = wordsOf(command);
    const line = words.join(' ');
    const place = placeAt(command.span.start, command.span.end);
    const check = checkOf(line);
    if (command.exitIgnored) addTolerance(context, words.slice(0, 4).join(' '), `${line} || true`, place, check);
    if (words[0] === 'set' && words[1] === '+e') addTolerance(context, 'set +e', line, place, context.check);
    if (words[0] === 'exit' && words[1] === '0' && command.nesting.length === 0)
      addTolerance(context, 'exit 0', line, place, context.check);
    for (const word of words.slice(1))
      if (TOLERANT_ARGUMENTS.some((pattern) => pattern.test(word)) && (check !== undefined || word.length > 3))
        addTolerance(context, `${words.slice(0, 2).join(' ')} ${word}`, line, place, check);
    if (check) addOptionsOf(words.slice(1), place, { ...context, name: check.name, check });
  }
  for (const { values, source, place, expanded } of text.interpolations)
    if (expanded === 'before' && values.some(({ origin, kind }) => origin === 'outsider' && !isShellSafe(kind)))
      context.sheet.add({
        control: 'pipeline-injection-added',
        scope: context.scope,
        subject: source,
        weight: 1,
        shown: source,
        place,
      });
}
