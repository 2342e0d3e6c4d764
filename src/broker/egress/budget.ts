import type { NetworkGrant } from '../../policy/index.ts';
import { HeldBytes } from '../held-bytes.ts';
import { Refusal } from './refusal.ts';

/** Bounds on what one run may make the egress gate do. Times in milliseconds. */
export interface EgressLimits {
  readonly connections: number;
  readonly helloMs: number;
  readonly resolveMs: number;
  readonly dialMs: number;
  /** For a whole request, head and body. */
  readonly requestMs: number;
  /** From the request's end to the head of the response. */
  readonly responseMs: number;
  readonly idleMs: number;
  readonly requestBytes: number;
  /** Request bodies that are held at one time, over all requests. */
  readonly heldBytes: number;
  readonly bytesOut: number;
  readonly bytesIn: number;
}

const MIB = 1024 * 1024;

export const EGRESS_LIMITS: EgressLimits = {
  connections: 256,
  helloMs: 10_000,
  resolveMs: 5_000,
  dialMs: 10_000,
  requestMs: 120_000,
  responseMs: 120_000,
  idleMs: 300_000,
  requestBytes: 32 * MIB,
  heldBytes: 128 * MIB,
  bytesOut: 1024 * MIB,
  bytesIn: 16 * 1024 * MIB,
};

/** What is left of the limits. Every method that takes says at once whether there was enough. */
export class EgressBudget {
  /** Room for request bodies. */
  readonly held: HeldBytes;
  readonly #limits: EgressLimits;
  #connections = 0;
  #bytesOut = 0;
  #bytesIn = 0;
  readonly #outByGrant = new Map<string, number>();

  constructor(limits: EgressLimits) {
    this.#limits = limits;
    this.held = new HeldBytes(limits.heldBytes);
  }

  /** @returns the way to give the connection back, to be called once. */
  openConnection(): (() => void) | Refusal {
    if (this.#connections >= this.#limits.connections) {
      return new Refusal('too-many-connections', `more than ${this.#limits.connections} connections at one time`);
    }
    this.#connections++;
    return () => this.#connections--;
  }

  sendOut(grant: NetworkGrant, bytes: number): Refusal | undefined {
    const byGrant = (this.#outByGrant.get(grant.id) ?? 0) + bytes;
    if (grant.maxBytesOut !== undefined && byGrant > grant.maxBytesOut) {
      return new Refusal('bytes-out-budget', `${grant.id} may send ${grant.maxBytesOut} bytes in a run`, grant.id);
    }
    if (this.#bytesOut + bytes > this.#limits.bytesOut) {
      return new Refusal('bytes-out-budget', `a run may send ${this.#limits.bytesOut} bytes`);
    }
    this.#outByGrant.set(grant.id, byGrant);
    this.#bytesOut += bytes;
    return undefined;
  }

  takeIn(bytes: number): Refusal | undefined {
    this.#bytesIn += bytes;
    if (this.#bytesIn <= this.#limits.bytesIn) return undefined;
    return new Refusal('bytes-in-budget', `a run may receive ${this.#limits.bytesIn} bytes`);
  }
}
