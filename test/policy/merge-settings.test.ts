/** What a policy says of reviews in a forge, of a base that moves, and of what must be signed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CARRY_OVER, compilePolicy, FORGE_REVIEWS, type Policy, parsePolicy } from '../../src/policy/index.ts';

async function policyOf(repository: object, organisation?: object): Promise<Policy> {
  const read = (content: object, file: string) => parsePolicy(JSON.stringify({ version: 1, ...content }), file);
  return compilePolicy({
    repository: await read(repository, 'sallyport.yaml'),
    organisation: organisation && (await read(organisation, 'org.yaml')),
  });
}

test('without a word reviews of a forge do not count, nothing is carried over, and nothing must be signed', async () => {
  const { forgeReviews, carryOver, signed } = await policyOf({});
  assert.deepEqual([forgeReviews, carryOver, signed], ['support', 'never', []]);
});

test('an organisation that says no is not overruled, and one that says yes does not say it for a repository', async () => {
  for (const ours of [undefined, ...FORGE_REVIEWS])
    for (const theirs of [undefined, ...FORGE_REVIEWS]) {
      const { forgeReviews } = await policyOf({ merge: { forgeReviews: theirs } }, { merge: { forgeReviews: ours } });
      assert.equal(forgeReviews, theirs === 'count' && ours !== 'support' ? 'count' : 'support');
    }
  for (const ours of [undefined, ...CARRY_OVER])
    for (const theirs of [undefined, ...CARRY_OVER]) {
      const { carryOver } = await policyOf({ merge: { carryOver: theirs } }, { merge: { carryOver: ours } });
      assert.equal(carryOver, theirs === 'clean-merge' && ours !== 'never' ? 'clean-merge' : 'never');
    }
});

test('what both want signed is added up, and each word of it is in the digest', async () => {
  const theirs = { signed: { files: [{ path: 'vendor/**', signer: 'release' }] } };
  const ours = { signed: { images: [{ image: 'registry.example.test:5000/builders/*', signer: 'platform' }] } };
  const { signed } = await policyOf(theirs, ours);
  assert.deepEqual(signed, [
    { kind: 'image', pattern: 'registry.example.test:5000/builders/*', signer: 'platform' },
    { kind: 'file', pattern: 'vendor/**', signer: 'release' },
  ]);
  const digests = await Promise.all(
    [{}, theirs, ours, { merge: { forgeReviews: 'count' } }, { merge: { carryOver: 'clean-merge' } }].map(
      async (content) => (await policyOf(content)).digest,
    ),
  );
  assert.equal(new Set(digests).size, digests.length);
});

for (const [content, message] of [
  [{ merge: { forgeReviews: 'yes' } }, /'merge\.forgeReviews' cannot be "yes"/],
  [{ merge: { carryover: 'clean-merge' } }, /unknown key 'carryover'/],
  [{ signed: { images: [{ image: 'builder:1@sha256:0', signer: 'x' }] } }, /is no name of an image/],
  [{ signed: { files: [{ path: 'vendor/**' }] } }, /signer/],
] as const)
  test(`a file that says ${JSON.stringify(content)} does not load`, async () => {
    await assert.rejects(policyOf(content), { code: 'SP1101', message });
  });
