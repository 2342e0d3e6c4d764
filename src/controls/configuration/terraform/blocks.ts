import { entriesOf, itemsOf, type MapEntry, type Node, type Span } from '../../../syntax/index.ts';

/** One block at the top of a Terraform file, in either of its two syntaxes. */
export interface TerraformBlock {
  /** `resource`, `data`, `module`, `provider`, `variable`, `locals`, `terraform` … */
  readonly kind: string;
  /** Of a resource or data source; else empty. */
  readonly type: string;
  /** Last label; empty where there is none. */
  readonly name: string;
  readonly body: Node;
  readonly span: Span;
}

/** Labels that each kind of block has (Terraform language, JSON configuration syntax). */
const LABELS: Readonly<Record<string, number>> = {
  resource: 2,
  data: 2,
  ephemeral: 2,
  module: 1,
  provider: 1,
  variable: 1,
  output: 1,
  check: 1,
};

/** The blocks of a file, with dynamic blocks read as the blocks that they make. */
export function listBlocks(root: Node): readonly TerraformBlock[] {
  return entriesOf(root).flatMap(({ key, value, span }) => {
    const count = LABELS[key.text] ?? 0;
    return labelled(value, count).map(({ labels, node, at }) => ({
      kind: key.text,
      type: count === 2 ? (labels[0] ?? '') : '',
      name: labels.at(-1) ?? '',
      body: withoutDynamic(node, 0),
      span: at ?? span,
    }));
  });
}

interface Labelled {
  readonly labels: readonly string[];
  readonly node: Node;
  readonly at: Span | undefined;
}

function labelled(node: Node, count: number): readonly Labelled[] {
  if (count === 0) return itemsOf(node).map((item) => ({ labels: [], node: item, at: undefined }));
  return itemsOf(node)
    .flatMap(entriesOf)
    .flatMap(({ key, value, span }) =>
      labelled(value, count - 1).map(({ labels, node: inner, at }) => ({
        labels: [key.text, ...labels],
        node: inner,
        at: at ?? span,
      })),
    );
}

const DEEPEST = 40;

/** `dynamic "ingress" { for_each = … content { … } }` stands for blocks `ingress { … }`. */
function withoutDynamic(node: Node, depth: number): Node {
  if (node.kind !== 'map' || depth > DEEPEST) return node;
  return { ...node, entries: node.entries.flatMap((entry) => expand(entry, depth)) };
}

function expand(entry: MapEntry, depth: number): readonly MapEntry[] {
  if (entry.key.text !== 'dynamic') return [{ ...entry, value: withoutDynamic(entry.value, depth + 1) }];
  return itemsOf(entry.value)
    .flatMap(entriesOf)
    .flatMap(({ key, value }) =>
      itemsOf(value)
        .flatMap(entriesOf)
        .filter((inner) => inner.key.text === 'content')
        .map((inner) => ({ ...inner, key, value: withoutDynamic(inner.value, depth + 1) })),
    );
}
