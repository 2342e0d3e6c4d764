import { recogniseModelCall } from '../../../agents/index.ts';
import { credentialClass, type Facts } from '../../../facts/index.ts';
import type { FindingDraft } from '../../../findings/index.ts';
import type { Entry, Job, Pipeline, Step, StepScript } from '../../../pipelines/index.ts';
import type { Place } from '../../../syntax/index.ts';
import type { Rule } from '../../rule.ts';
import { startsAgent } from '../agent-job.ts';

const KEY_WITHOUT_AGENT = `name: nightly
on:
  schedule:
    - cron: '0 3 * * *'
permissions:
  contents: read
jobs:
  nightly:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    steps:
      - run: ./ask
        env:
          ANTHROPIC_API_KEY: \${{ secrets.ANTHROPIC_API_KEY }}
`;

/** META01: a model key in a job in which no agent was recognised. */
export const hiddenAgent: Rule = {
  id: 'META01',
  name: 'model-key-without-agent',
  title: 'A model key is used, but no agent is visible',
  what: 'A job has a model key, or asks a model host itself, and neither an agent action nor an agent command was found in it, followed scripts included.',
  why: 'The agent hides in a script or a program that was not followed; everything this audit says about agents is silent about it.',
  sources: ['Measured: 11 % of public pipeline files that hold a model key show no agent'],
  severity: 'info',
  confidence: 'medium',
  tier: 'regular',
  family: 'META',
  fix: 'none',
  advice: 'Name the agent in the pipeline itself, or read the script by hand.',
  tags: ['CWE-1059'],
  attack: [{ file: '.github/workflows/nightly.yml', text: KEY_WITHOUT_AGENT }],
  benign: [
    {
      file: '.github/workflows/nightly.yml',
      text: KEY_WITHOUT_AGENT.replace('./ask', 'claude -p "Summarise the changes of the day" --max-turns 5'),
    },
  ],
  check: (facts) => facts.pipelines.flatMap((pipeline) => pipeline.jobs.flatMap((job) => inJob(pipeline, job, facts))),
};

interface Trace {
  readonly what: string;
  readonly place: Place;
}

function inJob(pipeline: Pipeline, job: Job, facts: Facts): readonly FindingDraft[] {
  if (startsAgent(facts, pipeline, job)) return [];
  const trace = keyOf(pipeline, job) ?? callOf(job);
  if (!trace) return [];
  return [
    {
      rule: 'META01',
      message: `Job ${job.id} ${trace.what}, but no agent is visible in it`,
      severity: 'info',
      confidence: 'medium',
      place: trace.place,
      subject: `${pipeline.file.path} ${job.id} ${trace.what}`,
    },
  ];
}

function keyOf(pipeline: Pipeline, job: Job): Trace | undefined {
  const given = job.steps.flatMap(({ environment, inputs }) => [...environment, ...inputs]);
  const entry = [...given, ...job.environment, ...pipeline.environment].find(holdsModelKey);
  return entry && { what: `uses the model key ${entry.name}`, place: entry.keyPlace };
}

/** By the secret it takes, or, where variables come from the platform (GitLab), by its own name. */
function holdsModelKey({ name, value }: Entry): boolean {
  const names = value.interpolations.flatMap(({ values }) => values.filter(({ origin }) => origin === 'secret'));
  if (names.some((secret) => credentialClass(secret.name) === 'model-key')) return true;
  return /(?:KEY|TOKEN)$/.test(name) && credentialClass(name) === 'model-key' && value.text.includes('$');
}

function callOf(job: Job): Trace | undefined {
  for (const script of job.steps.flatMap(scriptsOf)) {
    for (const { words } of script.script.commands) {
      const placed = words.map((word) => ({
        text: word.literal ?? word.source,
        complete: word.literal !== undefined,
        place: placeOf(script, word.span.start, word.span.end),
      }));
      const call = recogniseModelCall(placed);
      if (call) return { what: `asks a model with ${call.what}`, place: call.word.place };
    }
  }
  return undefined;
}

function scriptsOf({ run, followed }: Step): readonly StepScript[] {
  return [...(run ? [run] : []), ...followed.map(({ script }) => script)];
}

function placeOf({ text }: StepScript, start: number, end: number): Place {
  return { file: text.place.file, span: { start: text.offsetOf(start), end: text.offsetOf(end) } };
}
