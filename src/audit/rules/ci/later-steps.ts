import type { AgentRun } from '../../../facts/index.ts';
import type { FindingDraft } from '../../../findings/index.ts';
import { type Effect, type Pipeline, resolveText, type Step } from '../../../pipelines/index.ts';
import { nodeAt } from '../../../syntax/index.ts';
import type { Rule } from '../../rule.ts';
import { isContained, meetsOutsiders, titleOf } from '../agent-rule.ts';
import { isOpen } from '../run-weight.ts';
import { isMadeOneLine } from './checked-value.ts';
import { CHECKOUT, workflow } from './example-workflow.ts';
import {
  environmentsOf,
  gitHubJobs,
  gitHubSteps,
  hygiene,
  type JobScope,
  reachOf,
  type StepScope,
  stepName,
  subjectOf,
} from './job-walk.ts';
import { isForeign } from './untrusted-code.ts';

type SetEnvironment = Extract<Effect, { readonly kind: 'set-environment' }>;

/** CI006: outside text becomes the environment of later steps. */
export const environmentInjection: Rule = {
  id: 'CI006',
  name: 'environment-injection',
  title: 'Outside text is written to the environment of later steps',
  what: 'A step of a workflow that outsiders can start writes a value that is not fixed to GITHUB_ENV or GITHUB_PATH.',
  why: 'A line break in the value sets any variable, for instance NODE_OPTIONS, LD_PRELOAD or BASH_ENV; the next step then runs the code of an outsider.',
  sources: ['GitHub Security Lab, GHSL-2024-177', 'zizmor github-env', 'CodeQL actions/envvar-injection'],
  severity: 'high',
  confidence: 'medium',
  tier: 'regular',
  family: 'CI',
  fix: 'none',
  advice: 'Write a step output instead, or check the value against a pattern before it is written.',
  tags: ['CWE-77', 'CWE-20', 'OWASP-CICD-SEC-4'],
  attack: workflow({
    on: 'pull_request_target',
    steps: `- run: echo "BRANCH=$BRANCH" >> "$GITHUB_ENV"
  env:
    BRANCH: \${{ github.head_ref }}`,
  }),
  benign: workflow({ on: 'pull_request_target', steps: '- run: echo "STAGE=test" >> "$GITHUB_ENV"' }),
  check: (facts) => gitHubSteps(facts).flatMap(environmentWrites),
};

function environmentWrites(scope: StepScope): readonly FindingDraft[] {
  const writes = scope.step.effects.filter(
    (effect): effect is SetEnvironment =>
      effect.kind === 'set-environment' && (effect.target === 'env' || effect.target === 'path'),
  );
  if (writes.length === 0) return [];
  const reach = reachOf(scope, scope.step);
  if (reach === 'inside') return [];
  return writes.flatMap((effect): readonly FindingDraft[] => {
    if (effect.value !== undefined && !/[$`]|%\w+%/.test(effect.value)) return [];
    const oneLine = scope.step.run !== undefined && isMadeOneLine(scope.step.run, effect.value ?? '');
    if ((oneLine || effect.guarded === true) && effect.target === 'env') return [];
    const tainted = holdsOutsiderText(scope);
    // A fork's own run has nothing to gain, but the habit is copied to runs that have.
    if (reach === 'fork' && !tainted) return [];
    return [
      {
        rule: 'CI006',
        message: `${stepName(scope.step)} writes ${effect.name ?? 'a value that is not fixed'} to the ${effect.target === 'path' ? 'search path' : 'environment'} of later steps`,
        severity:
          reach === 'called' || reach === 'fork'
            ? 'low'
            : tainted
              ? 'high'
              : effect.value === undefined || /\$\(|`/.test(effect.value)
                ? 'medium'
                : 'low',
        confidence: tainted ? 'high' : 'low',
        place: effect.place,
        subject: subjectOf(scope, stepName(scope.step), effect.name ?? effect.target),
      },
    ];
  });
}

function holdsOutsiderText({ step, ...scope }: StepScope): boolean {
  const environments = environmentsOf({ ...scope, step });
  const texts = [...step.environment.map(({ value }) => value), ...(step.run === undefined ? [] : [step.run.text])];
  return texts
    .flatMap((text) => resolveText(text, environments))
    .some(({ origin, kind }) => origin === 'outsider' && ['text', 'line', 'ref', 'unknown'].includes(kind));
}

const RELEASING: ReadonlySet<string> = new Set(['publish', 'release', 'deploy', 'sign']);

