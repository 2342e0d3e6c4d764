import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  compilePolicy,
  defaultPolicy,
  INITIAL_STATE,
  MERGE_ORIGINS,
  type MergeAction,
  type Policy,
  parsePolicy,
  REVIEW_STATES,
  runPolicyTests,
} from '../../src/policy/index.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 40);
const STRENGTH = { allow: 0, ask: 1, deny: 2 };

function change(over: Partial<MergeAction> = {}): MergeAction {
  return {
    plane: 'merge',
    paths: ['src/a.ts'],
    pathClasses: ['source'],
    approvals: 0,
    findings: { critical: 0, high: 0, medium: 0, low: 0 },
    weakened: [],
    attestations: [],
    origin: 'human',
    ...over,
  };
}

async function policyOf(merge: object): Promise<Policy> {
  return compilePolicy({ repository: await parsePolicy(JSON.stringify({ version: 1, merge }), 'p.yaml') });
}

function verdict(policy: Policy, over: Partial<MergeAction> = {}): string {
  return policy.decide(change(over), INITIAL_STATE).verdict;
}

test('without a file a person’s change passes and an agent’s needs two people', () => {
  const policy = defaultPolicy('claude-code');
  assert.equal(verdict(policy), 'allow');
  for (const origin of ['agent-run', 'unknown-origin'] as const) {
    assert.equal(verdict(policy, { origin }), 'ask');
    assert.equal(verdict(policy, { origin, approvals: 1 }), 'ask');
    assert.equal(verdict(policy, { origin, approvals: 2 }), 'allow');
  }
  assert.equal(verdict(policy, { findings: { critical: 0, high: 1, medium: 0, low: 0 } }), 'deny');
});

test('an action that does not say where it comes from is of unknown origin', () => {
  const { origin: _, ...silent } = change();
  assert.equal(defaultPolicy('claude-code').decide(silent, INITIAL_STATE).verdict, 'ask');
});

test('origins narrow a rule, whatever else it selects', async () => {
  const policy = await policyOf({
    allow: [{ id: 'all' }],
    deny: [{ id: 'x', paths: ['infra/**'], origins: ['agent-run'] }],
  });
  assert.equal(verdict(policy, { paths: ['infra/a'], origin: 'agent-run' }), 'deny');
  assert.equal(verdict(policy, { paths: ['infra/a'] }), 'allow');
  assert.equal(verdict(policy, { origin: 'agent-run' }), 'allow');
});

test('a rule speaks of weakened controls and meta classes by name, or of any', async () => {
  const policy = await policyOf({
    allow: [{ id: 'all' }],
    ask: [{ id: 'w', weakened: ['guard'] }],
    deny: [{ id: 'm', meta: ['*'] }],
  });
  assert.equal(verdict(policy), 'allow');
  assert.equal(verdict(policy, { weakened: ['guard', 'guard-removed'] }), 'ask');
  assert.equal(verdict(policy, { weakened: ['route'] }), 'allow');
  assert.equal(verdict(policy, { meta: ['ci'] }), 'deny');
});

test('the dispatcher counts as one person only where the policy says so and the record names them', async () => {
  const counting = await policyOf({ require: [{ approvals: 2, countDispatcher: true }] });
  assert.equal(verdict(counting, { approvals: 1, dispatcherKnown: true }), 'allow');
  assert.equal(verdict(counting, { approvals: 1 }), 'ask');
  const strict = await policyOf({ require: [{ approvals: 2 }] });
  assert.equal(verdict(strict, { approvals: 1, dispatcherKnown: true }), 'ask');
});

