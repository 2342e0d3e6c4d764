import type { Interpolation, ValueKind, ValueOrigin, ValueReference } from '../pipelines/index.ts';
import type { Place } from '../syntax/index.ts';

/** One leg of the way a value took, for people. */
export interface Hop {
  readonly place: Place;
  readonly message: string;
}

/** Something that can stand in a text when it is used, followed back to where it enters the pipeline. */
export interface Arrival {
  /** In the platform's spelling, or what was fetched: `github.event.issue.title`, `gh issue view`. */
  readonly name: string;
  readonly kind: ValueKind;
  readonly origin: ValueOrigin | 'fetched' | 'agent' | 'log' | 'tracker' | 'web' | 'artifact';
  /** Where the value is named. */
  readonly place: Place;
  /** How it is put into the text that was asked about. */
  readonly expanded: Interpolation['expanded'];
  /** From where it enters to the text, in that order; empty when the text names it itself. */
  readonly hops: readonly Hop[];
}

export function arrivalOf(value: ValueReference, interpolation: Interpolation, hops: readonly Hop[]): Arrival {
  return {
    name: value.name,
    kind: value.kind,
    origin: value.origin,
    place: interpolation.place,
    expanded: interpolation.expanded,
    hops,
  };
}

/** The same arrival, one hop nearer to the text. The text decides how it is expanded there. */
export function pass(arrival: Arrival, hop: Hop, expanded: Interpolation['expanded']): Arrival {
  return { ...arrival, expanded, hops: [...arrival.hops, hop] };
}

/** Words that somebody outside may have written. `unknown` is not among them: it is reported apart. */
const UNTRUSTED: ReadonlySet<Arrival['origin']> = new Set([
  'outsider',
  'fetched',
  'agent',
  'log',
  'tracker',
  'web',
  'artifact',
]);

export function isUntrusted(arrival: Arrival): boolean {
  return UNTRUSTED.has(arrival.origin) || isPayload(arrival);
}

/** What a `repository_dispatch` carries: a tracker, a chat or a form sends it on, whoever wrote it there. */
export function isPayload({ name }: Arrival): boolean {
  return /^github\.event\.client_payload\b/i.test(name);
}

/** Each value once, with its shortest way. */
export function distinct(arrivals: readonly Arrival[]): readonly Arrival[] {
  const kept = new Map<string, Arrival>();
  for (const arrival of arrivals) {
    const key = `${arrival.origin} ${arrival.name}`;
    const known = kept.get(key);
    if (!known || arrival.hops.length < known.hops.length) kept.set(key, arrival);
  }
  return [...kept.values()];
}
