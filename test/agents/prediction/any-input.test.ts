import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { predictDecision } from '../../../src/agents/index.ts';
import { loadShellGrammar } from '../../../src/syntax/index.ts';
import { bash, createPredictor, NEWER, OLDER, PLACE } from './place.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 600);
const grammar = await loadShellGrammar();
const predict = await createPredictor();

const SPECS = [
  '*',
  '',
  ' * ',
  'npm *',
  'npm:*',
  '**/*.ts',
  '//etc/**',
  '~/x',
  '!a',
  'domain:*',
  'timeout:1',
  '[',
  '\\*',
  '..',
  '\u0000',
];
const rule = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc
    .tuple(
      fc.constantFrom('Bash', 'Read', 'Edit', 'Write', 'WebFetch', 'Agent', 'mcp__a', 'B*', '*'),
      fc.constantFrom(...SPECS),
    )
    .map(([tool, spec]) => `${tool}(${spec})`),
);
const rules = fc.oneof(fc.array(rule, { maxLength: 6 }), fc.jsonValue());
const settings = fc.record(
  {
    permissions: fc.oneof(
      fc.record(
        { allow: rules, ask: rules, deny: rules, defaultMode: fc.jsonValue(), additionalDirectories: rules },
        { requiredKeys: [] },
      ),
      fc.jsonValue(),
    ),
    sandbox: fc.jsonValue(),
    hooks: fc.oneof(fc.jsonValue(), fc.record({ PreToolUse: fc.jsonValue() })),
  },
  { requiredKeys: [] },
);
const WORDS = [
  'npm',
  'rm',
  '-rf',
  '/',
  '~',
  '$X',
  '"',
  "'",
  '`',
  '(',
  ')',
  '{',
  '}',
  '&&',
  '|',
  ';',
  '\n',
  '>',
  '<',
  '<<E',
  'E',
  '*',
  '\\',
  'cd',
  '..',
  'git',
  '\u00a0',
  '\r',
  'A=1',
  '$(',
  '${',
];
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.array(fc.constantFrom(...WORDS), { maxLength: 12 }).map((words) => words.join(' ')),
);
const call = fc.record({
  tool: fc.constantFrom(
    'Bash',
    'Read',
    'Write',
    'Edit',
    'Grep',
    'WebFetch',
    'Monitor',
    'Agent',
    'mcp__a__b',
    '__proto__',
    'x',
  ),
  input: fc.record(
    {
      command: fc.oneof(text, fc.jsonValue()),
      file_path: fc.oneof(text, fc.jsonValue()),
      url: text,
      path: text,
      timeout: fc.jsonValue(),
    },
    { requiredKeys: [] },
  ),
});

// fast-check's JSON values are JSON, which its types do not say.
const asObject = (value: unknown) => JSON.parse(JSON.stringify(value));

test('any settings and any call get one of three answers, and the same one again', () => {
  fc.assert(
    fc.property(settings, settings, call, fc.constantFrom(NEWER, OLDER, 'unknown'), (flag, project, made, version) => {
      const input = { settings: { flag: asObject(flag), project: asObject(project) }, version, place: PLACE };
      const { tool, input: given } = asObject(made);
      const first = predictDecision(input, { tool, input: given }, grammar);
      assert.ok(['allow', 'ask', 'deny'].includes(first.verdict));
      assert.deepEqual(predictDecision(input, { tool, input: given }, grammar), first);
    }),
    { numRuns: RUNS },
  );
});

test('a further rule that refuses never makes an answer milder', () => {
  const order = ['allow', 'ask', 'deny'];
  fc.assert(
    fc.property(text, fc.array(rule, { maxLength: 3 }), rule, (command, allow, deny) => {
      const before = predict(bash(command), { allow: ['Bash', ...allow] });
      const after = predict(bash(command), { allow: ['Bash', ...allow], deny: [deny] });
      assert.ok(order.indexOf(after.verdict) >= order.indexOf(before.verdict));
    }),
    { numRuns: RUNS },
  );
});

test('what cannot be read is never allowed, however long it is', () => {
  for (const command of [
    `${'('.repeat(5_000)}`,
    `echo ${'a '.repeat(60_000)}`,
    '"',
    `ls ${'&& ls '.repeat(2_000)}`,
    `echo ${'a '.repeat(10_000)}`,
  ]) {
    for (const allow of [[], ['Bash'], ['Bash(**)']]) {
      assert.notEqual(predict(bash(command), { allow }).verdict, 'allow', command.slice(0, 20));
    }
  }
});

test('a long row of commands is a row of commands', () => {
  assert.equal(predict(bash(Array(200).fill('ls').join(' && '))).verdict, 'allow');
  assert.equal(
    predict(bash([...Array(200).fill('ls'), 'curl x'].join(' && ')), { allow: ['Bash'], deny: ['Bash(curl *)'] })
      .verdict,
    'deny',
  );
});

test('many long rules beside a long command are compared in time that a person does not notice', () => {
  const allow = Array.from({ length: 200 }, (_, index) => `Bash(a*b*c*d*${index}${'e*'.repeat(200)})`);
  assert.equal(predict(bash(`abcd ${'e'.repeat(2_000)}`), { allow }).verdict, 'ask');
});
