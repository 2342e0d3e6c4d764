import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import type { PredictedCall } from '../../../src/agents/index.ts';
import { startScriptedModel } from '../../support/scripted-model.ts';
import type { Stage } from '../real-cli.ts';
import { NEWER, OLDER } from './place.ts';

const CALLS_A_TURN = 40;
const MODULES = resolve(import.meta.dirname, '../../../node_modules');

/** The real CLIs that the predictor was measured on, or the nearest that is installed. */
export const CLIENTS: readonly { readonly version: string; readonly program: string }[] = [
  { version: NEWER, program: `${MODULES}/.bin/claude` },
  { version: OLDER, program: `${MODULES}/claude-code-2.1.197/bin/claude.exe` },
];

/** `invalid`: the call was turned away before anything was decided. */
export type ClientDecision = 'allow' | 'ask' | 'deny' | 'invalid';

/** What the CLI decides about each call, from the results that it hands back to the model. One run of the CLI. */
export async function askClient(
  stage: Stage,
  program: string,
  args: readonly string[],
  calls: readonly PredictedCall[],
): Promise<readonly ClientDecision[]> {
  const turns = Array.from({ length: Math.ceil(calls.length / CALLS_A_TURN) }, (_, turn) => ({
    calls: calls.slice(turn * CALLS_A_TURN, (turn + 1) * CALLS_A_TURN),
  }));
  await using model = await startScriptedModel({ turns });
  const { exit, stderr } = await stage.runBare(program, model.url, ['-p', 'go', ...args]);
  assert.equal(exit, 0, stderr);
  const asked: string[] = [];
  const results = new Map<string, ToolResult>();
  const bodies = model.requests.flatMap(({ body }) => (body.startsWith('{') ? [body] : []));
  for (const { messages = [] } of bodies.map((body): { messages?: readonly Message[] } => JSON.parse(body))) {
    for (const block of messages.flatMap(({ content }) => (typeof content === 'string' ? [] : content))) {
      if (block.type === 'tool_use' && !asked.includes(block.id)) asked.push(block.id);
      if (block.type === 'tool_result') results.set(block.tool_use_id, block);
    }
  }
  assert.equal(asked.length, calls.length);
  return asked.map((id) => decisionIn(results.get(id)));
}

interface ToolResult {
  readonly type: 'tool_result';
  readonly tool_use_id: string;
  readonly is_error?: boolean;
  readonly content: string | readonly { readonly text?: string }[];
}

type Block = { readonly type: 'text' } | { readonly type: 'tool_use'; readonly id: string } | ToolResult;

interface Message {
  readonly content: string | readonly Block[];
}

const REFUSED = /has been denied|denied by your|covered by a Read deny|No such tool|[Hh]ook\b|Refusing to write/;
const TURNED_AWAY = /InputValidationError|has not been read yet|Cannot create new file|is a directory, not a file/;

/** A call that was let through and failed says why it failed. */
function decisionIn(result: ToolResult | undefined): ClientDecision {
  assert.ok(result);
  const text =
    typeof result.content === 'string' ? result.content : result.content.map(({ text = '' }) => text).join('');
  if (result.is_error !== true || /^(?:Exit code|Command timed out|EACCES|EISDIR|File does not)/.test(text))
    return 'allow';
  if (REFUSED.test(text)) return 'deny';
  return TURNED_AWAY.test(text) ? 'invalid' : 'ask';
}
