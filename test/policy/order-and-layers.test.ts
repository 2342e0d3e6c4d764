import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type Action,
  compileHiddenFiles,
  compilePolicy,
  type Policy,
  type PolicyDocument,
  parsePolicy,
  type SessionState,
  type Verdict,
} from '../../src/policy/index.ts';

/** Each run compiles policies, so the long form has fewer of them than a reader's. */
const RUNS = Math.min(Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 150), 20_000);
const STRENGTH: Record<Verdict, number> = { allow: 0, ask: 1, deny: 2 };

const condition = fc.constantFrom(
  {},
  { after: ['secret'] },
  { after: ['untrusted', 'secret'] },
  { when: 'session.labels.untrusted' },
  { when: 'count("tool:Bash") > 1' },
);
const rules = (key: string, values: readonly string[]) =>
  fc.array(
    fc
      .tuple(fc.constantFrom(...values), condition)
      .map(([value, more]) => (Object.keys(more).length === 0 ? value : { [key]: value, ...more })),
    { maxLength: 4 },
  );
const credential = (name: string, host: string) => ({
  ...{ name, env: name, from: { env: name }, header: 'authorization' },
  hosts: [`${host}.example.org:443`],
});
const TOOLS = ['Bash', 'Bash(npm *)', 'Bash(git push *)', 'Read'];
const lists = (key: string, allow: readonly string[], other = allow) =>
  fc.record({ allow: rules(key, allow), ask: rules(key, other), deny: rules(key, other) }, { requiredKeys: [] });
const networkLists = (allow: readonly string[]) =>
  fc.record(
    {
      allow: fc.array(fc.constantFrom(...allow), { maxLength: 3 }),
      deny: fc.array(fc.constantFrom('*', ...allow), { maxLength: 2 }),
    },
    { requiredKeys: [] },
  );
const file = fc.record(
  {
    tool: lists('tool', [...TOOLS, 'mcp__srv__*', '*'], [...TOOLS, 'mcp__*', '*']),
    file: fc.record(
      {
        write: lists('path', ['**', 'src/**', '.github/**', 'package.json', '*.md']),
        read: lists('path', ['**', 'src/**']),
      },
      { requiredKeys: [] },
    ),
    network: networkLists([
      'docs.example.org',
      '*.example.org',
      'GET https://docs.example.org/v1/*',
      'https://api.example.org:8443',
      'http://127.0.0.2:8080',
    ]),
    model: fc.record(
      {
        allow: fc.array(fc.constantFrom('claude-*', '*', 'claude-opus-*'), { maxLength: 2 }),
        hostedTools: fc.constantFrom('off', ['web_search']),
        budget: fc.record(
          {
            requests: fc.integer({ min: 1, max: 9 }),
            tokens: fc.integer({ min: 1, max: 9000 }),
            usd: fc.integer({ min: 1, max: 9 }),
          },
          { requiredKeys: ['requests'] },
        ),
      },
      { requiredKeys: [] },
    ),
    merge: fc.record({
      require: fc.array(fc.record({ approvals: fc.integer({ min: 0, max: 3 }) }), { minLength: 1, maxLength: 2 }),
    }),
    limits: fc.record(
      { minutes: fc.integer({ min: 1, max: 60 }), processes: fc.integer({ min: 1, max: 900 }) },
      { requiredKeys: [] },
    ),
    workspace: fc.record(
      {
        hide: fc.array(fc.constantFrom('*.cfg', '!app.cfg', 'app.cfg', '!.env', '.env', '!**', 'own/'), {
          maxLength: 4,
        }),
        readOnly: fc.subarray(['/opt/a', '/opt/b', '/opt/c']),
      },
      { requiredKeys: [] },
    ),
    output: fc.constantFrom('text', 'inert'),
    secrets: fc.subarray([credential('ONE', 'a'), credential('TWO', 'a'), credential('TWO', 'b')], { maxLength: 1 }),
    disable: fc.uniqueArray(fc.constantFrom('builtin/ci-files', 'builtin/no-egress-after-secret'), { maxLength: 2 }),
  },
  { requiredKeys: [] },
);

