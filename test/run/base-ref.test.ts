import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findBaseRef } from '../../src/run/base-ref.ts';

const PULL_REQUESTS = [
  { system: 'GitHub', environment: { GITHUB_BASE_REF: 'main' }, first: 'refs/remotes/origin/main' },
  {
    system: 'GitLab',
    environment: { CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'release/1' },
    first: 'refs/remotes/origin/release/1',
  },
  { system: 'Jenkins', environment: { CHANGE_TARGET: 'main' }, first: 'refs/remotes/origin/main' },
  {
    system: 'Azure',
    environment: { SYSTEM_PULLREQUEST_TARGETBRANCH: 'refs/heads/main' },
    first: 'refs/remotes/origin/main',
  },
];

for (const { system, environment, first } of PULL_REQUESTS) {
  test(`on a ${system} pull request the base is the target branch, and it must exist`, () => {
    const base = findBaseRef(undefined, environment);
    assert.equal(base.candidates[0], first);
    assert.equal(base.required, true);
  });
}

test('a ref that the person named beats what the CI system says', () => {
  assert.deepEqual(findBaseRef('v1', { GITHUB_BASE_REF: 'main' }).candidates, ['v1']);
});

test('where no change is under test the base is HEAD, and a missing one is no error', () => {
  const base = findBaseRef(undefined, { GITHUB_BASE_REF: '' });
  assert.deepEqual(base.candidates, ['HEAD']);
  assert.equal(base.required, false);
});
