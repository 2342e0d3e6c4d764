import { entriesOf, itemsOf, type MapEntry, type Node, nodeAt, scalarAt, scalarsOf } from '../../syntax/index.ts';
import type { McpServer, SurfaceKind } from './configuration.ts';
import { originOf } from './server-origin.ts';

/** Where products keep their servers: `mcpServers` most, `servers` VS Code, `mcp` opencode, TOML and extensions others. */
const SERVER_MAPS: readonly (readonly string[])[] = [
  ['mcpServers'],
  ['servers'],
  ['mcp'],
  ['mcp', 'servers'],
  ['mcp_servers'],
  ['context_servers'],
  ['extensions'],
  ['amp.mcpServers'],
  ['amp', 'mcpServers'],
];
const ENVIRONMENT_KEYS = ['env', 'environment', 'envs'] as const;
const HEADER_KEYS = ['headers', 'http_headers', 'env_http_headers'] as const;
const URL_KEYS = ['url', 'serverUrl', 'httpUrl', 'uri'] as const;

type ServerEntry = Pick<MapEntry, 'key' | 'value'>;

/** The MCP servers that a file names, in the form of any product. */
export function readServers(root: Node | undefined, kind: SurfaceKind, file: string): readonly McpServer[] {
  const maps = SERVER_MAPS.map((route) => nodeAt(root, ...route)).filter((node) => node !== undefined);
  const found = maps.flatMap((map) =>
    [...entriesOf(map), ...listedServers(map)].flatMap((entry) => readServer(entry, file)),
  );
  if (found.length > 0 || kind !== 'mcp') return found;
  return entriesOf(root).flatMap((entry) => readServer(entry, file));
}

/** Front matter writes a list of maps with one name each, or of maps with a `name`. */
function listedServers(node: Node): readonly ServerEntry[] {
  if (node.kind !== 'list') return [];
  return node.items.flatMap((item): readonly ServerEntry[] => {
    const name = scalarAt(item, 'name');
    return name === undefined ? entriesOf(item) : [{ key: name, value: item }];
  });
}

function readServer(entry: ServerEntry, file: string): readonly McpServer[] {
  const node = entry.value;
  if (node.kind !== 'map') return [];
  const program = nodeAt(node, 'command') ?? nodeAt(node, 'cmd');
  const path = scalarAt(program, 'path');
  const words = path === undefined ? scalarsOf(program) : [path];
  const args = [...scalarsOf(nodeAt(node, 'args')), ...scalarsOf(nodeAt(program, 'args'))];
  const command = [...words, ...args].map((word) => word.text);
  const url = URL_KEYS.map((key) => scalarAt(node, key)?.text).find((text) => text !== undefined && text !== '');
  if (command.length === 0 && url === undefined) return [];
  return [
    {
      name: entry.key.text,
      origin: originOf(command, url),
      transport: transportOf(scalarAt(node, 'type')?.text, command, url),
      command,
      url,
      environment: ENVIRONMENT_KEYS.flatMap((key) => readPairs(nodeAt(node, key), file)),
      headers: HEADER_KEYS.flatMap((key) => readPairs(nodeAt(node, key), file)),
      place: { file, span: entry.key.span },
      node,
      disabled: scalarAt(node, 'disabled')?.value === true || scalarAt(node, 'enabled')?.value === false,
      risks: [],
    },
  ];
}

function transportOf(
  written: string | undefined,
  command: readonly string[],
  url: string | undefined,
): McpServer['transport'] {
  if (command.length > 0) return 'stdio';
  if (written === 'sse') return 'sse';
  return url === undefined ? 'unknown' : 'http';
}

/** A map of names to values, or a list of `NAME=value`. */
export function readPairs(node: Node | undefined, file: string): McpServer['environment'] {
  if (node?.kind === 'map') {
    return node.entries.flatMap(({ key, value }) =>
      value.kind === 'scalar' ? [{ name: key.text, value: value.text, place: { file, span: value.span } }] : [],
    );
  }
  return itemsOf(node).flatMap((item) => {
    const equals = item.kind === 'scalar' ? item.text.indexOf('=') : -1;
    if (item.kind !== 'scalar' || equals <= 0) return [];
    const place = { file, span: item.span };
    return [{ name: item.text.slice(0, equals), value: item.text.slice(equals + 1), place }];
  });
}
