import type { ShellGrammar } from '../../../syntax/index.ts';
import type { JsonObject } from '../../../system/index.ts';
import { type Behaviour, behavioursOf } from './behaviour.ts';
import { type PredictedCall, type PredictedDecision, type PredictionInput, stricterOf } from './decision.ts';
import { mergeSettings } from './effective-settings.ts';
import { freeTool, MONITOR } from './free-tools.ts';
import { judgeCommand } from './judge-command.ts';
import { judgeFetch } from './judge-fetch.ts';
import { isFileTool, judgeFile } from './judge-file.ts';
import { askHooks } from './judge-hooks.ts';
import { byRule, type Judgement } from './judge-path.ts';
import { isWhole, namesParameter, namesTool } from './permission-rule.ts';

/**
 * What the real Claude Code CLI would decide about a tool call (reference: agents §2.4, measured on 2.1.197 and 2.1.329).
 * For another version the stricter answer of both. What is not modelled asks; nothing that is guessed is allowed.
 */
export function predictDecision(input: PredictionInput, call: PredictedCall, grammar: ShellGrammar): PredictedDecision {
  const [first, ...others] = behavioursOf(input.version).map((behaviour) =>
    predictFor(behaviour, input, call, grammar),
  );
  const decision = others.reduce(stricterOf, first ?? unmodelled('no version was measured'));
  if (others.length === 0) return decision;
  return { ...decision, reason: `${decision.reason} (${input.version} was not measured: the stricter answer)` };
}

function predictFor(
  behaviour: Behaviour,
  input: PredictionInput,
  call: PredictedCall,
  grammar: ShellGrammar,
): PredictedDecision {
  const on = { settings: mergeSettings(input, behaviour), behaviour };
  const removed = removal(call, on);
  if (removed) return removed;
  const hook = askHooks('PreToolUse', call, on, grammar);
  if (hook.says === 'deny') return { verdict: 'deny', by: 'hook', reason: 'a hook refuses' };
  const changed = 'input' in hook && hook.input !== undefined ? { tool: call.tool, input: hook.input } : call;
  const own = changed === call ? undefined : judge(call, on, grammar);
  const judged = own?.verdict === 'deny' ? own : judge(changed, on, grammar);
  const answered = withHook(judged, hook.says, on);
  const final = answered ?? modeDefault(on, call);
  if (final.verdict !== 'ask')
    return on.settings.overflows && final.verdict === 'allow' ? unmodelled('too many rules') : final;
  return unanswered(final, call, on, grammar);
}

/** A question is answered by a `PermissionRequest` hook, or refused where nobody may be asked. */
function unanswered(
  final: PredictedDecision,
  call: PredictedCall,
  on: Judgement,
  grammar: ShellGrammar,
): PredictedDecision {
  if (on.settings.mode === 'dontAsk')
    return { ...final, verdict: 'deny', reason: `${final.reason}; dontAsk refuses what would ask` };
  if (!on.behaviour.asksRequestHooks || on.settings.mode === 'plan') return final;
  const { says } = askHooks('PermissionRequest', call, on, grammar);
  if (says === 'allow' || says === 'deny') return { verdict: says, by: 'hook', reason: 'a hook answers the question' };
  return final;
}

/** Bare denials and tools of other versions are not offered to the model at all. */
function removal({ tool }: PredictedCall, on: Judgement): PredictedDecision | undefined {
  const rule = on.settings.rules.find((one) => one.list === 'deny' && isWhole(one) && namesTool(one, tool));
  if (rule)
    return {
      verdict: 'deny',
      by: 'tool removed',
      reason: 'the tool is not offered',
      rule: rule.text,
      source: rule.source,
    };
  if (freeTool(tool)?.later !== true || on.behaviour.laterTools) return undefined;
  return { verdict: 'deny', by: 'tool removed', reason: `${on.behaviour.version} has no such tool` };
}

/** Rules and safety checks in the CLI's order; undefined where only the mode decides. */
function judge(call: PredictedCall, on: Judgement, grammar: ShellGrammar): PredictedDecision | undefined {
  const { tool, input } = call;
  for (const list of ['deny', 'ask'] as const) {
    const rule = on.settings.rules.find(
      (one) => one.list === list && namesTool(one, tool) && isAboutInput(one.spec, call, one),
    );
    if (rule) return byRule(rule, 'the rule is about this call');
  }
  if (tool === 'Bash') return judgeCommand(input, on, grammar);
  if (isFileTool(tool)) return askedWhole(tool, on) ?? judgeFile(tool, input, on);
  const asked = askedWhole(tool, on);
  if (asked) return asked;
  const fetched = tool === 'WebFetch' ? judgeFetch(input, on) : undefined;
  if (fetched) return fetched;
  if (tool === MONITOR) return judgeMonitor(input, on, grammar);
  const allowed = on.settings.rules.find(
    (one) =>
      one.list === 'allow' &&
      namesTool(one, tool) &&
      !asksInPlan(tool, on) &&
      (isWhole(one) || (tool === 'Skill' && namesSkill(one.spec ?? '', input))),
  );
  if (allowed) return byRule(allowed, 'the rule is about such a call');
  return freely(tool, on);
}

