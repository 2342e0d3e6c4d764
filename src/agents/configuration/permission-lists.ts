import { entriesOf, type Node, nodeAt, type ScalarNode, scalarsOf } from '../../syntax/index.ts';
import type { ProductId, WrittenRule } from '../invocation/invocation.ts';
import type { SurfaceKind } from './configuration.ts';
import { readPrefixRules } from './prefix-rules.ts';
import { splitToolList } from './tool-list.ts';

export type Verdict = 'allow' | 'deny' | 'ask';
export type PermissionLists = { readonly [verdict in Verdict]: readonly WrittenRule[] };

/** A key that holds a list of rules. */
interface ListRow {
  readonly product: ProductId | 'any';
  readonly route: readonly string[];
  readonly verdict: Verdict;
}

/** Source: the vendors' settings references, August 2026. */
const LISTS: readonly ListRow[] = [
  { product: 'claude-code', route: ['permissions', 'allow'], verdict: 'allow' },
  { product: 'claude-code', route: ['permissions', 'deny'], verdict: 'deny' },
  { product: 'claude-code', route: ['permissions', 'ask'], verdict: 'ask' },
  { product: 'cursor', route: ['permissions', 'allow'], verdict: 'allow' },
  { product: 'cursor', route: ['permissions', 'deny'], verdict: 'deny' },
  { product: 'cursor', route: ['terminalAllowlist'], verdict: 'allow' },
  { product: 'cursor', route: ['mcpAllowlist'], verdict: 'allow' },
  { product: 'gemini', route: ['tools', 'allowed'], verdict: 'allow' },
  { product: 'gemini', route: ['tools', 'exclude'], verdict: 'deny' },
  { product: 'gemini', route: ['allowedTools'], verdict: 'allow' },
  { product: 'gemini', route: ['excludeTools'], verdict: 'deny' },
  { product: 'qwen', route: ['tools', 'allowed'], verdict: 'allow' },
  { product: 'qwen', route: ['tools', 'exclude'], verdict: 'deny' },
  { product: 'qwen', route: ['permissions', 'allow'], verdict: 'allow' },
  { product: 'qwen', route: ['permissions', 'deny'], verdict: 'deny' },
  { product: 'amp', route: ['amp.commands.allowlist'], verdict: 'allow' },
  { product: 'copilot', route: ['allowedUrls'], verdict: 'allow' },
  { product: 'copilot', route: ['permissions', 'allow'], verdict: 'allow' },
  { product: 'copilot', route: ['permissions', 'deny'], verdict: 'deny' },
];

/** Front matter of skills and commands grants; of subagents it only refuses (their `tools` restricts). */
const FRONT_MATTER: readonly {
  readonly key: string;
  readonly verdict: Verdict;
  readonly kinds: readonly SurfaceKind[];
}[] = [
  { key: 'allowed-tools', verdict: 'allow', kinds: ['skill', 'command'] },
  { key: 'allowedTools', verdict: 'allow', kinds: ['skill', 'command'] },
  { key: 'disallowedTools', verdict: 'deny', kinds: ['subagent', 'skill', 'command'] },
  { key: 'disallowed-tools', verdict: 'deny', kinds: ['subagent', 'skill', 'command'] },
];

/** The rules of a file, in its own spelling. opencode's map becomes `bash(git *)`, Codex's prefix rules the words. */
export function readPermissions(
  root: Node | undefined,
  product: ProductId | 'any',
  kind: SurfaceKind,
  file: { readonly path: string; readonly text: string },
): PermissionLists {
  const lists: { [verdict in Verdict]: WrittenRule[] } = { allow: [], deny: [], ask: [] };
  for (const row of LISTS) {
    if (row.product !== product) continue;
    for (const scalar of scalarsOf(nodeAt(root, ...row.route))) lists[row.verdict].push(ruleOf(scalar, file.path));
  }
  for (const row of FRONT_MATTER) {
    if (!row.kinds.includes(kind)) continue;
    const rules = scalarsOf(nodeAt(root, row.key)).flatMap((scalar) => splitScalar(scalar, file.path));
    for (const rule of rules) lists[row.verdict].push(rule);
  }
  if (product === 'opencode') readVerdictMap(nodeAt(root, 'permission'), file.path, lists);
  if (product === 'codex' && kind === 'rules') readPrefixRules(file, lists);
  return lists;
}

function ruleOf(scalar: ScalarNode, file: string): WrittenRule {
  return { text: scalar.text, place: { file, span: scalar.span } };
}

function splitScalar(scalar: ScalarNode, file: string): readonly WrittenRule[] {
  return splitToolList(scalar.text).map((item) => ({
    text: item.text,
    place: { file, span: { start: scalar.offsetOf(item.start), end: scalar.offsetOf(item.start + item.text.length) } },
  }));
}

const VERDICTS: ReadonlyMap<string, Verdict> = new Map([
  ['allow', 'allow'],
  ['deny', 'deny'],
  ['ask', 'ask'],
]);

/** `permission: allow`, `{edit: deny}`, `{bash: {"git *": allow}}`. */
function readVerdictMap(node: Node | undefined, file: string, lists: { [verdict in Verdict]: WrittenRule[] }): void {
  const add = (value: Node, text: string): void => {
    const verdict = value.kind === 'scalar' ? VERDICTS.get(value.text) : undefined;
    if (verdict !== undefined) lists[verdict].push({ text, place: { file, span: value.span } });
  };
  if (node?.kind === 'scalar') add(node, '*');
  for (const tool of entriesOf(node)) {
    add(tool.value, tool.key.text);
    for (const pattern of entriesOf(tool.value)) add(pattern.value, `${tool.key.text}(${pattern.key.text})`);
  }
}
