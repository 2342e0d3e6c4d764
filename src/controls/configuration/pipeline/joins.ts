import type { Job, Pipeline, Step } from '../../../pipelines/index.ts';
import { itemsOf, nodeAt } from '../../../syntax/index.ts';
import type { SheetBuilder } from '../sheet.ts';
import { SEVERE_RIGHTS } from './rights.ts';
import { checkOfStep } from './steps.ts';

/** Runs although what it waited for failed; `failure()` alone runs only then. */
const REGARDLESS = /\balways\s{0,5}\(|!\s{0,5}cancelled\s{0,5}\(|\bsucceededOrFailed\s{0,5}\(/i;
/** Runs only when something failed. */
const ONLY_AFTER_FAILURE = /(?<!!\s{0,5})\b(?:failure|failed|cancelled|canceled)\s{0,5}\(/i;
/** Reads how what it waited for ended. */
const RESULTS = /\bneeds(?:\.|\[|\s{0,5}\))|\bdependencies\.|stageDependencies|alls-green/i;
/** Programs by which a script judges, and fails. */
const JUDGING = /^(?:exit|false|test|\[{1,2}|jq|grep)$/;
const MOST_TEXT = 20_000;

/** What a job does when something that it waits for has failed: it fails, too, it is left out, or it goes on. */
export function addJoin(job: Job, { platform }: Pipeline, sheet: SheetBuilder): void {
  const { id: scope, needs, condition, place } = job;
  const base = { scope, subject: 'the job', value: '', place: condition?.text.place ?? place } as const;
  const isGitLab = platform === 'gitlab';
  const needed = nodeAt(job.node, 'needs');
  // In GitLab a job waits for the stages before it, unless it names what it waits for.
  const startsAtOnce = isGitLab && needed?.kind === 'list' && itemsOf(needed).length === 0;
  if (startsAtOnce) addOverrun(job, 'needs: []', base, sheet);
  if (startsAtOnce || condition?.runsAfterFailure !== true || (needs.length === 0 && !isGitLab)) return;
  const shown = condition.text.text.trim() || 'when: always';
  if (needs.length > 0 && judgesResults(job))
    sheet.add({ ...base, control: 'pipeline-join-removed', weight: -1, shown });
  else if ((isGitLab || REGARDLESS.test(shown)) && !textsOf(job).some((text) => RESULTS.test(text)))
    addOverrun(job, shown, base, sheet);
}

type Base = Pick<Parameters<SheetBuilder['add']>[0], 'scope' | 'subject' | 'value' | 'place'>;

/** A check that runs whatever happened is no danger; what publishes or deploys is. */
function addOverrun(job: Job, shown: string, base: Base, sheet: SheetBuilder): void {
  if (job.steps.some((step) => checkOfStep(step) !== undefined)) return;
  const acts =
    job.deployment !== undefined ||
    job.permissions?.scopes.some(({ name, access }) => access === 'write' && SEVERE_RIGHTS.has(name));
  sheet.add({ ...base, control: 'pipeline-failure-overrun', weight: 1, shown, severity: acts ? 'high' : 'low' });
}

/** It fails by itself when one of those that it waited for did. */
function judgesResults(job: Job): boolean {
  const reads = textsOf(job).some((text) => RESULTS.test(text));
  const isAlarm = ONLY_AFTER_FAILURE.test(job.condition?.text.text ?? '');
  return job.steps.some(({ uses, run }) => {
    if (/alls-green/i.test(uses?.name ?? '')) return true;
    const judges = run?.script.commands.some(({ words }) => JUDGING.test(words[0]?.literal ?? ''));
    return judges === true && (reads || isAlarm);
  });
}

function textsOf({ condition, environment, steps }: Job): readonly string[] {
  const entriesOfStep = (step: Step) => [...step.environment, ...step.inputs];
  return [
    condition?.text.text ?? '',
    ...[...environment, ...steps.flatMap(entriesOfStep)].map(({ value }) => value.text),
    ...steps.flatMap((step) => [step.condition?.text.text ?? '', step.run?.text.text ?? '', step.uses?.name ?? '']),
  ].map((text) => text.slice(0, MOST_TEXT));
}
