import type { AgentRun, Facts } from '../../../facts/index.ts';
import type { Effect, Job, Pipeline } from '../../../pipelines/index.ts';
import type { AttackPath, Leg } from '../../paths/attack-path.ts';
import { agentLeg, inputLeg, legs, nameOf, propagationLeg, sinkLeg, startLeg } from '../../paths/legs.ts';
import { pathAbout } from '../../paths/path-about.ts';
import { atMost, pathSeverity } from '../../paths/path-finding.ts';
import { isContained } from '../agent-rule.ts';
import { BODY, CACHE, checkout, ISSUES, KEY, run as step, workflow } from './examples.ts';
import type { PathRule } from './path-rule.ts';
import { awaitedBy, effectsOfJob, fixedPart, releaseIn, runsOnDefaultBranch } from './pipeline-joins.ts';
import { abusableRuns, agentOf, strongestSource, who } from './run-questions.ts';

const TRIAGE = workflow(
  'triage',
  `${ISSUES}
permissions:
  contents: read
jobs:
  triage:
    runs-on: ubuntu-latest
    steps:
${checkout()}
${step('claude -p "Label this: $BODY" --dangerously-skip-permissions', KEY, BODY)}
`,
);
const release = (cache: string): ReturnType<typeof workflow> =>
  workflow(
    'release',
    `on:
  push:
    tags: ['v*']
permissions:
  contents: read
jobs:
  publish:
    runs-on: ubuntu-latest
    steps:
${checkout()}
${cache}${step('npm publish', `NODE_AUTH_TOKEN: \${{ secrets.NPM_TOKEN }}`)}
`,
  );

/** PATH08: the agent fills a cache or artefact that a release takes. */
export const poisonedStore: PathRule = {
  id: 'PATH08',
  name: 'poisoned-store',
  title: 'The agent can fill a cache or artefact that a release takes',
  what: 'An agent that outsiders can steer runs in the cache scope of the default branch and may run any command, or its job saves a cache or uploads an artefact; another workflow that publishes, releases, deploys or signs restores that cache or downloads that artefact.',
  why: 'A cache is keyed by a name, not by who wrote it. Any program of a job can save one under the key of the release, which then publishes what lies in it, with rights that the agent never had.',
  sources: [
    'Clinejection (2026): AI triage to cache poisoning to a poisoned npm release',
    'A. Khan, "The monsters in your build cache" (2024)',
  ],
  severity: 'high',
  confidence: 'medium',
  tier: 'regular',
  family: 'PATH',
  fix: 'none',
  advice: 'Build releases without a cache, and check the digest of every artefact of another workflow.',
  tags: ['CWE-349', 'CWE-345', 'OWASP-CICD-SEC-9'],
  attack: [TRIAGE, release(`      - uses: ${CACHE}\n        with: { path: node_modules, key: modules }\n`)],
  benign: [TRIAGE, release('')],
  paths: (facts: Facts) => abusableRuns(facts).flatMap((run) => pathsOf(run, facts)),
};

interface Taker {
  readonly pipeline: Pipeline;
  readonly job: Job;
  readonly release: Effect;
  readonly carrier: Leg;
}

function pathsOf(run: AgentRun, facts: Facts): readonly AttackPath[] {
  const source = strongestSource(run);
  if (!source || isContained(run)) return [];
  const taker = cacheTaker(run, facts) ?? artifactTaker(run, facts);
  if (!taker) return [];
  const { pipeline, job, release: effect, carrier } = taker;
  const what = 'what' in effect ? effect.what : effect.kind;
  return [
    pathAbout(run, {
      rule: 'PATH08',
      subject: `${run.invocation.product} ${pipeline.file.path} ${job.id}`,
      message: `${who(run)} can make the ${agentOf(run)} of ${nameOf(run)} put code into what job ${job.id} of ${pipeline.file.path} releases`,
      gain: `The agent meets ${source.what}. It holds none of the credentials of that release; the release takes what it left.`,
      severity: atMost('high', pathSeverity(run)),
      confidence: 'medium',
      legs: legs(
        startLeg(run),
        inputLeg(run, source),
        agentLeg(run),
        carrier,
        sinkLeg(run, `takes:${pipeline.file.path}:${job.id}`, effect, `job ${job.id} then does ${what}`, {
          what: `Do ${what} in job ${job.id} from a fresh checkout only`,
          cost: 2,
        }),
      ),
    }),
  ];
}

function cacheTaker(run: AgentRun, facts: Facts): Taker | undefined {
  const own = [...run.effectsBefore, ...run.effectsAfter].filter(
    (effect) => effect.kind === 'cache' && effect.mode !== 'restore',
  );
  const anyKey = run.capabilities.execute === 'any' && run.capabilities.network !== 'none';
  if (!runsOnDefaultBranch(run) || (!anyKey && (own.length === 0 || run.capabilities.write === 'none')))
    return undefined;
  const saved = own.flatMap((effect) => (effect.kind === 'cache' ? [fixedPart(effect.key)] : []));
  for (const { pipeline, job, release: effect } of releases(run, facts)) {
    const restore = effectsOfJob(job).find(
      (one) => one.kind === 'cache' && one.mode !== 'save' && (anyKey || saved.includes(fixedPart(one.key))),
    );
    if (restore?.kind !== 'cache') continue;
    const key = fixedPart(restore.key);
    const named = key === undefined ? 'a cache' : `the cache ${key}`;
    const carrier = propagationLeg(
      run,
      `cache:${pipeline.file.path}`,
      restore.place,
      `the agent's job can save ${named}, which job ${job.id} of ${pipeline.file.path} restores`,
      {
        what: `Restore no cache in job ${job.id}`,
        cost: 1,
      },
    );
    return { pipeline, job, release: effect, carrier };
  }
  return undefined;
}

/** Artefacts go to another workflow by `workflow_run`. Those of the same run are PATH03's. */
function artifactTaker(run: AgentRun, facts: Facts): Taker | undefined {
  const upload = run.effectsAfter.find(({ kind }) => kind === 'artifact-upload');
  const writes = run.capabilities.write !== 'none' || run.capabilities.execute === 'any';
  if (upload?.kind !== 'artifact-upload' || !writes) return undefined;
  for (const { pipeline, job, release: effect } of releases(run, facts)) {
    const download = effectsOfJob(job).find(
      (one) => one.kind === 'artifact-download' && one.otherRun && sameName(one.name, upload.name),
    );
    if (!download || !awaitedBy(pipeline, facts).includes(run.pipeline)) continue;
    const carrier = propagationLeg(
      run,
      `artifact:${pipeline.file.path}`,
      download.place,
      `job ${job.id} of ${pipeline.file.path} downloads what the agent's job uploaded`,
      {
        what: `Check the digest of the artefact in job ${job.id}, or take a patch that a person approved`,
        cost: 2,
      },
    );
    return { pipeline, job, release: effect, carrier };
  }
  return undefined;
}

function releases(run: AgentRun, facts: Facts): readonly Omit<Taker, 'carrier'>[] {
  return facts.pipelines.flatMap((pipeline) =>
    pipeline.jobs.flatMap((job) => {
      const release = releaseIn(job);
      return release && pipeline !== run.pipeline && pipeline.role !== 'agentic-lock'
        ? [{ pipeline, job, release }]
        : [];
    }),
  );
}

function sameName(one: string | undefined, other: string | undefined): boolean {
  return one === undefined || other === undefined || one === other;
}
