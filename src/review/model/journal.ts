import { createHash } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { z } from 'zod';
import { errorCode, readFileNoFollow } from '../../system/index.ts';
import type { ModelAnswer, ModelRequest } from './client.ts';
import { PROMPT_VERSION } from './prompts.ts';

const usage = z.object({
  input: z.number(),
  cacheRead: z.number().default(0),
  cacheWrite: z.number().default(0),
  output: z.number(),
});
const answered = z.object({
  key: z.string(),
  answer: z.union([
    z.object({
      status: z.literal('ok'),
      json: z.json(),
      usage,
      requestId: z.string(),
      modelActual: z.string(),
    }),
    z.object({ status: z.enum(['refused', 'truncated', 'invalid']), reason: z.string(), usage }),
  ]),
});
const batched = z.object({ batch: z.string(), keys: z.array(z.string()) });

/** Requests that were paid for, kept by what was asked: a rerun pays only for the rest. */
export interface Journal {
  get(key: string): ModelAnswer | undefined;
  /** Keeps an answer that was paid for; an error is none. */
  keep(key: string, answer: ModelAnswer): void;
  /** The batch in which a request without an answer was last handed in. */
  batchOf(key: string): string | undefined;
  /** Keeps that these requests were handed in together. */
  keepBatch(batch: string, keys: readonly string[]): void;
}

export const NO_JOURNAL: Journal = {
  get: () => undefined,
  keep: () => undefined,
  batchOf: () => undefined,
  keepBatch: () => undefined,
};

/** What identifies a request: everything that can change its answer, but not the nonce. */
export function unitKey(
  model: string,
  { stage, system, question, schema }: Pick<ModelRequest, 'stage' | 'system' | 'question' | 'schema'>,
  content: readonly string[],
  run: number,
): string {
  const parts = [PROMPT_VERSION, model, stage, system, question, JSON.stringify(schema), content, run];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/**
 * A journal in a file, one answer a line, appended as they come. A line that is cut (the run was killed) is skipped, and
 * so is an answer in another form than was asked for: another run may ask for it again. Keep the file where the change
 * cannot write.
 */
export async function openJournal(path: string): Promise<Journal> {
  const known = new Map<string, ModelAnswer>();
  const batches = new Map<string, string>();
  for (const text of (await readJournal(path)).split('\n')) {
    const json = parse(text);
    const one = answered.safeParse(json);
    if (one.success && one.data.answer.status !== 'invalid') known.set(one.data.key, one.data.answer);
    else if (one.success) batches.delete(one.data.key);
    const several = batched.safeParse(json);
    if (several.success) for (const key of several.data.keys) batches.set(key, several.data.batch);
  }
  const append = (entry: unknown): void => appendFileSync(path, `${JSON.stringify(entry)}\n`, { mode: 0o600 });
  return {
    get: (key) => known.get(key),
    keep: (key, answer) => {
      if (answer.status === 'error') return;
      known.set(key, answer);
      append({ key, answer });
    },
    batchOf: (key) => batches.get(key),
    keepBatch: (batch, keys) => {
      for (const key of keys) batches.set(key, batch);
      append({ batch, keys });
    },
  };
}

async function readJournal(path: string): Promise<string> {
  try {
    return (await readFileNoFollow(path)).toString('utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return '';
    throw error;
  }
}

function parse(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