const action: fc.Arbitrary<Action> = fc.oneof(
  fc
    .constantFrom('npm test', 'git push', 'git push; npm x', 'ls', 'echo "', 'sh -c "git push"')
    .map((command) => ({ plane: 'tool' as const, tool: 'Bash', input: {}, command })),
  fc
    .constantFrom('Read', 'mcp__x__y', 'Other')
    .map((tool) => ({ plane: 'tool' as const, tool, input: {}, reads: ['src/a'] })),
  fc
    .tuple(
      fc.constantFrom('read' as const, 'write' as const, 'delete' as const),
      fc.constantFrom('src/a.ts', '.github/x', 'package.json', '.git/config', 'README.md', '../x'),
    )
    .map(([operation, path]) => ({ plane: 'file' as const, operation, path })),
  fc
    .tuple(
      fc.constantFrom('docs.example.org', 'a.example.org', 'api.example.org', '127.0.0.2', 'evil.example'),
      fc.constantFrom(443, 8443, 8080),
      fc.constantFrom('https' as const, 'http' as const),
      fc.constantFrom('GET', 'POST'),
      fc.constantFrom('/v1/x', '/v2', '/v1/../x'),
    )
    .map(([host, port, protocol, method, path]) => ({ plane: 'network' as const, host, port, protocol, method, path })),
  fc.tuple(fc.constantFrom('claude-opus-5', 'gpt'), fc.subarray(['web_search', 'mcp'])).map(([model, hostedTools]) => ({
    plane: 'model' as const,
    provider: 'anthropic',
    endpoint: '/v1/messages',
    model,
    hostedTools,
    urlInputs: 0,
  })),
  fc.integer({ min: 0, max: 3 }).map((approvals) => ({
    plane: 'merge' as const,
    paths: ['src/a'],
    pathClasses: [],
    approvals,
    findings: { critical: 0, high: 0, medium: 0, low: 0 },
    weakened: [],
    attestations: [],
  })),
);
const state: fc.Arbitrary<SessionState> = fc.record({
  labels: fc.record({ untrusted: fc.boolean(), secret: fc.boolean() }),
  counters: fc.constantFrom({}, { 'tool:Bash': 5 }, { 'model:request': 4 }),
});

async function documentOf(content: object, name = 'p.yaml'): Promise<PolicyDocument> {
  return parsePolicy(JSON.stringify({ version: 1, ...content }), name);
}

function shuffled(document: PolicyDocument, seed: number): PolicyDocument {
  const order = <T>(list: readonly T[]): T[] =>
    list
      .map((item, index) => ({ item, key: (index * 7919 + seed * 104729) % 1009 }))
      .sort((one, other) => one.key - other.key)
      .map(({ item }) => item);
  const { tool, file: files, network, model, merge } = document.rules;
  return {
    ...document,
    rules: {
      ...(tool ? { tool: order(tool) } : {}),
      ...(files ? { file: order(files) } : {}),
      ...(network ? { network: order(network) } : {}),
      ...(model ? { model: order(model) } : {}),
      ...(merge ? { merge: order(merge) } : {}),
    },
  };
}

test('the order of rules never changes a decision or the digest', async () => {
  await fc.assert(
    fc.asyncProperty(
      file,
      fc.nat(1000),
      fc.array(action, { minLength: 5, maxLength: 5 }),
      state,
      async (content, seed, actions, session) => {
        const document = await documentOf(content);
        const one = await compilePolicy({ repository: document });
        const other = await compilePolicy({ repository: shuffled(document, seed) });
        for (const each of actions) {
          const [left, right] = [one.decide(each, session), other.decide(each, session)];
          assert.deepEqual([left.verdict, left.rule], [right.verdict, right.rule]);
        }
      },
    ),
    { numRuns: RUNS },
  );
});

const FILES = ['app.cfg', 'x.cfg', '.env', 'own/a', 'README', 'server.pem'];

/** Of everything in a policy that is no decision. */
function assertNotLooser(combined: Policy, other: Policy): void {
  for (const [name, limit] of Object.entries(combined.limits))
    assert.ok(limit <= (other.limits[name as keyof Policy['limits']] ?? 0), name); // the keys of the same type
  const { model, workspace, secrets, output } = combined;
  assert.ok(model.maxRequests <= other.model.maxRequests && model.maxTokens <= other.model.maxTokens);
  assert.ok((model.maxUsd ?? Number.POSITIVE_INFINITY) <= (other.model.maxUsd ?? Number.POSITIVE_INFINITY));
  const [hides, otherHides] = [compileHiddenFiles(workspace.hide), compileHiddenFiles(other.workspace.hide)];
  for (const path of FILES) assert.ok(hides(path) || !otherHides(path), path);
  assert.ok(workspace.readOnly.every((path) => other.workspace.readOnly.includes(path)));
  assert.ok(output === 'inert' || other.output === 'text');
  for (const { name, hosts } of secrets)
    assert.ok(other.secrets.some((wide) => wide.name === name && hosts.every((host) => wide.hosts.includes(host))));
}

