import type { JsonValue } from '../../system/index.ts';

/** Tokens that one request took, as the provider counts them. */
export interface ModelUsage {
  readonly input: number;
  readonly output: number;
}

/** What a request is for. */
export type ModelStage = 'find' | 'follow-up' | 'verify' | 'patch' | 'check-patch';

/** One question about data from outside. There are no sampling knobs: current models refuse them. */
export interface ModelRequest {
  readonly stage: ModelStage;
  /** Our instructions; the same for every request of a stage, so that the provider can keep them. */
  readonly system: string;
  /** Data from outside, as JSON text; goes into a tool result and nowhere else. */
  readonly data: string;
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
  complete(request: ModelRequest): Promise<ModelAnswer>;
}
