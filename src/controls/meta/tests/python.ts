import { childOf, type SyntaxNode } from '../../../code/index.ts';
import { type TestDialect, type TestUnit, textOf } from './test-unit.ts';

/** pytest, unittest, Django. */
export const PYTHON_TESTS: TestDialect = {
  tests: (root, text) => {
    const found: TestUnit[] = [];
    const open: {
      readonly node: SyntaxNode;
      readonly suites: readonly string[];
      readonly marks: readonly SyntaxNode[];
    }[] = [{ node: root, suites: [], marks: [] }];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const { node, suites, marks } = next;
      const definition = node.type === 'function_definition' || node.type === 'class_definition';
      const title = definition ? nameOf(node, text) : '';
      const isSuite = node.type === 'class_definition';
      if (definition && (isSuite ? /^Test|Tests?$|TestCase$/ : /^test/i).test(title))
        found.push(readTest([...suites, title].join(' > '), node, marks, text));
      const isDecorated = node.type === 'decorated_definition';
      const inherited = isDecorated ? node.children.filter(({ type }) => type === 'decorator') : [];
      for (const child of node.children)
        open.push({ node: child, suites: isSuite ? [...suites, title] : suites, marks: inherited });
    }
    return found.sort((a, b) => a.node.start - b.node.start);
  },
  strength: (node, text) => {
    if (node.type === 'assert_statement')
      return /^assert\s+(?:True|1|not None|isinstance|callable|\w+\s*(?:,|$)|\w+ is not None)/.test(textOf(node, text))
        ? 1
        : 2;
    if (node.type !== 'call') return 0;
    const callee = childOf(node, 'function');
    const name = callee ? textOf(callee, text) : '';
    if (/(?:^|\.)(?:assert(?:IsNotNone|True|IsInstance|_called|_not_called\.never))$/.test(name)) return 1;
    return /(?:^|\.)assert\w{0,40}$|^pytest\.raises$|^pytest\.warns$/.test(name) ? 2 : 0;
  },
  skips: (node, text) =>
    node.type === 'call' &&
    /^(?:pytest\.(?:skip|xfail|importorskip)|self\.skipTest|unittest\.skip)\s*\(|^raise\s+(?:unittest\.)?SkipTest/.test(
      textOf(node, text),
    ),
};

function nameOf(node: SyntaxNode, text: string): string {
  const name = childOf(node, 'name');
  return name ? textOf(name, text) : '';
}

function readTest(name: string, node: SyntaxNode, marks: readonly SyntaxNode[], text: string): TestUnit {
  const markOf = (pattern: RegExp) => marks.find((mark) => pattern.test(textOf(mark, text)));
  return {
    name,
    node,
    skipped: markOf(/^@(?:pytest\.mark\.(?:skip|skipif)|unittest\.(?:skip|skipIf|skipUnless)|skip\w*)\b/),
    focused: undefined,
    expectedToFail: markOf(/^@(?:pytest\.mark\.xfail|unittest\.expectedFailure|expectedFailure)\b/),
  };
}
