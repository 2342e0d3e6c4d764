import { matchWildcard } from '../../../policy/index.ts';
import type { JsonObject } from '../../../system/index.ts';
import type { SettingsSource } from './decision.ts';

export type RuleList = 'allow' | 'ask' | 'deny';

/** A rule of the CLI's grammar, `Tool` or `Tool(spec)`. */
export interface PermissionRule {
  readonly list: RuleList;
  readonly text: string;
  readonly source: SettingsSource;
  readonly tool: string;
  readonly spec: string | undefined;
  /** It stands on the command line itself: `--allowedTools`, `--disallowedTools`. */
  readonly spoken?: boolean;
}

/** Two names of one tool. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  ['Task', 'Agent'],
  ['Agent', 'Task'],
]);

/** Inputs of a tool that a rule cannot name as a parameter (reference: agents §2.4.8). */
const NO_PARAMETERS: ReadonlySet<string> = new Set(['command', 'file_path', 'notebook_path', 'path', 'query']);

/** Read a rule; undefined for text that has no such form, which the CLI keeps and never matches. */
export function readRule(text: string, list: RuleList, source: SettingsSource): PermissionRule | undefined {
  const open = text.indexOf('(');
  if (open < 0) return /^[^()]+$/.test(text) ? { list, text, source, tool: text, spec: undefined } : undefined;
  if (open === 0 || !text.endsWith(')')) return undefined;
  return { list, text, source, tool: text.slice(0, open), spec: text.slice(open + 1, -1) };
}

/**
 * Whether the rule names the tool. Globs of names count where a rule about the whole tool refuses or asks, and behind a
 * literal MCP server.
 */
export function namesTool(rule: PermissionRule, tool: string): boolean {
  if (tool.startsWith('mcp__')) return namesServerTool(rule, tool);
  const names = [tool, OTHER_NAMES.get(tool)].filter((name) => name !== undefined);
  const isLiteral = rule.list === 'allow' || !isWhole(rule);
  return names.some((name) => (isLiteral ? rule.tool === name : matchWildcard(rule.tool, name)));
}

/**
 * `mcp__srv`, `mcp__srv__tool`, `mcp__srv__get_*`; forms with parentheses match nothing. Where a name can be read in two
 * ways (`mcp__a__b__c`: server `a`, or `a__b`), an approval must hold in both.
 */
function namesServerTool(rule: PermissionRule, tool: string): boolean {
  if (rule.spec !== undefined) return false;
  if (rule.list === 'allow')
    return rule.tool === tool || serversOf(tool).every((server) => approvesServer(rule.tool, server, tool));
  if (matchWildcard(rule.tool, tool)) return true;
  return rule.tool.startsWith('mcp__') && !rule.tool.endsWith('__') && matchWildcard(`${rule.tool}__*`, tool);
}

/** The servers that the name of a tool may begin with, as `mcp__srv`. */
function serversOf(tool: string): readonly string[] {
  const parts = tool.slice('mcp__'.length).split('__');
  const ends = parts.slice(0, -1).map((_, index) => `mcp__${parts.slice(0, index + 1).join('__')}`);
  return ends.length > 0 ? ends : [tool];
}

/** The name of a server whose own name holds `__` is read as one of a tool. */
function approvesServer(rule: string, server: string, tool: string): boolean {
  if (rule === server) return !server.slice('mcp__'.length).includes('__');
  return rule.startsWith(`${server}__`) && matchWildcard(rule, tool);
}

/** A rule about every call of its tool. As a denial it takes the tool away. */
export function isWhole({ spec }: PermissionRule): boolean {
  return spec === undefined || spec === '*';
}

/** `Tool(parameter:value)`, which only denials and questions compare; `*` in the value is any text. */
export function namesParameter(rule: PermissionRule, input: JsonObject): boolean {
  if (rule.list === 'allow' || rule.spec === undefined) return false;
  const colon = rule.spec.indexOf(':');
  const name = rule.spec.slice(0, Math.max(colon, 0));
  if (name === '' || NO_PARAMETERS.has(name) || !Object.hasOwn(input, name)) return false;
  const value = input[name];
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return false;
  return matchWildcard(rule.spec.slice(colon + 1), String(value));
}
