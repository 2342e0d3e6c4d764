import type { Job, Pipeline, Reference, Step } from '../../../pipelines/index.ts';
import type { Place } from '../../../syntax/index.ts';
import type { SheetBuilder } from '../sheet.ts';
import { type Check, checkOf, checkOfPart } from './checks.ts';

const SEVERITY = { security: 'high', test: 'high', quality: 'medium' } as const;
const KINDS = ['security', 'test', 'quality'] as const;

/** The pipeline that a local reference names, when it is there. */
export type PartReader = (path: string) => Pipeline | undefined;

interface Found {
  readonly check: Check;
  readonly place: Place;
  /** The file that runs it, when another file does. */
  readonly leadsTo?: string;
}

/** Every check that the file runs, once: it may stand in another job or twice. */
export function addChecks(pipeline: Pipeline, readPart: PartReader, sheet: SheetBuilder): void {
  const found = new Map<string, Found>();
  const all = [
    ...pipeline.jobs.flatMap((job) => [...callsOf(job, readPart), ...job.steps.flatMap(checksOf)]),
    ...pipeline.includes.flatMap((include) => checkOfReference(include)),
  ];
  for (const one of all) if (!found.has(one.check.name)) found.set(one.check.name, one);
  for (const { check, place, leadsTo } of found.values())
    sheet.add({
      control: 'pipeline-check-removed',
      scope: '',
      subject: check.name,
      weight: -1,
      shown: check.name,
      place,
      standing: true,
      severity: SEVERITY[check.kind],
      ...(leadsTo === undefined ? {} : { leadsTo }),
    });
}

/** A called pipeline of this repository counts by what it runs, one of others by its name. */
function callsOf({ calls }: Job, readPart: PartReader): readonly Found[] {
  if (calls === undefined) return [];
  if (calls.reference.kind !== 'local') return checkOfReference(calls.reference);
  const path = calls.reference.name.replace(/^(?:\.?\/)+/, '');
  const steps = readPart(path)?.jobs.flatMap((job) => job.steps) ?? [];
  return partOf(path, steps.flatMap(checksOf), calls.reference);
}

/** A part that runs checks is one itself: nothing else may call it. */
function partOf(path: string, inner: readonly Found[], { place }: Reference): readonly Found[] {
  const kind = KINDS.find((one) => inner.some(({ check }) => check.kind === one));
  return kind === undefined ? [] : [{ check: { name: path, kind }, place, leadsTo: path }];
}

function checkOfReference({ name, path, place }: Reference): readonly Found[] {
  const check = checkOfPart(path ?? name);
  return check === undefined ? [] : [{ check, place }];
}

function checksOf(step: Step): readonly Found[] {
  if (step.uses?.kind === 'local') {
    const file = step.inner[0]?.place.file;
    return file === undefined ? checkOfReference(step.uses) : partOf(file, step.inner.flatMap(checksOf), step.uses);
  }
  const action =
    step.uses && checkOf(`uses ${step.uses.name}${step.uses.path === undefined ? '' : `/${step.uses.path}`}`);
  const commands = (step.run?.script.commands ?? []).flatMap(({ words, span }) => {
    const check = checkOf(words.map(({ literal, source }) => literal ?? source).join(' '));
    const text = step.run?.text;
    if (!check || !text) return [];
    const place = { file: text.place.file, span: { start: text.offsetOf(span.start), end: text.offsetOf(span.end) } };
    return [{ check, place }];
  });
  return action ? [{ check: action, place: step.place }, ...commands] : commands;
}
