import type { Entry, Job, Pipeline, StepScript } from '../pipelines/index.ts';
import type { ScriptCommand, ScriptWord } from '../syntax/index.ts';
import { baseName } from './script-files.ts';
import { placeIn, scriptsOf, within } from './script-range.ts';

/** A command that starts another workflow of the repository by hand, and what it hands over. */
export interface Relay {
  readonly pipeline: Pipeline;
  readonly job: Job;
  /** Which step of the job. */
  readonly index: number;
  readonly inputs: readonly Entry[];
}

/** Options of `gh workflow run` with a value `name=value`. */
const FIELDS: ReadonlySet<string> = new Set(['-f', '--raw-field', '-F', '--field']);

/** The relays among the steps of all pipelines, by the name or file that each starts. */
export function findRelays(pipelines: readonly Pipeline[]): ReadonlyMap<string, readonly Relay[]> {
  const found = new Map<string, Relay[]>();
  for (const pipeline of pipelines.filter(({ platform }) => platform === 'github')) {
    for (const { target, relay } of pipeline.jobs.flatMap((job) => relaysIn(job, pipeline))) {
      found.set(target, [...(found.get(target) ?? []), relay]);
    }
  }
  return found;
}

function relaysIn(job: Job, pipeline: Pipeline): readonly { readonly target: string; readonly relay: Relay }[] {
  return job.steps.flatMap((step, index) =>
    scriptsOf(step).flatMap((script) =>
      script.script.commands.flatMap(({ words }) => {
        const target = targetOf(words);
        if (target === undefined) return [];
        const variables = [...step.environment, ...job.environment, ...pipeline.environment];
        return [{ target, relay: { pipeline, job, index, inputs: fieldsOf(words, script, variables) } }];
      }),
    ),
  );
}

/** The relays that start this pipeline. */
export function relaysTo({ file, name }: Pipeline, relays: ReadonlyMap<string, readonly Relay[]>): readonly Relay[] {
  const names = new Set([file.path, baseName(file.path), ...(name ? [name.value] : [])]);
  return [...names].flatMap((one) => relays.get(one) ?? []);
}

function targetOf(words: ScriptCommand['words']): string | undefined {
  const literals = words.map(({ literal }) => literal);
  const at = literals.findIndex(
    (word, index) => word === 'workflow' && literals[index + 1] === 'run' && literals[0] === 'gh',
  );
  return at < 0 ? undefined : literals[at + 2];
}

/** What the options hand over; a variable of the shell stands for the value that the file gives it. */
function fieldsOf(words: ScriptCommand['words'], script: StepScript, variables: readonly Entry[]): readonly Entry[] {
  return words.flatMap((word, index): readonly Entry[] => {
    const name = FIELDS.has(words[index - 1]?.literal ?? '') ? fieldName(word) : undefined;
    if (name === undefined) return [];
    const held = word.expansions.flatMap((one) => variables.find((entry) => entry.name === one.name) ?? []);
    const interpolations = [
      ...script.text.interpolations.filter((one) =>
        within({ start: one.index, end: one.index + one.length }, word.span),
      ),
      ...held.flatMap(({ value }) => value.interpolations),
    ];
    const place = placeIn(script, word.span);
    return [{ name, keyPlace: place, value: { ...script.text, place, interpolations }, node: undefined }];
  });
}

function fieldName({ source }: ScriptWord): string | undefined {
  return /^["']?([\w-]{1,100})=/.exec(source)?.[1];
}
