import { createHmac } from 'node:crypto';
import type { z } from 'zod';
import type { JsonValue, RandomBytes } from '../../system/index.ts';
import { type BudgetLimits, estimateTokens, NO_USAGE, ReviewBudget } from './budget.ts';
import type { ModelAnswer, ModelClient, ModelRequest, ModelUsage } from './client.ts';
import { type Journal, unitKey } from './journal.ts';
import { costOfTokens } from './prices.ts';

/** How one unit of work ended. */
export type UnitStatus = ModelAnswer['status'] | 'over-budget';

export type UnitResult<Value> =
  | { readonly status: 'ok'; readonly value: Value }
  | { readonly status: Exclude<UnitStatus, 'ok'>; readonly reason: string };

/** One question in the form in which it is asked, before the data is marked. */
export interface Question<Value>
  extends Pick<ModelRequest, 'stage' | 'system' | 'question' | 'schema' | 'maxOutputTokens' | 'isRepeated'> {
  /** What is asked about; first the part that other questions share. */
  readonly content: readonly JsonValue[];
  readonly answer: z.ZodType<Value>;
  /** The same question may be asked several times. */
  readonly run: number;
}

/** How often each thing happened, and what it took. */
export interface Tally {
  readonly requests: number;
  /** Answers that an earlier run paid for. */
  readonly reused: number;
  readonly usage: ModelUsage;
  /** In US dollars; undefined when the model has no known price. */
  readonly usd: number | undefined;
}

/** Whom to ask, and within what. */
export interface InterviewSettings {
  readonly client: ModelClient;
  readonly limits: BudgetLimits;
  readonly journal: Journal;
  readonly random: RandomBytes;
}

const SECRET_BYTES = 32;
const MARK_LENGTH = 24;

/** Asks a model within its budget, once for each unit of work. */
export class Interviewer {
  readonly #client: ModelClient;
  readonly #budget: ReviewBudget;
  readonly #journal: Journal;
  readonly #secret: Buffer;
  #requests = 0;
  #reused = 0;
  /** Set when no further request can succeed. */
  #stopped: string | undefined;

  constructor({ client, limits, journal, random }: InterviewSettings) {
    this.#client = client;
    this.#budget = new ReviewBudget(client, limits);
    this.#journal = journal;
    this.#secret = random(SECRET_BYTES);
  }

  get tally(): Tally {
    const usage = this.#budget.spent;
    return { requests: this.#requests, reused: this.#reused, usage, usd: costOfTokens(this.#client, usage) };
  }

  async ask<Value>(question: Question<Value>): Promise<UnitResult<Value>> {
    const parts = question.content.map((part) => JSON.stringify(part));
    const mark = this.#markOf(parts[0] ?? '');
    const id = unitKey(this.#client.model, question, parts, question.run);
    const known = this.#journal.get(id);
    if (known) this.#reused++;
    const answer =
      known ??
      (await this.#pay({
        ...question,
        id,
        data: parts.map((part) => `{"mark":"${mark}","origin":"repository","content":${part}}`),
        question: `${question.question}\nThe data carries the mark ${mark} at its beginning.`,
      }));
    return 'value' in answer ? answer : read(answer, question.answer);
  }

  /** Nobody can know it before the run; the same for the same data, or the provider could not keep what it has read. */
  #markOf(data: string): string {
    return createHmac('sha256', this.#secret).update(data).digest('hex').slice(0, MARK_LENGTH);
  }

  async #pay(request: ModelRequest): Promise<ModelAnswer | UnitResult<never>> {
    const { id, system, data, question, schema, maxOutputTokens } = request;
    if (this.#stopped !== undefined) return { status: 'error', reason: this.#stopped };
    const input = estimateTokens([system, ...data, question, JSON.stringify(schema)].join(''));
    const most = { input, cacheRead: 0, cacheWrite: request.isRepeated ? input : 0, output: maxOutputTokens };
    const reservation = await this.#budget.reserve(request.stage, most);
    if (!reservation) return { status: 'over-budget', reason: 'the budget is used up' };
    this.#requests++;
    const answer = await this.#client.complete(request);
    if (answer.status === 'error' && answer.final) this.#stopped = answer.reason;
    reservation.settle(answer.status === 'error' ? NO_USAGE : answer.usage);
    this.#journal.keep(id, answer);
    return answer;
  }
}

function read<Value>(answer: ModelAnswer | UnitResult<never>, schema: z.ZodType<Value>): UnitResult<Value> {
  if (answer.status !== 'ok') return { status: answer.status, reason: answer.reason };
  const parsed = schema.safeParse('json' in answer ? answer.json : undefined);
  if (parsed.success) return { status: 'ok', value: parsed.data };
  return { status: 'invalid', reason: 'the answer is not in the form that was asked for' };
}
