/** The egress gate: CONNECT and plain HTTP to named hosts only. */
export type { EgressLimits } from './budget.ts';
export type { Credential } from './credential.ts';
export { createEgress, type EgressGate, type EgressOptions } from './egress.ts';
export type { Resolve } from './resolution.ts';
export { createRunAuthority, type RunAuthority } from './run-authority.ts';