/** In a plan of newer versions a tool of a server runs only where the server says that it reads. */
function asksInPlan(tool: string, { settings, behaviour }: Judgement): boolean {
  return tool.startsWith('mcp__') && settings.mode === 'plan' && !behaviour.plansWithAgents;
}

/** The classifier of the mode `auto` has a say in what an agent is started for, and newer plans ask it too. */
function freely(tool: string, { settings, behaviour }: Judgement): PredictedDecision | undefined {
  if (freeTool(tool) === undefined) return undefined;
  const isAgent = tool === 'Agent' || tool === 'Task';
  const isJudged = settings.mode === 'auto' || (settings.mode === 'plan' && !behaviour.plansWithAgents);
  if (isAgent && isJudged) return unmodelled('a classifier decides whether an agent is started');
  return { verdict: 'allow', by: 'mode', reason: 'the tool needs no permission' };
}

type Rule = Judgement['settings']['rules'][number];

/** `Agent(Explore)`, `Agent(model:opus)`, `Bash(timeout:1000)`. */
function isAboutInput(spec: string | undefined, { tool, input }: PredictedCall, rule: Rule): boolean {
  if (spec === undefined || isWhole(rule)) return false;
  if (tool === 'Agent' || tool === 'Task') {
    const type = input['subagent_type'] ?? 'general-purpose';
    if (typeof type === 'string' && spec.toLowerCase() === type.toLowerCase()) return true;
  }
  if (tool === 'Skill' && rule.list === 'deny' && namesSkill(spec, input)) return true;
  return namesParameter(rule, input);
}

/** `Skill(name)`, `Skill(/name)`, `Skill(name:*)`, `Skill(name *)`: about the skill, whatever its arguments. */
function namesSkill(spec: string, { skill }: JsonObject): boolean {
  if (typeof skill !== 'string') return false;
  return spec.replace(/^\//, '').replace(/(?::| )\*$/, '') === skill.trim().replace(/^\//, '');
}

function askedWhole(tool: string, on: Judgement): PredictedDecision | undefined {
  const rule = on.settings.rules.find((one) => one.list === 'ask' && isWhole(one) && namesTool(one, tool));
  return rule && byRule(rule, 'the rule asks about every call of the tool');
}

function judgeMonitor(input: JsonObject, on: Judgement, grammar: ShellGrammar): PredictedDecision | undefined {
  const rules = on.settings.rules.filter(({ list }) => list !== 'allow');
  return judgeCommand(input, { ...on, settings: { ...on.settings, rules } }, grammar);
}

/** A hook's approval skips the question, but no rule that refuses or asks and no safety check. */
function withHook(
  judged: PredictedDecision | undefined,
  says: string,
  { settings }: Judgement,
): PredictedDecision | undefined {
  if (says === 'nothing' || judged?.verdict === 'deny') return judged;
  const stands = judged?.verdict === 'ask' && (judged.rule !== undefined || judged.by === 'safety');
  if (stands) return judged;
  if (says === 'ask') return { verdict: 'ask', by: 'hook', reason: 'a hook asks' };
  if (says === 'unknown') return unmodelled('a hook has a say, and what it says is not known');
  return settings.mode === 'plan' ? judged : { verdict: 'allow', by: 'hook', reason: 'a hook approves' };
}

const KNOWN_TOOLS =
  /^(?:Bash|Read|Edit|MultiEdit|Write|NotebookEdit|NotebookRead|Glob|Grep|LS|WebFetch|WebSearch|Skill|Monitor|mcp__.+)$/;

function modeDefault({ settings }: Judgement, { tool }: PredictedCall): PredictedDecision {
  if (!KNOWN_TOOLS.test(tool)) return unmodelled(`nothing is known about a tool ${tool.slice(0, 80)}`);
  if (settings.mode === 'bypassPermissions')
    return { verdict: 'allow', by: 'mode', reason: 'bypassPermissions approves the rest' };
  return {
    verdict: 'ask',
    by: settings.mode === 'auto' ? 'not modelled' : 'mode',
    reason: 'nothing decides: a person would be asked',
  };
}

function unmodelled(why: string): PredictedDecision {
  return { verdict: 'ask', by: 'not modelled', reason: why };
}
