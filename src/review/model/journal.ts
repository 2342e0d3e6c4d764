import { createHash } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { z } from 'zod';
import { errorCode, readFileNoFollow } from '../../system/index.ts';
import type { ModelAnswer, ModelRequest } from './client.ts';
import { PROMPT_VERSION } from './prompts.ts';

const usage = z.object({ input: z.number(), output: z.number() });
const line = z.object({
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

/** Requests that were paid for, kept by what was asked: a rerun pays only for the rest. */
export interface Journal {
  get(key: string): ModelAnswer | undefined;
  /** Keeps an answer that was paid for; an error is none. */
  keep(key: string, answer: ModelAnswer): void;
}

export const NO_JOURNAL: Journal = { get: () => undefined, keep: () => undefined };

/** What identifies a request: everything that can change its answer, but not the nonce. */
export function unitKey(
  model: string,
  { stage, system, question, schema }: ModelRequest,
  content: string,
  run: number,
): string {
  const parts = [PROMPT_VERSION, model, stage, system, question, JSON.stringify(schema), content, run];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/**
 * A journal in a file, one answer a line, appended as they come. A line that is cut (the run was killed) is skipped. Keep
 * the file where the change cannot write.
 */
export async function openJournal(path: string): Promise<Journal> {
  const known = new Map<string, ModelAnswer>();
  for (const text of (await readJournal(path)).split('\n')) {
    const read = line.safeParse(parse(text));
    if (read.success) known.set(read.data.key, read.data.answer);
  }
  return {
    get: (key) => known.get(key),
    keep: (key, answer) => {
      if (answer.status === 'error') return;
      known.set(key, answer);
      appendFileSync(path, `${JSON.stringify({ key, answer })}\n`, { mode: 0o600 });
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
