/** The egress gate: CONNECT and plain HTTP to named hosts only. */
export { EGRESS_LIMITS, type EgressLimits } from './budget.ts';
export type { Leaf } from './certificate.ts';
export { CAPTURED_HEADER } from './connect.ts';
export type { Credential } from './credential.ts';
export { createEgress, type EgressGate, type EgressOptions } from './egress.ts';
export { needsAuthority } from './grant.ts';
export type { Resolve, ResolvedAddress } from './resolution.ts';
export { createRunAuthority, type RunAuthority } from './run-authority.ts';
