/** Isolation: plan, prove, start, observe, stop, account. */
export { runAirlock } from './airlock/airlock.ts';
export { diagnoseHost, type HostReport } from './diagnosis.ts';
export { findTools, type SandboxHost } from './host.ts';
export { type HostCheck, preflight } from './host-report.ts';
export type { LimitMechanisms } from './limits.ts';
export { OuterSandbox } from './outer.ts';
export type { OutputHandler } from './output.ts';
export { type ProvidedFile, planSandbox, type ReadOnlyMount, type SandboxPlan, SYSTEM_VIEW } from './plan.ts';
export type { Proof } from './proof.ts';
export { sweepStale } from './run-lock.ts';
export { Sandbox, type SandboxExit } from './sandbox.ts';
export type { TeardownReport } from './teardown.ts';
