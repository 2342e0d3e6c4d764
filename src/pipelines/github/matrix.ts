import { entriesOf, itemsOf, type Node, nodeAt } from '../../syntax/index.ts';

/** More values than this of one dimension are not listed. */
const MOST_VALUES = 256;

/**
 * The values of each matrix dimension that is wholly written in the file. Dimensions with an expression among their
 * values are left out: nobody knows them before the run.
 */
export function readMatrix(strategy: Node | undefined): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, string[]>();
  const unknown = new Set<string>();
  const matrix = nodeAt(strategy, 'matrix');
  if (matrix?.kind === 'scalar') return values;
  for (const entry of entriesOf(matrix)) {
    const name = entry.key.text.toLowerCase();
    if (name === 'exclude') continue;
    if (name === 'include') {
      if (entry.value.kind === 'scalar') return new Map();
      for (const item of itemsOf(entry.value)) collect('', item, values, unknown);
      continue;
    }
    if (entry.value.kind === 'scalar') unknown.add(name);
    for (const item of itemsOf(entry.value)) collect(name, item, values, unknown);
  }
  return new Map(
    [...values].filter(([name]) => ![...unknown].some((each) => name === each || name.startsWith(`${each}.`))),
  );
}

/**
 * Dimensions that an expression makes, or one of whose values it is, by name in lower case; an expression for the whole
 * matrix has the empty name.
 */
export function computedDimensions(strategy: Node | undefined): ReadonlyMap<string, string> {
  const matrix = nodeAt(strategy, 'matrix');
  if (matrix?.kind === 'scalar') return new Map([['', matrix.text]]);
  const found = new Map<string, string>();
  for (const { name, text } of entriesOf(matrix).flatMap(({ key, value }) => textsOf(key.text.toLowerCase(), value)))
    if (text.includes('${{')) found.set(name, `${found.get(name) ?? ''} ${text}`.trim());
  return found;
}

interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** `x: ${{ … }}`, `x: [a, "${{ … }}"]`, and the rows of `include`. */
function textsOf(name: string, node: Node): readonly NamedText[] {
  if (name === 'exclude') return [];
  const rows = name === 'include' ? itemsOf(node).flatMap(entriesOf) : [];
  const own = [node, ...itemsOf(node)].flatMap((one) => (one.kind === 'scalar' ? [{ name, text: one.text }] : []));
  const named = rows.flatMap(({ key, value }) =>
    value.kind === 'scalar' ? [{ name: key.text.toLowerCase(), text: value.text }] : [],
  );
  return [...(name === 'include' ? own.map(({ text }) => ({ name: '', text })) : own), ...named];
}

function collect(name: string, node: Node, values: Map<string, string[]>, unknown: Set<string>, depth = 0): void {
  if (node.kind === 'scalar') {
    const known = values.get(name) ?? [];
    if (node.text.includes('${{') || known.length >= MOST_VALUES) unknown.add(name);
    else values.set(name, [...known, node.text]);
    return;
  }
  if (depth > 4) return;
  for (const entry of entriesOf(node)) {
    const key = entry.key.text.toLowerCase();
    collect(name === '' ? key : `${name}.${key}`, entry.value, values, unknown, depth + 1);
  }
}
