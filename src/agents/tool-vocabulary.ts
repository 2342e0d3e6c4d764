import { isAbsolute, posix } from 'node:path';
import type { Action, FileAction, NetworkAction, ToolAction } from '../policy/index.ts';
import type { JsonObject } from '../system/index.ts';
import type { ToolCall } from './adapter.ts';

/** How a tool's input is read, and whether an unattended run offers the tool at all. */
export interface ToolRow {
  /** Every name the tool has had; the first is today's. */
  readonly names: readonly string[];
  readonly offered: boolean;
  /** Input fields with shell text, paths that are read or written, and addresses. */
  readonly command?: string;
  readonly reads?: readonly string[];
  readonly writes?: readonly string[];
  readonly urls?: readonly string[];
}

/**
 * What a tool call would do, in the policy's words: the call itself, then each file of the workspace it names, then
 * each address. Paths outside the workspace have no file action; the tool action carries them as spelled.
 */
export function actionsOf(call: ToolCall, workspace: string, vocabulary: readonly ToolRow[]): readonly Action[] {
  const row = vocabulary.find(({ names }) => names.includes(call.name));
  const reads = textFields(call.input, row?.reads);
  const writes = textFields(call.input, row?.writes);
  const urls = textFields(call.input, row?.urls);
  const command = row?.command === undefined ? undefined : call.input[row.command];
  const aliases = row?.names.filter((name) => name !== call.name) ?? [];
  const tool: ToolAction = {
    plane: 'tool',
    tool: call.name,
    ...(aliases.length > 0 ? { aliases } : {}),
    input: call.input,
    ...(typeof command === 'string' ? { command } : {}),
    ...(reads.length > 0 ? { reads } : {}),
    ...(writes.length > 0 ? { writes } : {}),
    ...(urls.length > 0 ? { urls } : {}),
  };
  return [
    tool,
    ...reads.flatMap((path) => fileAction('read', path, workspace)),
    ...writes.flatMap((path) => fileAction('write', path, workspace)),
    ...urls.flatMap(networkAction),
  ];
}

function textFields(input: JsonObject, names: readonly string[] | undefined): readonly string[] {
  return (names ?? []).flatMap((name) => {
    const value = input[name];
    return typeof value === 'string' ? [value] : [];
  });
}

function fileAction(operation: FileAction['operation'], spelled: string, workspace: string): readonly FileAction[] {
  const absolute = isAbsolute(spelled) ? posix.normalize(spelled) : posix.join(workspace, spelled);
  const path = posix.relative(workspace, absolute);
  if (path === '..' || path.startsWith('../')) return [];
  return [{ plane: 'file', operation, path: path === '' ? '.' : path }];
}

function networkAction(url: string): readonly NetworkAction[] {
  if (!URL.canParse(url)) return [];
  const { protocol, hostname, port, pathname } = new URL(url);
  if (protocol !== 'http:' && protocol !== 'https:') return [];
  const secure = protocol === 'https:';
  return [
    {
      plane: 'network',
      host: hostname.replace(/^\[|\]$/g, '').replace(/\.$/, ''),
      port: port === '' ? (secure ? 443 : 80) : Number(port),
      protocol: secure ? 'https' : 'http',
      method: 'GET',
      path: pathname,
    },
  ];
}
