import type { z } from 'zod';
import type { JsonValue, RandomBytes } from '../../system/index.ts';
import { estimateTokens, type ReviewBudget } from './budget.ts';
import type { ModelAnswer, ModelClient, ModelRequest } from './client.ts';
import { type Journal, unitKey } from './journal.ts';

/** How one unit of work ended. */
export type UnitStatus = ModelAnswer['status'] | 'over-budget';

export type UnitResult<Value> =
  | { readonly status: 'ok'; readonly value: Value }
  | { readonly status: Exclude<UnitStatus, 'ok'>; readonly reason: string };

/** One question in the form in which it is asked, before the data is marked. */
export interface Question<Value>
  extends Pick<ModelRequest, 'stage' | 'system' | 'question' | 'schema' | 'maxOutputTokens'> {
  readonly content: JsonValue;
  readonly answer: z.ZodType<Value>;
  /** The same question may be asked several times. */
  readonly run: number;
}

/** How often each thing happened. */
export interface Tally {
  readonly requests: number;
  readonly reused: number;
}

const NONCE_BYTES = 12;

/** Asks a model within its budget, once for each unit of work. */
export class Interviewer {
  readonly #client: ModelClient;
  readonly #budget: ReviewBudget;
  readonly #journal: Journal;
  readonly #random: RandomBytes;
  #requests = 0;
  #reused = 0;
  /** Set when no further request can succeed. */
  #stopped: string | undefined;

  constructor(client: ModelClient, budget: ReviewBudget, journal: Journal, random: RandomBytes) {
    this.#client = client;
    this.#budget = budget;
    this.#journal = journal;
    this.#random = random;
  }

  get tally(): Tally {
    return { requests: this.#requests, reused: this.#reused };
  }

  async ask<Value>(question: Question<Value>): Promise<UnitResult<Value>> {
    const content = JSON.stringify(question.content);
    const nonce = this.#random(NONCE_BYTES).toString('hex');
    const request: ModelRequest = {
      ...question,
      data: JSON.stringify({ mark: nonce, origin: 'repository', content: question.content }),
    };
    const key = unitKey(this.#client.model, request, content, question.run);
    const known = this.#journal.get(key);
    if (known) this.#reused++;
    const marked = {
      ...request,
      question: `${question.question}\nThe data carries the mark ${nonce} at its beginning.`,
    };
    const answer = known ?? (await this.#pay(key, marked));
    return 'value' in answer ? answer : read(answer, question.answer);
  }

  async #pay(key: string, request: ModelRequest): Promise<ModelAnswer | UnitResult<never>> {
    if (this.#stopped !== undefined) return { status: 'error', reason: this.#stopped };
    const input = estimateTokens(request.system + request.data + request.question + JSON.stringify(request.schema));
    const reservation = this.#budget.reserve(request.stage, { input, output: request.maxOutputTokens });
    if (!reservation) return { status: 'over-budget', reason: 'the budget is used up' };
    this.#requests++;
    const answer = await this.#client.complete(request);
    reservation.settle(answer.status === 'error' ? { input: 0, output: 0 } : answer.usage);
    if (answer.status === 'error' && answer.final) this.#stopped = answer.reason;
    this.#journal.keep(key, answer);
    return answer;
  }
}

function read<Value>(answer: ModelAnswer | UnitResult<never>, schema: z.ZodType<Value>): UnitResult<Value> {
  if (answer.status !== 'ok') return { status: answer.status, reason: answer.reason };
  const parsed = schema.safeParse('json' in answer ? answer.json : undefined);
  if (parsed.success) return { status: 'ok', value: parsed.data };
  return { status: 'invalid', reason: 'the answer is not in the form that was asked for' };
}
