import type { BrokerContext } from '../context.ts';
import type { AddressGuard } from './address.ts';
import type { EgressBudget, EgressLimits } from './budget.ts';
import type { Credential } from './credential.ts';
import type { Resolve } from './resolution.ts';
import type { RunAuthority } from './run-authority.ts';
import type { TrafficLog } from './traffic-log.ts';

/** What all connections of one run share. */
export interface Gate {
  readonly context: BrokerContext;
  readonly credentials: readonly Credential[];
  readonly limits: EgressLimits;
  readonly budget: EgressBudget;
  readonly guard: AddressGuard;
  readonly log: TrafficLog;
  readonly resolve: Resolve;
  readonly authority: RunAuthority | undefined;
  /** PEM by `caFile` of the grants. */
  readonly roots: ReadonlyMap<string, string>;
}
