import { childOf, namedChildren, type SyntaxNode } from '../../../code/index.ts';
import { type TestDialect, type TestUnit, textOf } from './test-unit.ts';

const CALLEE = /^(x|f)?(it|test|describe|context|suite|specify|Deno\.test|bench)((?:\.\w+)*)$/;
const LOOSE =
  /\.(?:toBeDefined|toBeTruthy|toBeFalsy|toBeUndefined|toBeNull|not\.toThrow|not\.toBeNull|not\.toBeUndefined|resolves|toHaveBeenCalled|toMatchSnapshot|toMatchInlineSnapshot|toBeInstanceOf|ok|exist|anything|pass|truthy|falsy|notThrows|doesNotThrow|doesNotReject)\b/;

/** Jest, Vitest, Mocha, Jasmine, node:test, AVA, Playwright. */
export const JAVASCRIPT_TESTS: TestDialect = {
  tests: (root, text) => {
    const found: TestUnit[] = [];
    const open: { readonly node: SyntaxNode; readonly suites: readonly string[] }[] = [{ node: root, suites: [] }];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const { node, suites } = next;
      const unit = node.type === 'call_expression' ? readCall(node, text, suites) : undefined;
      if (unit) found.push(unit.test);
      const inner = unit ? [...suites, unit.title] : suites;
      for (const child of node.children) open.push({ node: child, suites: unit?.isSuite ? inner : suites });
    }
    return found.sort((a, b) => a.node.start - b.node.start);
  },
  strength: (node, text) => {
    if (node.type !== 'call_expression') return 0;
    const callee = childOf(node, 'function');
    if (!callee) return 0;
    const name = textOf(callee, text);
    if (/^(?:t|assert|chai\.assert)\.(?:plan|end|log|comment|fail|skip|todo|context|teardown|timeout)$/.test(name))
      return 0;
    if (
      /^(?:assert(?:\.\w+)*|t\.(?:is|not|deepEqual|true|false|truthy|falsy|throws\w*|regex|like|assert|equal|same|ok|match|rejects|snapshot|pass|notDeepEqual|notThrows\w*))$/.test(
        name,
      )
    )
      return LOOSE.test(name) ? 1 : 2;
    // Only the matcher at the end of a chain: `expect(x)` alone claims nothing.
    if (/^expect\s*(?:\.\w+)*\(/.test(name) && /\.\w+$/.test(name)) return LOOSE.test(name) ? 1 : 2;
    return /\.should(?:\.\w+)+$/.test(name) ? 2 : 0;
  },
  skips: (node, text) =>
    node.type === 'call_expression' &&
    /^(?:this|t|test|ctx|context)\.(?:skip|todo|fixme)\s*\(\s*(?!\s*['"`])/.test(textOf(node, text)),
};

function readCall(
  node: SyntaxNode,
  text: string,
  suites: readonly string[],
): { readonly test: TestUnit; readonly title: string; readonly isSuite: boolean } | undefined {
  let callee = childOf(node, 'function');
  // `test.each([…])('name', …)`, `test.skipIf(x)('name', …)`.
  if (callee?.type === 'call_expression') callee = childOf(callee, 'function');
  if (!callee) return undefined;
  const [, prefix, word = '', marks = ''] = CALLEE.exec(textOf(callee, text).replace(/\s+/g, '')) ?? [];
  const args = childOf(node, 'arguments');
  const first = args && namedChildren(args)[0];
  if (word === '' || !first || !/^(?:string|template_string|identifier|binary_expression)$/.test(first.type))
    return undefined;
  const title = textOf(first, text).replace(/^["'`]|["'`]$/g, '');
  const options = args ? textOf(args, text).slice(0, 300) : '';
  const skips =
    prefix === 'x' ||
    /\.(?:skip|todo|fixme|skipIf|runIf)\b/.test(marks) ||
    /^\([^{]{0,200},\s*\{[^}]{0,100}\b(?:skip|todo|ignore):\s*(?!false)/.test(options);
  const focuses =
    prefix === 'f' || /\.only\b/.test(marks) || /^\([^{]{0,200},\s*\{[^}]{0,100}\bonly:\s*true/.test(options);
  return {
    title,
    isSuite: /^(?:describe|context|suite)$/.test(word),
    test: {
      name: [...suites, title].join(' > '),
      node,
      skipped: skips ? callee : undefined,
      focused: focuses ? callee : undefined,
      expectedToFail: /\.(?:fails|failing|fail)\b/.test(marks) ? callee : undefined,
    },
  };
}