test('a requirement of a review, a record or a size is met or denies', async () => {
  const reviewed = await policyOf({ require: [{ review: 'reviewed' }] });
  assert.equal(verdict(reviewed), 'deny');
  assert.equal(verdict(reviewed, { review: 'partially-reviewed' }), 'deny');
  assert.equal(verdict(reviewed, { review: 'reviewed' }), 'allow');
  const recorded = await policyOf({ require: [{ runRecord: true }] });
  assert.equal(verdict(recorded), 'deny');
  assert.equal(verdict(recorded, { origin: 'agent-run' }), 'allow');
  const small = await policyOf({ require: [{ size: { files: 2, binaryFiles: 0 } }] });
  assert.equal(verdict(small, { size: { files: 2, lines: 9000, binaryFiles: 0 } }), 'allow');
  assert.equal(verdict(small, { size: { files: 3, lines: 1, binaryFiles: 0 } }), 'deny');
  assert.equal(verdict(small, { size: { files: 1, lines: 1, binaryFiles: 1 } }), 'deny');
  assert.equal(verdict(small, { paths: ['a', 'b', 'c'] }), 'deny');
});

test('what a requirement lacks is said with its reason, and what it has is not', async () => {
  const reasonOf = async (entry: object, over: Partial<MergeAction> = {}): Promise<string> =>
    (await policyOf({ require: [entry] })).decide(change(over), INITIAL_STATE).reason;
  const wanted = { approvals: 2, countDispatcher: true, reason: 'two pairs of eyes' };
  assert.equal(await reasonOf(wanted, { approvals: 1 }), '1 of 2 approvals are given: two pairs of eyes');
  assert.equal(
    await reasonOf({ approvals: 3, countDispatcher: true }, { approvals: 1, dispatcherKnown: true }),
    '2 of 3 approvals are given (the dispatcher counts as one)',
  );
  assert.equal(await reasonOf(wanted, { approvals: 2 }), 'every requirement is met');
  assert.equal(await reasonOf({ approvals: 0 }), 'every requirement is met');
});

test('a rule without a reason of its own says in words what it is about', async () => {
  for (const [rule, reason] of [
    [{ paths: ['src/**'] }, 'deny a change to src/**'],
    [{ classes: ['source', 'ci'] }, 'deny a change to paths of class source, ci'],
    [{ weakened: ['guard'] }, 'deny a change that weakens guard'],
    [{ meta: ['*'], origins: ['human'] }, 'deny a change that touches * of origin human'],
  ] as const) {
    const policy = await policyOf({ deny: [{ id: 'r', ...rule }] });
    const seen = change({ weakened: ['guard'], meta: ['tests'] });
    assert.equal(policy.decide(seen, INITIAL_STATE).reason, reason);
  }
});

test('expressions see everything that a change says', async () => {
  const when = [
    'action.origin == "agent-run"',
    '"ci" in action.meta',
    '"sink-added" in action.capabilities',
    'action.size.lines > 100',
    'action.review != "reviewed"',
    '!action.dispatcherKnown',
  ].join(' && ');
  const policy = await policyOf({ allow: [{ id: 'all' }], deny: [{ id: 'x', when }] });
  const whole: Partial<MergeAction> = {
    origin: 'agent-run',
    meta: ['ci'],
    capabilities: ['sink-added'],
    size: { files: 1, lines: 101, binaryFiles: 0 },
    review: 'none',
  };
  assert.equal(verdict(policy, whole), 'deny');
  assert.equal(verdict(policy, { ...whole, dispatcherKnown: true }), 'allow');
  assert.equal(verdict(policy), 'allow');
});

test('an expression that cannot be evaluated denies', async () => {
  const policy = await policyOf({ allow: [{ id: 'all' }], deny: [{ id: 'x', when: 'action.paths[7] == "a"' }] });
  assert.equal(verdict(policy), 'deny');
});

for (const merge of [
  { deny: [{ id: 'x', origins: ['robot'] }] },
  { require: [{ id: 'x', countDispatcher: true }] },
  { require: [{ review: 'partially-reviewed' }] },
  { require: [{ size: { pages: 3 } }] },
]) {
  test(`a file that says ${JSON.stringify(merge)} does not load`, async () => {
    await assert.rejects(policyOf(merge), { code: 'SP1101' });
  });
}

