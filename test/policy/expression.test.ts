import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SallyportError } from '../../src/errors/index.ts';
import { INITIAL_STATE } from '../../src/policy/index.ts';
import { policyOf } from './support/compile.ts';

async function decide(when: string, reads: readonly string[] = []) {
  const policy = await policyOf(
    `tool: { allow: [Read], deny: [{ id: it, tool: Read, when: ${JSON.stringify(when)} }] }`,
  );
  return policy.decide({ plane: 'tool', tool: 'Read', input: {}, reads }, INITIAL_STATE);
}

test('an expression decides, with our functions', async () => {
  for (const when of [
    'action.tool == "Read"',
    '!session.labels.secret',
    'glob("src/**", "src/a/b")',
    'host("*.example.org", "a.example.org")',
    'semver(">=1.2.0 <2.0.0", "1.10.0")',
    'count("tool:Read") == 0',
    'action.reads.exists(r, r.startsWith("sr"))',
  ]) {
    assert.equal((await decide(when, ['src/a'])).rule, 'it', when);
  }
  for (const when of [
    'action.tool == "Write"',
    'glob("src/*", "src/a/b")',
    'host("*.example.org", "example.org")',
    'semver("<1.0.0", "1.0.0")',
  ]) {
    assert.equal((await decide(when)).verdict, 'allow', when);
  }
});

test('versions are ordered as Semantic Versioning says', async () => {
  const order = [
    ...['1.0.0-1', '1.0.0-2', '1.0.0-10', '1.0.0-alpha', '1.0.0-alpha.1', '1.0.0-alpha.beta', '1.0.0-beta'],
    ...['1.0.0-rc.1', '1.0.0', '1.0.1', '1.2.0', '1.10.0', '2.0.0-0', '2.0.0'],
  ];
  const policy = await policyOf(
    `tool: { allow: ["*"], deny: [${order.map((version, index) => `{ id: v${index}, tool: t${index}, when: ${JSON.stringify(`semver('>${version}', action.command)`)} }`).join(', ')}] }`,
  );
  for (const [index] of order.entries())
    for (const [other, command] of order.entries()) {
      const { verdict } = policy.decide({ plane: 'tool', tool: `t${index}`, input: {}, command }, INITIAL_STATE);
      assert.equal(verdict, other > index ? 'deny' : 'allow', `${command} > ${order[index]}`);
    }
});

test('what could loop long, fail late or mean something else is refused when the policy is loaded', async () => {
  const bad = [
    'action.toool == "x"',
    'action.tool',
    '1',
    '"a".matches("b")',
    'matches("a", "b")',
    'action.reads.all(a, action.reads.all(b, a == b))',
    'glob(action.tool, "x")',
    'glob("!x", "x")',
    'semver("1.x", "1.0.0")',
    'nope(1)',
    'action.tool ==',
    'action.tool == 1',
    `${'('.repeat(60)}true${')'.repeat(60)}`,
    `[${Array(200).fill('1').join(',')}].size() > 0`,
    'session.labels.other',
    'action.command.split("a").size() > 1',
    'cel.bind(a, action.command + action.command, cel.bind(b, a + a, b.size() > 0))',
  ];
  for (const when of bad) {
    await assert.rejects(
      decide(when),
      (error) => error instanceof SallyportError && error.code === 'SP1102' && error.at?.line === 2,
      when,
    );
  }
});

test('a loop inside a loop is refused whichever loop it is, and four beside each other are not', async () => {
  const loops = [
    ...['all', 'exists', 'exists_one', 'existsOne', 'filter', 'map', 'sortBy'].map((name) => `${name}(b, b == "x")`),
    ...['transformList', 'transformMap', 'transformMapEntry'].map((name) => `${name}(i, b, b)`),
  ];
  for (const inner of loops)
    await assert.rejects(
      decide(`action.reads.all(a, action.reads.${inner} == action.reads)`),
      /stands inside another/,
      inner,
    );
  for (const outer of loops)
    await assert.rejects(
      decide(`action.reads.${outer.replace(/(b|b == "x")\)$/, 'action.reads.all(a, a == "x"))')} == action.reads`),
      /stands inside another/,
      outer,
    );
  const loop = 'action.reads.all(a, a == "x")';
  assert.equal((await decide(Array(4).fill(loop).join(' && '))).rule, 'it');
  await assert.rejects(decide(Array(5).fill(loop).join(' && ')), /too many loops/);
});

