import type { AgentConfiguration } from '../../../agents/index.ts';
import type { AgentRun, Facts } from '../../../facts/index.ts';
import type { Entry } from '../../../pipelines/index.ts';
import type { Place } from '../../../syntax/index.ts';
import { flatSteps, onePerJob } from '../agent-job.ts';

/** What every rule of this family has in common. */
export const NET = { tier: 'regular', family: 'NET' } as const;

/** A variable that an agent or its job starts with. */
export interface SetVariable {
  readonly name: string;
  readonly value: string;
  readonly keyPlace: Place;
  readonly place: Place;
  /** Stands in a file of the repository that every session loads. */
  readonly committed: boolean;
  /** A stored secret is in it. */
  readonly secret: boolean;
  readonly run: AgentRun | undefined;
  /** What a fingerprint calls the place where it is set. */
  readonly where: string;
}

/** Variables of agents' jobs and of the agents' own configuration. Each place once. */
export function variablesOf(facts: Facts): readonly SetVariable[] {
  return distinctPlaces([
    ...facts.runs.flatMap(inPipeline),
    ...inScripts(facts),
    ...facts.configurations.flatMap((one) => inConfiguration(facts, one)),
  ]);
}

function inPipeline(run: AgentRun): readonly SetVariable[] {
  const { pipeline, job, stepPath } = run;
  const entries = [...pipeline.environment, ...job.environment, ...stepPath.flatMap(({ environment }) => environment)];
  return entries.map((entry) => ofEntry(entry, run));
}

function ofEntry({ name, keyPlace, value }: Entry, run: AgentRun): SetVariable {
  const secret = value.interpolations.some(({ values }) => values.some(({ origin }) => origin === 'secret'));
  return { name, value: value.text, keyPlace, place: value.place, committed: false, secret, run, where: run.job.id };
}

/** `export NAME=value` in a step before the agent, and `NAME=value agent`. */
function inScripts(facts: Facts): readonly SetVariable[] {
  return onePerJob(facts.runs).flatMap((run) =>
    flatSteps([...run.before, run.step]).flatMap(({ run: script }) =>
      (script?.script.commands ?? []).flatMap(({ assignments }) =>
        assignments.flatMap(({ name, value, span }): readonly SetVariable[] => {
          if (script === undefined || value?.literal === undefined) return [];
          const place = placed(script.text, value.span);
          return [
            {
              name,
              value: value.literal,
              keyPlace: placed(script.text, span),
              place,
              committed: false,
              secret: false,
              run,
              where: run.job.id,
            },
          ];
        }),
      ),
    ),
  );
}

function placed(text: Entry['value'], { start, end }: Place['span']): Place {
  return { file: text.place.file, span: { start: text.offsetOf(start), end: text.offsetOf(end) } };
}

function inConfiguration(facts: Facts, { environment, role, file, kind }: AgentConfiguration): readonly SetVariable[] {
  if (role === 'example' || role === 'managed' || kind === 'environment') return [];
  return environment.map(({ name, value, place }) => ({
    name,
    value,
    keyPlace: place,
    place,
    committed: true,
    secret: /\$\{?\w*(?:KEY|TOKEN|SECRET)/i.test(value),
    run: facts.runs.find((run) =>
      run.effective.some(
        (fact) =>
          fact.inForce === 'yes' && fact.place.file === place.file && fact.place.span.start === place.span.start,
      ),
    ),
    where: file.path,
  }));
}

/** The first of each place: two agents of a job share its variables. */
export function distinctPlaces<T extends { readonly place: Place }>(all: readonly T[]): readonly T[] {
  const seen = new Set<string>();
  return all.filter(({ place: { file, span } }) => {
    const key = `${file} ${span.start}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
