import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ExpectedChange, matchChange } from '../../../src/attest/index.ts';
import type { Statement } from '../../../src/attest/model.ts';
import { aiChange } from '../../../src/attest/statement/ai-change-schema.ts';
import type { JsonObject } from '../../../src/system/index.ts';
import { EXPECTED, STATEMENTS } from '../scene.ts';

/** The step and code at which a statement falls; undefined when it is about what was found here. */
function fallOf(statement: Statement, expected: ExpectedChange = EXPECTED): string | undefined {
  const opened = { statement, signer: { id: 'somebody', roles: [] }, holdsAt: () => true };
  const fault = matchChange(opened, expected);
  return fault && `${fault.step} ${fault.message}`;
}

const CHANGE = STATEMENTS['ai-change']?.statement ?? assert.fail();
const { run = assert.fail(), patch = assert.fail() } = EXPECTED;

test('a run that began elsewhere, or whose patch makes another tree, did not make the change', () => {
  const other = 'f'.repeat(40);
  assert.equal(fallOf(CHANGE), undefined);
  assert.match(fallOf(CHANGE, { ...EXPECTED, run: { ...run, baseCommit: other } }) ?? '', /^12 .* base$/);
  assert.match(fallOf(CHANGE, { ...EXPECTED, patch: { ...patch, tree: other } }) ?? '', /^12 .* result$/);
  assert.match(fallOf(CHANGE, { ...EXPECTED, patch: { ...patch, tree: undefined } }) ?? '', /^12 .* result$/);
  assert.match(fallOf(CHANGE, { ...EXPECTED, patch: { ...patch, sha256: '0'.repeat(64) } }) ?? '', /^12 .* patch$/);
});

test('a commit that is named by a further digest, which nobody here compares, is another subject', () => {
  const [commit = assert.fail(), ...others] = CHANGE.subject;
  const more = { ...commit, digest: { ...commit.digest, sha256: '0'.repeat(64) } };
  assert.match(fallOf({ ...CHANGE, subject: [more, ...others] }) ?? '', /^8 /);
});

test('a patch that is named by a further digest, which nobody here compares, is something else', () => {
  const [commit = assert.fail(), patchSubject = assert.fail()] = CHANGE.subject;
  const more = { ...patchSubject, digest: { ...patchSubject.digest, sha512: '0'.repeat(128) } };
  assert.match(fallOf({ ...CHANGE, subject: [commit, more] }) ?? '', /^8 /);
});

test('what a signed predicate says of the commit, the tree, the digest or the files is compared by itself', () => {
  const stated = aiChange.parse(CHANGE.predicate);
  const [file = assert.fail()] = stated.change.files;
  const others = [
    { headCommit: 'f'.repeat(40) },
    { headTree: 'f'.repeat(40) },
    { changeDigest: { ...stated.change.changeDigest, value: 'f'.repeat(64) } },
    { commits: ['f'.repeat(40)] },
    { files: [{ ...file, path: `${file.path}x` }] },
  ];
  for (const other of others) {
    const predicate: JsonObject = JSON.parse(JSON.stringify({ ...stated, change: { ...stated.change, ...other } }));
    assert.match(fallOf({ ...CHANGE, predicate }) ?? '', /^8 /, JSON.stringify(other));
  }
});