test('an expression may be as large as its bounds and no larger', async () => {
  const listOf = (length: number): string => `[${Array(length).fill('1').join(',')}].size()`;
  assert.equal((await decide(`${listOf(100)} > 0`)).rule, 'it');
  await assert.rejects(decide(`${listOf(101)} > 0`), { code: 'SP1102' });
  assert.equal((await decide(`${listOf(90)} + ${listOf(90)} > 0`)).rule, 'it');
  await assert.rejects(decide(`${listOf(90)} + ${listOf(90)} + ${listOf(90)} > 0`), { code: 'SP1102' });
  const nested = (depth: number): string => `${'('.repeat(depth)}true${')'.repeat(depth)}`;
  assert.equal((await decide(nested(20))).rule, 'it');
  await assert.rejects(decide(nested(25)), { code: 'SP1102' });
  await assert.rejects(decide('{"a": 1}.size() > 0'), { code: 'SP1102' });
});

test('an expression that fails denies with its own id, in an allow rule too', async () => {
  const failing = 'semver(">=1.0.0", action.tool)';
  const denied = await decide(failing);
  assert.deepEqual([denied.verdict, denied.rule, denied.error], ['deny', 'it', true]);
  const policy = await policyOf(`tool: { allow: [Read, { id: it, tool: Read, when: ${JSON.stringify(failing)} }] }`);
  const decision = policy.decide({ plane: 'tool', tool: 'Read', input: {} }, INITIAL_STATE);
  assert.deepEqual([decision.verdict, decision.rule, decision.error], ['deny', 'it', true]);
});

test('input beyond the bounds of an expression denies', async () => {
  const many = Array.from({ length: 1001 }, () => 'a');
  assert.equal((await decide('action.reads.exists(r, r == "b")', many)).error, true);
  assert.equal((await decide('action.reads.exists(r, r == "b")', ['x'.repeat(65_537)])).error, true);
  const most = [...many.slice(2), 'b'.repeat(65_536)];
  assert.equal((await decide('action.reads.exists(r, r != "a")', most)).error, undefined);
});

test('every expression can be evaluated in a fresh session on every plane', async () => {
  const policy = await policyOf(`
file: { write: { deny: [{ path: "**", when: "session.labels.secret && action.bytes > 1 && action.operation == 'write'" }] } }
network: { allow: [a.example.org], deny: [{ host: "*", when: "action.method == 'PUT' && action.path.startsWith('/x') && action.port == 443" }] }
model: { deny: [{ model: "*", when: "action.urlInputs > 0 || action.hostedTools.size() > 0" }] }
merge: { deny: [{ when: "action.findings.high > 0 && 'ci' in action.pathClasses" }] }`);
  const actions = [
    { plane: 'file' as const, operation: 'write' as const, path: 'a' },
    { plane: 'network' as const, host: 'a.example.org', port: 443, protocol: 'https' as const },
    { plane: 'model' as const, provider: 'anthropic', endpoint: '/', model: 'm', hostedTools: [], urlInputs: 0 },
    {
      plane: 'merge' as const,
      paths: [],
      pathClasses: [],
      approvals: 2,
      findings: { critical: 0, high: 0, medium: 0, low: 0 },
      weakened: [],
      attestations: [],
    },
  ];
  for (const action of actions)
    assert.deepEqual(
      [policy.decide(action, INITIAL_STATE).verdict, policy.decide(action, INITIAL_STATE).error],
      ['allow', undefined],
      action.plane,
    );
});
