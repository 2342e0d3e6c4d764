import type { Entry, Job, Pipeline, TemplateText } from '../../../pipelines/index.ts';
import type { SheetBuilder } from '../sheet.ts';

/** Secrets that every job of the file can see. */
export function addSharedSecrets({ environment }: Pipeline, sheet: SheetBuilder): void {
  addNames(
    environment.map(({ value }) => value),
    '',
    sheet,
  );
}

function addNames(texts: readonly TemplateText[], scope: string, sheet: SheetBuilder): void {
  const seen = new Set<string>();
  for (const text of texts)
    for (const { values, place } of text.interpolations)
      for (const { name, origin } of values) {
        if (origin !== 'secret' || seen.has(name)) continue;
        seen.add(name);
        sheet.add({ control: 'pipeline-secret-given', scope, subject: name, weight: 1, shown: name, place });
      }
}

/** Which secrets a job can see, by name. */
export function addSecrets(job: Job, sheet: SheetBuilder): void {
  addNames(textsOf(job), job.id, sheet);
  if (job.calls?.secrets.mode === 'inherit')
    sheet.add({
      control: 'pipeline-secret-given',
      scope: job.id,
      subject: 'every secret',
      weight: 3,
      shown: 'secrets: inherit',
      place: job.calls.secrets.place,
      severity: 'high',
    });
}

function textsOf({ environment, calls, steps }: Job): readonly TemplateText[] {
  const secrets = calls?.secrets.mode === 'map' ? calls.secrets.entries : [];
  const ofSteps = steps.flatMap((step) => [...step.environment, ...step.inputs]);
  const entries: readonly Entry[] = [...environment, ...(calls?.inputs ?? []), ...secrets, ...ofSteps];
  return [...entries.map(({ value }) => value), ...steps.flatMap(({ run }) => run?.text ?? [])];
}
