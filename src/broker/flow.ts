import type { Destination, FlowDelta, FlowMeter } from './context.ts';
import { fingerprintLines } from './disclosure.ts';

/** What left for one destination. */
export interface DestinationFlow {
  readonly destination: Destination;
  readonly requests: number;
  readonly refused: number;
  readonly bytesOut: number;
  readonly bytesIn: number;
  /** Known secrets that were taken out on the way. */
  readonly redactions: number;
  /** Fingerprints of the lines that left, ascending; see `matchDisclosures`. */
  readonly fingerprints: BigUint64Array;
  /** True when there were more lines than are remembered: the fingerprints are then a lower bound. */
  readonly capped: boolean;
}

/** The data-flow report of one run, busiest destination first. */
export interface DataFlow {
  readonly destinations: readonly DestinationFlow[];
}

/** Eight bytes each; a run that discloses more lines than this is reported as capped. */
const MAX_FINGERPRINTS = 500_000;
/** Names an agent makes up must not fill the memory: what is beyond is counted under one name. */
const MAX_DESTINATIONS = 1024;
const OTHER: Destination = 'others';

class Flow {
  requests = 0;
  refused = 0;
  bytesOut = 0;
  bytesIn = 0;
  redactions = 0;
  capped = false;
  readonly lines = new Set<bigint>();
}

/** Counts what left for whom. */
export class Flows implements FlowMeter {
  readonly #flows = new Map<Destination, Flow>();

  add(destination: Destination, delta: FlowDelta): void {
    const flow = this.#flow(destination);
    flow.requests += delta.requests ?? 0;
    flow.refused += delta.refused ?? 0;
    flow.bytesOut += delta.bytesOut ?? 0;
    flow.bytesIn += delta.bytesIn ?? 0;
    flow.redactions += delta.redactions ?? 0;
  }

  disclosed(destination: Destination, text: string): void {
    const flow = this.#flow(destination);
    for (const fingerprint of fingerprintLines(text)) {
      if (flow.lines.size >= MAX_FINGERPRINTS) {
        flow.capped = true;
        return;
      }
      flow.lines.add(fingerprint);
    }
  }

  report(): DataFlow {
    const destinations = [...this.#flows].map(([destination, { lines, ...counts }]) => ({
      destination,
      ...counts,
      fingerprints: BigUint64Array.from(lines).sort(),
    }));
    return { destinations: destinations.sort((a, b) => b.bytesOut - a.bytesOut) };
  }

  #flow(destination: Destination): Flow {
    const known = this.#flows.get(destination);
    if (known) return known;
    if (this.#flows.size >= MAX_DESTINATIONS && destination !== OTHER) return this.#flow(OTHER);
    const flow = new Flow();
    this.#flows.set(destination, flow);
    return flow;
  }
}
