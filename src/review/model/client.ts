import type { JsonValue } from '../../system/index.ts';

/** Tokens that one request took, as the provider counts them. */
export interface ModelUsage {
  /** All that were read, from the provider's cache or not. */
  readonly input: number;
  /** Of `input`, those that came from the cache. */
  readonly cacheRead: number;
  /** Of `input`, those that were put into it. */
  readonly cacheWrite: number;
  readonly output: number;
}

/** What a request is for. */
export type ModelStage = 'find' | 'follow-up' | 'verify' | 'patch' | 'check-patch';

/** One question about data from outside. There are no sampling knobs: current models refuse them. */
export interface ModelRequest {
  /** The same for the same question about the same data, also in another run; letters and digits, 64 at most. */
  readonly id: string;
  readonly stage: ModelStage;
  /** Our instructions; the same for every request of a stage, so that the provider can keep them. */
  readonly system: string;
  /** Data from outside, each part JSON text; goes into results of tools and nowhere else. */
  readonly data: readonly string[];
  /** Other requests will be the same up to and with the first part of the data: worth keeping at the provider. */
  readonly isRepeated: boolean;
  /** Our question, behind the data. */
  readonly question: string;
  readonly schema: JsonValue;
  readonly maxOutputTokens: number;
}

/**
 * What came of a request. Only `ok` is an answer; nothing else may be read as "no findings".
 *
 * - `refused`: the model declined. `truncated`: it ran out of room. `invalid`: what it said is not in the form asked for.
 * - `error`: no answer at all; `final` when every further request would end the same way (key, model, address).
 */
export type ModelAnswer =
  | {
      readonly status: 'ok';
      readonly json: JsonValue;
      readonly usage: ModelUsage;
      readonly requestId: string;
      readonly modelActual: string;
    }
  | { readonly status: 'refused' | 'truncated' | 'invalid'; readonly reason: string; readonly usage: ModelUsage }
  | { readonly status: 'error'; readonly reason: string; readonly final: boolean };

/** A model behind whatever protocol. Never throws. */
export interface ModelClient {
  readonly model: string;
  /** Requests that run at once. */
  readonly atOnce: number;
  /** What a request costs here, as a share of the list price. */
  readonly priceShare: number;
  /** The provider keeps for some minutes what it has read, and reads it cheaper the next time. */
  readonly hasCache: boolean;
  complete(request: ModelRequest): Promise<ModelAnswer>;
}

/** For requests that are answered at once. */
export const DIRECT = { atOnce: 4, priceShare: 1 } as const;
