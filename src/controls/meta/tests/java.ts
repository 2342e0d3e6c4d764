import { childOf, type SyntaxNode } from '../../../code/index.ts';
import { type TestDialect, type TestUnit, textOf, walk } from './test-unit.ts';

/** JUnit 4 and 5, TestNG, AssertJ, Hamcrest. */
export const JAVA_TESTS: TestDialect = {
  tests: (root, text) => {
    const found: TestUnit[] = [];
    for (const node of walk(root)) {
      if (node.type !== 'method_declaration' && node.type !== 'class_declaration') continue;
      const marks = marksOf(node);
      const skipped = marks.find((mark) => /^@(?:Disabled|Ignore)\b|enabled\s*=\s*false/.test(textOf(mark, text)));
      const isTest = marks.some((mark) =>
        /^@(?:\w+\.)*(?:Test|ParameterizedTest|RepeatedTest|TestFactory|Property)\b/.test(textOf(mark, text)),
      );
      if (!isTest && !(skipped && node.type === 'class_declaration')) continue;
      const name = childOf(node, 'name');
      found.push({
        name: name ? textOf(name, text) : '',
        node,
        skipped,
        focused: undefined,
        expectedToFail: undefined,
      });
    }
    return found;
  },
  strength: (node, text) => {
    if (node.type !== 'method_invocation') return 0;
    const name = childOf(node, 'name');
    const word = name ? textOf(name, text) : '';
    if (/^(?:assertNotNull|assertTrue|assertDoesNotThrow|isNotNull|isNotEmpty)$/.test(word)) return 1;
    return /^(?:assert\w{2,40}|fail|verify|isEqualTo|isTrue|isFalse|isNull|hasSize|contains\w{0,20}|isInstanceOf|hasMessage\w{0,20}|andExpect|statusCode|expectStatus)$/.test(
      word,
    )
      ? 2
      : 0;
  },
  skips: (node, text) =>
    node.type === 'method_invocation' &&
    /^(?:Assumptions\.)?(?:assumeTrue|assumeFalse|abort)\s*\(/.test(textOf(node, text)),
};

function marksOf(node: SyntaxNode): readonly SyntaxNode[] {
  return node.children
    .filter(({ type }) => type === 'modifiers')
    .flatMap(({ children }) => children.filter(({ type }) => /annotation$/.test(type)));
}
