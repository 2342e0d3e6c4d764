import type { JsonObject } from '../../system/index.ts';
import type { ChangeContent } from '../change/change-identity.ts';
import type { Statement } from '../model.ts';
import { PREDICATES } from '../predicate-roles.ts';
import type { RunRecord } from '../run-record/run-record.ts';
import { type AiChange, aiChange } from './ai-change-schema.ts';
import { statementOf } from './subject.ts';

/** What stands neither in the ledger nor in the repository. */
export interface AiChangeContext {
  /** Who asked for the change, and how that is known; `null` where nobody said. */
  readonly requestedBy: string | null;
  /** SHA-256 of the policy file at the base; `null` when there is none. */
  readonly policySource: string | null;
  readonly version: string;
  /** Identity of the workflow that signs. */
  readonly workflow: string | null;
  /** Of each changed file: the lines that the run wrote. A file that is no text is not in it. */
  readonly lines: ReadonlyMap<string, readonly LineRange[]>;
  /** What configures agents at the base: path and blob. */
  readonly configuration: readonly { readonly path: string; readonly blob: string }[];
  /** RFC 3339. */
  readonly at: string;
}

/** From 1; both ends are in it. */
export interface LineRange {
  readonly from: number;
  readonly to: number;
}

/** The statement of the runner: this change is what that run made, under that policy, contained in that way. */
export function aiChangeStatement(content: ChangeContent, run: RunRecord, context: AiChangeContext): Statement {
  const predicate = aiChangePredicate(content, run, context);
  return statementOf(content.identity, PREDICATES.aiChange, toJson(predicate), run.patchSha256);
}

/** What it says. A verifier makes it again from the change and the ledger, and compares. */
export function aiChangePredicate(content: ChangeContent, run: RunRecord, context: AiChangeContext): AiChange {
  return {
    change: {
      ...identityFields(content),
      changeDigest: { alg: 'sha256', value: content.digest },
      files: content.files.map(({ path, status, mode, oldBlob, newBlob }) => ({
        path,
        status,
        mode,
        oldBlob,
        newBlob,
        aiLines: context.lines.get(path)?.map(({ from, to }) => ({ from, to })) ?? null,
      })),
      commits: [...content.commits],
    },
    dispatch: { trigger: triggerOf(run), requestedBy: context.requestedBy, untrustedInputs: inputsOf(run) },
    agent: {
      ...run.agent,
      binary: null,
      model: { requested: run.models[0] ?? null, observedAtBroker: [...run.models] },
      provider: run.provider,
      tools: run.tools.map((tool) => ({ ...tool })),
      config: context.configuration.map(({ path, blob }) => ({ name: path, digest: { gitBlob: blob } })),
      promptDigest: run.promptDigest,
      sessionIds: [],
    },
    policy: {
      digest: { sha256: run.policyDigest },
      source: { sha256: context.policySource },
      engineVersion: context.version,
      mode: 'enforce',
      decisions: { ...run.decisions },
      overrides: [],
    },
    sandbox: {
      backend: run.proof.backend,
      isolation: { proven: run.proof.holds, checks: run.proof.checks, evidence: { sha256: run.proof.leaf } },
      credentialsInside: run.credentialsInside,
      teardown: {
        clean: run.teardown.clean,
        processesLeft: run.teardown.processesLeft,
        filesLeft: run.teardown.filesLeft,
        evidence: { sha256: run.teardown.leaf },
      },
    },
    log: {
      format: 'sallyport-ledger/1',
      runId: run.runId,
      entries: run.report.records,
      root: run.report.root,
      verdict: run.report.verdict,
      gaps: run.report.gapCount,
      redactions: run.redactions,
    },
    producer: { name: 'sallyport', version: context.version, digest: null, workflow: context.workflow },
    createdAt: context.at,
  };
}

/** What a statement says that neither the ledger nor the repository tells: its signer's word. */
export function contextOf({ dispatch, policy, producer, change, agent, createdAt }: AiChange): AiChangeContext {
  return {
    requestedBy: dispatch.requestedBy,
    policySource: policy.source.sha256,
    version: producer.version,
    workflow: producer.workflow,
    at: createdAt,
    lines: new Map(change.files.flatMap(({ path, aiLines }) => (aiLines === null ? [] : [[path, aiLines]]))),
    configuration: agent.config.map(({ name, digest }) => ({ path: name, blob: digest.gitBlob })),
  };
}

function identityFields({ identity }: ChangeContent) {
  const { repository, targetRef, baseCommit, headCommit, headTree } = identity;
  return { repository, targetRef, baseCommit, headCommit, headTree };
}

/** Without digests: contents are in the ledger as commitments only. */
function inputsOf({ untrusted }: Pick<RunRecord, 'untrusted'>): AiChange['dispatch']['untrustedInputs'] {
  return untrusted.map(({ kind, uri }) => ({ kind, uri, sha256: null }));
}

function triggerOf({ pipeline }: RunRecord): AiChange['dispatch']['trigger'] {
  const event = pipeline['cicd.trigger'];
  if (event === undefined) return null;
  return { event, url: null, actor: pipeline['vcs.actor'] ?? null, actorAssociation: null };
}

/** What we sign passes the schema that we verify with. */
function toJson(predicate: AiChange): JsonObject {
  // Sound: every field of the schema is JSON, and the parse leaves no other.
  return aiChange.parse(predicate) as JsonObject;
}
