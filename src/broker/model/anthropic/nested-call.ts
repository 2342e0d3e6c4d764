import { isArray, isObject, type JsonValue } from '../../../system/index.ts';

/** Whether a tool call stands anywhere in a value where none belongs. */
export function carriesCall(node: JsonValue | undefined): boolean {
  if (isArray(node)) return node.some(carriesCall);
  if (!isObject(node)) return false;
  return node['type'] === 'tool_use' || Object.values(node).some(carriesCall);
}
