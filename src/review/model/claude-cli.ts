import { z } from 'zod';
import { DIRECT, type ModelAnswer, type ModelClient, type ModelRequest } from './client.ts';
import { anthropicUsage, isAskedModel } from './reply.ts';

/** What came of one start of the program. */
export type CliOutcome =
  | { readonly kind: 'ended'; readonly exitCode: number; readonly output: string }
  /** It did not come to its own end: time, a limit, the sandbox. */
  | { readonly kind: 'stopped'; readonly reason: string };

export interface ClaudeCliOptions {
  readonly model: string;
  /** Starts `claude` with these arguments, contained and in an empty folder, and gives it this text. Never throws. */
  readonly execute: (args: readonly string[], input: string) => Promise<CliOutcome>;
}

const reply = z.object({
  is_error: z.boolean(),
  stop_reason: z.string().nullish(),
  structured_output: z.json().optional(),
  session_id: z.string().catch(''),
  result: z.string().catch(''),
  api_error_status: z.number().nullish().catch(undefined),
  usage: anthropicUsage,
  modelUsage: z.record(z.string(), z.unknown()).catch({}),
});

/** No hook, plug-in, memory or instruction of anybody, no tool, one answer in our form. */
function argumentsFor({ system, schema }: ModelRequest, model: string): readonly string[] {
  return [
    ...['-p', '--bare', '--model', model, '--output-format', 'json'],
    ...['--tools', '', '--system-prompt', system, '--json-schema', JSON.stringify(schema)],
  ];
}

/**
 * Claude Code as a model: `claude -p --bare` in the sandbox of `run`. Its interface has no place for the result of a
 * tool, so the data is JSON in front of the question; everything else is as with the other clients.
 */
export function claudeCliClient({ model, execute }: ClaudeCliOptions): ModelClient {
  return {
    ...DIRECT,
    model,
    hasCache: false,
    complete: async (request) => {
      const input = [...request.data, request.question].join('\n\n');
      const outcome = await execute(argumentsFor(request, model), `${input}\n`);
      if (outcome.kind === 'stopped') return failure(`claude did not end by itself: ${outcome.reason}`, false);
      return readReply(outcome, model);
    },
  };
}

function failure(reason: string, final: boolean): ModelAnswer {
  return { status: 'error', reason, final };
}

/** Asking again cannot help. */
const FINAL = new Set([400, 401, 403, 404]);

/** Exit code, `is_error`, reason and form are all looked at: a refusal calls itself a success. */
function readReply({ exitCode, output }: Extract<CliOutcome, { kind: 'ended' }>, asked: string): ModelAnswer {
  const read = reply.safeParse(parse(output));
  if (!read.success) return failure(`claude ended with ${exitCode} and another form of answer`, exitCode === 127);
  const {
    is_error: isError,
    stop_reason: stop,
    structured_output: json,
    usage,
    modelUsage,
    api_error_status: status,
  } = read.data;
  if (stop === 'refusal') return { status: 'refused', reason: 'the model refused', usage };
  if (stop === 'max_tokens') return { status: 'truncated', reason: 'the answer was cut', usage };
  if (isError || exitCode !== 0)
    return failure(
      `claude ended with ${exitCode}${status ? `, the service with ${status}` : ''}`,
      FINAL.has(status ?? 0),
    );
  const actual = Object.keys(modelUsage).find((name) => isAskedModel(asked, name));
  if (actual === undefined)
    return {
      status: 'invalid',
      reason: `${Object.keys(modelUsage).join(', ') || 'nobody'} answered instead of ${asked}`,
      usage,
    };
  if (json === undefined)
    return { status: 'invalid', reason: 'the answer is not in the form that was asked for', usage };
  return { status: 'ok', json, usage, requestId: read.data.session_id, modelActual: actual };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
