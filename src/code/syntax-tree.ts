import type { Tree, TreeCursor } from 'web-tree-sitter';

/** A node of a parse tree as plain data: the wasm tree behind it is already freed. Offsets are UTF-16 code units. */
export interface SyntaxNode {
  readonly type: string;
  /** The field of the parent that it fills. */
  readonly field: string | undefined;
  readonly named: boolean;
  /** The parser made it up to go on. */
  readonly missing: boolean;
  readonly start: number;
  readonly end: number;
  /** Without punctuation, save the colons of a slice. */
  readonly children: readonly SyntaxNode[];
}

export interface TreeLimits {
  readonly nodes: number;
  readonly depth: number;
}

/** Tokens that say nothing the structure does not say. */
const PUNCTUATION = new Set(['(', ')', '[', ']', '{', '}', ',', ';', ':', '.', '"', "'", '`', '\n', '=>', '${']);

interface OpenNode {
  readonly node: SyntaxNode;
  readonly children: SyntaxNode[];
}

/** Copy a parse tree, or say which limit it breaks. Iterative: depth costs no stack. */
export function copyTree(tree: Tree, limits: TreeLimits): SyntaxNode | 'nodes' | 'depth' {
  const cursor = tree.walk();
  try {
    return copyFrom(cursor, limits);
  } finally {
    cursor.delete();
  }
}

function copyFrom(cursor: TreeCursor, limits: TreeLimits): SyntaxNode | 'nodes' | 'depth' {
  const open: OpenNode[] = [openNode(cursor, undefined)];
  let count = 1;
  for (;;) {
    if (cursor.gotoFirstChild()) {
      if (open.length >= limits.depth) return 'depth';
      open.push(openNode(cursor, cursor.currentFieldName ?? undefined));
    } else {
      for (;;) {
        const done = open.pop();
        const parent = open.at(-1);
        if (!done || !parent) return done?.node ?? 'nodes';
        if (keeps(done.node, parent.node)) parent.children.push(done.node);
        if (cursor.gotoNextSibling()) {
          open.push(openNode(cursor, cursor.currentFieldName ?? undefined));
          break;
        }
        cursor.gotoParent();
      }
    }
    if (++count > limits.nodes) return 'nodes';
  }
}

function openNode(cursor: TreeCursor, field: string | undefined): OpenNode {
  const children: SyntaxNode[] = [];
  const { nodeType: type, nodeIsNamed: named, nodeIsMissing: missing, startIndex: start, endIndex: end } = cursor;
  return { node: { type, field, named, missing, start, end, children }, children };
}

function keeps(node: SyntaxNode, parent: SyntaxNode): boolean {
  if (node.missing) return true;
  return node.named || node.field !== undefined || !PUNCTUATION.has(node.type) || parent.type === 'slice';
}

/** The child that fills a field. */
export function childOf(node: SyntaxNode, field: string): SyntaxNode | undefined {
  for (const child of node.children) if (child.field === field) return child;
  return undefined;
}

/** Every child that fills a field. */
export function childrenOf(node: SyntaxNode, field: string): readonly SyntaxNode[] {
  return node.children.filter((child) => child.field === field);
}

const COMMENTS = new Set(['comment', 'line_comment', 'block_comment']);

/** Children that are no tokens and no comments. */
export function namedChildren(node: SyntaxNode): readonly SyntaxNode[] {
  return node.children.filter((child) => child.named && !COMMENTS.has(child.type));
}

/** Whether a token of this kind stands directly below. */
export function hasToken(node: SyntaxNode, type: string): boolean {
  return node.children.some((child) => !child.named && child.type === type);
}

/** Regions that the grammar could not read, outermost first, at most `most`. */
export function brokenParts(root: SyntaxNode, most: number): readonly SyntaxNode[] {
  const isBroken = (node: SyntaxNode): boolean => node.type === 'ERROR' || node.missing;
  const found: SyntaxNode[] = [];
  for (const node of nodesIn(root, (one) => !isBroken(one))) {
    if (isBroken(node)) found.push(node);
    if (found.length >= most) break;
  }
  return found;
}

/**
 * A node and all that is in it, in the order of the text. What `enters` refuses is given, its inside is not. Iterative,
 * child by child: neither depth nor the number of children costs stack.
 */
export function* nodesIn(root: SyntaxNode, enters: (node: SyntaxNode) => boolean = () => true): Generator<SyntaxNode> {
  const open: SyntaxNode[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    yield node;
    if (!enters(node)) continue;
    for (let index = node.children.length - 1; index >= 0; index--) {
      const child = node.children[index];
      if (child) open.push(child);
    }
  }
}
