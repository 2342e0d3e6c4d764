import type { AgentRun, Facts } from '../../../facts/index.ts';
import type { FindingDraft, Fix } from '../../../findings/index.ts';
import type { Entry, Interpolation } from '../../../pipelines/index.ts';
import type { Place } from '../../../syntax/index.ts';
import type { Rule } from '../../rule.ts';
import { agentCommand } from '../agent-job.ts';
import { expression } from '../example.ts';
import { replaceFix } from '../fixes.ts';
import { contains } from '../places.ts';
import { nightly } from './examples.ts';

/** INP010 */
export const secretInPrompt: Rule = {
  id: 'INP010',
  name: 'secret-in-prompt',
  title: 'A secret is placed in the prompt',
  what: 'A secret, a variable that holds one, or the output of `env` or `printenv` is part of the prompt or system prompt of an agent.',
  why: 'The value goes to the model’s vendor, into transcripts and caches, and into every answer that somebody asks for. Masking in the log does not reach any of these.',
  sources: ['OWASP Top 10 for LLM applications, LLM02 and LLM07', 'CWE-312'],
  severity: 'critical',
  confidence: 'high',
  tier: 'regular',
  family: 'INP',
  fix: 'unsafe',
  advice:
    'Take it out and rotate it. Let a program of yours that holds the secret do the call, and give the agent the result.',
  tags: ['CWE-312', 'CWE-522', 'OWASP-LLM02'],
  attack: nightly(`Log in with ${expression('secrets.DEPLOY_TOKEN')} and deploy`),
  benign: nightly('Say which secrets the deployment needs, by name'),
  check: (facts) => facts.runs.flatMap((run) => [...inTexts(run, facts), ...inCommand(run, facts)]),
};

interface Found {
  readonly what: string;
  readonly place: Place;
}

/** Templates inside a text that is a prompt. */
function inTexts(run: AgentRun, facts: Facts): readonly FindingDraft[] {
  const given = [...run.invocation.prompts, ...run.invocation.systemPrompts].filter(({ from }) => from.kind !== 'file');
  const inside = templatesOf(run).filter(({ place }) => given.some((text) => contains(text.place, place)));
  return inside.flatMap((one) => secretsOf(one).map((name) => draftOf(run, { what: name, place: one.place }, facts)));
}

function templatesOf({ step, job, pipeline }: AgentRun): readonly Interpolation[] {
  const entries = [...step.inputs, ...step.environment, ...job.environment, ...pipeline.environment];
  return [...entries.flatMap(({ value }) => value.interpolations), ...(step.run?.text.interpolations ?? [])];
}

function secretsOf({ values }: Interpolation): readonly string[] {
  return [...new Set(values.filter(({ origin }) => origin === 'secret').map(({ name }) => name))];
}

/** Variables and sub-shells in the words of a command that are its prompt. */
function inCommand(run: AgentRun, facts: Facts): readonly FindingDraft[] {
  const at = agentCommand(run);
  if (at === undefined) return [];
  const { script, command } = at;
  const placeOf = ({ start, end }: { readonly start: number; readonly end: number }): Place => ({
    file: script.text.place.file,
    span: { start: script.text.offsetOf(start), end: script.text.offsetOf(Math.max(start, end - 1)) + 1 },
  });
  const secrets = secretVariables(run);
  const prompts = [...run.invocation.prompts, ...run.invocation.systemPrompts];
  return command.words
    .filter(({ span }) => prompts.some(({ place }) => contains(placeOf(span), place) || contains(place, placeOf(span))))
    .flatMap((word) =>
      word.expansions.flatMap(({ kind, name, span }): Found[] => {
        const spelled = script.text.text.slice(span.start, span.end);
        if (kind === 'command' && /^(?:\$\(|`)\s*(?:printenv|env)\b/.test(spelled))
          return [{ what: 'the whole environment', place: placeOf(span) }];
        const secret = name === undefined ? undefined : secrets.get(name);
        return secret === undefined ? [] : [{ what: `${secret} (as $${name})`, place: placeOf(span) }];
      }),
    )
    .map((found) => draftOf(run, found, facts));
}

function secretVariables({ step, job, pipeline }: AgentRun): ReadonlyMap<string, string> {
  const holding = (entries: readonly Entry[]): readonly (readonly [string, string])[] =>
    entries.flatMap(({ name, value }) =>
      value.interpolations.flatMap(secretsOf).map((secret) => [name, secret] as const),
    );
  return new Map([...holding(pipeline.environment), ...holding(job.environment), ...holding(step.environment)]);
}

function draftOf(run: AgentRun, { what, place }: Found, facts: Facts): FindingDraft {
  const text = facts.source(place.file)?.text.slice(place.span.start, place.span.end) ?? '';
  const removed: readonly Fix[] = /^(?:\$\{\{[^}]*\}\}|\$\{?\w+\}?)$/.test(text)
    ? [replaceFix('Take it out of the prompt', place, 'the secret', 'unsafe')]
    : [];
  return {
    rule: 'INP010',
    message: `${what} stands in the prompt of ${run.invocation.spelled} in job ${run.job.id}`,
    detail:
      'The vendor of the model receives it, the transcript keeps it, and whoever gets a sentence into the conversation can ask for it. A sandbox does not help, because the text itself leaves.',
    severity: 'critical',
    confidence: 'high',
    place,
    subject: `${run.job.id} ${run.invocation.product} ${what}`,
    related: [{ place: run.invocation.place, message: `the agent: ${run.invocation.spelled}` }],
    fixes: removed,
  };
}
