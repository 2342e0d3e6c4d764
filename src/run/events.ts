import type { LedgerEvent } from '../ledger/index.ts';
import type { LimitMechanisms, Proof, SandboxPlan, TeardownReport } from '../sandbox/index.ts';
import type { JsonObject } from '../system/index.ts';
import type { Stage } from '../workspace/index.ts';
import type { Scene } from './scene.ts';

/** Longest list that stands in a record; beyond it the record says how many there were. */
const MOST_ROWS = 100;

/** The first record: what was attempted against this very sandbox before anything of the agent ran. */
export function proofEvent(proof: Proof, plan: SandboxPlan, mechanisms: LimitMechanisms): LedgerEvent {
  const failed = proof.checks.filter((check) => !check.held);
  return {
    kind: 'sandbox.proof',
    subject: {
      backend: 'bubblewrap, nested',
      holds: proof.holds,
      checks: proof.checks.length,
      failed: failed.slice(0, MOST_ROWS),
    },
    observed: {
      names: proof.checks.map((check) => `${check.name}: ${check.outcome}`),
      limits: { ...plan.limits },
      mechanisms,
      readOnly: plan.readOnly.map((mount) => mount.target).slice(0, MOST_ROWS),
      variables: Object.keys(plan.environment).sort(),
    },
    committed: { plan: JSON.stringify({ ...plan, environment: Object.keys(plan.environment), broker: undefined }) },
  };
}

export function startEvent(scene: Scene, plan: SandboxPlan): LedgerEvent {
  const { adapter, policy, request } = scene;
  return {
    kind: 'run.start',
    subject: {
      agent: { id: adapter.id, version: scene.version ?? null },
      policy: { digest: policy.digest, origins: [...scene.origins] },
      base: { ref: scene.base.ref ?? null, origin: scene.base.origin, commit: scene.base.commit ?? null },
      workspace: request.workspace,
      model: { upstream: scene.model.upstream, keyGiven: scene.model.realKey !== undefined },
      credentials: scene.credentials.map(({ name, hosts }) => ({ name, hosts: [...hosts] })),
      pipeline: pipelineOf(request.environment),
    },
    committed: { command: JSON.stringify(plan.command), asked: JSON.stringify(request.command) },
  };
}

export function stagedEvent(stage: Stage): LedgerEvent {
  const { counts, hidden, parked, removedLinks, rewrittenLinks, refused, secretsInTree, warnings, repository, tree } =
    stage;
  return {
    kind: 'workspace.staged',
    subject: { tree, head: repository?.head ?? null, base: repository?.baseCommit ?? null, counts: { ...counts } },
    observed: {
      hidden: capped(hidden),
      parked: capped(parked.map(({ path, class: kind, staged }) => ({ path, class: kind, staged }))),
      removedLinks: capped(removedLinks),
      rewrittenLinks: capped(rewrittenLinks),
      refused: capped(refused),
      secretsInTree: capped(secretsInTree),
      warnings: warnings.slice(0, MOST_ROWS),
    },
  };
}

export function teardownEvent(teardown: TeardownReport): LedgerEvent {
  return { kind: 'sandbox.teardown', subject: { clean: teardown.clean }, observed: teardown };
}

function capped(rows: readonly JsonObject[]): JsonObject {
  return { count: rows.length, rows: rows.slice(0, MOST_ROWS) };
}

/** OpenTelemetry `cicd.*` and `vcs.*` facts by the variable that holds them; no credential is among them. */
const PIPELINE_FACTS: { readonly [fact: string]: readonly string[] } = {
  'cicd.pipeline.name': ['GITHUB_WORKFLOW', 'CI_PIPELINE_NAME', 'JOB_NAME', 'BUILD_DEFINITIONNAME'],
  'cicd.pipeline.run.id': ['GITHUB_RUN_ID', 'CI_PIPELINE_ID', 'BUILD_NUMBER', 'BUILD_BUILDID'],
  'cicd.pipeline.task.name': ['GITHUB_JOB', 'CI_JOB_NAME', 'STAGE_NAME', 'SYSTEM_JOBDISPLAYNAME'],
  'cicd.trigger': ['GITHUB_EVENT_NAME', 'CI_PIPELINE_SOURCE', 'BUILD_REASON'],
  'vcs.repository': ['GITHUB_REPOSITORY', 'CI_PROJECT_PATH', 'BUILD_REPOSITORY_NAME'],
  'vcs.ref.head.revision': ['GITHUB_SHA', 'CI_COMMIT_SHA', 'GIT_COMMIT', 'BUILD_SOURCEVERSION'],
  'vcs.actor': ['GITHUB_ACTOR', 'GITLAB_USER_LOGIN', 'BUILD_REQUESTEDFOR'],
};

function pipelineOf(environment: { readonly [name: string]: string | undefined }): JsonObject {
  const facts = Object.entries(PIPELINE_FACTS).flatMap(([fact, variables]) => {
    const value = variables.map((variable) => environment[variable]).find((text) => text !== undefined && text !== '');
    return value === undefined ? [] : [[fact, value.slice(0, 256)] as const];
  });
  return Object.fromEntries(facts);
}
