import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SallyportError } from '../../src/errors/index.ts';
import { parseYaml, YAML_LIMITS } from '../../src/syntax/index.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 500);

async function faultOf(text: string): Promise<SallyportError> {
  try {
    await parseYaml(text, 'f.yaml');
  } catch (error) {
    assert.ok(error instanceof SallyportError, String(error));
    return error;
  }
  assert.fail('it was accepted');
}

test('a value remembers where its key was written', async () => {
  const file = await parseYaml('a:\n  - x\n  - b: 1\n    c: 2\n', 'f.yaml');
  assert.deepEqual(file.value, { a: ['x', { b: 1, c: 2 }] });
  assert.deepEqual(file.locate(['a', 1, 'c']), { file: 'f.yaml', line: 4, column: 5 });
  assert.deepEqual(file.locate(['a', 0]), { file: 'f.yaml', line: 2, column: 5 });
  assert.equal(file.locate(['a', 'missing']).line, 1);
});

test('a duplicate key is an error at its second place', async () => {
  const { code, at } = await faultOf('a: 1\nb: 2\na: 3\n');
  assert.equal(code, 'SP1801');
  assert.deepEqual(at, { file: 'f.yaml', line: 3, column: 1 });
});

test('an alias may be used, an exponential expansion of aliases is refused', async () => {
  assert.deepEqual((await parseYaml('a: &x [1]\nb: *x\n', 'f.yaml')).value, { a: [1], b: [1] });
  const levels = Array.from(
    { length: 12 },
    (_, index) => `l${index + 1}: &l${index + 1} [${Array(9).fill(`*l${index}`)}]`,
  );
  const { code } = await faultOf(['l0: &l0 [x]', ...levels].join('\n'));
  assert.equal(code, 'SP1802');
});

test('depth, size, tags, second documents and keys that are no text are refused', async () => {
  assert.equal((await faultOf('['.repeat(5000))).code, 'SP1802');
  assert.equal((await faultOf(`${'- '.repeat(5000)}x`)).code, 'SP1802');
  assert.equal(
    (await faultOf(Array.from({ length: 60 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'))).code,
    'SP1802',
  );
  assert.equal((await faultOf(`a: "${'x'.repeat(YAML_LIMITS.bytes)}"`)).code, 'SP1802');
  assert.equal((await faultOf('a: !!js/function x')).code, 'SP1801');
  assert.equal((await faultOf('a: !x y')).code, 'SP1801');
  assert.equal((await faultOf('a: 1\n---\nb: 2\n')).code, 'SP1801');
  assert.equal((await faultOf('1: x')).code, 'SP1801');
  assert.equal((await faultOf('? {a: 1}\n: x')).code, 'SP1801');
  assert.equal((await faultOf('a: .inf')).code, 'SP1801');
});

test('keys named like prototype members are plain data', async () => {
  const { value } = await parseYaml('__proto__: {polluted: 1}\nconstructor: 2\n', 'f.yaml');
  assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false);
  assert.deepEqual(JSON.parse(JSON.stringify(value)), JSON.parse('{"__proto__": {"polluted": 1}, "constructor": 2}'));
});

test('any text is either read or refused with a place, never a crash', async () => {
  const pieces = fc.constantFrom(
    'a',
    ':',
    ' ',
    '\n',
    '- ',
    '&x',
    '*x',
    '!',
    '[',
    '{',
    '}',
    ']',
    '"',
    "'",
    '|',
    '>',
    '\t',
    '?',
    '#',
    '%',
    '---',
    '\u0000',
    'é',
  );
  const text = fc.oneof(
    fc.string({ maxLength: 60 }),
    fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join('')),
  );
  await fc.assert(
    fc.asyncProperty(text, async (input) => {
      try {
        await parseYaml(input, 'f.yaml');
      } catch (error) {
        assert.ok(error instanceof SallyportError, `${JSON.stringify(input)}: ${error}`);
        assert.ok(error.at !== undefined && error.at.line >= 1 && error.at.column >= 1);
      }
    }),
    { numRuns: RUNS },
  );
});
