import type { SyntaxNode } from '../../../code/index.ts';

/** One test as its framework would run it. */
export interface TestUnit {
  /** Names of the suites around it and its own. */
  readonly name: string;
  readonly node: SyntaxNode;
  /** Where a mark of it stands: `test.skip`, a decorator. */
  readonly skipped: SyntaxNode | undefined;
  readonly focused: SyntaxNode | undefined;
  /** Passes also when it fails. */
  readonly expectedToFail: SyntaxNode | undefined;
}

/** How a language writes tests. */
export interface TestDialect {
  /** The tests of a file, suites included when they are skipped or focused. */
  readonly tests: (root: SyntaxNode, text: string) => readonly TestUnit[];
  /** How much an assertion claims: 2 something exact, 1 anything at all, 0 no assertion. */
  readonly strength: (node: SyntaxNode, text: string) => 0 | 1 | 2;
  /** A call inside of a test that ends it early: `t.Skip()`. */
  readonly skips: (node: SyntaxNode, text: string) => boolean;
}

/** Every node below, parents first. Iterative: depth costs no stack. */
export function* walk(root: SyntaxNode): Generator<SyntaxNode> {
  const open: SyntaxNode[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    yield node;
    for (let index = node.children.length - 1; index >= 0; index--) {
      const child = node.children[index];
      if (child) open.push(child);
    }
  }
}

/** The text of a node, as far as anybody compares it. */
export function textOf({ start, end }: SyntaxNode, text: string): string {
  return text.slice(start, Math.min(end, start + 400));
}