/** CI007: what a release is built from came from a cache that others can fill. */
export const cachePoisoning: Rule = {
  id: 'CI007',
  name: 'cache-poisoning',
  title: 'A release restores a cache that other runs can fill',
  what: 'A job that publishes, releases, deploys or signs, or runs on a release or tag, restores a cache; or a job that has the head of a pull request in the cache scope of the default branch saves one; or an outsider chooses a part of the key or path of a cache.',
  why: 'Any job on the default branch, an agent among them, can save a cache under a key that the release restores; what it left there is published.',
  sources: ['zizmor cache-poisoning', 'A. Khan, "The monsters in your build cache" (2024)', 'Clinejection (2026)'],
  severity: 'low',
  confidence: 'medium',
  tier: 'pedantic',
  family: 'CI',
  fix: 'none',
  advice: 'Build releases without a cache.',
  tags: ['CWE-349', 'OWASP-CICD-SEC-9'],
  attack: workflow({
    on: '{ release: { types: [published] } }',
    steps: `${CHECKOUT}
- uses: actions/cache@5a3ec84eff668545956fd18022155c47e93e2684 # v4.2.3
  with: { path: node_modules, key: modules }
- run: npm publish`,
  }),
  benign: workflow({ on: '{ release: { types: [published] } }', steps: `${CHECKOUT}\n- run: npm publish` }),
  check: (facts) => {
    const fillers = facts.runs.filter(fillsCaches);
    const filler = fillers.find(isOpen) ?? fillers.find(meetsOutsiders) ?? fillers[0];
    return [
      ...gitHubJobs(facts).flatMap((scope) => restoredCaches(scope, filler)),
      ...gitHubSteps(facts).flatMap(chosenKeys),
      ...gitHubJobs(facts).flatMap(filledCaches),
    ];
  },
};

/** Runs of a pull request have a scope of caches of their own, which no release restores. */
const OWN_SCOPE = /^(?:pull_request|pull_request_review|pull_request_review_comment|merge_group)$/;

/**
 * An agent that works in the scope of the default branch and may run anything saves what it likes under any key; another
 * one fills what its job saves.
 */
function fillsCaches(run: AgentRun): boolean {
  if (isContained(run) || run.triggers.every(({ event }) => OWN_SCOPE.test(event))) return false;
  const { execute, write } = run.capabilities;
  if (execute === 'any') return true;
  const saved = [...run.effectsBefore, ...run.effectsAfter].some(
    (effect) => effect.kind === 'cache' && effect.mode !== 'restore',
  );
  return saved && (execute !== 'none' || write !== 'none');
}

function restoredCaches(scope: JobScope, filler: AgentRun | undefined): readonly FindingDraft[] {
  const { job, pipeline } = scope;
  const effects = job.steps.flatMap((step) => step.effects);
  const releases = effects.some(({ kind }) => RELEASING.has(kind)) || runsOnRelease(pipeline);
  if (!releases) return [];
  return effects
    .filter((effect) => effect.kind === 'cache' && effect.mode !== 'save')
    .map(({ place }) => ({
      rule: 'CI007',
      message: `Job ${job.id} releases what it built with a cache${filler === undefined ? '' : ` that ${titleOf(filler)} of job ${filler.job.id} can fill`}`,
      severity: filler === undefined ? 'low' : meetsOutsiders(filler) ? 'high' : 'medium',
      confidence: 'medium',
      place,
      related:
        filler === undefined ? [] : [{ place: filler.invocation.place, message: 'this agent can save such a cache' }],
      subject: subjectOf(scope, 'cache'),
    }));
}

/** Code of an outsider in a run whose caches belong to the default branch. */
function filledCaches(scope: JobScope): readonly FindingDraft[] {
  const { job } = scope;
  const at = job.steps.findIndex(({ effects }) => effects.some(isForeign));
  const checkout = job.steps[at];
  if (checkout === undefined) return [];
  const reach = reachOf(scope, checkout);
  if (reach !== 'open' && reach !== 'gated') return [];
  // A cache is saved at the end of the job, so the order of the steps does not matter.
  const saved = job.steps
    .flatMap(({ effects }) => effects)
    .find((each) => each.kind === 'cache' && each.mode !== 'restore');
  if (saved === undefined) return [];
  return [
    {
      rule: 'CI007',
      message: `Job ${job.id} saves a cache of the default branch beside code of a pull request`,
      severity: reach === 'open' ? 'high' : 'medium',
      confidence: 'medium',
      place: saved.place,
      subject: subjectOf(scope, 'cache', 'filled'),
    },
  ];
}

const CACHE_INPUTS: ReadonlySet<string> = new Set(['key', 'restore-keys', 'path']);

/** An outsider who chooses the key fills the cache that another run restores. */
function chosenKeys(scope: StepScope): readonly FindingDraft[] {
  if (!scope.step.effects.some(({ kind }) => kind === 'cache')) return [];
  const environments = environmentsOf(scope);
  const chosen = scope.step.inputs.find(
    ({ name, value }) =>
      CACHE_INPUTS.has(name.toLowerCase()) &&
      resolveText(value, environments).some(
        ({ origin, kind }) => origin === 'outsider' && ['text', 'line', 'ref'].includes(kind),
      ),
  );
  if (chosen === undefined) return [];
  const reach = reachOf(scope, scope.step);
  return [
    {
      rule: 'CI007',
      message: `An outsider chooses a part of the ${chosen.name} of the cache of ${stepName(scope.step)}`,
      severity: reach === 'open' || reach === 'gated' ? 'medium' : 'low',
      confidence: 'medium',
      place: chosen.value.place,
      subject: subjectOf(scope, stepName(scope.step), chosen.name),
    },
  ];
}

