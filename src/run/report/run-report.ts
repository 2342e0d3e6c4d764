import type { JsonObject } from '../../system/index.ts';
import type { Change } from '../../workspace/index.ts';
import type { Activity } from '../activity.ts';
import type { RunEnd } from '../request.ts';

/** What left for one destination. */
export interface DestinationFlow {
  readonly destination: string;
  readonly requests: number;
  readonly refused: number;
  readonly bytesOut: number;
  readonly bytesIn: number;
  readonly redactions: number;
  /** Workspace files whose lines were in what left, by fingerprint. */
  readonly files: readonly { readonly path: string; readonly lines: number; readonly fraction: number }[];
  /** True when more lines left, or stand in the workspace, than are compared: `files` is then a lower bound. */
  readonly partial: boolean;
}

export interface DataFlowReport {
  readonly version: 1;
  readonly run: string;
  /** False when the broker was lost before it told what left: then no destination is named, and nobody knows. */
  readonly accounted: boolean;
  readonly destinations: readonly DestinationFlow[];
}

/** How the evidence of a run can be checked. */
export interface Evidence {
  /** Directory of the ledger, relative to the out directory. */
  readonly ledger: string;
  readonly records: number;
  /** Tree head of the final checkpoint, hexadecimal. */
  readonly rootHash: string;
  /** The run's public key as a C2SP vkey; the private half was destroyed. */
  readonly key: string;
  /** Verdict word of `sallyport log verify`; never a bare "verified". */
  readonly verdict: string;
}

/** The one account of a run. Every report is a projection of it; `report.json` is it. */
export interface RunReport {
  readonly version: 1;
  readonly run: string;
  /** ISO 8601, from the supervisor's own clock. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly command: readonly string[];
  readonly agent: { readonly id: string; readonly title: string; readonly version: string | undefined };
  readonly policy: { readonly origins: readonly string[]; readonly digest: string };
  readonly base: { readonly ref: string; readonly commit: string | undefined };
  readonly end: RunEnd;
  readonly exitCode: number;
  readonly isolation: JsonObject;
  readonly activity: Activity;
  readonly dataFlow: DataFlowReport;
  readonly workspace: JsonObject;
  readonly change: Change | undefined;
  readonly teardown: JsonObject;
  readonly evidence: Evidence;
  /** Sentences for the person: what was replaced, missing or unusual. */
  readonly notes: readonly string[];
}