test('organisation and repository together are never more permissive than either', async () => {
  await fc.assert(
    fc.asyncProperty(
      file,
      file,
      fc.array(action, { minLength: 8, maxLength: 8 }),
      state,
      async (ours, theirs, actions, session) => {
        const [organisation, repository] = [await documentOf(ours, 'org.yaml'), await documentOf(theirs)];
        const alone = await compilePolicy({ repository });
        const combined = await compilePolicy({ organisation, repository });
        // The organisation's bound with a repository that grants everything it can: what it alone would allow.
        const open = await documentOf({
          tool: { allow: ['*'] },
          file: { write: { allow: ['**'] }, read: { allow: ['**'] } },
          model: { allow: ['*'] },
          merge: { require: [{ approvals: 0 }] },
          disable: [
            'builtin/ci-files',
            'builtin/agent-config',
            'builtin/execution-files',
            'builtin/test-deletion',
            'builtin/no-egress-after-secret',
          ],
        });
        const bound = await compilePolicy({ organisation, repository: open });
        assertNotLooser(combined, alone);
        // What an organisation hides is hidden from every repository.
        const listed = organisation.workspace?.hide ?? [];
        for (const path of FILES)
          if (compileHiddenFiles([listed])(path)) assert.ok(compileHiddenFiles(combined.workspace.hide)(path), path);
        for (const each of actions) {
          const verdict = STRENGTH[combined.decide(each, session).verdict];
          assert.ok(verdict >= STRENGTH[alone.decide(each, session).verdict]);
          // `open` names no hosts, hosted tools or larger budgets, so those planes are bounded by the grants below.
          if (each.plane !== 'network' && each.plane !== 'model')
            assert.ok(verdict >= STRENGTH[bound.decide(each, session).verdict]);
        }
        for (const grant of combined.network) {
          const request = {
            plane: 'network' as const,
            host: grant.host.replace('*', 'x'),
            port: grant.port,
            protocol: grant.protocol,
            method: grant.methods?.[0] ?? 'PUT',
            path: (grant.paths?.[0] ?? '/any').replaceAll('*', 'x'),
          };
          assert.ok(alone.network.some((wider) => wider.id === grant.id));
          const limit = organisation.rules.network?.filter(({ effect }) => effect === 'allow') ?? [];
          if (organisation.allowLists.includes('network')) assert.ok(limit.length > 0, JSON.stringify(request));
        }
      },
    ),
    { numRuns: RUNS },
  );
});

test('an organisation that says nothing about a plane leaves it to the repository', async () => {
  const organisation = await documentOf({ tool: { deny: ['WebFetch'] } }, 'org.yaml');
  const repository = await documentOf({
    tool: { allow: ['mcp__x__*', 'WebFetch'] },
    network: { allow: ['docs.example.org'] },
  });
  const policy = await compilePolicy({ organisation, repository });
  const session = { labels: { untrusted: false, secret: false }, counters: {} };
  assert.equal(policy.decide({ plane: 'tool', tool: 'mcp__x__y', input: {} }, session).verdict, 'allow');
  assert.equal(policy.decide({ plane: 'tool', tool: 'WebFetch', input: {} }, session).verdict, 'deny');
  assert.deepEqual(
    policy.network.map(({ host }) => host),
    ['docs.example.org'],
  );
});

test('output is inert to a shell when the organisation or the repository wants it so', async () => {
  for (const [ours, theirs, expected] of [
    [{}, {}, 'text'],
    [{ output: 'inert' }, {}, 'inert'],
    [{ output: 'inert' }, { output: 'text' }, 'inert'],
    [{ output: 'text' }, { output: 'inert' }, 'inert'],
  ] as const) {
    const organisation = await documentOf(ours, 'org.yaml');
    const policy = await compilePolicy({ organisation, repository: await documentOf(theirs) });
    assert.equal(policy.output, expected);
  }
});

test('a repository cannot pin an address that the organisation did not', async () => {
  const organisation = await documentOf({ network: { allow: ['docs.example.org', '127.0.0.2'] } }, 'org.yaml');
  const attack = await documentOf({ network: { allow: [{ host: 'docs.example.org', address: '10.0.0.5' }] } });
  const twin = await documentOf({ network: { allow: ['127.0.0.2', 'docs.example.org'] } });
  assert.deepEqual((await compilePolicy({ organisation, repository: attack })).network, []);
  assert.deepEqual((await compilePolicy({ organisation, repository: twin })).network.map(({ host }) => host).sort(), [
    '127.0.0.2',
    'docs.example.org',
  ]);
});