/** A release event, or a push of tags. */
function runsOnRelease({ root, triggers }: Pipeline): boolean {
  if (triggers.some(({ event }) => event === 'release')) return true;
  return nodeAt(root, 'on', 'push', 'tags') !== undefined;
}

/** CI008: files of another run are used as if they were the repository's. */
export const artifactPoisoning: Rule = {
  id: 'CI008',
  name: 'artifact-poisoning',
  title: 'A privileged workflow trusts the artefact of an untrusted run',
  what: 'A workflow that an outsider can cause downloads an artefact of another run and then runs something, or reads it into its environment.',
  why: 'The pull request decides what is in the artefact. Unpacked over the work tree it replaces scripts that the privileged job runs.',
  sources: ['CodeQL actions/artifact-poisoning', 'GitHub Security Lab, "Preventing pwn requests", part 2'],
  severity: 'high',
  confidence: 'medium',
  tier: 'regular',
  family: 'CI',
  fix: 'none',
  advice: 'Unpack into a directory of its own, read only fixed names from it, and check every value.',
  tags: ['CWE-829', 'OWASP-CICD-SEC-9'],
  attack: workflow({
    on: '{ workflow_run: { workflows: [tests], types: [completed] } }',
    steps: `${CHECKOUT}
- uses: actions/download-artifact@d3f86a106a0bac45b974a628896c90dbdf5c8093 # v4.3.0
  with: { run-id: '\${{ github.event.workflow_run.id }}' }
- run: ./report.sh`,
  }),
  benign: workflow({ on: 'push', steps: `${CHECKOUT}\n- run: ./report.sh` }),
  check: (facts) => gitHubJobs(facts).flatMap(poisonedArtifacts),
};

/** The directory outside the work tree into which an artefact is unpacked; undefined when it lands in the tree. */
function outsideDirectory({ inputs }: Step): string | undefined {
  const path = inputs.find(({ name }) => name === 'path')?.value.text.trim() ?? '';
  const [, inside] = /^(?:\$\{\{\s*runner\.temp\s*\}\}|\/tmp)\/?(.*)$/.exec(path) ?? [];
  const directory = inside?.replace(/\/+$/, '');
  return directory === '' ? undefined : directory;
}

/** A command of the step is a file of the directory, or gives one to a program that runs it. */
function runsFrom(directory: string, { run }: Step): boolean {
  return (run?.script.commands ?? []).some(({ words }) =>
    words.slice(0, RUNNERS.has(words[0]?.literal ?? '') ? 2 : 1).some(({ source }) => source.includes(directory)),
  );
}

const RUNNERS: ReadonlySet<string> = new Set([
  ...['bash', 'sh', 'zsh', 'source', '.', 'node', 'python', 'python3', 'ruby', 'perl'],
]);

function poisonedArtifacts(scope: JobScope): readonly FindingDraft[] {
  const { job, pipeline } = scope;
  if (!pipeline.triggers.some(({ privileged, untrusted }) => untrusted && privileged)) return [];
  const at = job.steps.findIndex(({ effects }) =>
    effects.some((effect) => effect.kind === 'artifact-download' && effect.otherRun),
  );
  const download = job.steps[at];
  const effect = download?.effects.find(({ kind }) => kind === 'artifact-download');
  if (download === undefined || effect === undefined || reachOf(scope, download) === 'inside') return [];
  const later = job.steps.slice(at + 1);
  const used = later.find((step) => step.run !== undefined || step.uses?.kind === 'local');
  if (used === undefined) return [];
  const directory = outsideDirectory(download);
  const apart = directory !== undefined && !later.some(({ run }) => run?.text.text.includes(directory));
  const risky =
    !apart && (worksOnFiles(used) || (directory !== undefined && later.some((step) => runsFrom(directory, step))));
  return [
    {
      rule: 'CI008',
      message: `Step ${stepName(used)} works on the artefact of another run, which a pull request can fill`,
      severity: risky ? 'high' : apart ? 'low' : hygiene(scope, 'medium'),
      confidence: risky ? 'medium' : 'low',
      place: effect.place,
      subject: subjectOf(scope, stepName(download)),
    },
  ];
}

function worksOnFiles({ effects, followed }: Step): boolean {
  return (
    followed.length > 0 ||
    effects.some(({ kind }) => ['build', 'unfollowed', 'set-environment', 'evaluate'].includes(kind))
  );
}
