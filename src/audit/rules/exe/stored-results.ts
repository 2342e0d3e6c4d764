import type { AgentRun, Facts } from '../../../facts/index.ts';
import type { Effect } from '../../../pipelines/index.ts';
import type { Rule } from '../../rule.ts';
import { flatSteps } from '../agent-job.ts';
import { agentRule, type RunFinding, titleOf } from '../agent-rule.ts';
import { workflow } from '../example.ts';
import { insertFix, textAt } from '../fixes.ts';
import { EXE, WRITER } from './examples.ts';
import { bySteering, leaves } from './later-steps.ts';
import { withFixes } from './loaded-configuration.ts';

/** EXE013. On GitLab this is GL008; the release that restores it is CI007. */
export const savedCache: Rule = agentRule(
  {
    ...EXE,
    id: 'EXE013',
    name: 'agent-job-saves-cache',
    title: 'The job of the agent saves a cache',
    what: 'A job with an agent that can write files or run programs saves a cache at its end.',
    why: 'A cache is found by its key, not by who wrote it. What the agent was made to put there comes back in the next build, perhaps in the release.',
    sources: [
      'Clinejection (2026): triage agent to cache poisoning to a poisoned release',
      'zizmor documentation, cache-poisoning',
      'Measured: 9 % of public agent workflows',
    ],
    severity: 'medium',
    confidence: 'high',
    fix: 'safe',
    advice: 'Restore only: `actions/cache/restore`, or no cache in this job.',
    tags: ['CWE-349', 'OWASP-CICD-SEC-9'],
    attack: [
      workflow(
        `      - uses: actions/cache@5a3ec84eff668545956fd18022155c47e93e2684 # v4.2.3\n        with:\n          path: node_modules\n          key: modules\n${WRITER}`,
      ),
    ],
    benign: [
      workflow(
        `      - uses: actions/cache/restore@5a3ec84eff668545956fd18022155c47e93e2684 # v4.2.3\n        with:\n          path: node_modules\n          key: modules\n${WRITER}`,
      ),
    ],
  },
  function* (run, facts): Iterable<RunFinding> {
    if (run.pipeline.platform === 'gitlab' || leaves(run) === 'nothing') return;
    const effect = [...run.effectsBefore, ...run.effectsAfter].find(
      (one) => one.kind === 'cache' && one.mode !== 'restore',
    );
    if (effect?.kind !== 'cache') return;
    const release = facts.pipelines
      .flatMap(({ jobs }) => jobs)
      .find((job) => {
        const effects = flatSteps(job.steps).flatMap((one) => one.effects);
        return (
          job !== run.job &&
          effects.some((one) => one.kind === 'cache' && one.mode !== 'save' && mayMatch(one.key, effect.key)) &&
          effects.some(({ kind }) => kind === 'publish' || kind === 'release' || kind === 'deploy' || kind === 'sign')
        );
      });
    const written = textAt(facts, effect.place) ?? '';
    const at = effect.place.span.start + 'actions/cache'.length;
    const place = { file: effect.place.file, span: { start: at, end: at } };
    yield {
      message: `Job ${run.job.id} saves a cache after ${titleOf(run)}${release === undefined ? '' : `, and job ${release.id}, which releases, restores caches`}`,
      severity: bySteering(run, release === undefined ? 'medium' : 'high'),
      confidence: effect.certainty === 'certain' ? 'high' : 'medium',
      place: effect.place,
      ...(release === undefined ? {} : { related: [{ place: release.place, message: 'releases with a cache' }] }),
      about: 'cache',
      ...withFixes(
        written.startsWith('actions/cache@')
          ? [insertFix('Restore the cache only', place, '/restore', 'safe', 'start')]
          : [],
      ),
    };
  },
);

