import { type AgentConfiguration, type HookCommand, TOOLS } from '../../../agents/index.ts';
import type { Facts } from '../../../facts/index.ts';
import type { Fix, Severity } from '../../../findings/index.ts';
import type { Place } from '../../../syntax/index.ts';
import { configurationRule, type Report } from './configuration-rule.ts';
import { replaceAt } from './edits.ts';
import { hook } from './examples.ts';
import { CLAUDE_EVENTS, GUARD_EVENTS, nearestName, TOOL_EVENTS } from './hook-events.ts';

const TOOL_NAMES = TOOLS.flatMap((row) => row.names);

/** CFG005: a hook that will never run. */
export const deadGuardHook = configurationRule(
  {
    id: 'CFG005',
    name: 'dead-guard-hook',
    title: 'A hook never fires',
    what: 'A hook of Claude Code whose event does not exist, whose matcher names no tool or is no valid pattern, or whose script is not there or cannot be executed.',
    why: 'Nothing reports a hook that never runs: its author believes in a guard that does not exist. Names are case-sensitive, and a missing script fails open.',
    sources: ['Claude Code documentation, hooks', 'Measured: exit 127 and a missing script let the call through'],
    severity: 'medium',
    confidence: 'high',
    tier: 'regular',
    fix: 'safe',
    advice:
      'Write the event and the tool as the documentation spells them, and try the hook with a call that it must refuse.',
    tags: ['CWE-1125', 'CWE-636'],
    attack: [hook('PreToolUse', 'jq -e .tool_input.command >/dev/null || exit 2', 'execute_command')],
    benign: [hook('PreToolUse', 'jq -e .tool_input.command >/dev/null || exit 2', 'Bash')],
  },
  function* (configuration, facts) {
    if (configuration.product !== 'claude-code') return;
    const guards = configuration.hooks.filter((one) => one.event === 'PreToolUse').length;
    for (const one of configuration.hooks) {
      const only = one.event === 'PreToolUse' && guards === 1;
      for (const fault of faultsOf(one, configuration, facts))
        yield { ...fault, severity: only && fault.severity === 'medium' ? 'high' : fault.severity };
    }
  },
);

type Fault = Report & { readonly severity: Severity };

function* faultsOf(one: HookCommand, configuration: AgentConfiguration, facts: Facts): Iterable<Fault> {
  if (!CLAUDE_EVENTS.includes(one.event)) {
    const meant = nearestName(one.event, CLAUDE_EVENTS);
    const hint = meant === undefined ? '' : `; ${meant} does`;
    yield {
      place: one.place,
      message: `No event is called ${one.event}${hint}: this hook never runs`,
      subject: `event ${one.event}`,
      severity: 'medium',
    };
  }
  if (TOOL_EVENTS.has(one.event) && one.matcher !== undefined) yield* matcherFault(one.matcher.text, one.matcher.place);
  if (one.type === 'command') yield* scriptFault(one, configuration, facts);
}

function* matcherFault(matcher: string, place: Place): Iterable<Fault> {
  if (matcher === '' || matcher === '*') return;
  const names = matcher.split('|').map((name) => name.trim());
  if (names.some((name) => !/^[A-Za-z_]\w{0,60}$/.test(name))) {
    if (!isPattern(matcher))
      yield {
        place,
        message: `The matcher ${matcher} is no valid pattern: this hook never runs`,
        subject: `matcher ${matcher}`,
        severity: 'medium',
      };
    return;
  }
  const unknown = names.filter((name) => !TOOL_NAMES.includes(name) && !name.startsWith('mcp__'));
  if (unknown.length === 0) return;
  const all = unknown.length === names.length;
  yield {
    place,
    message: `The matcher names no tool of Claude Code: ${unknown.join(', ')}${all ? '; this hook never runs' : ''}`,
    subject: `matcher ${unknown.join('|')}`,
    severity: all ? 'medium' : 'low',
    fixes: matcherFix(names, place),
  };
}

function matcherFix(names: readonly string[], place: Place): readonly Fix[] {
  const meant = names.map((name) =>
    TOOL_NAMES.includes(name) || name.startsWith('mcp__') ? name : nearestName(name, TOOL_NAMES),
  );
  if (meant.some((name) => name === undefined)) return [];
  const text = [...new Set(meant)].join('|');
  return [replaceAt(`Match ${text}`, place, JSON.stringify(text), 'safe')];
}

/** Only brackets are checked: the pattern itself is never run here. */
function isPattern(matcher: string): boolean {
  let depth = 0;
  let inClass = false;
  for (let index = 0; index < matcher.length; index++) {
    const character = matcher[index];
    if (character === '\\') index++;
    else if (inClass) inClass = character !== ']';
    else if (character === '[') inClass = true;
    else if (character === '(') depth++;
    else if (character === ')' && --depth < 0) return false;
  }
  return depth === 0 && !inClass && !/^[*+?]/.test(matcher) && !matcher.endsWith('\\');
}

function* scriptFault(one: HookCommand, configuration: AgentConfiguration, facts: Facts): Iterable<Fault> {
  const match = /^["']?(?:\$\{?CLAUDE_PROJECT_DIR\}?["']?\/|\.\/)([\w./-]{1,300})["']?(?:\s|$)/.exec(one.command);
  const started =
    /^(?:bash|sh|zsh|node|python3?|bun|deno run|ruby)\s+["']?(?:\$\{?CLAUDE_PROJECT_DIR\}?["']?\/|\.\/)([\w./-]{1,300})/.exec(
      one.command,
    );
  const path = (match ?? started)?.[1]?.replace(/["']$/, '');
  if (path === undefined || path.includes('..') || configuration.role === 'plugin') return;
  const entry = facts.tree.entries.find((other) => other.path === path);
  const guard = GUARD_EVENTS.has(one.event);
  if (entry === undefined) {
    const folder = path.slice(0, path.lastIndexOf('/') + 1);
    const neighbours = folder !== '' && facts.tree.entries.some((other) => other.path.startsWith(folder));
    yield {
      place: one.place,
      message: `The hook's script ${path} is not in the repository: every call passes`,
      subject: `script ${path}`,
      severity: guard && neighbours ? 'medium' : 'low',
    };
  } else if (match !== null && entry.kind === 'file' && !entry.executable) {
    yield {
      place: one.place,
      message: `The hook's script ${path} is not executable: every call passes`,
      subject: `script ${path}`,
      severity: guard ? 'medium' : 'low',
    };
  }
}
