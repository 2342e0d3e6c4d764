import { childOf } from '../../../code/index.ts';
import { type TestDialect, textOf } from './test-unit.ts';

/** `testing`, testify, gotest.tools. */
export const GO_TESTS: TestDialect = {
  tests: (root, text) =>
    root.children.flatMap((node) => {
      const name =
        node.type === 'function_declaration' || node.type === 'method_declaration' ? childOf(node, 'name') : undefined;
      const title = name ? textOf(name, text) : '';
      if (!/^(?:Test|Fuzz|Example)(?![a-z])/.test(title)) return [];
      return [{ name: title, node, skipped: undefined, focused: undefined, expectedToFail: undefined }];
    }),
  strength: (node, text) => {
    if (node.type !== 'call_expression') return 0;
    const callee = childOf(node, 'function');
    const name = callee ? textOf(callee, text) : '';
    if (/^(?:assert|require|is)\.(?:NotNil|True|NotEmpty|NotPanics)$/.test(name)) return 1;
    return /^(?:t|tt|tb|b|f)\.(?:Error|Errorf|Fatal|Fatalf|Fail|FailNow)$|^(?:assert|require|is|suite|s|cmp)\.[A-Z]\w{0,40}$|^\w{1,20}\.(?:Require|Assert)\(\)\.\w{1,40}$/.test(
      name,
    )
      ? 2
      : 0;
  },
  skips: (node, text) =>
    node.type === 'call_expression' && /^(?:t|tb|tt|b|s\.T\(\))\.(?:Skip|Skipf|SkipNow)\s*\(/.test(textOf(node, text)),
};