test('inline tests speak of everything that a change says', async () => {
  const document = await parsePolicy(
    JSON.stringify({
      version: 1,
      merge: {
        require: [
          { id: 'two', origins: ['agent-run'], approvals: 2 },
          { id: 'clean', findings: { high: 0 } },
        ],
      },
      tests: [
        { given: { merge: { origin: 'agent-run', approvals: 1 } }, expect: 'ask', by: 'two' },
        { given: { merge: { origin: 'human', size: { files: 1, lines: 1, binaryFiles: 0 } } }, expect: 'allow' },
      ],
    }),
    'p.yaml',
  );
  const outcomes = await runPolicyTests(document, await compilePolicy({ repository: document }));
  assert.ok(
    outcomes.every(({ passed }) => passed),
    JSON.stringify(outcomes),
  );
});

const anyRule = fc.record(
  {
    paths: fc.constantFrom(['src/**'], ['infra/**']),
    weakened: fc.constantFrom(['guard'], ['*']),
    meta: fc.constantFrom(['ci'], ['*']),
    origins: fc.subarray([...MERGE_ORIGINS], { minLength: 1 }),
  },
  { requiredKeys: [] },
);
const anyRequirement = fc
  .tuple(
    anyRule,
    fc.record(
      {
        approvals: fc.integer({ min: 0, max: 3 }),
        countDispatcher: fc.boolean(),
        runRecord: fc.boolean(),
        review: fc.constant('reviewed'),
        size: fc.record({ files: fc.integer({ min: 0, max: 3 }) }),
      },
      { requiredKeys: ['approvals'] },
    ),
  )
  .map(([selection, require]) => ({ ...selection, ...require }));
const anyMerge = fc.record(
  {
    require: fc.array(anyRequirement, { maxLength: 2 }),
    ask: fc.array(anyRule, { maxLength: 1 }),
    deny: fc.array(anyRule, { maxLength: 1 }),
    allow: fc.array(anyRule, { maxLength: 1 }),
  },
  { requiredKeys: [] },
);
const anyChange: fc.Arbitrary<Partial<MergeAction>> = fc.record({
  paths: fc.subarray(['src/a.ts', 'infra/b.tf', 'c']),
  approvals: fc.integer({ min: 0, max: 3 }),
  origin: fc.constantFrom(...MERGE_ORIGINS),
  weakened: fc.subarray(['guard', 'route']),
  meta: fc.subarray(['ci']),
  review: fc.constantFrom(...REVIEW_STATES),
  dispatcherKnown: fc.boolean(),
});

test('a repository never loosens what its organisation asks of a merge', async () => {
  await fc.assert(
    fc.asyncProperty(
      anyMerge,
      anyMerge,
      fc.array(anyChange, { minLength: 6, maxLength: 6 }),
      async (ours, theirs, changes) => {
        const read = (merge: object, name: string) => parsePolicy(JSON.stringify({ version: 1, merge }), name);
        const [organisation, repository] = [await read(ours, 'org.yaml'), await read(theirs, 'p.yaml')];
        const open = await read({ require: [{ approvals: 0 }] }, 'open.yaml');
        const combined = await compilePolicy({ organisation, repository });
        const [alone, bound] = [
          await compilePolicy({ repository }),
          await compilePolicy({ organisation, repository: open }),
        ];
        for (const over of changes) {
          const strength = (policy: Policy) => STRENGTH[policy.decide(change(over), INITIAL_STATE).verdict];
          assert.ok(strength(combined) >= strength(alone));
          assert.ok(strength(combined) >= strength(bound));
        }
      },
    ),
    { numRuns: RUNS },
  );
});

test('one more approval never makes a decision stricter', async () => {
  await fc.assert(
    fc.asyncProperty(anyMerge, anyChange, async (merge, over) => {
      const policy = await policyOf(merge);
      const before = STRENGTH[policy.decide(change(over), INITIAL_STATE).verdict];
      const after =
        STRENGTH[policy.decide(change({ ...over, approvals: (over.approvals ?? 0) + 1 }), INITIAL_STATE).verdict];
      assert.ok(after <= before);
    }),
    { numRuns: RUNS },
  );
});