const READ_REVIEW = `on:
  workflow_run:
    workflows: [agent]
    types: [completed]
permissions:
  contents: write
jobs:
  release:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/download-artifact@d3f86a106a0bac45b974a628896c90dbdf5c8093 # v4.3.0
        with:
          run-id: \${{ github.event.workflow_run.id }}
      - run: npm publish ./dist
`;
const UPLOAD = `      - uses: actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02 # v4.6.2\n        with:\n          name: dist\n          path: dist`;
const TAKEN: ReadonlySet<Effect['kind']> = new Set([
  'build',
  'evaluate',
  'publish',
  'release',
  'deploy',
  'sign',
  'unfollowed',
]);

/** EXE014 */
export const trustedArtifact: Rule = agentRule(
  {
    ...EXE,
    id: 'EXE014',
    name: 'agent-artifact-trusted',
    title: 'A privileged job runs or releases what the agent’s job uploaded',
    what: 'The job of an agent uploads an artefact; a later job or a `workflow_run` workflow downloads it and then builds, runs, publishes, deploys or signs.',
    why: 'The artefact is what the agent was talked into. The privileged job trusts it because it comes from the same repository.',
    sources: ['CodeQL actions/artifact-poisoning', 'GitHub Security Lab, "Preventing pwn requests", part 2'],
    severity: 'high',
    confidence: 'medium',
    fix: 'none',
    advice: 'Hand over a patch and apply it in a fresh checkout, or build the artefact again from reviewed sources.',
    tags: ['CWE-829', 'CWE-345', 'OWASP-CICD-SEC-9'],
    attack: [workflow(`${WRITER}\n${UPLOAD}`), { file: '.github/workflows/release.yml', text: READ_REVIEW }],
    benign: [
      workflow(`${WRITER}\n${UPLOAD}`),
      { file: '.github/workflows/release.yml', text: READ_REVIEW.replace('npm publish ./dist', 'cat review.txt') },
    ],
  },
  function* (run, facts): Iterable<RunFinding> {
    const upload = run.effectsAfter.find(({ kind }) => kind === 'artifact-upload');
    if (upload?.kind !== 'artifact-upload' || leaves(run) === 'nothing') return;
    for (const { job, effect } of takers(run, facts)) {
      yield {
        message: `Job ${job} takes what ${titleOf(run)} left in job ${run.job.id}, and then ${'what' in effect ? `runs \`${effect.what}\`` : effect.kind === 'build' ? `runs \`${effect.tool}\`` : 'runs it'}`,
        severity: bySteering(run, 'high'),
        place: upload.place,
        related: [{ place: effect.place, message: 'here it is used with the rights of that job' }],
        about: `artifact ${job}`,
      };
      return;
    }
  },
);

/** Two keys that begin differently, before anything that is filled in, never meet. */
function mayMatch(one: string | undefined, other: string | undefined): boolean {
  const [start = ''] = (one ?? '').split('$', 1);
  const [begin = ''] = (other ?? '').split('$', 1);
  return start.startsWith(begin) || begin.startsWith(start);
}

/** Jobs that download what this one uploaded and then do something with it; applying a patch is the way it should be. */
function takers(run: AgentRun, facts: Facts): readonly { readonly job: string; readonly effect: Effect }[] {
  return facts.pipelines.flatMap((pipeline) =>
    pipeline.jobs.flatMap((job) => {
      const effects = flatSteps(job.steps).flatMap((one) => one.effects);
      const at = effects.findIndex(
        (one) =>
          one.kind === 'artifact-download' &&
          (one.otherRun || (pipeline === run.pipeline && job.needs.some(({ value }) => value === run.job.id))),
      );
      if (at < 0 || job === run.job || facts.runs.some((other) => other.job === job)) return [];
      const patched = effects.some((one) => one.kind === 'git' && /^(?:apply|am)$/.test(one.subcommand));
      const effect = patched ? undefined : effects.slice(at + 1).find(({ kind }) => TAKEN.has(kind));
      return effect === undefined ? [] : [{ job: job.id, effect }];
    }),
  );
}
