/** Isolation: plan, prove, start, observe, stop, account. */
export { runAirlock } from './airlock/airlock.ts';
export type { Collect, LoadCollect, Tools } from './airlock/configuration.ts';
export { diagnoseHost, type HostReport, type HostTrial } from './diagnosis.ts';
export { findTools, type SandboxHost } from './host.ts';
export { type HostCheck, inspectHost, preflight } from './host-report.ts';
export type { LimitMechanisms } from './limits.ts';
export { type OuterPlace, OuterSandbox } from './outer.ts';
export type { OutputHandler } from './output.ts';
export { type ProvidedFile, planSandbox, type ReadOnlyMount, SANDBOX_HOME, type SandboxPlan } from './plan.ts';
export type { CheckOutcome, Proof } from './proof.ts';
export { type SweepReport, sweepStale } from './run-lock.ts';
export { type ExitCause, Sandbox, type SandboxExit } from './sandbox.ts';
export type { Residue, TeardownReport } from './teardown.ts';
