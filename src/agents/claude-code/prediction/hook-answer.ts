import type { ShellGrammar } from '../../../syntax/index.ts';
import type { JsonObject } from '../../../system/index.ts';
import { asObject, parseObject } from '../../json-fields.ts';
import type { PredictionPlace } from './decision.ts';

/** What a hook says, as far as its command can be known without running it. */
export type HookAnswer =
  | { readonly says: 'allow' | 'ask' | 'deny'; readonly input?: JsonObject }
  /** `nothing` may change the input all the same. */
  | { readonly says: 'nothing'; readonly input?: JsonObject }
  | { readonly says: 'unknown' };

export type HookEvent = 'PreToolUse' | 'PermissionRequest';

const UNKNOWN: HookAnswer = { says: 'unknown' };
const NOTHING: HookAnswer = { says: 'nothing' };
/** Seconds that a hook may take when it names no limit. */
const DEFAULT_TIMEOUT = 600;

/** The end of a command that prints literal text, waits, and exits; undefined for every other command. */
interface Ending {
  readonly output: string;
  readonly code: number;
  readonly seconds: number;
}

/**
 * What a command hook answers (reference: agents §2.7): exit 2 refuses a call, and leaves a question open; JSON on standard
 * output counts with every other code when it names the event; every fault says nothing.
 */
export function hookAnswer(
  hook: JsonObject,
  event: HookEvent,
  grammar: ShellGrammar,
  place: PredictionPlace,
): HookAnswer {
  const command = hook['command'];
  if (hook['type'] !== 'command' || typeof command !== 'string' || hook['async'] === true) return UNKNOWN;
  const ending = endingOf(command, grammar, place);
  if (ending === undefined) return UNKNOWN;
  const limit = typeof hook['timeout'] === 'number' ? hook['timeout'] : DEFAULT_TIMEOUT;
  if (ending.seconds >= limit) return NOTHING;
  if (ending.code === 2) return event === 'PreToolUse' ? { says: 'deny' } : NOTHING;
  const spoken = parseObject(ending.output);
  if (spoken === undefined) return NOTHING;
  return event === 'PreToolUse' ? answerToCall(spoken) : answerToQuestion(spoken);
}

function answerToCall(spoken: JsonObject): HookAnswer {
  if (spoken['continue'] === false) return UNKNOWN;
  const specific = specificOf(spoken, 'PreToolUse');
  const input = asObject(specific?.['updatedInput']);
  const changed = input === undefined ? {} : { input };
  const decision = specific?.['permissionDecision'];
  const older = spoken['decision'];
  if (decision === 'deny' || older === 'block') return { says: 'deny' };
  if (decision === 'defer') return UNKNOWN;
  if (decision === 'ask') return { says: 'ask', ...changed };
  if (decision === 'allow' || older === 'approve') return { says: 'allow', ...changed };
  return { says: 'nothing', ...changed };
}

function answerToQuestion(spoken: JsonObject): HookAnswer {
  const decision = asObject(specificOf(spoken, 'PermissionRequest')?.['decision']);
  const behavior = decision?.['behavior'];
  return behavior === 'allow' || behavior === 'deny' ? { says: behavior } : NOTHING;
}

function specificOf(spoken: JsonObject, event: HookEvent): JsonObject | undefined {
  const specific = asObject(spoken['hookSpecificOutput']);
  return specific?.['hookEventName'] === event ? specific : undefined;
}

function endingOf(command: string, grammar: ShellGrammar, place: PredictionPlace): Ending | undefined {
  const script = grammar.parse(command.trim());
  if ('unparsable' in script || script.forms.length > 0 || script.commands.length === 0) return undefined;
  let between = command;
  for (const { source } of script.commands) between = between.replace(source, () => '');
  if (/[^;\s]/.test(between)) return undefined;
  let output = '';
  let seconds = 0;
  for (const { words, assignments, redirects } of script.commands) {
    const literals = words.map(({ literal }) => literal);
    const [program, ...args] = literals;
    if (literals.includes(undefined) || assignments.length > 0 || redirects.length > 0) return undefined;
    if (program === 'exit') return { output, code: args[0] === undefined ? 0 : Number(args[0]), seconds };
    if (program === 'echo' && !args[0]?.startsWith('-')) output += `${args.join(' ')}\n`;
    else if (program === 'sleep' && /^\d+$/.test(args[0] ?? '')) seconds += Number(args[0]);
    else if (program?.startsWith('/') && !place.exists(program)) return { output, code: 127, seconds };
    else if (program !== 'true' && program !== ':') return undefined;
  }
  return { output, code: 0, seconds };
}
