import type { Job, Permissions, Pipeline } from '../../../pipelines/index.ts';
import { entriesOf, itemsOf, nodeAt, type Place, scalarAt, scalarsOf } from '../../../syntax/index.ts';
import type { SheetBuilder } from '../sheet.ts';
import { addCancellation } from './cancellation.ts';
import { addChecks, type PartReader } from './check-list.ts';
import { partsOf } from './condition-parts.ts';
import { addContainer } from './containers.ts';
import { addEgress } from './egress.ts';
import { addJoin } from './joins.ts';
import { addAxes, addMatrix } from './matrix.ts';
import { addIncludes, addReferences } from './references.ts';
import { SEVERE_RIGHTS } from './rights.ts';
import { addSecrets, addSharedSecrets } from './secrets.ts';
import { addSteps, checkOfStep } from './steps.ts';
import { addVariables } from './strictness.ts';
import { addTriggers, weightOfLoss } from './triggers.ts';

/** Without its name: a job that is renamed is the same. */
const THE_JOB = 'the job';

/** What one pipeline file says about the controls of every platform's pipelines. */
export function addPipeline(pipeline: Pipeline, readPart: PartReader, sheet: SheetBuilder): void {
  const file = { file: pipeline.file.path, span: { start: 0, end: 0 } };
  if (pipeline.role !== 'dependency-bot')
    sheet.add({
      control: 'pipeline-removed',
      scope: '',
      subject: 'pipeline',
      weight: -1,
      shown: pipeline.file.path,
      place: file,
      standing: true,
      severity: weightOfLoss(pipeline, hasChecks(pipeline)),
    });
  addTriggers(pipeline, sheet);
  addSharedSecrets(pipeline, sheet);
  addVariables(pipeline.environment, '', sheet);
  addChecks(pipeline, readPart, sheet);
  addIncludes(pipeline, sheet);
  addCancellation(pipeline, sheet);
  addAxes(pipeline, sheet);
  for (const job of pipeline.jobs) {
    sheet.scope(job.id, job.place);
    addJob(job, pipeline, sheet);
  }
}

function hasChecks({ jobs }: Pipeline): boolean {
  return jobs.some(({ steps }) => steps.some((step) => checkOfStep(step) !== undefined));
}

function addJob(job: Job, pipeline: Pipeline, sheet: SheetBuilder): void {
  const scope = job.id;
  addPermissions(job, pipeline, sheet);
  addCondition(job, sheet);
  addNeeds(job, pipeline.jobs, sheet);
  addEnvironment(job, sheet);
  if (job.timeoutMinutes)
    sheet.add({
      control: 'pipeline-timeout-removed',
      scope,
      subject: 'timeout',
      weight: -1,
      shown: `${job.timeoutMinutes.value} minutes`,
      place: job.timeoutMinutes.place,
    });
  const persistent = job.runner.kind === 'persistent' ? job.runner.labels[0] : undefined;
  if (persistent)
    sheet.add({
      control: 'pipeline-runner-persistent',
      scope,
      subject: 'runner',
      weight: 1,
      shown: persistent.value,
      place: persistent.place,
    });
  for (const container of [job.container, ...job.services]) if (container) addContainer(container, scope, sheet);
  addTolerance(job, sheet);
  addSecrets(job, sheet);
  addVariables(job.environment, scope, sheet);
  addMatrix(job, sheet);
  addJoin(job, pipeline, sheet);
  addEgress(job, sheet);
  addReferences(pipeline, job, sheet);
  addSteps(job, job.triggers ?? pipeline.triggers, sheet);
}

/** Jobs that one waits for by way of others; the ones it names are not counted. */
const MOST_WAITED = 200;

/** What a job waits for, also by way of others: who takes one out of the middle still waits for what that waited for. */
function addNeeds({ id: scope, needs }: Job, jobs: readonly Job[], sheet: SheetBuilder): void {
  const byId = new Map(jobs.map((job) => [job.id, job]));
  const waited = new Map(needs.map(({ value, place }) => [value, place]));
  for (const [name, place] of waited)
    for (const { value } of byId.get(name)?.needs ?? [])
      if (value !== scope && !waited.has(value) && waited.size < MOST_WAITED) waited.set(value, place);
  for (const [value, place] of waited)
    sheet.add({
      control: 'pipeline-needs-removed',
      scope,
      subject: `needs ${value}`,
      names: value,
      weight: -1,
      shown: value,
      place,
    });
}

