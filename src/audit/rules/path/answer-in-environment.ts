import type { AgentRun } from '../../../facts/index.ts';
import type { Effect, Step, StepScript } from '../../../pipelines/index.ts';
import { stepsWithin } from './later-work.ts';

type SetEnvironment = Extract<Effect, { readonly kind: 'set-environment' }>;

/** A step behind the agent that writes what the agent said into GITHUB_ENV or GITHUB_PATH. */
export interface WrittenAnswer {
  readonly step: Step;
  readonly effect: SetEnvironment & Effect;
}

/** Does a value that is written hold an answer? */
type Carrier = (value: string) => boolean;

/**
 * Looks for an answer in the environment of later steps. A value that ends at a mark of chance stays one value.
 * @param answers names of the agent's outputs that carry what the model says
 */
export function answerInEnvironment(run: AgentRun, answers: readonly RegExp[]): WrittenAnswer | undefined {
  const files = filesOfAnswers(run);
  for (const step of run.after) {
    for (const inner of stepsWithin(step)) {
      const carriers = [...files.map(readFile), ...variablesOf(inner, answers)];
      const effect = inner.effects.find(
        (one): one is SetEnvironment & Effect =>
          isEnvironmentWrite(one) && carriers.some((carries) => carries(one.value ?? '')),
      );
      if (effect) return { step, effect };
    }
  }
  return undefined;
}

function isEnvironmentWrite(effect: Effect): effect is SetEnvironment & Effect {
  if (effect.kind !== 'set-environment' || effect.guarded === true) return false;
  return effect.target === 'env' || effect.target === 'path';
}

/** Files into which the command of the agent, or `tee` behind it, writes the answer. */
function filesOfAnswers({ step, invocation: { place } }: AgentRun): readonly string[] {
  const script = step.run;
  if (script === undefined || script.text.place.file !== place.file) return [];
  const own = script.script.commands.find(({ span }) => holds(script, span, place.span.start));
  if (own === undefined) return [];
  const piped = script.script.commands.filter(({ pipeline }) => pipeline.id === own.pipeline.id);
  return piped.flatMap(({ redirects, words }) => [
    ...redirects.flatMap(({ operator, target }) => (operator.includes('>') && target?.literal ? [target.literal] : [])),
    ...(words[0]?.literal === 'tee' ? words.slice(1).flatMap(({ literal }) => literal ?? []) : []),
  ]);
}

function holds({ text }: StepScript, span: { readonly start: number; readonly end: number }, offset: number): boolean {
  return text.offsetOf(span.start) <= offset && offset < text.offsetOf(span.end);
}

/** `$(cat answer.txt)`, `$(<answer.txt)`, or a filter of it. */
function readFile(path: string): Carrier {
  const name = new RegExp(`(?<![\\w-])${RegExp.escape(path.split('/').at(-1) ?? path)}(?![\\w-])`);
  return (value) => {
    const command = value.search(/\$\(|`/);
    return command >= 0 && name.test(value.slice(command));
  };
}

/** Variables of a step that hold an answer. */
function variablesOf({ environment }: Step, answers: readonly RegExp[]): readonly Carrier[] {
  return environment
    .filter(({ value }) =>
      value.interpolations.some(({ values }) => values.some(({ name }) => answers.some((one) => one.test(name)))),
    )
    .map(({ name }) => {
      const used = new RegExp(`\\$\\{?${RegExp.escape(name)}\\b`);
      return (value) => used.test(value);
    });
}
