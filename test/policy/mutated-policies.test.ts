import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { SallyportError } from '../../src/errors/index.ts';
import { compilePolicy, INITIAL_STATE, type NetworkGrant, parsePolicy } from '../../src/policy/index.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 500);

/** The policies of the documentation: real ones, of every section. */
const PAGE = readFileSync(join(resolve(import.meta.dirname, '../..'), 'docs/policy.md'), 'utf8');
const POLICIES = [...PAGE.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');

const REGISTRY: NetworkGrant = {
  id: 'registry',
  host: 'npm.example.org',
  port: 443,
  protocol: 'https',
  tls: 'tunnel',
};

/** What moves a YAML file or one of its small languages into another state. */
const PIECES = fc.oneof(
  fc.constantFrom(
    ...['\n', '\n  ', '\n- ', ': ', ', ', '[', ']', '{', '}', '"', "'", '|\n', '>\n', '#', '&a ', '*a', '<<: ', '!!x '],
    ...[
      '*',
      '**',
      '?',
      '{a,',
      '(',
      ')',
      '$(',
      '`',
      ';',
      '..',
      '/',
      '.git/',
      '://',
      ':443',
      '@',
      '%2e',
      '\\',
      '\\u0000',
    ],
    ...['null', 'true', '0x7f', '1e999', '-1', '__proto__: ', 'constructor: ', 'allow: ', 'deny: ', 'when: "', '!'],
    ...['version: 2\n', '---\n', '%YAML 1.1\n', '\t', '\r', '\0', '\u2028', '\ufeff', '\ud800', 'ſ', 'İ'],
  ),
  fc.string({ maxLength: 4, unit: 'binary-ascii' }),
);

interface Change {
  readonly at: number;
  readonly cut: number;
  readonly put: string;
  /** Moves a stretch of the file itself to another place. */
  readonly from: number | undefined;
}

const CHANGE: fc.Arbitrary<Change> = fc.record({
  at: fc.nat(),
  cut: fc.oneof(fc.constant(0), fc.nat(12)),
  put: PIECES,
  from: fc.option(fc.nat(), { nil: undefined, freq: 4 }),
});

function applyChange(text: string, { at, cut, put, from }: Change): string {
  const place = at % (text.length + 1);
  const start = from === undefined ? 0 : from % (text.length + 1);
  const piece = from === undefined ? put : text.slice(start, start + 30);
  return text.slice(0, place) + piece + text.slice(place + cut);
}

/**
 * Whatever the text is: a policy, which still refuses what no policy can grant and what none of these grants; or one
 * fault at a place that exists in the file.
 */
async function tryPolicy(text: string): Promise<void> {
  try {
    const document = await parsePolicy(text, 'f.yaml');
    const policy = await compilePolicy({ repository: document, registries: () => [REGISTRY] });
    const hook = policy.decide({ plane: 'file', operation: 'write', path: '.git/hooks/pre-push' }, INITIAL_STATE);
    assert.equal(hook.verdict, 'deny', text);
    const host = { plane: 'network', host: 'thief.test', port: 443, protocol: 'https' } as const;
    assert.equal(policy.decide(host, INITIAL_STATE).verdict, 'deny', text);
  } catch (error) {
    assert.ok(error instanceof SallyportError, `${JSON.stringify(text)}: ${error}`);
    assert.match(error.code, /^SP1[18]/);
    assert.ok(error.at !== undefined, `no place for ${error.message} in ${JSON.stringify(text)}`);
    assert.ok(error.at.line <= text.split(/\r\n|\n|\r/).length, `line ${error.at.line} of ${JSON.stringify(text)}`);
  }
}

test('a policy with a few changes in its text is a policy that grants nothing new, or a fault with a place', async () => {
  const changed = fc
    .tuple(fc.constantFrom(...POLICIES), fc.array(CHANGE, { minLength: 1, maxLength: 4 }))
    .map(([text, changes]) => changes.reduce(applyChange, text));
  await fc.assert(fc.asyncProperty(changed, tryPolicy), { numRuns: RUNS });
});

test('bytes that are no policy are a fault with a place', async () => {
  const bytes = fc.uint8Array({ maxLength: 80 }).map((raw) => Buffer.from(raw).toString());
  await fc.assert(fc.asyncProperty(bytes, tryPolicy), { numRuns: RUNS });
});

test('a file of 25,000 keys or entries is answered by its first fault', async () => {
  const many = (line: (index: number) => string) => Array.from({ length: 25_000 }, (_, index) => line(index)).join('');
  const files: readonly [string, RegExp][] = [
    [`version: 1\n${many((index) => `${index}: 1\n`)}`, /key must be text/],
    [`version: 1\n${many((index) => `k${index}:\n`)}`, /unknown key 'k0'/],
    [`version: 1\n${many(() => 'a:\n')}`, /key 'a' is written twice/],
    [`version: 1\ntool: { allow: [${many(() => '1,')}] }`, /'tool.allow/],
    [`version: 1\nagent: { ${many(() => 'a')}: 1 }`, /./],
  ];
  for (const [text, message] of files) {
    await assert.rejects(parsePolicy(text, 'f.yaml'), (error) => {
      assert.ok(error instanceof SallyportError);
      assert.match(error.message, message);
      assert.ok(error.message.length < 300, 'a message does not repeat the file');
      return true;
    });
  }
});
