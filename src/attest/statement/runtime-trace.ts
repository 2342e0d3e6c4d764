import type { ChangeIdentity, Statement } from '../model.ts';
import { PREDICATES } from '../predicate-roles.ts';
import type { RunRecord } from '../run-record/run-record.ts';
import { statementOf } from './subject.ts';

/** Describes the observer: docs/formats/ledger.md. */
const MONITOR = 'https://sallyport.dev/monitor/ledger/v1';

/**
 * in-toto runtime-trace v0.1: the ledger as others read it. A projection: the log itself, named by its root, is the
 * evidence.
 */
export function runtimeTraceStatement(change: ChangeIdentity, run: RunRecord, at: string): Statement {
  return statementOf(change, PREDICATES.runtimeTrace, {
    monitor: {
      type: MONITOR,
      configSource: { name: 'policy', digest: { sha256: run.policyDigest } },
      tracePolicy: { ledgerRoot: run.report.root, entries: run.report.records },
    },
    monitoredProcess: { hostID: `urn:sallyport:run:${run.runId}`, type: MONITOR, event: run.agent.name },
    monitorLog: {
      network: run.hosts.map((host) => ({ host })),
      fileAccess: run.files.map((name) => ({ name })),
    },
    metadata: { buildStartedOn: run.startedAt, buildFinishedOn: run.endedAt, statedOn: at },
  });
}
