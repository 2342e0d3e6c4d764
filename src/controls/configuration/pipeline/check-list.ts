import type { Pipeline, Step } from '../../../pipelines/index.ts';
import type { Place } from '../../../syntax/index.ts';
import type { SheetBuilder } from '../sheet.ts';
import { type Check, checkOf } from './checks.ts';

const SEVERITY = { security: 'high', test: 'high', quality: 'medium' } as const;

/** Every check that the file runs, once: it may stand in another job or twice. */
export function addChecks(pipeline: Pipeline, sheet: SheetBuilder): void {
  const found = new Map<string, { readonly check: Check; readonly place: Place }>();
  for (const { steps } of pipeline.jobs)
    for (const one of steps.flatMap(checksOf)) if (!found.has(one.check.name)) found.set(one.check.name, one);
  for (const { check, place } of found.values())
    sheet.add({
      control: 'pipeline-check-removed',
      scope: '',
      subject: check.name,
      weight: -1,
      shown: check.name,
      place,
      standing: true,
      severity: SEVERITY[check.kind],
    });
}

function checksOf(step: Step): readonly { readonly check: Check; readonly place: Place }[] {
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
