import { type Node, nodeAt } from '../../syntax/index.ts';

/** A node without its positions, for a schema to check. Keys that repeat: the last counts. */
export function plainValue(node: Node): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plainValue);
  // No prototype: a key such as `__proto__` is a key.
  const plain: Record<string, unknown> = Object.create(null);
  for (const { key, value } of node.entries) plain[key.text] = plainValue(value);
  return { ...plain };
}

/** The innermost node of a route that exists: where a person looks for what is missing. */
export function nearestNode(root: Node, route: readonly PropertyKey[]): Node {
  const steps = route.map((step) => (typeof step === 'number' ? step : String(step)));
  for (let length = steps.length; length > 0; length -= 1) {
    const node = nodeAt(root, ...steps.slice(0, length));
    if (node !== undefined) return node;
  }
  return root;
}
