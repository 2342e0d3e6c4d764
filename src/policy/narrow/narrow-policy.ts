import { type ToolAction, toolNames } from '../action.ts';
import type { AllowList, PlaneRules, PolicyDocument } from '../document.ts';
import { normalisePath } from '../glob.ts';
import { EntryError } from '../reader/entry-error.ts';
import { readDocument } from '../reader/read-document.ts';
import { readToolEntry, readToolGrant } from '../reader/tool-entry.ts';
import type { CommandReader } from '../shell/effective-command.ts';
import { loadCommandReader } from '../shell/load-reader.ts';
import { grantCommands } from './command-grants.ts';
import { grantPaths } from './path-grants.ts';

/** What runs did under a policy that allowed it. Paths are relative to the workspace. */
export interface AllowedWork {
  readonly calls: readonly ToolAction[];
  /** Files that were changed or removed, whatever wrote them. */
  readonly changed: readonly string[];
  readonly models: readonly string[];
  /** Where the workspace stood. */
  readonly workspace: string;
}

/** One row of `tool.allow`. */
export interface ToolGrant {
  readonly entry: string;
  /** What it stands for, where that is more than the row says. */
  readonly forms: readonly string[];
}

export interface NarrowPolicy {
  readonly tools: readonly ToolGrant[];
  readonly writes: readonly string[];
  readonly models: readonly string[];
  /** Commands that only a grant of the whole tool would cover. */
  readonly beyond: readonly string[];
  /** The lists as YAML; `before` with them in place of its own. */
  readonly text: string;
  readonly document: PolicyDocument;
}

/**
 * The narrowest lists of tools, written files and models under which the same work would have been allowed. Deny and
 * ask rules, hosts, secrets and limits stay those of the policy in force.
 * @param before the policy of the repository; without one the built-in default held
 */
export async function narrowPolicy(
  work: readonly AllowedWork[],
  before: PolicyDocument | undefined,
): Promise<NarrowPolicy> {
  const { tools, beyond, redirected } = grantTools(work, await loadCommandReader());
  const writes = grantPaths([...work.flatMap(writtenPaths), ...redirected]);
  const models = [...new Set(work.flatMap((one) => one.models))].sort();
  const text = renderLists(tools, writes, models);
  const lists = await readDocument(text, 'narrow policy');
  return { tools, writes, models, beyond, text, document: withLists(before, lists) };
}

function writtenPaths({ calls, changed, workspace }: AllowedWork): readonly string[] {
  return [...changed, ...calls.flatMap(({ writes = [] }) => writes.flatMap((path) => within(path, workspace)))];
}

/** The path as the file plane knows it, when it lies in the workspace. */
function within(path: string, workspace: string): readonly string[] {
  const plain = normalisePath(path, workspace);
  return plain.startsWith('/') || plain === '..' || plain.startsWith('../') ? [] : [plain];
}

interface GrantedTools {
  readonly tools: readonly ToolGrant[];
  readonly beyond: readonly string[];
  /** Files of the workspace that commands wrote their output to. */
  readonly redirected: readonly string[];
}

function grantTools(work: readonly AllowedWork[], reader: CommandReader): GrantedTools {
  const calls = work.flatMap(({ calls: some, workspace }) => some.map((call) => ({ call, workspace })));
  const beyond: string[] = [];
  const redirected: string[] = [];
  const workspaces = [...new Set(work.map(({ workspace }) => workspace))];
  const reach = {
    isInside: (path: string) => workspaces.some((one) => within(path, one).length > 0),
    isWorkspace: (path: string) => workspaces.some((one) => within(path, one)[0] === '.'),
    mayWrite: (path: string) => workspaces.some((one) => within(path, one).length > 0),
  };
  const tools = [...Map.groupBy(calls, ({ call }) => nameOf(call))].flatMap(([tool, some]): readonly ToolGrant[] => {
    if (!takes('command', tool))
      return plainGrants(
        tool,
        some.map(({ call }) => call),
      );
    const commands = some.map(({ call }) => call.command ?? '');
    const isWritable = (pattern: string): boolean => canStand(`${tool}(${pattern})`);
    const granted = grantCommands(commands, { reader, reach, isWritable });
    beyond.push(...granted.beyond);
    redirected.push(...granted.writes.flatMap((path) => workspaces.flatMap((one) => within(path, one))));
    return granted.grants.map(({ pattern, forms }) => ({ entry: `${tool}(${pattern})`, forms }));
  });
  beyond.push(...tools.filter(({ entry }) => !canStand(entry)).map(({ entry }) => entry));
  const written = tools.filter(({ entry }) => canStand(entry));
  return { tools: written.toSorted((one, other) => (one.entry < other.entry ? -1 : 1)), beyond, redirected };
}

function plainGrants(tool: string, calls: readonly ToolAction[]): readonly ToolGrant[] {
  const hosts = new Set(calls.flatMap(({ urls = [] }) => urls.flatMap((url) => hostOf(url) ?? [])));
  if (!takes('host', tool) || hosts.size === 0) return [{ entry: tool, forms: [] }];
  return [...hosts].map((host) => ({ entry: `${tool}(domain:${host})`, forms: [] }));
}

/** A tool that has several names goes by the first, which the newest version uses. */
function nameOf(call: ToolAction): string {
  return toolNames(call)[0] ?? call.tool;
}

function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname : undefined;
}

/** Whether `tool(…)` can be written with such a thing in it. */
function takes(kind: 'command' | 'host', tool: string): boolean {
  const entry = `${tool}(${kind === 'host' ? 'domain:a.example' : 'a'})`;
  return canStand(entry) && readToolEntry(entry).spec?.kind === kind;
}

function canStand(entry: string): boolean {
  try {
    readToolGrant(entry);
    return true;
  } catch (error) {
    if (error instanceof EntryError) return false;
    throw error;
  }
}

function renderLists(tools: readonly ToolGrant[], writes: readonly string[], models: readonly string[]): string {
  const rows = (list: readonly string[]): string =>
    list.map((one) => `\n    - ${JSON.stringify(one)}`).join('') || ' []';
  const tool = tools.map(({ entry, forms }) => {
    return `\n    - ${JSON.stringify(entry)}${forms.length > 0 ? `  # ${forms.length} forms were used` : ''}`;
  });
  return [
    'version: 1',
    `tool:\n  allow:${tool.join('') || ' []'}`,
    `file:\n  write:\n    allow:${rows(writes).replaceAll('\n    -', '\n      -')}`,
    ...(models.length > 0 ? [`model:\n  allow:${rows(models)}`] : []),
    '',
  ].join('\n');
}

const LISTS: readonly AllowList[] = ['tool', 'file.write'];

/** The lists of one document in place of those of another; everything else stays. */
function withLists(before: PolicyDocument | undefined, lists: PolicyDocument): PolicyDocument {
  if (before === undefined) return lists;
  const kept: PlaneRules = {
    ...before.rules,
    tool: [...(before.rules.tool ?? []).filter(({ effect }) => effect !== 'allow'), ...(lists.rules.tool ?? [])],
    file: [
      ...(before.rules.file ?? []).filter(
        ({ effect, operations }) => effect !== 'allow' || !operations.includes('write'),
      ),
      ...(lists.rules.file ?? []),
    ],
    model: [...(before.rules.model ?? []).filter(({ effect }) => effect !== 'allow'), ...(lists.rules.model ?? [])],
  };
  const replaced = lists.rules.model ? [...LISTS, 'model' as const] : LISTS;
  return { ...before, rules: kept, allowLists: [...new Set([...before.allowLists, ...replaced])] };
}
