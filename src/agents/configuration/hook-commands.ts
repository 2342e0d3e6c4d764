import { entriesOf, itemsOf, type Node, nodeAt, type Place, type ScalarNode, scalarAt } from '../../syntax/index.ts';
import type { HookCommand } from './configuration.ts';

const TYPES: ReadonlyMap<string, HookCommand['type']> = new Map([
  ['command', 'command'],
  ['http', 'http'],
  ['prompt', 'prompt'],
  ['agent', 'agent'],
  ['mcp_tool', 'mcp-tool'],
]);

/** Keys under which products write what a hook runs or calls, in order of precedence. */
const COMMAND_KEYS = ['command', 'bash', 'powershell', 'url', 'prompt', 'script', 'tool', 'hook'] as const;

/**
 * The hooks of a settings or hooks file, or of front matter. Read are both forms in use: a matcher with a list of
 * hooks (Claude Code, Codex, Gemini, Qwen) and a flat list of commands per event (Cursor, Copilot).
 */
export function readHooks(root: Node | undefined, file: string): readonly HookCommand[] {
  const hooks = nodeAt(root, 'hooks');
  const found = entriesOf(hooks).flatMap((event) =>
    itemsOf(event.value).flatMap((item) => readGroup(event.key.text, item, file)),
  );
  return [...found, ...readKiroHook(root, file)];
}

function readGroup(event: string, group: Node, file: string): readonly HookCommand[] {
  const matcher = readMatcher(group, file);
  const nested = nodeAt(group, 'hooks');
  const items = nested === undefined ? [group] : itemsOf(nested);
  return items.flatMap((item) => readHook(event, matcher, item, file) ?? []);
}

function readMatcher(group: Node, file: string): HookCommand['matcher'] {
  const matcher = scalarAt(group, 'matcher') ?? scalarAt(group, 'matcher', 'tool_name');
  return matcher === undefined ? undefined : { text: matcher.text, place: { file, span: matcher.span } };
}

function readHook(event: string, matcher: HookCommand['matcher'], node: Node, file: string): HookCommand | undefined {
  if (node.kind === 'scalar') return node.text === '' ? undefined : hookOf(event, matcher, 'command', node, file);
  const command = COMMAND_KEYS.map((key) => ({ key, value: nodeAt(node, key) })).find((one) => one.value !== undefined);
  if (command?.value === undefined) return undefined;
  const words = itemsOf(command.value).filter((item) => item.kind === 'scalar');
  const args = itemsOf(nodeAt(node, 'args')).filter((item) => item.kind === 'scalar');
  const first = words[0];
  if (first === undefined) return undefined;
  const written = scalarAt(node, 'type')?.text;
  const fallback = command.key === 'url' ? 'http' : 'command';
  const seconds = scalarAt(node, 'timeout') ?? scalarAt(node, 'timeoutSec');
  const timeout = typeof seconds?.value === 'number' ? seconds.value : undefined;
  return {
    event,
    matcher,
    type: written === undefined ? fallback : (TYPES.get(written) ?? 'unknown'),
    command: [...words, ...args].map((word) => word.text).join(' '),
    place: { file, span: first.span },
    timeoutSeconds: timeout,
    background: ['async', 'asyncRewake'].some((key) => scalarAt(node, key)?.value === true),
    scalar: words.length + args.length === 1 ? first : undefined,
    node,
    risks: [],
  };
}

function hookOf(
  event: string,
  matcher: HookCommand['matcher'],
  type: HookCommand['type'],
  node: ScalarNode,
  file: string,
): HookCommand {
  const place: Place = { file, span: node.span };
  return {
    event,
    matcher,
    type,
    command: node.text,
    place,
    timeoutSeconds: undefined,
    background: false,
    scalar: node,
    node,
    risks: [],
  };
}

/** Kiro writes one hook a file: `when.type` and `then.command`. */
function readKiroHook(root: Node | undefined, file: string): readonly HookCommand[] {
  const event = scalarAt(root, 'when', 'type');
  const command = scalarAt(root, 'then', 'command');
  return event === undefined || command === undefined ? [] : [hookOf(event.text, undefined, 'command', command, file)];
}
