/** Which attested changes are tried for a commit that has no evidence of its own, and how often in vain. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AttestedChange } from '../../../src/attest/index.ts';
import { ReplayCandidates } from '../../../src/attest/verify/replay-candidates.ts';

const file = (path: string, blob: string) =>
  ({ path, status: 'modified', mode: '100644', oldBlob: null, newBlob: blob.repeat(40) }) as const;

function changeOf(headCommit: string): AttestedChange {
  return { targetRef: 'refs/heads/main', baseCommit: 'base', headCommit, files: new Map(), unlisted: 0 };
}

const CONTENTS = new Map([
  ['elsewhere', [file('docs/x.md', '1')]],
  ['same-file', [file('src/a.ts', '2')]],
  ['very-content', [file('src/a.ts', '3'), file('src/b.ts', '4')]],
]);
const CHANGES = [...CONTENTS.keys(), 'gone'].map(changeOf);
const COMMIT = [file('src/a.ts', '3')];

function desk(): ReplayCandidates {
  return new ReplayCandidates(async ({ headCommit }) => {
    const files = CONTENTS.get(headCommit);
    return files && { commits: [headCommit], files };
  });
}

test('what brings the contents of the commit is tried first, then what touches its files; what is not here never', async () => {
  const found = await desk().of(CHANGES, COMMIT);
  assert.deepEqual(
    found.map(({ change, isRelated }) => [change.headCommit, isRelated]),
    [
      ['very-content', true],
      ['same-file', true],
      ['elsewhere', false],
    ],
  );
});

test('of thousands of changes 200 are tried for one commit, the first of them', async () => {
  const all = Array.from({ length: 3_000 }, (_, at) => changeOf(at < 2_999 ? 'elsewhere' : 'very-content'));
  assert.equal((await desk().of(all, COMMIT)).length, 200);
});

test('a push of commits that nobody attested costs a bounded number of merges, and costs related changes none', async () => {
  const candidates = desk();
  const [related, , unrelated] = await candidates.of(CHANGES, COMMIT);
  assert.ok(related && unrelated);
  for (let tries = 0; tries < 200; tries++) {
    assert.ok(candidates.mayTry(unrelated));
    candidates.wasInVain(unrelated);
  }
  assert.deepEqual([candidates.mayTry(unrelated), candidates.mayTry(related)], [false, true]);
  for (let tries = 0; tries < 2_000; tries++) candidates.wasInVain(related);
  assert.equal(candidates.mayTry(related), false);
});
