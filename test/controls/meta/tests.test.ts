import { after, before, describe, it } from 'node:test';
import { type Case, checkCase, sentenceOf } from '../cases.ts';
import { loadTools, type Tools } from '../trees.ts';

const JS = 'test/auth.test.ts';
const PY = 'tests/test_auth.py';
const GO = 'auth/auth_test.go';
const JAVA = 'src/test/java/AuthTest.java';

const js = (body: string, call = 'it'): string =>
  `describe('auth', () => {\n  ${call}('denies', () => {\n    ${body}\n  });\n});\n`;
const python = (body: string, mark = ''): string => `import pytest\n\n${mark}def test_denies():\n    ${body}\n`;
const go = (body: string): string =>
  `package auth\n\nimport "testing"\n\nfunc TestDenies(t *testing.T) {\n\t${body}\n}\n`;
const java = (body: string, mark = '@Test'): string =>
  `class AuthTest {\n  ${mark}\n  void denies() {\n    ${body}\n  }\n}\n`;

const EXACT = {
  js: 'expect(can("x")).toBe(false);',
  python: 'assert can("x") == False',
  go: 'if can("x") {\n\t\tt.Fatal("can")\n\t}',
  java: 'assertEquals(false, can("x"));',
};

const CASES: readonly Case[] = [
  ...(['it.skip', 'xit', 'it.todo', 'it.fails'] as const).map(
    (call): Case => ({
      name: `a test under ${call}`,
      file: JS,
      before: js(EXACT.js),
      after: js(EXACT.js, call),
      control: 'test-skipped',
    }),
  ),
  {
    name: 'a skipped suite',
    file: JS,
    before: js(EXACT.js),
    after: js(EXACT.js).replace('describe(', 'describe.skip('),
    control: 'test-skipped',
    line: 'describe.skip',
  },
  {
    name: 'a skip among the options (node:test)',
    file: JS,
    before: js(EXACT.js),
    after: js(EXACT.js).replace("'denies', ", "'denies', { skip: true }, "),
    control: 'test-skipped',
  },
  {
    name: 'the only suite that runs',
    file: JS,
    before: js(EXACT.js),
    after: js(EXACT.js).replace('describe(', 'describe.only('),
    control: 'test-focused',
  },
  {
    name: 'a removed assertion (Jest)',
    file: JS,
    before: js(`${EXACT.js}\n    ${EXACT.js.replace('"x"', '"y"')}`),
    after: js(EXACT.js),
    control: 'assertion-loosened',
  },
  {
    name: 'a looser assertion (Jest)',
    file: JS,
    before: js(EXACT.js),
    after: js('expect(can("x")).toBeDefined();'),
    control: 'assertion-loosened',
    line: 'toBeDefined',
  },
  {
    name: 'a test of node:assert without its assertion',
    file: JS,
    before: js('assert.equal(can("x"), false);'),
    after: js('can("x");'),
    control: 'assertion-loosened',
  },
  {
    name: 'another test and a comment',
    file: JS,
    before: js(EXACT.js),
    after: `// who\n${js(EXACT.js)}it('allows', () => { expect(can('y')).toBe(true); });\n`,
    control: undefined,
  },
  {
    name: 'a renamed test',
    file: JS,
    before: js(EXACT.js),
    after: js(EXACT.js).replace("'denies'", "'denies strangers'"),
    control: undefined,
  },
  {
    name: 'a removed test',
    file: JS,
    before: js(EXACT.js).replace('});\n});', "});\n  it('logs', () => { expect(log()).toBe(1); });\n});"),
    after: js(EXACT.js),
    control: 'test-removed',
  },
  ...(['@pytest.mark.skip(reason="slow")\n', '@pytest.mark.xfail\n', '@unittest.skip("x")\n'] as const).map(
    (mark): Case => ({
      name: `a test under ${mark.trim()}`,
      file: PY,
      before: python(EXACT.python),
      after: python(EXACT.python, mark),
      control: 'test-skipped',
    }),
  ),
  {
    name: 'a test that skips itself (pytest)',
    file: PY,
    before: python(EXACT.python),
    after: python(`pytest.skip("later")\n    ${EXACT.python}`),
    control: 'test-skipped',
    line: 'pytest.skip',
  },
  {
    name: 'an assertion that is always true',
    file: PY,
    before: python(EXACT.python),
    after: python('assert True'),
    control: 'assertion-loosened',
  },
  {
    name: 'a parametrised test',
    file: PY,
    before: python(EXACT.python),
    after: python(EXACT.python, '@pytest.mark.parametrize("n", [1, 2])\n'),
    control: undefined,
  },
  {
    name: 'a test that skips itself (Go)',
    file: GO,
    before: go(EXACT.go),
    after: go(`t.Skip("later")\n\t${EXACT.go}`),
    control: 'test-skipped',
    line: 't.Skip',
  },
  {
    name: 'a test without its failure (Go)',
    file: GO,
    before: go(EXACT.go),
    after: go('_ = can("x")'),
    control: 'assertion-loosened',
  },
  { name: 'a removed test (Go)', file: GO, before: go(EXACT.go), after: 'package auth\n', control: 'test-removed' },
  {
    name: 'a comment in a test (Go)',
    file: GO,
    before: go(EXACT.go),
    after: go(`// nobody\n\t${EXACT.go}`),
    control: undefined,
  },
  {
    name: 'a disabled test (JUnit)',
    file: JAVA,
    before: java(EXACT.java),
    after: java(EXACT.java, '@Test\n  @Disabled("later")'),
    control: 'test-skipped',
  },
  {
    name: 'an ignored test (JUnit 4)',
    file: JAVA,
    before: java(EXACT.java),
    after: java(EXACT.java, '@Ignore\n  @Test'),
    control: 'test-skipped',
  },
  {
    name: 'a looser assertion (JUnit)',
    file: JAVA,
    before: java(EXACT.java),
    after: java('assertNotNull(can("x"));'),
    control: 'assertion-loosened',
  },
  {
    name: 'a test that is no test any more (JUnit)',
    file: JAVA,
    before: java(EXACT.java),
    after: java(EXACT.java, ''),
    control: 'test-removed',
  },
  {
    name: 'a timeout for a test (JUnit)',
    file: JAVA,
    before: java(EXACT.java),
    after: java(EXACT.java, '@Test\n  @Timeout(5)'),
    control: undefined,
  },
];

describe('the comparison of tests', () => {
  let tools: Tools;
  before(async () => {
    tools = await loadTools();
  });
  after(() => tools.grammars[Symbol.dispose]());

  for (const one of CASES) it(sentenceOf(one), () => checkCase(one, tools));
});
