import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SallyportError } from '../../src/errors/index.ts';
import { compilePolicy, INITIAL_STATE, lintPolicy, parsePolicy, runPolicyTests } from '../../src/policy/index.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 200);

/** Text after `version: 1`, what the message says, what the advice says, at which line. */
const FAULTS: readonly [string, RegExp, RegExp, number][] = [
  ['netwrok: {}', /unknown key 'netwrok'/, /'network'/, 2],
  ['tool: { alow: [Read] }', /unknown key 'alow'/, /'allow'/, 2],
  ['network: { allow: [{ hst: a.example.org }] }', /unknown key 'hst'/, /'host'/, 2],
  ['disable: [builtin/cifiles]', /cannot be "builtin\/cifiles"/, /'builtin\/ci-files'/, 2],
  ['network: { allow: ["*"] }', /every host/, /Name the hosts/, 2],
  ['network: { allow: ["*.org"] }', /top-level/, /./, 2],
  ['network: { allow: ["https://u@docs.example.org"] }', /not a network entry/, /./, 2],
  ['network: { allow: [127.1] }', /cannot be 127.1/, /./, 2],
  ['network: { allow: ["0x7f.1"] }', /not a network entry/, /./, 2],
  ['network: { allow: [{ host: a.example.org, tls: tunnel, methods: [GET] }] }', /tunnel/, /./, 2],
  ['tool: { allow: ["Bash(a | b)"] }', /one simple command/, /./, 2],
  ['tool: { allow: ["Bash(npm :* x)"] }', /only at the end/, /./, 2],
  ['tool: { allow: ["Bash()"] }', /selects nothing/, /./, 2],
  ['tool: { allow: ["Bash(npm"] }', /not a tool/, /./, 2],
  ['tool: { allow: ["mcp__x(y)"] }', /no parentheses/, /./, 2],
  ['tool: { allow: ["mcp__*"] }', /nobody named/, /mcp__SERVER__/, 2],
  ['tool: { allow: ["mcp__gh*__get_pr"] }', /nobody named/, /mcp__SERVER__/, 2],
  ['tool: { allow: ["WebFetch(example.org)"] }', /not a domain/, /./, 2],
  ['tool: { allow: ["Read(../x)"] }', /climb/, /./, 2],
  ['file: { write: { allow: ["!x"] } }', /negated/, /./, 2],
  ['file: { write: { deny: ["{a"] } }', /brace/, /./, 2],
  ['limits: { memory: 4Gb2 }', /not a size/, /512MiB/, 2],
  ['tool:\n  deny:\n    - { tool: Read, observe: true }', /needs an end/, /until/, 4],
  ['tool: { deny: [{ tool: Read, until: 2027-01-01 }] }', /no end/, /observe/, 2],
  ['tool: { allow: [{ tool: Read, until: soon }] }', /not a date/, /./, 2],
  ['tool: { allow: [{ id: a, tool: Read }, { id: a, tool: Write }] }', /used twice/, /own id/, 2],
  ['tool: { allow: [{ id: builtin/x, tool: Read }] }', /reserved/, /./, 2],
  ['merge: { require: [{ id: x }] }', /requires nothing/, /./, 2],
  ['audit: { ignore: [{ fingerprint: abc, reason: x }] }', /64 hexadecimal/, /./, 2],
  [`audit: { ignore: [{ fingerprint: ${'a'.repeat(64)} }] }`, /reason' is missing/, /./, 2],
  [`audit: { ignore: [{ fingerprint: ${'a'.repeat(64)}, reason: x, until: soon }] }`, /not a day/, /./, 2],
  [
    `audit: { ignore: [{ fingerprint: ${'a'.repeat(64)}, reason: x, until: "2027-01-31T10:00Z" }] }`,
    /not a day/,
    /./,
    2,
  ],
  ['tool: { allow: [{ tool: Read, until: 2027-02-30 }] }', /not a date/, /./, 2],
  ['tool: { allow: [{ tool: Read, until: "2027-02-30T10:00Z" }] }', /not a date/, /./, 2],
  ['tool: { allow: [{ tool: Read, until: "2027-02-28T10:00" }] }', /not a date/, /./, 2],
  ['merge: { deny: [{ classes: [agent-cofig] }] }', /cannot be "agent-cofig"/, /'agent-config'/, 2],
  ['tests: [{ given: { merge: { classes: [tests] } }, expect: deny }]', /cannot be "tests"/, /'test'/, 2],
  ['tool: { deny: ["Bash(description:x)"] }', /names no command or file/, /No rule is about a parameter/, 2],
  ['audit: { require: { non: [PATH] } }', /unknown key 'non'|'audit.require.none' is missing/, /./, 2],
  ['audit: { failOn: hihg }', /cannot be "hihg"/, /'high'/, 2],
  ['secrets: [{ name: T, env: T, from: { env: T }, hosts: ["a.example.org"], header: x }]', /port/, /./, 2],
];

test('each fault says what, where and what to do', async () => {
  for (const [text, message, advice, line] of FAULTS) {
    await assert.rejects(parsePolicy(`version: 1\n${text}`, 'f.yaml'), (error) => {
      assert.ok(error instanceof SallyportError, text);
      assert.match(error.message, message, text);
      assert.match(error.advice, advice, text);
      assert.equal(error.at?.line, line, text);
      return true;
    });
  }
});

test('a grant ends with a day or at a moment', async () => {
  for (const until of ['2028-02-29', '2027-02-28T10:00Z', '2027-02-28T10:00:30.5+02:00'])
    await parsePolicy(`version: 1\ntool: { allow: [{ tool: Read, until: "${until}" }] }`, 'f.yaml');
});

test('a policy of another version is refused', async () => {
  await assert.rejects(parsePolicy('version: 2', 'f.yaml'), /'version' cannot be 2/);
  await assert.rejects(parsePolicy('tool: {}', 'f.yaml'), /'version' is missing/);
});

test('a size is bytes, or a number with a unit; none is zero, beyond counting, or half a byte', async () => {
  const read = async (max: string): Promise<number | undefined> => {
    const text = `version: 1\nnetwork: { allow: [{ host: a.example.org, max: ${max} }] }`;
    const target = (await parsePolicy(text, 'f.yaml')).rules.network?.[0]?.target;
    return target?.kind === 'host' ? target.maxBytesOut : undefined;
  };
  for (const [size, bytes] of [
    ['1', 1],
    ['1B', 1],
    ['1.5KB', 1500],
    ['1 MiB', 2 ** 20],
    ['2gib', 2 ** 31],
  ] as const)
    assert.equal(await read(size), bytes, size);
  for (const size of ['0', '-1', '0B', '0.001B', '1.5', '1.0001KiB', '999999999TiB', '1XB', 'KiB', '1e3B', '"1 2B"'])
    await assert.rejects(read(size), { code: 'SP1101' }, size);
});

test('a short network entry means one port and one protocol where it allows, and what it names where it denies', async () => {
  const targets = async (effect: string, entry: string) => {
    const { rules } = await parsePolicy(`version: 1\nnetwork: { ${effect}: ["${entry}"] }`, 'f.yaml');
    return rules.network?.map(({ target }) => (target.kind === 'host' ? [target.protocol, target.port] : []))[0];
  };
  for (const [entry, allowed, denied] of [
    ['a.example.org', ['https', 443], [undefined, undefined]],
    ['a.example.org:80', ['http', 80], ['http', 80]],
    ['a.example.org:8443', ['https', 8443], ['https', 8443]],
    ['http://a.example.org', ['http', 80], ['http', 80]],
    ['https://a.example.org:80', ['https', 80], ['https', 80]],
    ['https://a.example.org', ['https', 443], ['https', 443]],
  ] as const)
    assert.deepEqual([await targets('allow', entry), await targets('deny', entry)], [allowed, denied], entry);
});

test('the long network form says every field of a grant', async () => {
  const document = await parsePolicy(
    `version: 1
network:
  allow:
    - { id: x, host: 127.0.0.2, port: 8443, ca: /etc/ca.pem, methods: [get], paths: ["/a/*"], max: 1MiB, tls: inspect, protocol: https }
    - { id: y, host: api.example.org, address: 10.0.0.5 }`,
    'f.yaml',
  );
  const { network } = await compilePolicy({ repository: document });
  assert.deepEqual(network, [
    {
      id: 'x',
      host: '127.0.0.2',
      port: 8443,
      protocol: 'https',
      tls: 'inspect',
      methods: ['GET'],
      paths: ['/a/*'],
      maxBytesOut: 1048576,
      address: '127.0.0.2',
      caFile: '/etc/ca.pem',
    },
    { id: 'y', host: 'api.example.org', port: 443, protocol: 'https', tls: 'tunnel', address: '10.0.0.5' },
  ]);
});

test('comments, blanks and the order of keys do not change the digest, a rule does', async () => {
  const digest = async (text: string) =>
    (await compilePolicy({ repository: await parsePolicy(text, 'f.yaml') })).digest;
  const one = await digest('version: 1\ntool: { allow: [Read, Write] }\nlimits: { minutes: 5 }');
  assert.equal(
    one,
    await digest('# hello\nversion: 1\nlimits:\n  minutes: 5\ntool:\n  allow:\n    - Write\n    - Read\n'),
  );
  assert.notEqual(one, await digest('version: 1\ntool: { allow: [Read] }\nlimits: { minutes: 5 }'));
});

test('a document survives being sent as JSON', async () => {
  const document = await parsePolicy(
    'version: 1\ntool: { allow: ["Bash(npm test *)"], deny: [{ tool: Read, when: "session.labels.secret" }] }',
    'f.yaml',
  );
  const again = await compilePolicy({ repository: JSON.parse(JSON.stringify(document)) });
  assert.equal(again.digest, (await compilePolicy({ repository: document })).digest);
});

test('an absent allow list takes the default, an empty one grants nothing', async () => {
  const decide = async (text: string) =>
    (
      await compilePolicy({ repository: await parsePolicy(`version: 1\nagent: claude-code\n${text}`, 'f.yaml') })
    ).decide({ plane: 'tool', tool: 'Edit', input: {} }, INITIAL_STATE).verdict;
  assert.equal(await decide('tool: { deny: [Bash] }'), 'allow');
  assert.equal(await decide('tool: { allow: [] }'), 'deny');
});

test('lint finds a tool that is misspelled, in a deny rule too, and takes servers and other names as they are', async () => {
  const text = 'version: 1\ntool: { allow: [Reed, Read, mcp__a__Reed, "Read*", Deploy], deny: ["bash(curl *)"] }';
  const document = await parsePolicy(text, 'f.yaml');
  const found = (known: readonly string[]) =>
    lintPolicy(document, { tools: known }).then((warnings) =>
      warnings.flatMap(({ kind, rule }) => (kind === 'unknown-tool' ? [rule] : [])),
    );
  assert.deepEqual(await found(['Bash', 'Read']), ['tool.allow:Reed', 'tool.deny:bash(curl *)']);
  assert.deepEqual(await found([]), []);
});

test('lint finds a control that there is not, where the controls are known', async () => {
  const document = await parsePolicy(
    'version: 1\nmerge: { deny: [{ id: it, weakened: [guard, gaurd, "*"], meta: [ci, nonsense] }] }',
    'f.yaml',
  );
  const found = await lintPolicy(document, { controls: ['guard', 'route'], meta: ['ci'] });
  assert.deepEqual(
    found.map(({ kind, rule, message }) => [kind, rule, message]),
    [
      ['unknown-control', 'it', "no control is called 'gaurd', so the rule never meets one; did you mean 'guard'?"],
      ['unknown-control', 'it', "no control is called 'nonsense', so the rule never meets one"],
    ],
  );
  assert.deepEqual(await lintPolicy(document), []);
});

test('lint finds dead, shadowed and over-broad rules and hosts that anybody can have', async () => {
  const document = await parsePolicy(
    `version: 1
tool: { allow: [Bash, "Bash(npx *)", "mcp__x__*"], deny: ["mcp__x__*"] }
file: { write: { allow: ["src/**", ".github/x.yml"], deny: [".github/**"] } }
network:
  allow: ["*.amazonaws.com", "*.example.org", docs.example.org, old.example.net]
  deny: [{ host: docs.example.org, protocol: http }, old.example.net]
disable: [builtin/ci-files]`,
    'f.yaml',
  );
  const kinds = (await lintPolicy(document)).map(({ kind, rule }) => `${kind} ${rule}`);
  for (const expected of [
    'over-broad tool.allow:Bash',
    'over-broad tool.allow:Bash(npx *)',
    'shadowed tool.allow:Bash(npx *)',
    'dead tool.allow:mcp__x__*',
    'dead file.write.allow:.github/x.yml',
    'multi-tenant network.allow:*.amazonaws.com',
    'over-broad network.allow:*.example.org',
    'dead network.allow:old.example.net',
    'switched-off builtin/ci-files',
  ]) {
    assert.ok(kinds.includes(expected), `${expected} in ${kinds.join('; ')}`);
  }
  assert.ok(!kinds.some((kind) => kind.endsWith('docs.example.org') || kind.endsWith('src/**')));
});

test('inline tests pass and fail', async () => {
  const document = await parsePolicy(
    `version: 1
tool: { allow: ["Bash(npm test *)"] }
tests:
  - { given: { tool: "Bash(npm test)" }, expect: allow, by: "tool.allow:Bash(npm test *)" }
  - { given: { write: .github/workflows/x.yml }, expect: deny, by: builtin/ci-files }
  - { given: { fetch: "POST https://docs.example.org/" }, expect: allow }`,
    'f.yaml',
  );
  const outcomes = await runPolicyTests(document, await compilePolicy({ repository: document }));
  assert.deepEqual(
    outcomes.map(({ passed }) => passed),
    [true, true, false],
  );
});

test('any text is either a policy or a fault with a place, and what is a policy never allows by accident', async () => {
  const words = fc.constantFrom(
    'version',
    'tool',
    'file',
    'network',
    'allow',
    'deny',
    'ask',
    'write',
    'read',
    'when',
    'id',
    'Bash',
    'Read',
    '**',
    '*',
    'npm',
    'a.example.org',
    'secrets',
    'limits',
    'minutes',
    '1',
    'x(',
    '{',
    '"',
  );
  const value = fc.letrec((tie) => ({
    node: fc.oneof(
      { depthSize: 'small' },
      words,
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('node'), { maxLength: 3 }),
      fc.dictionary(words, tie('node'), { maxKeys: 4 }),
    ),
  })).node;
  await fc.assert(
    fc.asyncProperty(fc.dictionary(words, value, { maxKeys: 5 }), async (content) => {
      try {
        const document = await parsePolicy(JSON.stringify({ version: 1, ...content }), 'f.yaml');
        const policy = await compilePolicy({ repository: document, registries: () => [] });
        assert.equal(
          policy.decide({ plane: 'file', operation: 'write', path: '.git/config' }, INITIAL_STATE).verdict,
          'deny',
        );
        assert.equal(
          policy.decide({ plane: 'network', host: 'evil.example', port: 443, protocol: 'https' }, INITIAL_STATE)
            .verdict,
          'deny',
        );
      } catch (error) {
        assert.ok(error instanceof SallyportError && error.at !== undefined, `${JSON.stringify(content)}: ${error}`);
      }
    }),
    { numRuns: RUNS },
  );
});

test('what the audit accepts and demands is read with its places, and is no part of the digest', async () => {
  const fingerprint = 'a'.repeat(64);
  const text = `version: 1
audit:
  ignore:
    - { fingerprint: ${fingerprint}, reason: known, until: 2027-01-31 }
  require: { none: [PATH, critical] }
  failOn: medium
`;
  const document = await parsePolicy(text, 'f.yaml');
  assert.deepEqual(document.audit, {
    ignore: [{ fingerprint, reason: 'known', until: '2027-01-31', at: { file: 'f.yaml', line: 4, column: 7 } }],
    require: [
      { none: 'PATH', at: { file: 'f.yaml', line: 5, column: 21 } },
      { none: 'critical', at: { file: 'f.yaml', line: 5, column: 27 } },
    ],
    failOn: 'medium',
  });
  const plain = await parsePolicy('version: 1\n', 'f.yaml');
  const digest = async (input: Parameters<typeof compilePolicy>[0]) => (await compilePolicy(input)).digest;
  assert.equal(await digest({ repository: document }), await digest({ repository: plain }));
  assert.equal(await digest({ organisation: document }), await digest({ organisation: plain }));
});