/** What holds for a job, be it written beside it or above all jobs. */
function addPermissions(job: Job, pipeline: Pipeline, sheet: SheetBuilder): void {
  if (pipeline.platform !== 'github' && pipeline.platform !== 'gh-aw') return;
  const { permissions } = job;
  const base = { control: 'pipeline-permission-widened', scope: job.id } as const;
  const all = { ...base, subject: 'every right' } as const;
  if (permissions === undefined) {
    const shown = 'what the repository gives by default';
    sheet.add({ ...all, weight: 2, shown, place: job.place, quietWhenNew: true });
    return;
  }
  const { place, mode } = permissions;
  const isOwn = place.span.start >= job.body.span.start && place.span.end <= job.body.span.end;
  const show = (text: string) => ({
    shown: isOwn ? text : `${text}, for every job that says nothing`,
    value: text,
    quietWhenNew: !isOwn,
  });
  if (mode === 'write-all') sheet.add({ ...all, ...show(mode), weight: 3, place, severity: 'critical' });
  else if (mode === 'read-all') sheet.add({ ...all, ...show(mode), weight: 1, place, severity: 'medium' });
  else
    for (const { name, place: at } of writesOf(permissions))
      sheet.add({
        ...base,
        ...show(`${name}: write`),
        subject: name,
        weight: 2,
        place: at,
        severity: SEVERE_RIGHTS.has(name) ? 'high' : 'medium',
      });
}

function writesOf({ scopes }: Permissions): Permissions['scopes'] {
  return scopes.filter(({ access }) => access === 'write');
}

/**
 * The strongest gate counts once for every strength, so that a weaker one in its place is seen. A condition before a check
 * keeps the check from some changes; it protects only where it is a gate.
 */
function addCondition({ id: scope, condition, steps }: Job, sheet: SheetBuilder): void {
  if (condition === undefined) return;
  const { text, gates, alwaysTrue, runsAfterFailure } = condition;
  const shown = text.text.trim();
  const base = { scope, subject: THE_JOB, shown, value: shown.replace(/\s+/g, ' '), place: text.place } as const;
  if (NEVER.test(shown)) sheet.add({ ...base, control: 'pipeline-check-disabled', weight: 1 });
  else if (!alwaysTrue && !(runsAfterFailure && gates.length === 0)) {
    const strength = gates.reduce((most, gate) => Math.max(most, gate.strength), 0);
    const severity = strength > 0 ? 'high' : 'medium';
    const checks = steps.some((step) => checkOfStep(step) !== undefined);
    if (checks) sheet.add({ ...base, control: 'pipeline-check-conditional', weight: 1 });
    if (!checks || strength > 0)
      sheet.add({
        ...base,
        control: 'pipeline-condition-removed',
        weight: -1 - strength,
        parts: partsOf(condition),
        severity,
      });
  }
}

const NEVER = /^(?:\$\{\{)?\s*false\s*(?:\}\})?$|^never$|^ne\(\s*1\s*,\s*1\s*\)$/i;

function addEnvironment(job: Job, sheet: SheetBuilder): void {
  const { deployment } = job;
  if (deployment === undefined) return;
  sheet.add({
    control: 'pipeline-environment-removed',
    scope: job.id,
    subject: 'environment',
    weight: -1,
    shown: deployment.value,
    place: deployment.place,
  });
}

const TOLERANT_KEYS = ['continue-on-error', 'continueOnError', 'allow_failure'];

function addTolerance(job: Job, sheet: SheetBuilder): void {
  for (const key of TOLERANT_KEYS) {
    const node = nodeAt(job.node, key);
    if (node === undefined || (node.kind === 'scalar' && (node.value === false || node.text === 'false'))) continue;
    const place: Place = { file: job.place.file, span: node.span };
    sheet.add({
      control: 'pipeline-failure-ignored',
      scope: job.id,
      subject: THE_JOB,
      weight: 1,
      shown: `${key}: ${node.kind === 'scalar' ? node.text : '…'}`,
      place,
    });
  }
  for (const rule of itemsOf(nodeAt(job.node, 'rules'))) {
    const never = scalarAt(rule, 'when');
    if (never?.text === 'never' && entriesOf(rule).length === 1 && itemsOf(nodeAt(job.node, 'rules'))[0] === rule)
      sheet.add({
        control: 'pipeline-check-disabled',
        scope: job.id,
        subject: THE_JOB,
        weight: 1,
        shown: 'when: never',
        place: { file: job.place.file, span: never.span },
      });
  }
  for (const manual of scalarsOf(nodeAt(job.node, 'when')).filter(({ text }) => text === 'manual'))
    sheet.add({
      control: 'pipeline-condition-removed',
      scope: job.id,
      subject: 'start by hand',
      weight: -2,
      shown: 'when: manual',
      place: { file: job.place.file, span: manual.span },
    });
}
