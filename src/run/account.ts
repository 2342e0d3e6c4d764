import type { ClosedLedger, Ledger } from '../ledger/index.ts';
import type { Proof, TeardownReport } from '../sandbox/index.ts';
import type { JsonObject } from '../system/index.ts';
import type { Change, Stage } from '../workspace/index.ts';
import type { ActivityMeter } from './activity.ts';
import { applyIfAsked } from './application.ts';
import { writeReports } from './out-directory.ts';
import type { DataFlowReport, RunReport } from './report/index.ts';
import { exitCodeOf, type RunEnd } from './request.ts';
import type { Scene } from './scene.ts';

/** What a run came to, gathered step by step; what a step did not reach stays undefined. */
export interface RunFacts {
  readonly runId: string;
  readonly startedAt: number;
  readonly scene: Scene;
  readonly meter: ActivityMeter;
  proof?: Proof;
  mechanisms?: JsonObject;
  stage?: Stage;
  change?: Change;
  dataFlow: DataFlowReport;
  teardown?: TeardownReport;
  end: RunEnd;
  agentCode: number;
  readonly notes: string[];
}

/** Closes the ledger with what the run came to, destroys its key, and writes every report. */
export async function closeAccount(facts: RunFacts, ledger: Ledger, now: number): Promise<RunReport> {
  const end = await applyIfAsked(facts, judgeEnd(facts));
  const exitCode = exitCodeOf(end, facts.agentCode);
  const closed = await ledger.close({
    exit: exitCode,
    summary: {
      end: end.kind,
      agentCode: facts.agentCode,
      change: facts.change === undefined ? null : describeChange(facts.change),
      clean: facts.teardown?.clean ?? false,
    },
  });
  const report = assemble(facts, { end, exitCode, closed, durationMs: now - facts.startedAt });
  writeReports(facts.scene.request.out, report, report.dataFlow);
  return report;
}

/** What the gate compares a change with: by content, never by who says what. */
function describeChange({ patchSha256, files, withheld, base, head }: Change): JsonObject {
  return { patchSha256, files: files.length, withheld: withheld.length, baseTree: base.tree, tree: head.tree };
}

/** What decides whether a run that came to its end came to a good one. */
export interface EndFacts {
  readonly end: RunEnd;
  readonly dataFlow: Pick<DataFlowReport, 'accounted'>;
  readonly change?: Pick<Change, 'secretHits' | 'status'>;
  readonly teardown?: Pick<TeardownReport, 'clean'>;
}

/** A run whose patch carries a secret, that left something behind, or of which nobody knows what left did not simply complete. */
export function judgeEnd({ end, change, dataFlow, teardown }: EndFacts): RunEnd {
  if (end.kind !== 'completed') return end;
  if (!dataFlow.accounted)
    return { kind: 'incomplete', reason: 'the broker was lost before it told what left the sandbox' };
  if (teardown && !teardown.clean)
    return { kind: 'incomplete', reason: 'something of the run is left on the host; see report.json, teardown' };
  const [hit] = change?.secretHits ?? [];
  if (hit) return { kind: 'blocked', reason: `the change carries a secret (${hit.name}) in ${hit.path}` };
  if (change?.status === 'over-limit') return { kind: 'limit', limit: 'patch' };
  return end;
}

function assemble(
  facts: RunFacts,
  outcome: {
    readonly end: RunEnd;
    readonly exitCode: number;
    readonly closed: ClosedLedger;
    readonly durationMs: number;
  },
): RunReport {
  const { scene, stage, proof } = facts;
  const { end, exitCode, closed, durationMs } = outcome;
  return {
    version: 1,
    run: facts.runId,
    startedAt: new Date(facts.startedAt).toISOString(),
    durationMs,
    command: scene.request.command,
    agent: { id: scene.adapter.id, title: scene.adapter.title, version: scene.version },
    policy: { origins: scene.origins, digest: scene.policy.digest },
    base: { ref: scene.base.ref ?? 'none', commit: scene.base.commit },
    end,
    exitCode,
    isolation: { proven: proof?.holds ?? false, checks: proof?.checks ?? [], limits: facts.mechanisms ?? {} },
    activity: facts.meter.snapshot(),
    dataFlow: facts.dataFlow,
    workspace: stage === undefined ? {} : describeStage(stage),
    change: facts.change,
    teardown: facts.teardown ?? {},
    evidence: {
      ledger: 'ledger',
      records: closed.size,
      rootHash: closed.root,
      key: closed.verifierKey,
      // What `sallyport log verify` says of a log that nothing outside this host confirms.
      verdict: 'SIGNED-UNANCHORED',
    },
    notes: facts.notes,
  };
}

/** Everything about the staged copy that a person may want to know; not the decoys, whose values must stay unknown. */
function describeStage({
  counts,
  hidden,
  parked,
  removedLinks,
  rewrittenLinks,
  refused,
  secretsInTree,
  warnings,
}: Stage): JsonObject {
  return {
    counts: { ...counts },
    hidden: [...hidden],
    parked: parked.map(({ path, class: kind, staged }) => ({ path, class: kind, staged })),
    removedLinks: [...removedLinks],
    rewrittenLinks: [...rewrittenLinks],
    refused: [...refused],
    secretsInTree: [...secretsInTree],
    warnings: [...warnings],
  };
}
